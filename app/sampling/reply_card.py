"""Seed, greatest length, and what happens when the context is full."""

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from app.widgets.elided_combo import ElidedCombo
from app.widgets.slider_row import SliderRow
from app.widgets.theme import set_role
from engine.records import GenerationSettings

MAX_SEED = 2**31 - 1
MAX_LENGTH = 1_000_000


class ReplyCard(QFrame):
    """``changed`` for each move."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "card")
        self.setAccessibleName(self.tr("The reply"))
        self.new_seed = QCheckBox(self.tr("New seed each time"))
        self.seed = QSpinBox()
        self.seed.setRange(0, MAX_SEED)
        self.seed.setMinimumWidth(80)
        self.seed.setAccessibleName(self.tr("Seed"))
        self.seed.lineEdit().setTextMargins(6, 0, 0, 0)  # the stylesheet's padding does not reach it
        self._seed_name = QLabel(self.tr("Seed"))
        self._seed_name.setBuddy(self.seed)
        sentence = self.tr(
            "Fixed, the same message with the same settings gets the same reply; new, another each time."
        )
        for widget in (self.new_seed, self.seed):
            widget.setToolTip(sentence)
            widget.setAccessibleDescription(sentence)
        self.length = SliderRow(
            self.tr("Longest reply"),
            self.tr("In tokens; 0 writes on until the model ends the reply or the context is full."),
            minimum=0,
            maximum=4096,
            default=0,
            limit=MAX_LENGTH,
            integer=True,
            step=1,
            log=True,
        )
        self.when_full = ElidedCombo()
        self.when_full.addItems([self.tr("Leave out the oldest turns"), self.tr("End the reply")])
        self.when_full.setAccessibleName(self.tr("When the context is full"))
        self._lay_out(sentence)
        self.new_seed.toggled.connect(self._on_new_seed)
        self.seed.valueChanged.connect(self.changed)
        self.length.valueChanged.connect(self.changed)
        self.when_full.currentIndexChanged.connect(self.changed)
        self.controls = (self.new_seed, self.seed, *self.length.controls(), self.when_full)

    def show_settings(self, settings: GenerationSettings) -> None:
        """Show them without a signal."""
        blockers = [QSignalBlocker(widget) for widget in (self.seed, self.new_seed, self.when_full)]
        seed = settings.sampling.seed
        self.new_seed.setChecked(seed is None)
        if seed is not None:
            self.seed.setValue(min(seed, MAX_SEED))
        self._enable_seed(seed is not None)
        self.length.set_value(settings.max_tokens)
        self.when_full.setCurrentIndex(1 if settings.when_full == "stop" else 0)
        del blockers

    def fixed_seed(self) -> int | None:
        """The seed, None for a new one each time."""
        return None if self.new_seed.isChecked() else self.seed.value()

    def max_tokens(self) -> int:
        return int(self.length.value())

    def stops_when_full(self) -> bool:
        return self.when_full.currentIndex() == 1

    def _lay_out(self, sentence: str) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 12)
        layout.setSpacing(8)
        layout.addWidget(self.new_seed)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._seed_name)
        row.addWidget(self.seed, 1)
        layout.addLayout(row)
        caption = QLabel(sentence)
        caption.setWordWrap(True)
        layout.addWidget(set_role(caption, "caption"))
        layout.addWidget(self.length)
        name = QLabel(self.tr("When the context is full"))
        name.setWordWrap(True)
        name.setBuddy(self.when_full)
        layout.addWidget(name)
        layout.addWidget(self.when_full)

    def _enable_seed(self, on: bool) -> None:
        self.seed.setEnabled(on)
        self._seed_name.setEnabled(on)

    def _on_new_seed(self, on: bool) -> None:
        self._enable_seed(not on)
        self.changed.emit()
