"""The model goes on with the document: what it writes, piece by piece, and the records of it."""

from PySide6.QtCore import QObject, Signal

from app.playground.asking import Question
from app.workers.inference import InferenceWorker
from engine.records import GenerationSettings, ReplySummary
from engine.worker.protocol import Done, Failed, Tokens


class Writing(QObject):
    """At most one run. ``grew`` brings text that belongs at the caret; ``changed`` when a run begins or ends."""

    grew = Signal(str)
    changed = Signal()
    ended = Signal(object)  # ReplySummary | None
    failed = Signal(object)  # Failed

    def __init__(self, worker: InferenceWorker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = worker
        self._question = Question(worker, self)
        self._question.ended.connect(self._on_ended)
        self.tokens = 0
        worker.tokens.connect(self._on_tokens)

    @property
    def running(self) -> bool:
        return self._question.running

    def begin(self, text: str, settings: GenerationSettings, special: bool = False) -> None:
        """Go on after this text. special: names of control tokens in it are meant as such."""
        self.tokens = 0
        self._question.begin(self._worker.complete(text, settings, special))
        self.changed.emit()

    def stop(self) -> None:
        """End the run; what was written stays."""
        self._question.stop()

    def _on_tokens(self, event: Tokens) -> None:
        if self._question.is_for(event):
            self.tokens += len(event.records)
            if event.text:
                self.grew.emit(event.text)
            self.changed.emit()

    def _on_ended(self, event: Done | Failed | None) -> None:
        self.changed.emit()
        summary: ReplySummary | None = event.reply if isinstance(event, Done) else None
        self.ended.emit(summary)
        if isinstance(event, Failed):
            self.failed.emit(event)
