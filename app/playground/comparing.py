"""Two models, two checkpoints or two chains over the open text. Another model than the loaded one runs in a process of its own."""

import math
from collections.abc import Callable

import msgspec
from PySide6.QtCore import QObject, Signal

from app.inspector.shares import Shares, by_piece, final_shares, raw_shares
from app.playground.asking import Question
from app.settings.store import SettingsStore
from app.workers.inference import InferenceWorker
from app.workers.outcome import Outcome
from engine.errors import UserError
from engine.records import AdapterInfo, Message, ModelInfo, TokenRecord
from engine.records.explore import Side, Span
from engine.worker.protocol import Done, Failed, Progress, Spans, Tokens


class Totals(msgspec.Struct, frozen=True):
    """Over all spans. None where it cannot be said: without a common vocabulary, or where it is infinite.

    left_bits, right_bits: sums over the spans that the chain of that side lets come; left_cut, right_cut: how many it does not.
    """

    js_bits: float | None
    kl_bits: float | None
    left_bits: float
    right_bits: float
    left_cut: int = 0
    right_cut: int = 0
    kl_back_bits: float | None = None
    spans: int = 0

    @property
    def mean_bits(self) -> tuple[float, float]:
        """Left and right, of a span that the chain of that side lets come."""
        return (
            self.left_bits / max(1, self.spans - self.left_cut),
            self.right_bits / max(1, self.spans - self.right_cut),
        )


