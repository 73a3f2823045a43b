"""Moves a reply from the worker to the disk and to whoever watches; sees to it that no word of it is lost."""

from PySide6.QtCore import QObject, QTimer, Signal

from app.chat.reply import Reply
from app.chat.shown import Problem
from app.chat.token_text import TokenText
from app.chat.token_texts import TokenTexts
from app.storage.rows import MessageState
from app.storage.store import Store
from app.storage.thread import StorageThread
from app.translation import error_text
from app.workers.deliver import deliver
from app.workers.inference import InferenceWorker
from engine.records import GenerationSettings, ReplySummary
from engine.sampling.preview import recorded_states
from engine.worker.protocol import Done, Failed, Progress, PromptReady, Tokens

SAVE_EVERY_MS = 250
_RETRY_MS = 3000


class ReplyRunner(QObject):
    """At most one reply at a time. ``ended`` carries it, its state, its summary and what went wrong."""

    grew = Signal(object, str, object)  # Reply, text, list[TokenRun]
    progressed = Signal()
    ended = Signal(object, str, object, object)  # Reply, MessageState, ReplySummary | None, Problem | None
    saving_failed = Signal(object)  # the exception; it is tried again

    def __init__(
        self, storage: StorageThread, worker: InferenceWorker, texts: TokenTexts, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._storage = storage
        self._worker = worker
        self._texts = texts
        self._tokens = TokenText()
        self._warned = False
        self.reply: Reply | None = None
        self._autosave = QTimer(self)
        self._autosave.setInterval(SAVE_EVERY_MS)
        self._autosave.timeout.connect(self._save)
        worker.promptReady.connect(self._on_prompt)
        worker.progress.connect(self._on_progress)
        worker.tokens.connect(self._on_tokens)
        worker.done.connect(self._on_done)
        worker.failed.connect(self._on_failed)

    def start(self, reply: Reply, settings: GenerationSettings) -> None:
        """Ask the worker; its model is loaded and nothing else is being written."""
        self.reply = reply
        self._warned = False
        self._tokens = TokenText(reply.records)
        self._texts.put(reply.message_id, self._tokens)
        states = recorded_states(reply.records[-1], after=True) if reply.records else {}
        reply.begin(self._worker.generate(reply.messages, settings, reply.forced_ids, states))
        self._autosave.start()
        self.progressed.emit()

    def stop(self) -> None:
        """End the reply where it is; what has arrived stays."""
        if self.reply is not None and self.reply.job is not None and not self.reply.stopping:
            self.reply.stopping = True
            self._worker.cancel(self.reply.job)
            self.progressed.emit()

    def save_now(self) -> None:
        """Hand everything that has arrived to storage, in its order; for the end of the program and for reading back."""
        self._save()

    def _mine(self, job: int) -> Reply | None:
        return self.reply if self.reply is not None and self.reply.job == job else None

    def _on_prompt(self, event: PromptReady) -> None:
        if (reply := self._mine(event.job)) is not None:
            reply.prompt = event
            self.progressed.emit()

    def _on_progress(self, event: Progress) -> None:
        if (reply := self._mine(event.job)) is not None and event.phase == "prompt":
            reply.prompt_progress = (event.done, event.total)
            self.progressed.emit()

    def _on_tokens(self, event: Tokens) -> None:
        if (reply := self._mine(event.job)) is not None:
            runs = self._tokens.extend(reply.receive(event))
            self.grew.emit(reply, event.text, runs)

    def _on_done(self, event: Done) -> None:
        reply = self._mine(event.job)
        if reply is None:
            return
        if event.reply is not None and (rest := reply.remainder(event.reply)):
            self.grew.emit(reply, rest, [])
        stopped = event.reply is None or event.reply.finish == "cancelled"
        self._end(reply, "interrupted" if stopped else "complete", event.reply, None)

    def _on_failed(self, event: Failed) -> None:
        reply = self._mine(event.job)
        if reply is None:
            return
        if event.code == "cancelled":
            self._end(reply, "interrupted", None, Problem(self.tr("Stopped.")))
            return
        state: MessageState = "failed" if reply.is_empty and event.code != "crashed" else "interrupted"
        self._end(reply, state, None, Problem(error_text(event.text), error_text(event.hint), event.detail))

    def _end(self, reply: Reply, state: MessageState, summary: ReplySummary | None, problem: Problem | None) -> None:
        self._autosave.stop()
        self.reply = None
        self._close(_Closing(reply, state, summary))
        self.ended.emit(reply, state, summary, problem)

    def _save(self) -> None:
        reply = self.reply
        if reply is None or (unsaved := reply.take_unsaved()) is None:
            return
        text, records = unsaved
        future = self._storage.submit(lambda store: store.append_reply(reply.message_id, text, records))
        deliver(future, self, lambda _: None, lambda error: self._save_failed(reply, text, records, error))

    def _save_failed(self, reply: Reply, text: str, records: tuple[object, ...], error: BaseException) -> None:
        reply.put_back(text, records)  # type: ignore[arg-type]
        if not self._warned:
            self._warned = True
            self.saving_failed.emit(error)

    def _close(self, closing: "_Closing") -> None:
        deliver(self._storage.submit(closing), self, lambda _: None, lambda error: self._close_failed(closing, error))

    def _close_failed(self, closing: "_Closing", error: BaseException) -> None:
        if not self._warned:
            self._warned = True
            self.saving_failed.emit(error)
        QTimer.singleShot(_RETRY_MS, self, lambda: self._close(closing))


class _Closing:
    """The last write of a reply; may be tried again after a failure without writing anything twice."""

    def __init__(self, reply: Reply, state: MessageState, summary: ReplySummary | None) -> None:
        self._reply, self._state, self._summary = reply, state, summary

    def __call__(self, store: Store) -> None:
        unsaved = self._reply.take_unsaved()
        if unsaved is not None:
            try:
                store.append_reply(self._reply.message_id, *unsaved)
            except BaseException:
                self._reply.put_back(*unsaved)
                raise
        store.finish_reply(self._reply.message_id, self._state, self._summary)
