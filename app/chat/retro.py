"""Retroactive sliders: what an old reply would have been with the present ones and the same luck."""

from collections.abc import Callable
from functools import partial
from typing import Protocol

import msgspec
from PySide6.QtCore import QObject, Signal

from app.chat.kept import made_with
from app.chat.rerun import Change, Rerun, Superseded, rerun
from app.chat.token_choice import TokenChoice
from app.chat.token_logits import TokenLogits
from app.chat.token_text import TokenText
from app.chat.token_texts import TokenTexts
from app.chat.tree import ConversationTree
from app.storage.rows import MessageRow
from app.workers.latest import LatestRunner
from engine.records import GenerationSettings, TokenRecord


class Found(msgspec.Struct, frozen=True):
    """What was found out about a reply, and with which settings. seed: that of the first token that would change, which a reply
    that kept tokens of another may have from there; own_luck says that its own seed drew all of it.
    """

    message_id: int
    seed: int
    settings: GenerationSettings
    result: Rerun
    own_luck: bool
    tokens: int  # of the reply
    computed: bool = False  # by the model itself, up to the first change

    @property
    def asked(self) -> tuple[object, ...]:
        """What it answers."""
        return self.message_id, self.settings.sampling.stages, self.tokens


class Source(Protocol):
    """Where the open conversation is."""

    choice: TokenChoice
    logits: TokenLogits
    texts: TokenTexts
    tree: ConversationTree

    @property
    def busy(self) -> bool: ...

    def token_text(self, message_id: int) -> TokenText | None: ...


class Retro(QObject):
    """Asleep until a slider is moved. ``changed`` when ``found`` is another; None where there is nothing to say."""

    changed = Signal()

    def __init__(self, source: Source, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._settings: GenerationSettings | None = None
        self._prompts: dict[int, tuple[int, ...]] = {}  # what the model told of the ids before a reply
        self._asked: object = None
        self._computed: list[Found] = []
        self.found: Found | None = None
        self._runner = LatestRunner(self)
        self._runner.finished.connect(self._on_finished)
        self._runner.failed.connect(self._on_failed)

    def try_settings(self, settings: GenerationSettings) -> None:
        """A slider was moved."""
        self._settings = settings
        self.look_again()

    def dismiss(self) -> None:
        """Enough of it, until a slider is moved again."""
        self._settings = None
        self._forget()

    def look_again(self) -> None:
        """Another reply, another selected token, or records that were not here before."""
        settings, message_id = self._settings, self._message_id()
        message = None if message_id is None else self._source.tree.get(message_id)
        if settings is None or message is None or message_id is None or self._source.busy:
            self._forget()
            return
        tokens = self._source.token_text(message_id)
        if message.settings is None or message.summary is None or tokens is None or not len(tokens):
            self._forget()
            return
        if message.settings.sampling.stages == settings.sampling.stages:
            self._forget()
            return
        wanted = (message_id, settings.sampling.stages, len(tokens))
        computed = next((found for found in self._computed if found.asked == wanted), None)
        if computed is not None:
            if computed is not self.found:
                self._asked = None
                self._runner.forget()
                self.found = computed
                self.changed.emit()
            return
        self._learn_prompt(message_id)
        prompt = self._prompts.get(message_id)
        asked = (message_id, settings.sampling.stages, len(tokens), prompt is not None)
        if asked == self._asked:
            return
        self._asked = asked
        records = [run.record for run in tokens.runs]
        superseded = partial(getattr, self._runner, "has_waiting")
        self._runner.ask(partial(_find, message, settings, records, prompt, superseded))

    def settle(self, asked: Found, changes: tuple[Change, ...]) -> None:
        """The model has computed what was only approximately known: the first change, or none."""
        result = msgspec.structs.replace(asked.result, changes=changes, doubt="")
        self._computed.append(msgspec.structs.replace(asked, result=result, computed=True))
        self.look_again()

    def _message_id(self) -> int | None:
        """The reply of the selected token, else the last one that is shown."""
        selected = self._source.choice.selected
        message = None if selected is None else self._source.tree.get(selected[0])
        if message is not None and message.role == "assistant" and self._source.tree.is_shown(message.id):
            return message.id
        replies = [message.id for message in self._source.tree.path() if message.role == "assistant"]
        return replies[-1] if replies else None

    def _learn_prompt(self, message_id: int) -> None:
        row, selected = self._source.logits.row, self._source.choice.selected
        if row is not None and selected is not None and selected[0] == message_id:
            self._prompts[message_id] = row.history[: len(row.history) - selected[1]]

    def _forget(self) -> None:
        self._asked = None
        self._runner.forget()
        if self.found is not None:
            self.found = None
            self.changed.emit()

    def _on_finished(self, found: Found) -> None:
        if self._asked is None or self._settings is None:
            return
        self.found = found
        self.changed.emit()

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, Superseded):
            raise error


def _find(
    message: MessageRow,
    settings: GenerationSettings,
    records: list[TokenRecord],
    prompt: tuple[int, ...] | None,
    superseded: Callable[[], bool],
) -> Found | None:
    made, seed = message.settings, message.summary.seed if message.summary is not None else None
    if made is None or seed is None:
        return None
    kept = message.fork.kept if message.fork is not None else ()
    result = rerun(records, made.sampling, settings.sampling, seed, kept, prompt, superseded)
    own_luck = not result.given and all(part.seed == seed for part in kept)
    at_first = made_with(message, result.first.index)[1] if result.first is not None else None
    return Found(message.id, seed if at_first is None else at_first, settings, result, own_luck, len(records))
