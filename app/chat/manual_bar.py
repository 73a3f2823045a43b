"""The bar above the composer while a reply is made by hand: the likeliest candidates, and the ways on and back."""

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.reading.style import COLUMN_WIDTH
from app.widgets.buttons import text_button
from app.widgets.flow import FlowLayout
from app.widgets.formats import percent, visible
from app.widgets.plain import plain_action
from app.widgets.theme import set_role, theme
from engine.records import TokenRecord

CHOICES = 9


class ManualBar(QWidget):
    """1 to 9 choose, Space draws, Backspace takes back, Esc ends."""

    chosen = Signal(int)  # token id
    drawn = Signal()
    undone = Signal()
    gone_on = Signal()
    ended = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "surface")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Choose the next token"))
        self._words = QLabel(self)
        self._words.setWordWrap(True)
        set_role(self._words, "caption")
        self._ids: list[int] = []
        self._buttons: list[QPushButton] = []
        choices = QWidget(self)
        self._flow = FlowLayout(choices, 6)
        for number in range(CHOICES):
            button = text_button(choices, "", partial(self._choose, number), "")
            self._buttons.append(button)
            self._flow.addWidget(button)
        self._early = 0  # how often the chain was asked to draw before it knew what from
        self._draw = text_button(self, self.tr("Let the chain draw"), self.drawn.emit, "primary")
        self._undo = text_button(self, self.tr("Take a token back"), self.undone.emit, "")
        ways = (
            self._draw,
            self._undo,
            text_button(self, self.tr("Go on by itself"), self.gone_on.emit, ""),
            text_button(self, self.tr("End here"), self.ended.emit, ""),
        )
        row = QWidget(self)
        flow = FlowLayout(row, 6)
        for way in ways:
            flow.addWidget(way)
        inner = QWidget(self)
        inner.setMaximumWidth(COLUMN_WIDTH)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for part in (self._words, choices, row):
            column.addWidget(part)
        across = QHBoxLayout()
        across.setContentsMargins(16, 8, 16, 8)
        across.addStretch(0)
        across.addWidget(inner, 1)
        across.addStretch(0)
        outer = QVBoxLayout(self)
        outer.setSpacing(0)
        outer.setContentsMargins(0, 3, 0, 0)  # room for the line that shows the focus
        outer.addWidget(set_role(QFrame(self), "line"))
        outer.addLayout(across)

    def show_proposal(self, proposal: TokenRecord | None, can_undo: bool) -> None:
        """The candidates for the next token; None while the model is asked for them."""
        waiting = proposal is None
        listed = [] if proposal is None else _listed(proposal)
        self._ids = [id for id, _, _, _ in listed]
        for number, button in enumerate(self._buttons):
            button.setVisible(number < len(listed) or (waiting and bool(button.text())))
            button.setEnabled(not waiting)
            if number < len(listed):
                _, piece, raw, final = listed[number]
                button.setText(plain_action(f"{number + 1}  {visible(piece)}  {percent(raw)}"))
                tip = self.tr("raw {0}, after the chain {1}").format(percent(raw), percent(final))
                button.setToolTip(tip)
                button.setAccessibleDescription(tip)
        self._draw.setEnabled(not waiting)
        self._undo.setEnabled(can_undo)
        if not waiting and self._early:
            self._early -= 1
            QTimer.singleShot(0, self, self._draw.click)
        if proposal is None:
            self._words.setText(self.tr("The model weighs what comes next…"))
        elif listed:
            self._words.setText(
                self.tr(
                    "Choose the next token with 1 to {0}. Space lets the chain draw, Backspace takes one back."
                ).format(len(listed))
            )
        else:
            self._words.setText(self.tr("No candidates are recorded (Settings); Space lets the chain draw."))
        self._flow.invalidate()
        self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.fillRect(0, 0, self.width(), 3, theme().colour("accent"))
            painter.end()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._early = 0

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        number = event.key() - Qt.Key.Key_1.value
        if event.key() != Qt.Key.Key_Space:
            self._early = 0
        if 0 <= number < CHOICES:
            self._choose(number)
        elif event.key() == Qt.Key.Key_Space and self._draw.isEnabled():
            self.drawn.emit()
        elif event.key() == Qt.Key.Key_Space:
            self._early += not event.isAutoRepeat()  # who holds it down wants no more once it is let go
        elif event.key() == Qt.Key.Key_Backspace and self._undo.isEnabled():
            self.undone.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.ended.emit()
        else:
            super().keyPressEvent(event)

    def _choose(self, number: int) -> None:
        if number < len(self._ids) and self._buttons[number].isEnabled():
            self.setFocus()
            self.chosen.emit(self._ids[number])


def _listed(record: TokenRecord) -> list[tuple[int, bytes, float, float]]:
    """The likeliest candidates: id, bytes, raw probability, probability after the chain."""
    kept = record.candidates
    columns = zip(kept.id_array(), kept.pieces, kept.logit_array(), kept.final_array(), strict=True)
    found = [
        (int(id), piece, 2.0 ** ((float(logit) - record.log_sum_exp) / 0.6931471805599453), float(final))
        for id, piece, logit, final in columns
    ]
    return found[:CHOICES]
