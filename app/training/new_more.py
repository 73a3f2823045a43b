"""The rest of a plan, folded away: what is seldom changed and has a value that suits."""

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from app.training.draft import AUTOMATIC, TARGETS, Draft
from app.training.planner import Planner
from app.widgets.fold_line import FoldLine
from app.widgets.form import Choice, form_row, fraction, show_value, whole

_ATTENTION, _FEED_FORWARD = TARGETS[:4], TARGETS[4:]


class MoreOfThePlan(QWidget):
    """A line that unfolds the rows."""

    def __init__(self, planner: Planner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._planner = planner
        self.fold = FoldLine(self)
        self.fold.show_text(self.tr("More: learning rate over time, what keeps it steady, what it computes with"))
        self._rows = QWidget()
        self._column = QVBoxLayout(self._rows)
        self._column.setContentsMargins(0, 8, 0, 0)
        self._column.setSpacing(12)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.fold)
        column.addWidget(self._rows)
        self._rows.hide()
        self.fold.toggled.connect(self._rows.setVisible)
        self._learning()
        self._adapter()
        self._machine()

    def _learning(self) -> None:
        change = self._planner.change
        self.schedule = self._choice("schedule")
        self.warmup = whole(AUTOMATIC, 1_000_000, 10, lambda value: change(warmup=value))
        self.warmup.setSpecialValueText(self.tr("a tenth, at most 100"))
        self.final = fraction(0, 1, 0.05, 3, lambda value: change(final_fraction=value))
        self.muon = fraction(1e-6, 1, 1e-3, 6, lambda value: change(muon_rate=value))
        self.decay = fraction(0, 10, 0.01, 4, lambda value: change(weight_decay=value))
        self.clip = fraction(0.001, 1000, 0.1, 3, lambda value: change(clip=value))
        self.dropout = fraction(0, 0.95, 0.05, 3, lambda value: change(dropout=value))
        self.accumulate = whole(1, 4096, 1, lambda value: change(accumulate=value))
        self.seed = whole(0, 2**31 - 1, 1, lambda value: change(seed=value))
        add = self._add
        add(
            self.tr("Learning rate over time"),
            self.schedule,
            self.tr("Large corrections at first and small ones at the end, which settles what was learnt."),
        )
        add(self.tr("Warm-up steps"), self.warmup, self.tr("The rate rises over so many steps, or the start is rough."))
        add(self.tr("Rate at the end"), self.final, self.tr("As a part of the learning rate; 0 is none at all."))
        self._muon_row = add(
            self.tr("Muon's learning rate"),
            self.muon,
            self.tr("For the matrices of the layers; the learning rate above is that of all the rest."),
        )
        add(
            self.tr("Weight decay"),
            self.decay,
            self.tr("Pulls the weights towards zero a little, against learning by heart."),
        )
        add(
            self.tr("Gradient clipping"),
            self.clip,
            self.tr("A longer gradient is cut to this length, so that one odd text breaks nothing."),
        )
        add(
            self.tr("Dropout"),
            self.dropout,
            self.tr("This share is left out at random; helps where the texts are seen many times."),
        )
        add(
            self.tr("Gradients added up"),
            self.accumulate,
            self.tr("So many groups of rows make one correction: a larger step without more memory."),
        )
        add(self.tr("Seed"), self.seed, self.tr("Another number begins with other weights and another order."))

    def _adapter(self) -> None:
        self.alpha = fraction(0, 4096, 1, 2, lambda value: self._planner.change(alpha=value))
        self.alpha.setSpecialValueText(self.tr("twice the rank"))
        self.targets = self._choice("targets")
        self._adapter_rows = [
            self._add(
                self.tr("Alpha of the adapter"),
                self.alpha,
                self.tr("How loudly the adapter speaks: what it adds is multiplied by alpha and divided by the rank."),
            ),
            self._add(
                self.tr("Where the adapter sits"),
                self.targets,
                self.tr("Fewer places make it smaller; all of them learn the most."),
            ),
        ]

    def _machine(self) -> None:
        self.device, self.precision = self._choice("device"), self._choice("precision")
        self.threads = whole(0, 1024, 1, lambda value: self._planner.change(threads=value))
        self.threads.setSpecialValueText(self.tr("as many as it has"))
        self.compile = self._check(self.tr("compile it first"), "compile")
        self.recompute = self._check(self.tr("compute them again"), "recompute")
        add = self._add
        add(self.tr("Device"), self.device, self.tr("A graphics processor is many times faster, where there is one."))
        add(self.tr("Processor cores"), self.threads, self.tr("Fewer leave some for other work, and take longer."))
        add(
            self.tr("Precision"),
            self.precision,
            self.tr("16 bits are faster where the machine can; 32 are the more exact."),
        )
        add(
            self.tr("Compiled"),
            self.compile,
            self.tr("Takes a minute or more at the start, and is faster from there on."),
        )
        add(
            self.tr("Gradient checkpointing"),
            self.recompute,
            self.tr("Values between are computed again instead of kept: less memory, a third more time."),
        )

    def refresh(self, draft: Draft) -> None:
        """The draft as it is."""
        self.schedule.offer(
            (
                (self.tr("Falls all the way (cosine)"), "cosine"),
                (self.tr("Level, falls at the end"), "stable"),
            ),
            draft.schedule,
        )
        places: list[tuple[str, object]] = [
            (self.tr("Everywhere"), TARGETS),
            (self.tr("Attention alone"), _ATTENTION),
            (self.tr("Feed-forward alone"), _FEED_FORWARD),
            (self.tr("Queries and values"), ("q_proj", "v_proj")),
        ]
        if draft.targets not in [targets for _, targets in places]:
            places.append((", ".join(draft.targets), draft.targets))
        self.targets.offer(places, draft.targets)
        self.device.offer(
            (
                (self.tr("The fastest"), "auto"),
                (self.tr("Processor"), "cpu"),
                (self.tr("Graphics (CUDA)"), "cuda"),
                (self.tr("Graphics (Apple)"), "mps"),
            ),
            draft.device,
        )
        self.precision.offer(
            ((self.tr("16 bits (bfloat16)"), "bf16"), (self.tr("32 bits"), "float32")), draft.precision
        )
        for box, value in (
            (self.warmup, draft.warmup),
            (self.final, draft.final_fraction),
            (self.muon, draft.muon_rate),
            (self.decay, draft.weight_decay),
            (self.clip, draft.clip),
            (self.dropout, draft.dropout),
            (self.accumulate, draft.accumulate),
            (self.seed, draft.seed),
            (self.alpha, draft.alpha),
            (self.threads, draft.threads),
        ):
            show_value(box, value)
        for check, on in ((self.compile, draft.compile), (self.recompute, draft.recompute)):
            with QSignalBlocker(check):
                check.setChecked(on)
        self._muon_row.setVisible(draft.optimiser == "muon")
        for row in self._adapter_rows:
            row.setVisible(bool(draft.start_from) and draft.adapter)

    def _add(self, name: str, control: QWidget, sentence: str) -> QWidget:
        row = form_row(name, control, sentence)
        self._column.addWidget(row)
        return row

    def _choice(self, field: str) -> Choice:
        box = Choice()
        box.currentIndexChanged.connect(lambda at: self._planner.change(**{field: box.itemData(at)}))
        return box

    def _check(self, words: str, field: str) -> QCheckBox:
        box = QCheckBox(words)
        box.toggled.connect(lambda on: self._planner.change(**{field: on}))
        return box
