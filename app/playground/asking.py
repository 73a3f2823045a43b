"""One question to the model at a time: a newer one takes the place of an older one that is still being answered."""

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.sampling.subject import AllowedTokens, Subject
from app.workers.inference import InferenceWorker
from engine.records import SamplingSettings, TokenRecord
from engine.sampling.chain import Chain
from engine.worker.protocol import Done, Failed, LogitsRow

_OUR_OWN = ("cancelled", "crashed", "no-model")  # not a fault of the question


class Question(QObject):
    """The number of the job that is answered now, if any. ``ended`` carries the Done, or the Failed where it was no cancel."""

    ended = Signal(object)
    changed = Signal()

    def __init__(self, worker: InferenceWorker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = worker
        self.job: int | None = None
        worker.done.connect(self._on_end)
        worker.failed.connect(self._on_end)

    @property
    def running(self) -> bool:
        return self.job is not None

    def begin(self, job: int) -> None:
        """This job is the question now; the one before it is cancelled."""
        self.cancel()
        self.job = job
        self.changed.emit()

    def cancel(self) -> None:
        """Nobody waits for the answer any more."""
        job, self.job = self.job, None
        if job is not None:
            self._worker.cancel(job)
            self.changed.emit()

    def stop(self) -> None:
        """Ask the job to end, and go on listening: it tells what it has."""
        if self.job is not None:
            self._worker.cancel(self.job)

    def is_for(self, event: object) -> bool:
        """Whether an event belongs to the question."""
        return self.job is not None and getattr(event, "job", None) == self.job

    def _on_end(self, event: Done | Failed) -> None:
        if event.job == self.job:
            self.job = None
            self.changed.emit()
            self.ended.emit(None if isinstance(event, Failed) and event.code in _OUR_OWN else event)


def subject_of(
    record: TokenRecord, row: LogitsRow | None, seed: int = 0, sampling: SamplingSettings | None = None
) -> Subject:
    """A token of a text with every logit of its place and all that stands before it, where the model has told them.

    sampling: the chain with which it was asked, for the texts of its grammars.
    """
    if row is None or len(row.logits) != 4 * record.vocabulary_size:
        return Subject(record, (), seed)
    logits = np.frombuffer(row.logits, dtype="<f4")
    grammars = {} if sampling is None else Chain(sampling).grammars
    allowed = {
        name: AllowedTokens(
            grammars[name], np.unpackbits(np.frombuffer(bits, np.uint8), count=len(logits)).astype(bool)
        )
        for name, bits in row.allowed.items()
        if name in grammars
    }
    return Subject(record, row.history, seed, True, logits, row.pieces, allowed)
