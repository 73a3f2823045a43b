"""One number that is moved: name, exact box, slider with a mark at the default, one sentence, reset."""

import math

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QSlider,
    QStyle,
    QStyleOptionSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.widgets.icons import set_icon
from app.widgets.theme import set_role, theme

_STEPS = 1000


class SliderRow(QWidget):
    """``valueChanged`` comes for every move by a person; set_value() is silent."""

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
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._minimum, self._maximum, self._default, self._log = minimum, maximum, default, log
        self._box = QDoubleSpinBox()
        self._box.setDecimals(0 if integer else 2)
        self._box.setRange(minimum, maximum if limit is None else limit)
        self._box.setSingleStep(1 if integer else max(step, 0.01))
        set_role(self._box, "bare")
        self._box.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._box.setKeyboardTracking(False)
        self._box.setFixedWidth(theme().px(68))
        self._box.setFont(theme().font("number"))
        self._slider = _MarkedSlider(self._to_slider(default))
        self._slider.setRange(0, _STEPS)
        self._reset = QToolButton()
        set_icon(self._reset, "reset", "muted")
        self._reset.setAutoRaise(True)
        self._reset.setToolTip(self.tr("Back to the default, {0}").format(f"{default:g}"))
        self._reset.setAccessibleName(self.tr("{0}: back to the default").format(title))
        name = QLabel(title)
        name.setBuddy(self._box)
        for widget in (self._box, self._slider):
            widget.setAccessibleName(title)
            widget.setAccessibleDescription(sentence)
            widget.setToolTip(sentence)
            widget.installEventFilter(self)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(4)
        head.addWidget(name, 1)
        head.addWidget(self._reset)
        head.addWidget(self._box)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(head)
        layout.addWidget(self._slider)
        if sentence:
            text = QLabel(sentence)
            text.setWordWrap(True)
            set_role(text, "caption")
            layout.addWidget(text)
        self._box.valueChanged.connect(self._on_box)
        self._slider.valueChanged.connect(self._on_slider)
        self._reset.clicked.connect(lambda: self._box.setValue(self._default))
        self.set_value(default)

    def value(self) -> float:
        return self._box.value()

    def set_value(self, value: float) -> None:
        """Show a value without a signal."""
        with QSignalBlocker(self._box), QSignalBlocker(self._slider):
            self._box.setValue(value)
            self._slider.setValue(self._to_slider(self._box.value()))
        self._show_reset()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The wheel scrolls the panel, unless the control has the focus: nobody should change a number by scrolling past it."""
        if isinstance(event, QWheelEvent) and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def _on_box(self, value: float) -> None:
        with QSignalBlocker(self._slider):
            self._slider.setValue(self._to_slider(value))
        self._show_reset()
        self.valueChanged.emit(self._box.value())

    def _on_slider(self, place: int) -> None:
        with QSignalBlocker(self._box):
            self._box.setValue(self._from_slider(place))
        self._show_reset()
        self.valueChanged.emit(self._box.value())

    def _show_reset(self) -> None:
        self._reset.setVisible(not math.isclose(self._box.value(), self._default, abs_tol=1e-9))

    def _to_slider(self, value: float) -> int:
        low, high = self._minimum, self._maximum
        value = min(max(value, low), high)
        if self._log:
            return round(_STEPS * math.log1p(value - low) / math.log1p(high - low))
        return round(_STEPS * (value - low) / (high - low))

    def _from_slider(self, place: int) -> float:
        low, high = self._minimum, self._maximum
        if self._log:
            return low + math.expm1(place / _STEPS * math.log1p(high - low))
        return low + (high - low) * place / _STEPS


class _MarkedSlider(QSlider):
    """A slider with a small mark where the default is."""

    def __init__(self, mark: int) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._mark = mark
        self.setSingleStep(10)
        self.setPageStep(100)

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        handle = self.style().pixelMetric(QStyle.PixelMetric.PM_SliderLength, option, self)
        x = handle / 2 + (self.width() - handle) * self._mark / _STEPS
        painter = QPainter(self)
        painter.setPen(QPen(theme().colour("outline"), 2))
        middle = self.height() / 2
        painter.drawLine(int(x), int(middle - 6), int(x), int(middle + 6))
        painter.end()
        super().paintEvent(event)
