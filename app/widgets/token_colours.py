"""How surprising a token was, as tint and - the second channel - as a line below it; and the legend of both."""

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.widgets.theme import theme
from app.widgets.tokens import SURPRISAL_BITS


def tint(bits: float) -> QColor:
    """Background of a token of this surprisal."""
    return theme().surprisal(bits)


def underline_style(bits: float) -> Qt.PenStyle:
    """No line for the expected, then dots, dashes, and a whole line for what came as a surprise."""
    if bits < SURPRISAL_BITS[1]:
        return Qt.PenStyle.NoPen
    if bits < SURPRISAL_BITS[2]:
        return Qt.PenStyle.DotLine
    return Qt.PenStyle.DashLine if bits < SURPRISAL_BITS[3] else Qt.PenStyle.SolidLine


class Cell(msgspec.Struct, frozen=True):
    """One step of a legend: what stands in it, and the bits whose tint and line it has."""

    text: str
    bits: float


def surprisal_cells() -> list[Cell]:
    """The scale of bits."""
    last = SURPRISAL_BITS[-1]
    return [Cell(f"{step:.0f}" + ("+" if step == last else ""), step) for step in SURPRISAL_BITS]


class ScaleLegend(QWidget):
    """One line: a word, the steps of a scale with their tints and lines, another word. Words for which there is no room are left
    out, the last one first.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cells: tuple[Cell, ...] = ()
        self._words = ("", "")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.updateGeometry)
        theme().changed.connect(self.update)

    def show_scale(self, cells: Sequence[Cell], first: str, last: str, name: str, sentence: str) -> None:
        """name is for screen readers, the sentence for the pointer."""
        self._cells, self._words = tuple(cells), (first, last)
        self.setAccessibleName(name)
        self.setToolTip(sentence)
        self.updateGeometry()
        self.update()

    @property
    def cells(self) -> tuple[Cell, ...]:
        return self._cells

    def sizeHint(self) -> QSize:
        left, cells, right = self._widths()
        return QSize(int(left + cells + right) + 16, theme().px(24))

    def minimumSizeHint(self) -> QSize:
        return QSize(int(self._widths()[1]) + 16, theme().px(24))

    @property
    def shown_words(self) -> tuple[str, str]:
        """The words before and after the steps, as far as there is room."""
        left, cells, right = self._widths()
        room = self.width() - int(cells) - 16
        return (self._words[0] if left <= room else "", self._words[1] if left + right <= room + 1 else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.width() < self.minimumSizeHint().width():  # half a scale says nothing
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme().font("caption"))
        left, cells, right = self._widths()
        first, last = self.shown_words
        left = left if first else 0.0
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(theme().colour("muted"))
        painter.drawText(QRectF(0, 0, left, self.height()), middle, first)
        painter.drawText(QRectF(left + cells + 16, 0, right, self.height()), middle, last)
        width = cells / max(1, len(self._cells))
        for place, step in enumerate(self._cells):
            cell = QRectF(left + 8 + place * width, 3, width - 3, self.height() - 6)
            painter.setPen(QPen(theme().colour("line"), 1))
            painter.setBrush(tint(step.bits))
            painter.drawRoundedRect(cell, 3, 3)
            painter.setPen(theme().colour("text"))
            painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, step.text)
            style = underline_style(step.bits)
            if style != Qt.PenStyle.NoPen:
                painter.setPen(QPen(theme().colour("text"), 1.2, style))
                painter.drawLine(cell.bottomLeft() + QPointF(5, -3), cell.bottomRight() + QPointF(-5, -3))

    def _widths(self) -> tuple[float, float, float]:
        """Of the first word, all cells, the last words."""
        metrics = QFontMetricsF(theme().font("caption"), self)
        left, right = (metrics.horizontalAdvance(word) + 2 for word in self._words)
        widest = max((metrics.horizontalAdvance(cell.text) for cell in self._cells), default=0.0)
        return left, max(theme().px(30), widest + 11) * len(self._cells), right
