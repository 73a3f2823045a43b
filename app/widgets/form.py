"""Rows of a form: a name, a control, and one sentence on what it does."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QValidator, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.widgets.theme import set_role

_WIDE = 640  # px: lines longer than that are hard to read
_CONTROL = 232


class Whole(QSpinBox):
    """A whole number that scrolling over it leaves alone. What is typed beyond the most becomes the most."""

    shortened = Signal(str)  # a sentence

    def __init__(self) -> None:
        super().__init__()
        self.lineEdit().setTextMargins(6, 0, 0, 0)  # the stylesheet's padding does not reach it

    def validate(self, text: str, place: int) -> tuple[QValidator.State, str, int]:
        found = super().validate(text, place)
        too_much = found[0] == QValidator.State.Invalid and (self._typed(text) or 0) > self.maximum()
        return (QValidator.State.Intermediate, text, place) if too_much else found

    def fixup(self, text: str) -> str:
        if (self._typed(text) or 0) <= self.maximum():
            return super().fixup(text)
        most = self.textFromValue(self.maximum())
        self.shortened.emit(self.tr("The most is {0}.").format(most))
        return most

    def _typed(self, text: str) -> int | None:
        digits = text.replace(self.locale().groupSeparator(), "").strip()
        return int(digits) if digits.isdecimal() else None

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class Fraction(QDoubleSpinBox):
    """A number that scrolling over it leaves alone, without zeros at its end."""

    def __init__(self) -> None:
        super().__init__()
        self.lineEdit().setTextMargins(6, 0, 0, 0)

    def textFromValue(self, value: float) -> str:
        text = super().textFromValue(value)
        point = self.locale().decimalPoint()
        return text.rstrip("0").removesuffix(point) if point in text else text

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class Choice(QComboBox):
    """One of several, that scrolling over it leaves alone."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def offer(self, items: Sequence[tuple[str, object]], chosen: object) -> None:
        """Show these, as (text, value), without telling of a change."""
        with QSignalBlocker(self):
            if [(self.itemText(n), self.itemData(n)) for n in range(self.count())] != list(items):
                self.clear()
                for text, value in items:
                    self.addItem(text, value)
            self.setCurrentIndex(next((n for n, (_, value) in enumerate(items) if value == chosen), -1))


def whole(low: int, high: int, step: int, changed: Callable[[int], object]) -> Whole:
    box = Whole()
    box.setRange(low, high)
    box.setSingleStep(step)
    box.setGroupSeparatorShown(True)
    box.setKeyboardTracking(False)
    box.valueChanged.connect(changed)
    return box


def fraction(low: float, high: float, step: float, decimals: int, changed: Callable[[float], object]) -> Fraction:
    box = Fraction()
    box.setDecimals(decimals)
    box.setRange(low, high)
    box.setSingleStep(step)
    box.setKeyboardTracking(False)
    box.valueChanged.connect(changed)
    return box


def show_value(box: QSpinBox | QDoubleSpinBox, value: float) -> None:
    """Without telling of a change."""
    with QSignalBlocker(box):
        if isinstance(box, QSpinBox):
            box.setValue(round(value))
        else:
            box.setValue(value)


def form_row(name: str, control: QWidget, sentence: str) -> QWidget:
    """The control at the right; at the left what it is called, and the sentence under that."""
    whole_row = QWidget()
    label, words = QLabel(name), QLabel(sentence)
    label.setBuddy(control)
    control.setAccessibleName(name)
    control.setToolTip(sentence)
    words.setWordWrap(True)
    set_role(words, "caption")
    if isinstance(control, Whole):  # told until something else is typed
        control.shortened.connect(lambda told: words.setText(f"{told} {sentence}"))
        control.lineEdit().textEdited.connect(lambda: words.setText(sentence))
    left = QVBoxLayout()
    left.setSpacing(0)
    left.addWidget(label)
    left.addWidget(words)
    left.addStretch(1)
    row = QHBoxLayout(whole_row)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(16)
    row.addLayout(left, 1)
    control.setFixedWidth(_CONTROL)
    row.addWidget(control, 0, Qt.AlignmentFlag.AlignTop)
    return whole_row


class Form(QScrollArea):
    """A column of rows, not wider than one reads: in the middle, or at the left, below a title that stands there."""

    def __init__(self, parent: QWidget | None = None, at_left: bool = False) -> None:
        super().__init__(parent)
        inner = QWidget()
        set_role(inner, "background")
        middle = QWidget()
        middle.setMaximumWidth(_WIDE)
        self.column = QVBoxLayout(middle)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(12)
        row = QHBoxLayout(inner)
        row.setContentsMargins(16 if at_left else 24, 16, 24, 24)
        if not at_left:
            row.addStretch(1)
        row.addWidget(middle, 100)
        row.addStretch(1)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(inner)

    def heading(self, text: str) -> QLabel:
        label = QLabel(text)
        set_role(label, "section")
        self.column.addWidget(label)
        return label

    def sentence(self, text: str = "", role: str = "muted") -> QLabel:
        label = QLabel(text)
        label.setWordWrap(True)
        set_role(label, role)
        self.column.addWidget(label)
        return label

    def row(self, name: str, control: QWidget, sentence: str) -> QWidget:
        """The row, to be hidden where it does not apply."""
        whole_row = form_row(name, control, sentence)
        self.column.addWidget(whole_row)
        return whole_row
