"""Whether a saved reply still comes out the same: asked of the loaded model, one reply at a time."""

import msgspec
from PySide6.QtCore import QObject, Signal

from app.chat.shown import Problem
from app.storage.rows import MessageRow
from app.storage.thread import StorageThread
from app.translation import error_text
from app.workers.deliver import deliver
from app.workers.inference import InferenceWorker
from engine.records import Message, SamplingSettings, SavedReply, TokenRecord
from engine.records.explore import Replayed
from engine.worker.protocol import Done, Failed, Progress, ReplayFound


class Replay(msgspec.Struct, frozen=True):
    """What is known: how far it is, then what was found, or why nothing was. prompt: tokens of the conversation before it.

    own_model: the path of the model that wrote it where another one is loaded, "" where it is that one or nobody knows.
    """

    message_id: int
    own_model: str = ""
    prompt: tuple[int, int] | None = None  # done, of how many
    tokens: tuple[int, int] | None = None
    found: Replayed | None = None
    problem: Problem | None = None

    @property
    def running(self) -> bool:
        return self.found is None and self.problem is None


class Replaying(QObject):
    """``changed`` when ``replay`` is another; None where nothing was asked or it was dismissed."""

    changed = Signal()

    def __init__(self, storage: StorageThread, worker: InferenceWorker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._storage, self._worker = storage, worker
        self._job: int | None = None
        self._began = 0  # number of the last question: an older one's records are not sent any more
        self.replay: Replay | None = None
        worker.progress.connect(self._on_progress)
        worker.replayFound.connect(self._on_found)
        worker.failed.connect(self._on_failed)
        worker.done.connect(self._on_done)

    def start(self, message: MessageRow, prompt: tuple[Message, ...], tried: SamplingSettings | None = None) -> None:
        """Play the reply again after these messages. The worker has its model and nothing else to do. tried: another chain than
        the one that it was drawn with; the darts are the same.
        """
        self.dismiss()
        summary, settings = message.summary, message.settings
        if summary is None or settings is None:
            text = self.tr("This reply was saved without what is needed to play it again.")
            self._show(Replay(message.id, problem=Problem(text)))
            return
        number = self._began
        if tried is not None:
            settings = msgspec.structs.replace(settings, sampling=tried)

        def arrived(records: list[TokenRecord]) -> None:
            if number == self._began:
                kept = message.fork.kept_tokens if message.fork is not None else 0
                if tried is not None:  # the tokens that it kept are tried as well
                    kept = 0
                saved = SavedReply(prompt, settings, summary, tuple(records), message.vocabulary_hash, kept)
                self._job = self._worker.replay(saved)

        def failed(error: BaseException) -> None:
            if number == self._began:
                self._show(Replay(message.id, problem=Problem(self.tr("The reply could not be read."), str(error))))

        model = self._worker.model
        other = model is not None and bool(summary.model_hash) and model.file_hash != summary.model_hash
        own = summary.model_path if other and model is not None and model.path != summary.model_path else ""
        if model is not None and message.vocabulary_hash not in ("", model.vocabulary_hash):
            text = self.tr("The loaded model has other tokens than the one that wrote this reply.")
            self._show(Replay(message.id, own, problem=Problem(text)))
            return
        self._show(Replay(message.id, own))
        deliver(self._storage.submit(lambda store: store.records(message.id)), self, arrived, failed)

    def give_way(self) -> None:
        """Something is to be generated: what runs is stopped, what was found stays."""
        if self.replay is not None and self.replay.running:
            self.dismiss()

    def dismiss(self) -> None:
        """Stop, or forget what was found."""
        self._began += 1
        if self._job is not None:
            self._worker.cancel(self._job)
            self._job = None
        if self.replay is not None:
            self._show(None)

    def _show(self, replay: Replay | None) -> None:
        self.replay = replay
        self.changed.emit()

    def _on_progress(self, event: Progress) -> None:
        if event.job != self._job or self.replay is None:
            return
        now = (event.done, event.total)
        if event.phase == "prompt":
            self._show(msgspec.structs.replace(self.replay, prompt=now))
        else:
            self._show(msgspec.structs.replace(self.replay, tokens=now))

    def _on_found(self, event: ReplayFound) -> None:
        if event.job == self._job and self.replay is not None:
            self._show(msgspec.structs.replace(self.replay, found=event.found))

    def _on_done(self, event: Done) -> None:
        if event.job == self._job:
            self._job = None

    def _on_failed(self, event: Failed) -> None:
        if event.job != self._job or self.replay is None:
            return
        self._job = None
        if event.code == "cancelled":
            self._show(None)
        else:
            problem = Problem(error_text(event.text), error_text(event.hint), event.detail)
            self._show(msgspec.structs.replace(self.replay, problem=problem))