class Comparing(QObject):
    """``changed`` when spans came, or when it began, ended or told how far it is; ``looked`` when the records of a place came."""

    changed = Signal()
    looked = Signal()
    failed = Signal(object)  # Failed | UserError

    def __init__(
        self,
        worker: InferenceWorker,
        make_worker: Callable[[], InferenceWorker],
        settings: SettingsStore,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._main, self._make_worker, self._settings = worker, make_worker, settings
        self._second: InferenceWorker | None = None
        self._questions: dict[InferenceWorker, tuple[Question, Question]] = {}
        self._running: Question | None = None
        self._looking: Question | None = None
        self._seed = 0
        self._special = False
        self.left: Side | None = None
        self.right: Side | None = None
        self.text = ""
        self.stale = False  # what was compared is not the text that is open now
        self.messages: tuple[Message, ...] = ()  # before the text, where it is a reply
        self.spans: list[Span] = []
        self.exact = True
        self.progress: Progress | None = None
        self.current: int | None = None  # number of the span that is looked at
        self.records: list[TokenRecord] = []

    @property
    def runs(self) -> str:
        """Where the training runs of the program lie."""
        return str(self._settings.data_folder / "runs")

    @property
    def running(self) -> bool:
        return self._running is not None and self._running.running

    def compare(
        self,
        text: str,
        left: Side,
        right: Side,
        seed: int,
        messages: tuple[Message, ...] = (),
        special: bool = False,
    ) -> None:
        """Begin anew. With messages the text is the reply to them, each model's template laid out before it. special: names of
        control tokens in the text are meant as such.
        """
        self.stop()
        self.messages, self._special = messages, special
        self.text, self.left, self.right, self._seed = text, left, right, seed
        self.spans, self.records, self.current, self.progress, self.exact = [], [], None, None, True
        self.stale = False
        worker = self._worker_for(left, right)
        self._running, self._looking = self._questions[worker]
        self._running.begin(worker.compare_text(text, left, right, seed, self._options(), messages, special))
        self.changed.emit()
        self.looked.emit()

    def follow(self, text: str, special: bool = False) -> None:
        """This text is open now. special: names of control tokens in it are meant as such."""
        stale = bool(self.text) and (text, special) != (self.text, self._special)
        if stale != self.stale:
            self.stale = stale
            self.changed.emit()

    def look(self, number: int) -> None:
        """Ask both sides for their candidates at a span."""
        if not 0 <= number < len(self.spans) or self.left is None or self.right is None or self._looking is None:
            return
        self.current, self.records = number, []
        data = self.text.encode("utf-16-le", "surrogatepass")
        before = data[: 2 * self.spans[number].start].decode("utf-16-le", "replace")
        worker = self._worker_for(self.left, self.right)
        sides = self.left, self.right
        self._looking.begin(
            worker.compare_next(before, *sides, self._seed, self._options(), self.messages, self._special)
        )
        self.looked.emit()

    def stop(self) -> None:
        """What was compared stays."""
        for question in (self._running, self._looking):
            if question is not None:
                question.cancel()
        self.changed.emit()

    def release(self) -> None:
        """Nobody compares any more: the second process goes, with the memory of its models."""
        self.stop()
        second, self._second = self._second, None
        if second is not None:
            self._running = self._looking = None
            for question in self._questions.pop(second, ()):
                question.deleteLater()
            second.shutdown()
            second.deleteLater()

    # --- what is told of it ---------------------------------------------------------------------------------------

    def difference(self, span: Span) -> float:
        """How far the sides lie apart over a span: the divergence in bits, else the difference of their surprisals."""
        if span.js_bits is not None:
            return span.js_bits
        difference = abs(span.left_bits - span.right_bits)
        return difference if math.isfinite(difference) else 0.0

    def most_different(self, count: int = 12) -> list[int]:
        """Numbers of the spans over which the sides disagree most."""
        order = sorted(range(len(self.spans)), key=lambda place: (-self.difference(self.spans[place]), place))
        return [place for place in order[:count] if self.difference(self.spans[place]) > 0]

    def totals(self) -> Totals | None:
        """Means over all spans (divergences) and sums (bits)."""
        if not self.spans:
            return None
        js = [span.js_bits for span in self.spans if span.js_bits is not None]
        kl = [span.kl_bits for span in self.spans if span.kl_bits is not None]
        back = [span.kl_back_bits for span in self.spans if span.kl_back_bits is not None]
        left, right = [s.left_bits for s in self.spans], [s.right_bits for s in self.spans]
        return Totals(
            _mean(js),
            _mean(kl),
            math.fsum(filter(math.isfinite, left)),
            math.fsum(filter(math.isfinite, right)),
            sum(map(math.isinf, left)),
            sum(map(math.isinf, right)),
            _mean(back),
            len(self.spans),
        )

    # --- inside ---------------------------------------------------------------------------------------------------

    def _worker_for(self, left: Side, right: Side) -> InferenceWorker:
        model = self._main.model
        if model is not None and all(_is_loaded(side, model) for side in (left, right)):
            worker = self._main
        else:
            if self._second is None:
                self._second = self._make_worker()
                self._second.crashed.connect(self._on_crashed)
            worker = self._second
        if worker not in self._questions:
            pair = Question(worker, self), Question(worker, self)
            for question in pair:
                question.ended.connect(self._on_ended)
            worker.spans.connect(self._on_spans)
            worker.tokens.connect(self._on_tokens)
            worker.progress.connect(self._on_progress)
            self._questions[worker] = pair
        return worker

    def _options(self) -> tuple[int, int, int]:
        value = self._settings.value
        return value.context_length, value.threads, value.gpu_layers

    def _on_spans(self, event: Spans) -> None:
        if self._running is not None and self._running.is_for(event):
            self.spans += event.spans
            self.exact = event.exact
            self.changed.emit()

    def _on_progress(self, event: Progress) -> None:
        if self._running is not None and self._running.is_for(event):
            self.progress = event
            self.changed.emit()

    def _on_tokens(self, event: Tokens) -> None:
        if self._looking is not None and self._looking.is_for(event):
            self.records += event.records
            self.looked.emit()

    def _on_ended(self, event: Done | Failed | None) -> None:
        self.progress = None
        self.changed.emit()
        if isinstance(event, Failed):
            self.failed.emit(event)

    def _on_crashed(self, outcome: Outcome) -> None:
        text = self.tr("The process that compares the models ended ({0}).").format(outcome.short)
        self.failed.emit(UserError("compare-crashed", text, "", outcome.stderr_tail))


def _is_loaded(side: Side, model: ModelInfo) -> bool:
    return side.path == model.path and _on(side.adapters) == _on(model.adapters)


def _on(adapters: tuple[AdapterInfo, ...]) -> set[tuple[str, float]]:
    return {(adapter.path, adapter.scale) for adapter in adapters if adapter.scale}


def _mean(values: list[float]) -> float | None:
    """None where there is none, or where one of them is infinite."""
    return math.fsum(values) / len(values) if values and all(map(math.isfinite, values)) else None


def shares(record: TokenRecord, after_chain: bool) -> Shares[bytes]:
    """What one side gives each token, raw or after its chain, by the bytes of the tokens."""
    return by_piece(final_shares(record) if after_chain else raw_shares(record), record)
