"""One number that is moved: name, exact box, slider with a mark at the default, one sentence, reset."""

import math

from PySide6.QtCore import QEvent, QObject, QPointF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPolygonF, QWheelEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSlider,
    QStyle,
    QStyleOptionSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.widgets.exact_box import DECIMALS, ExactBox
from app.widgets.icons import set_icon
from app.widgets.theme import set_role, theme

_STEPS = 1000
_NAME_WIDTH = 87  # px at text size 100 %: of the name on a compact row
_KEYS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Down: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: 1,
    Qt.Key.Key_PageDown: -10,
    Qt.Key.Key_PageUp: 10,
}


class SliderRow(QWidget):
    """``valueChanged`` comes for every move by a person; set_value() is silent. The box holds the value, the slider shows it.

    untitled: slider and box stand on one line, and the name is said to screen readers only. compact: name, slider and box
    stand on one line.
    """

    valueChanged = Signal(float)

    def __init__(
        self,
        title: str,
        sentence: str,
        *,
        minimum: float,
        maximum: float,
        default: float,
        limit: float | None = None,
        integer: bool = False,
        step: float = 0.01,
        log: bool = False,
        untitled: bool = False,
        compact: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._minimum, self._maximum, self._default, self._log = minimum, maximum, default, log
        self._decimals = 0 if integer else max(0, min(DECIMALS, math.ceil(-math.log10(step) - 1e-9)))
        self._box = ExactBox(minimum, maximum if limit is None else limit, integer=integer, step=step)
        self._slider = _MarkedSlider(self._to_slider(default))
        self._slider.setRange(0, _STEPS)
        self._reset = QToolButton()
        set_icon(self._reset, "reset", "muted")
        self._reset.setAutoRaise(True)
        shown = self._box.textFromValue(default)
        self._reset.setToolTip(self.tr("Back to the default, {0}").format(shown))
        self._reset.setAccessibleName(self.tr("{0}: back to the default").format(title))
        policy = self._reset.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # nothing jumps when it comes and goes
        self._reset.setSizePolicy(policy)
        for widget in (self._box, self._slider):
            widget.setAccessibleName(title)
            widget.setAccessibleDescription(sentence)
            widget.setToolTip(sentence)
            widget.installEventFilter(self)
        self._lay_out(title, sentence, untitled, compact)
        self._box.valueChanged.connect(self._on_box)
        self._slider.valueChanged.connect(self._on_slider)
        self._slider.stepped.connect(self._on_step)
        self._reset.clicked.connect(self.reset)
        self.set_value(default)

    def value(self) -> float:
        return self._box.value()

    def set_value(self, value: float) -> None:
        """Show a value without a signal; what is out of range becomes the nearest that is not."""
        with QSignalBlocker(self._box), QSignalBlocker(self._slider):
            self._box.setValue(value)
            self._slider.setValue(self._to_slider(self._box.value()))
        self._show_reset()

    def move_to(self, value: float) -> None:
        """Take a value as a person's move."""
        self._box.setValue(value)

    def reset(self) -> None:
        """Back to the default, as a person's move."""
        self._box.setValue(self._default)

    def controls(self) -> tuple[QWidget, ...]:
        """What takes the focus, in the order of the eye."""
        if self._one_line:
            return self._slider, self._reset, self._box
        return self._box, self._slider, self._reset

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The wheel scrolls the panel, unless the control has the focus: nobody should change a number by scrolling past it."""
        if isinstance(event, QWheelEvent) and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def _lay_out(self, title: str, sentence: str, untitled: bool, compact: bool) -> None:
        self._one_line = untitled or compact
        name = QLabel(title)
        name.setWordWrap(True)
        name.setBuddy(self._box)
        line = QHBoxLayout()
        line.setSpacing(4)
        line.addWidget(self._slider, 1)
        line.addWidget(self._reset)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        if self._one_line:
            if not compact:
                name.hide()  # setVisible(True) would open it as a window of its own: it is in none yet
            name.setFixedWidth(theme().px(_NAME_WIDTH))
            line.insertWidget(0, name)
            line.addWidget(self._box)
        else:
            head = QHBoxLayout()
            head.addWidget(name, 1)
            head.addWidget(self._box)
            layout.addLayout(head)
        layout.addLayout(line)
        if sentence:
            text = QLabel(sentence)
            text.setWordWrap(True)
            set_role(text, "caption")
            layout.addWidget(text)

    def _on_box(self, value: float) -> None:
        with QSignalBlocker(self._slider):
            self._slider.setValue(self._to_slider(value))
        self._show_reset()
        self.valueChanged.emit(self._box.value())

    def _on_slider(self, place: int) -> None:
        before = self._box.value()
        with QSignalBlocker(self._box):
            self._box.setValue(self._from_slider(place))
        self._show_reset()
        if self._box.value() != before:
            self.valueChanged.emit(self._box.value())

    def _on_step(self, steps: int) -> None:
        """A key on the slider: an exact step, within its range."""
        value = self._box.value() + steps * self._box.singleStep()
        self._box.setValue(min(max(value, self._minimum), max(self._maximum, self._box.value())))

    def _show_reset(self) -> None:
        self._reset.setVisible(not math.isclose(self._box.value(), self._default, abs_tol=1e-9))

    def _to_slider(self, value: float) -> int:
        low, high = self._minimum, self._maximum
        value = min(max(value, low), high)
        if self._log:
            return round(_STEPS * math.log1p(value - low) / math.log1p(high - low))
        return round(_STEPS * (value - low) / (high - low))

    def _from_slider(self, place: int) -> float:
        """The value at a place of the slider, no finer than the step: four decimals are for the box."""
        low, high = self._minimum, self._maximum
        share = place / _STEPS
        above = math.expm1(share * math.log1p(high - low)) if self._log else share * (high - low)
        return round(low + above, self._decimals)


class _MarkedSlider(QSlider):
    """A slider with a small mark below it where the default is. ``stepped`` for keys: the row knows what a step is."""

    stepped = Signal(int)

    def __init__(self, mark: int) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._mark = mark
        self.setSingleStep(10)
        self.setPageStep(100)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), 24)

    def minimumSizeHint(self) -> QSize:
        return QSize(48, 24)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _KEYS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.stepped.emit(step)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        handle = self.style().pixelMetric(QStyle.PixelMetric.PM_SliderLength, option, self)
        x = handle / 2 + (self.width() - handle) * self._mark / _STEPS
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().colour("outline"))
        foot = self.height() - 0.5
        # Below the groove, so that the handle never hides it.
        painter.drawPolygon(QPolygonF([QPointF(x - 3, foot), QPointF(x + 3, foot), QPointF(x, foot - 4)]))
