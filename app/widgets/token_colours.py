"""How surprising a token was, as tint and - the second channel - as a line below it; and the legend of both."""

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


class SurprisalLegend(QWidget):
    """One line: from expected over the bits of the scale to surprising."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Legend: surprisal in bits, from expected to surprising"))
        self.setToolTip(
            self.tr("Each bit of surprisal halves the probability: 1 bit is 50 %, 3 bits 12.5 %, 10 bits 0.1 %.")
        )
        theme().changed.connect(self.updateGeometry)
        theme().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        left, cells, right = self._widths()
        return QSize(int(left + cells + right) + 16, theme().px(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme().font("caption"))
        left, cells, right = self._widths()
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(theme().colour("muted"))
        painter.drawText(QRectF(0, 0, left, self.height()), middle, self.tr("expected"))
        painter.drawText(QRectF(left + cells + 16, 0, right, self.height()), middle, self.tr("surprising (bits)"))
        width = cells / len(SURPRISAL_BITS)
        for place, bits in enumerate(SURPRISAL_BITS):
            cell = QRectF(left + 8 + place * width, 3, width - 3, self.height() - 6)
            painter.setPen(QPen(theme().colour("line"), 1))
            painter.setBrush(tint(bits))
            painter.drawRoundedRect(cell, 3, 3)
            painter.setPen(theme().colour("text"))
            last = bits == SURPRISAL_BITS[-1]
            painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, f"{bits:.0f}" + ("+" if last else ""))
            style = underline_style(bits)
            if style != Qt.PenStyle.NoPen:
                painter.setPen(QPen(theme().colour("text"), 1.2, style))
                painter.drawLine(cell.bottomLeft() + QPointF(5, -3), cell.bottomRight() + QPointF(-5, -3))

    def _widths(self) -> tuple[float, float, float]:
        """Of the first word, all cells, the last words."""
        metrics = QFontMetricsF(theme().font("caption"), self)
        words = (self.tr("expected"), self.tr("surprising (bits)"))
        left, right = (metrics.horizontalAdvance(word) + 2 for word in words)
        return left, theme().px(30) * len(SURPRISAL_BITS), right
