"""A reply that a person makes token by token: the model proposes, the person chooses, or lets the chain draw, or takes back."""

import secrets
from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QObject, Signal

from app.chat.kept import with_kept
from app.chat.shown import Problem
from app.chat.token_text import TokenText
from app.chat.token_texts import TokenTexts
from app.storage.rows import MessageRow, MessageState
from app.storage.store import Store
from app.storage.thread import StorageThread
from app.translation import error_text
from app.workers.deliver import deliver
from app.workers.inference import InferenceWorker
from engine.records import GenerationSettings, Message, ReplySummary, TokenRecord
from engine.sampling.preview import recorded_states
from engine.worker.protocol import Done, Failed, Tokens

_MAX_SEED = 2**32


class Manual(QObject):
    """At most one reply at a time. What the chain would draw next is asked of the worker before anybody chooses: it is the
    ``proposal``, and its record has all candidates. A choice is recorded as forced, also where it is what was proposed.
    """

    changed = Signal()  # whether a reply is being made, or its proposal
    grew = Signal(int, str, object)  # message, its whole text, the ids of its tokens
    ended = Signal(int, str, object, object)  # message, MessageState, ReplySummary | None, Problem | None
    saving_failed = Signal(object)

    def __init__(
        self, storage: StorageThread, worker: InferenceWorker, texts: TokenTexts, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._storage, self._worker, self._texts = storage, worker, texts
        self.wanted = False  # whether replies are to be made this way
        self.message: MessageRow | None = None
        self.proposal: TokenRecord | None = None
        self._prompt: tuple[Message, ...] = ()
        self._settings = GenerationSettings()
        self._records: list[TokenRecord] = []
        self._kept: tuple[TokenRecord, ...] = ()
        self._drawn: dict[int, TokenRecord] = {}  # what the chain would have drawn, by position
        self._job: int | None = None
        self._forced = 0  # how many of the job's first records were chosen
        self._arrived: list[TokenRecord] = []
        self._summary: ReplySummary | None = None
        self._prompt_tokens = 0  # before the reply
        worker.tokens.connect(self._on_tokens)
        worker.done.connect(self._on_done)
        worker.failed.connect(self._on_failed)

    @property
    def active(self) -> bool:
        return self.message is not None

    @property
    def can_undo(self) -> bool:
        return bool(self._records) and self._job is None

    @property
    def context(self) -> tuple[int, int] | None:
        """Tokens of the context that are in use, and how many it holds; None before the model has told."""
        if self._summary is None:
            return None
        return self._prompt_tokens + len(self._records), self._summary.context_length

    @property
    def left_out(self) -> int:
        """The oldest messages that the model is not shown."""
        return 0 if self._summary is None else self._summary.left_out

    def start(
        self,
        message: MessageRow,
        prompt: tuple[Message, ...],
        settings: GenerationSettings,
        records: list[TokenRecord],
        forced_ids: tuple[int, ...] = (),
        kept: tuple[TokenRecord, ...] = (),
    ) -> None:
        """Make this message, which holds these records already; forced_ids come next without being asked about.

        kept: what is known of the first of them, which a branch has from another reply.
        """
        seed = settings.sampling.seed
        if seed is None:  # one for the whole reply, so that taking a token back does not change the luck
            seed = message.summary.seed if message.summary is not None else secrets.randbelow(_MAX_SEED)
        self.message, self._prompt = message, prompt
        self._settings = msgspec.structs.replace(
            settings, sampling=msgspec.structs.replace(settings.sampling, seed=seed)
        )
        self._records, self._drawn, self._summary, self._kept = list(records), {}, None, kept
        self._texts.put(message.id, TokenText(self._records))
        self._ask(forced_ids)

    def choose(self, id: int) -> None:
        """Put this candidate next."""
        if self.proposal is None or self._job is not None:
            return
        if id == self.proposal.token.id:
            self._accept(msgspec.structs.replace(self.proposal, forced=True))
        else:
            self._ask((id,))

    def draw(self) -> None:
        """Let the chain have its way: the proposal is taken."""
        if self.proposal is not None and self._job is None:
            self._accept(self.proposal)

    def _accept(self, proposal: TokenRecord) -> None:
        """What is proposed becomes the next token."""
        summary = self._summary
        self._take([proposal])
        if summary is not None and summary.finish == "stop":
            self._end("complete", None)
        else:
            self._ask(())

    def undo(self) -> None:
        """Take the last token back; the model proposes for its place what it did before."""
        if not self.can_undo:
            return
        gone = self._records.pop()
        position = len(self._records)
        self._show()
        self.proposal = self._drawn.get(position, None if gone.forced else gone)
        if self.proposal is None:
            self._ask(())
        else:
            # That there is a token after it says that the reply did not end there.
            if self._summary is not None:
                self._summary = msgspec.structs.replace(self._summary, finish="length")
            self.changed.emit()

    def end(self) -> None:
        """Leave the reply as it is; it can be continued."""
        if self.active:
            self._end("interrupted", None)

    # --- inside ---------------------------------------------------------------------------------------------------

    def _ask(self, forced_ids: tuple[int, ...]) -> None:
        message = self.message
        if message is None:
            return
        self.proposal, self._arrived, self._forced = None, [], len(forced_ids)
        settings = msgspec.structs.replace(self._settings, max_tokens=len(forced_ids) + 1)
        text, ids = self._text(), tuple(record.token.id for record in self._records)
        own = (Message("assistant", text, ids, message.vocabulary_hash),) if ids else ()
        last = next((record for record in reversed(self._records) if record.stages), None)
        states = {name: tuple(state) for name, state in recorded_states(last, after=True).items()} if last else {}
        self._job = self._worker.generate((*self._prompt, *own), settings, forced_ids, states or None)
        self.changed.emit()

    def _on_tokens(self, event: Tokens) -> None:
        if event.job == self._job:
            self._arrived += event.records

    def _on_done(self, event: Done) -> None:
        if event.job != self._job or self.message is None:
            return
        self._job = None
        self._summary = event.reply
        if event.reply is not None:  # it counts the beginning of the reply to the prompt
            self._prompt_tokens = event.reply.prompt_tokens - len(self._records)
        self._take(with_kept(self._arrived[: self._forced], self._kept))
        rest = self._arrived[self._forced :]
        if not rest:  # what was chosen ended the reply, or there is no more room
            self._end("complete", None)
            return
        self.proposal = rest[0]
        self._drawn[len(self._records)] = rest[0]
        self.changed.emit()

    def _on_failed(self, event: Failed) -> None:
        if event.job == self._job:
            problem = Problem(error_text(event.text), error_text(event.hint), event.detail)
            self._end("interrupted", None if event.code == "cancelled" else problem)

    def _take(self, records: Sequence[TokenRecord]) -> None:
        if records:
            self._records += records
            self._show()

    def _show(self) -> None:
        """Save and show what the reply is now."""
        if self.message is None:
            return
        id, text, records = self.message.id, self._text(), list(self._records)
        self._texts.put(id, TokenText(records))
        future = self._storage.submit(lambda store: store.rewrite_reply(id, text, records))
        deliver(future, self, lambda _: None, self.saving_failed.emit)
        self.grew.emit(id, text, tuple(record.token.id for record in records))

    def _text(self) -> str:
        return TokenText(self._records).text

    def _end(self, state: MessageState, problem: Problem | None) -> None:
        message, job, summary = self.message, self._job, self._summary
        if message is None:
            return
        self.message = self.proposal = self._job = None
        if job is not None:
            self._worker.cancel(job)
        seed = self._settings.sampling.seed
        if summary is not None:
            finish = "cancelled" if state == "interrupted" else summary.finish
            timing = msgspec.structs.replace(summary.timing, generated_tokens=len(self._records), generation_s=0.0)
            summary = msgspec.structs.replace(
                summary,
                text=self._text(),
                finish=finish,
                prompt_tokens=self._prompt_tokens,
                context_used=self._prompt_tokens + len(self._records),
                seed=seed if seed is not None else summary.seed,
                timing=timing,
            )

        def finish_reply(store: Store) -> None:
            store.finish_reply(message.id, state, summary)

        deliver(self._storage.submit(finish_reply), self, lambda _: None, self.saving_failed.emit)
        self.ended.emit(message.id, state, summary, problem)
        self.changed.emit()
