"""Scoring every token of the document in the background, from the first that changed on."""

from PySide6.QtCore import QObject, QTimer, Signal

from app.playground.asking import Question
from app.playground.scores import Scores
from app.workers.inference import InferenceWorker
from engine.worker.protocol import Done, Failed, TextScores

AFTER_MS = 450


class Reading(QObject):
    """``changed`` when the scores changed; ``progressed`` when how far the reading is changed."""

    changed = Signal()
    progressed = Signal()
    failed = Signal(object)  # Failed

    def __init__(self, worker: InferenceWorker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = worker
        self._question = Question(worker, self)
        self._question.ended.connect(self._on_ended)
        self.scores = Scores()
        self.total = 0  # tokens of the text, as far as it is known
        self.whole = False  # whether the scores are those of the whole text as it is
        self.wanted = True  # false: the person has stopped it
        self._text = ""
        self._special = False
        self._gave_way = False
        self._later = QTimer(self, singleShot=True, interval=AFTER_MS)
        self._later.timeout.connect(self.read)
        worker.textScores.connect(self._on_scores)

    @property
    def running(self) -> bool:
        return self._question.running

    def edited(self, text: str, position: int, removed: int, added: int) -> None:
        """The text was changed at a place; the scores follow, and what is missing is read soon."""
        self._question.cancel()
        self.scores.edited(position, removed, added)
        self._text, self.whole = text, False
        self.changed.emit()
        if self.wanted:
            self._later.start()

    def restart(self, text: str, wanted: bool = True, special: bool = False) -> None:
        """Another document, or another model. wanted: whether it is to be read by itself; special: names of control
        tokens in it are meant as such.
        """
        self._question.cancel()
        self.scores.clear()
        self._text, self.whole, self.total, self.wanted, self._special = text, False, 0, wanted, special
        self.changed.emit()
        if wanted:
            self._later.start()

    def read_soon(self) -> None:
        """Read what is not scored yet, after what is more urgent."""
        self._later.start()

    def read(self) -> None:
        """Read what is not scored yet."""
        self._later.stop()
        self.wanted = True
        if self.whole or self._worker.model is None:
            return
        if not self._text:
            self.scores.clear()
            self.whole, self.total = True, 0
            self.changed.emit()
            return
        self._question.begin(self._worker.read_text(self._text, self.scores.known, self._special))
        self.progressed.emit()

    def make_way(self) -> None:
        """Something short is asked of the model now; what was being read goes on after it, by go_on()."""
        self._gave_way = self.running
        if self.running:
            self.pause()

    def go_on(self) -> None:
        """What made way goes on, behind what was asked in between."""
        if self._gave_way and self.wanted:
            self.read()

    def stop(self) -> None:
        """Stop until the person asks again."""
        self.wanted = False
        self.pause()

    def pause(self) -> None:
        self._later.stop()
        self._question.cancel()
        self.progressed.emit()

    def _on_scores(self, event: TextScores) -> None:
        if not self._question.is_for(event):
            return
        self.total = event.total
        if event.ids:
            self.scores.add(event)
        else:
            self.scores.begin(event.first)
        self.progressed.emit()
        self.changed.emit()

    def _on_ended(self, event: Done | Failed | None) -> None:
        if isinstance(event, Done):
            self.scores.finish()
            self.whole = True
        elif event is not None:
            self.wanted = False
            self.failed.emit(event)
        self.progressed.emit()
        self.changed.emit()
