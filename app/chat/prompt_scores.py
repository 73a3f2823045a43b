"""The prompt as the loaded model sees it: system prompt, the template's own tokens and the user's turns, each with its record."""

from collections.abc import Sequence
from typing import Protocol

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from app.chat.shown import Problem
from app.chat.token_text import TokenText
from app.chat.tree import ConversationTree
from app.storage.rows import MessageRow
from app.translation import error_text
from app.workers.inference import InferenceWorker, WorkerState
from engine.records import Message, TokenRecord
from engine.worker.protocol import Done, Failed, Progress, PromptLayout, Tokens

_SETTLED_MS = 200
_TEMPLATE = -1


class ScoredPrompt(msgspec.Struct, frozen=True):
    """What is scored, and by which model. rows: the message on the screen for each, None for the system prompt."""

    messages: tuple[Message, ...]
    rows: tuple[int | None, ...]
    left_out: int
    model: tuple[str, ...]  # path, vocabulary, template, adapters


class Here(Protocol):
    """Where the open conversation is, and whether the model has something better to do."""

    tree: ConversationTree

    @property
    def system_prompt(self) -> str: ...
    @property
    def busy(self) -> bool: ...


class PromptScores(QObject):
    """Asleep until it is switched on; then it follows the shown branch: all that the model read before its last reply.

    ``changed`` with the messages whose tokens are others now; ``progressed`` when progress, problem or on are.
    """

    changed = Signal(object)  # frozenset[int]
    progressed = Signal()

    def __init__(self, here: Here, worker: InferenceWorker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._here, self._worker = here, worker
        self.on = False
        self.scored: ScoredPrompt | None = None  # what ``text_of`` tells about
        self.progress: tuple[int, int] | None = None  # done, of how many; None while nothing is computed
        self.problem: Problem | None = None
        self._texts: dict[int, TokenText] = {}
        self._asked: ScoredPrompt | None = None
        self._job: int | None = None
        self._owners: tuple[int, ...] = ()
        self._records: dict[int, TokenRecord] = {}
        self._later = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._later.timeout.connect(self._ask)
        worker.promptLayout.connect(self._on_layout)
        worker.tokens.connect(self._on_tokens)
        worker.progress.connect(self._on_progress)
        worker.done.connect(self._on_done)
        worker.failed.connect(self._on_failed)
        worker.stateChanged.connect(lambda _: self.look_again())

    def set_on(self, on: bool) -> None:
        """Score the prompt from now on, or no longer."""
        if on == self.on:
            return
        self.on = on
        if on:
            self.look_again()
        else:
            self.give_way()
            self._forget()
        self.progressed.emit()

    @property
    def waits_for_model(self) -> bool:
        """Whether it would be scored if a model were there."""
        return self.on and self.scored is None and self._worker.model is None

    def text_of(self, message_id: int) -> TokenText | None:
        """The tokens of a message with what the template put around it; None where it is not scored."""
        return self._texts.get(message_id)

    def give_way(self) -> None:
        """Something is to be generated: what is being computed is asked for again afterwards."""
        if self._job is not None:
            self._worker.cancel(self._job)
            self._job = self._asked = self.progress = None
            self.progressed.emit()

    def look_again(self) -> None:
        """The branch, the system prompt, the model or what it does may have changed."""
        if not self.on:
            return
        wanted = self._wanted()
        if self.scored is not None and (wanted is None or not _begins_with(wanted, self.scored)):
            self._forget()  # what it told is not so any more
        if wanted is not None and wanted not in (self.scored, self._asked):
            self.problem = None
            self._later.start()

    def _wanted(self) -> ScoredPrompt | None:
        """What the model read, or would read, before the last reply of the branch; None where there is no model, or no message."""
        model, path = self._worker.model, self._here.tree.path()
        if model is None:
            return None
        reply = next((row for row in reversed(path) if row.role == "assistant"), None)
        rows: Sequence[MessageRow] = path
        if reply is not None and path[-1].id == reply.id:
            rows = path[:-1]
        rows = [row for row in rows if row.content]
        if not rows:
            return None
        system = self._here.system_prompt
        messages = [Message("system", system)] if system.strip() else []
        numbers: list[int | None] = [None] * len(messages)
        messages += [Message(row.role, row.content, row.token_ids, row.vocabulary_hash) for row in rows]
        summary = reply.summary if reply is not None and path[-1].id == reply.id else None
        left_out = summary.left_out if summary is not None else 0
        beside = [(adapter.path, adapter.scale) for adapter in model.adapters]
        about = (model.path, model.vocabulary_hash, model.template_hash, repr(beside))
        return ScoredPrompt(tuple(messages), (*numbers, *(row.id for row in rows)), left_out, about)

    def _ask(self) -> None:
        wanted = self._wanted()
        if not self.on or wanted is None or wanted in (self.scored, self._asked):
            return
        if self._here.busy or self._worker.state not in (WorkerState.LOADED, WorkerState.BUSY):
            return  # look_again() comes when that has changed
        self.give_way()
        self._asked, self._owners, self._records, self.problem = wanted, (), {}, None
        self.progress = (0, 0)
        self._job = self._worker.score_prompt(wanted.messages, wanted.left_out)
        self.progressed.emit()

    def _forget(self) -> None:
        gone, self._texts, self.scored, self.problem = frozenset(self._texts), {}, None, None
        if gone:
            self.changed.emit(gone)

    def _on_layout(self, event: PromptLayout) -> None:
        if event.job == self._job:
            self._owners = event.owners

    def _on_tokens(self, event: Tokens) -> None:
        if event.job == self._job:
            self._records.update((record.position, record) for record in event.records)

    def _on_progress(self, event: Progress) -> None:
        if event.job == self._job:
            self.progress = (event.done, event.total)
            self.progressed.emit()

    def _on_done(self, event: Done) -> None:
        if event.job != self._job or self._asked is None:
            return
        self._job, self.progress = None, None
        self.scored, self._asked = self._asked, None
        before = frozenset(self._texts)
        self._texts = _texts(self.scored, self._owners, self._records)
        self.progressed.emit()
        self.changed.emit(before | frozenset(self._texts))

    def _on_failed(self, event: Failed) -> None:
        if event.job != self._job:
            return
        self._job = self.progress = None
        if event.code == "cancelled":
            self._asked = None
        elif event.code == "crashed":
            self._asked = None  # it is asked again when the model is back
        else:
            self.problem = Problem(error_text(event.text), error_text(event.hint), event.detail)
        self.progressed.emit()


def _begins_with(longer: ScoredPrompt, prompt: ScoredPrompt) -> bool:
    """Whether the model reads the one prompt as the beginning of the other."""
    count = len(prompt.messages)
    alike = longer.messages[:count] == prompt.messages and longer.rows[:count] == prompt.rows
    return alike and (longer.model, longer.left_out) == (prompt.model, prompt.left_out)


def _texts(prompt: ScoredPrompt, owners: Sequence[int], records: dict[int, TokenRecord]) -> dict[int, TokenText]:
    """The tokens that each message shows: what lies between two replies is on the message of the user there."""
    texts: dict[int, TokenText] = {}
    waiting: list[tuple[TokenRecord, bool]] = []  # with whether the template put it there
    user: int | None = None  # the message of the user that was met last

    def put(id: int) -> None:
        text = texts.setdefault(id, TokenText())
        for record, template in waiting:
            text.extend((record,), template=template)
        waiting.clear()

    for place, owner in enumerate(owners):
        row = prompt.rows[owner] if owner != _TEMPLATE else None
        role = prompt.messages[owner].role if owner != _TEMPLATE else None
        record = records.get(place)
        if role == "assistant" and user is not None:
            put(user)
        elif role == "user" and row is not None and row != user:
            user = row
            put(user)
            texts[user].content_from = len(texts[user].text)
        if record is None:
            continue
        if role == "user" and user is not None:
            put(user)
            texts[user].extend((record,))
        elif role == "assistant" and row is not None:
            texts.setdefault(row, TokenText()).extend((record,))
        else:
            waiting.append((record, owner == _TEMPLATE))
    if user is not None:
        put(user)
    return texts
