"""The whole row of logits behind the selected token, asked of the model once, when nothing else is to be computed."""

import enum
from collections.abc import Mapping
from typing import Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from app.chat.adapters import adapters_on
from app.sampling.subject import AllowedTokens
from app.workers.inference import InferenceWorker, WorkerState
from engine.records import AdapterInfo, Message, TokenRecord
from engine.worker.protocol import Done, Failed, LogitsRow

_SETTLED_MS = 150  # somebody who walks through the tokens asks for none of them
_SAME_CONTEXT = 1.0  # logits: paths of evaluation differ by less, other texts by more


class Question(msgspec.Struct, frozen=True):
    """What must be known to compute a token's logits again."""

    key: tuple[int, int]  # message, index
    messages: tuple[Message, ...]
    before: tuple[int, ...]
    left_out: int
    vocabulary_hash: str
    record: TokenRecord
    adapters: tuple[AdapterInfo, ...] | None = None  # that were on; None where that was not kept
    place: int = 0  # of a token of the prompt itself
    grammars: dict[str, str] = {}  # of the chain that it was drawn by, by stage


class Row(msgspec.Struct, frozen=True):
    """Logits (V,), with the recorded ones in their places; the ids before the token; by how much the recorded ones differed;
    the bytes of the ids before; what the grammars of the reply allow there, by stage.
    """

    logits: NDArray[np.float32]
    history: tuple[int, ...]
    difference: float
    pieces: Mapping[int, bytes] = {}
    allowed: Mapping[str, AllowedTokens] = {}


class Why(enum.Enum):
    """Why there is no row."""

    NOTHING = enum.auto()  # no token is selected
    COMING = enum.auto()
    BUSY = enum.auto()
    NO_MODEL = enum.auto()
    OTHER_MODEL = enum.auto()
    OTHER_ADAPTERS = enum.auto()
    OTHER_CONTEXT = enum.auto()  # what the model was shown then is not known any more
    FAILED = enum.auto()


class Asker(Protocol):
    """Whether the model has something better to do."""

    @property
    def busy(self) -> bool: ...


class TokenLogits(QObject):
    """``changed`` when row or why is another."""

    changed = Signal()

    def __init__(self, worker: InferenceWorker, asker: Asker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker, self._asker = worker, asker
        self._question: Question | None = None
        self._job: int | None = None
        self._failed = False
        self.row: Row | None = None
        self.why = Why.NOTHING
        self._later = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._later.timeout.connect(self._ask)
        worker.logits.connect(self._on_logits)
        worker.failed.connect(self._on_failed)
        worker.done.connect(self._on_done)
        worker.stateChanged.connect(lambda _: self.look_again())

    def want(self, question: Question | None) -> None:
        """Another token is selected, or none."""
        if question is not None and self._question is not None and question.key == self._question.key:
            return
        self.give_way()
        self._question, self.row, self._failed = question, None, False
        self.why = Why.NOTHING if question is None else Why.COMING
        if question is not None:
            self._later.start()
        self.changed.emit()

    def give_way(self) -> None:
        """Something is to be generated: what is being computed is asked for again afterwards."""
        if self._job is not None:
            self._worker.cancel(self._job)
            self._job = None

    def look_again(self) -> None:
        """The model, or what it does, has changed."""
        if self._question is not None and self.row is None and self._job is None and not self._later.isActive():
            self._later.start()

    def _ask(self) -> None:
        question, model = self._question, self._worker.model
        if question is None or self.row is not None or self._job is not None or self._failed:
            return
        if model is None:
            self._say(Why.NO_MODEL)
        elif question.vocabulary_hash and model.vocabulary_hash != question.vocabulary_hash:
            self._say(Why.OTHER_MODEL)
        elif question.adapters is not None and adapters_on(question.adapters) != adapters_on(model.adapters):
            self._say(Why.OTHER_ADAPTERS)
        elif self._asker.busy or self._worker.state != WorkerState.LOADED:
            self._say(Why.BUSY)
        else:
            self._job = self._worker.full_logits(
                question.messages, question.before, question.left_out, question.place, question.grammars
            )
            self._say(Why.COMING)

    def _say(self, why: Why) -> None:
        if why != self.why:
            self.why = why
            self.changed.emit()

    def _on_logits(self, event: LogitsRow) -> None:
        question = self._question
        if event.job != self._job or question is None:
            return
        logits = np.frombuffer(event.logits, dtype="<f4").astype(np.float32)
        stored = question.record.candidates
        ids, recorded = stored.id_array(), stored.logit_array()
        if len(logits) != question.record.vocabulary_size or not len(ids) or int(ids.max()) >= len(logits):
            self._give_up(Why.OTHER_MODEL)
            return
        difference = float(np.abs(logits[ids] - recorded).max())
        if not difference < _SAME_CONTEXT:
            self._give_up(Why.OTHER_CONTEXT)
            return
        logits[ids] = recorded  # what really was, where it is known
        allowed = {
            name: AllowedTokens(question.grammars[name], _mask(bits, len(logits)))
            for name, bits in event.allowed.items()
        }
        self.row = Row(logits, event.history or question.before, difference, event.pieces, allowed)
        self.changed.emit()

    def _give_up(self, why: Why) -> None:
        self._failed = True
        self._say(why)

    def _on_done(self, event: Done) -> None:
        if event.job == self._job:
            self._job = None

    def _on_failed(self, event: Failed) -> None:
        if event.job != self._job:
            return
        self._job = None
        if event.code not in ("cancelled", "crashed"):
            self._give_up(Why.FAILED)


def _mask(bits: bytes, count: int) -> NDArray[np.bool_]:
    return np.unpackbits(np.frombuffer(bits, dtype=np.uint8), count=count).astype(bool)
