"""The next token at the caret, asked for shortly after each key."""

from PySide6.QtCore import QObject, QTimer, Signal

from app.playground.asking import Question, subject_of
from app.sampling.subject import Subject
from app.workers.inference import InferenceWorker
from engine.records import GenerationSettings, TokenRecord
from engine.worker.protocol import Done, Failed, LogitsRow, Tokens

AFTER_MS = 120


class Following(QObject):
    """``changed`` when there is another record, or when the one that is shown is of an earlier place (``stale``)."""

    changed = Signal()
    asking = Signal()  # the model is asked next: what it does meanwhile had better make way
    asked = Signal()
    failed = Signal(object)  # Failed

    def __init__(self, worker: InferenceWorker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = worker
        self._question = Question(worker, self)
        self._question.ended.connect(self._on_ended)
        self._text = ""
        self._settings = GenerationSettings()
        self._seed = 0
        self.special = False
        self.subject: Subject | None = None  # the next token with its row of logits and what stands before it
        self._row: LogitsRow | None = None
        self.stale = False
        self._later = QTimer(self, singleShot=True, interval=AFTER_MS)
        self._later.timeout.connect(self.ask)
        worker.logits.connect(self._on_logits)
        worker.tokens.connect(self._on_tokens)

    @property
    def record(self) -> TokenRecord | None:
        return None if self.subject is None else self.subject.record

    @property
    def settings(self) -> GenerationSettings:
        """With which it is asked about."""
        return self._settings

    @property
    def text(self) -> str:
        """What stands before the place that is asked about."""
        return self._text

    def follow(self, text: str, settings: GenerationSettings, seed: int, special: bool = False) -> None:
        """The caret stands after this text now. special: names of control tokens in it are meant as such."""
        same = (text, settings, seed, special) == (self._text, self._settings, self._seed, self.special)
        if same and self.record is not None and not self.stale:
            return
        self._text, self._settings, self._seed, self.special = text, settings, seed, special
        if self.record is not None and not self.stale:
            self.stale = True
            self.changed.emit()
        self.stale = True
        self._question.cancel()
        self._later.start()

    def ask(self) -> None:
        """Ask now, without waiting for another key."""
        self._later.stop()
        if self._worker.model is not None:
            self.asking.emit()
            self._question.begin(self._worker.next_token(self._text, (self._settings,), self._seed, self.special))
            self.asked.emit()

    def pause(self) -> None:
        """Nobody looks."""
        self._later.stop()
        self._question.cancel()
        self.stale = True

    def forget(self) -> None:
        """What was answered is of another model."""
        self.pause()
        self.subject = None
        self.changed.emit()

    def _on_logits(self, event: LogitsRow) -> None:
        if self._question.is_for(event):
            self._row = event

    def _on_tokens(self, event: Tokens) -> None:
        if self._question.is_for(event):
            self.subject, self.stale = (
                subject_of(event.records[0], self._row, self._seed, self._settings.sampling),
                False,
            )
            self._row = None
            self.changed.emit()

    def _on_ended(self, event: Done | Failed | None) -> None:
        if isinstance(event, Failed):
            self.subject = None
            self.failed.emit(event)
            self.changed.emit()
