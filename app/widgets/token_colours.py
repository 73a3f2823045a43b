"""How surprising a token was, as tint and - the second channel - as a line below it; and the legend of both."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
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
    """The scale, from expected to surprising, with its bits."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(theme().px(30))
        self.setMinimumWidth(200)
        self.setAccessibleName(self.tr("Legend: surprisal in bits, from expected to surprising"))
        theme().changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(theme().font("caption"))
        cells = list(SURPRISAL_BITS)
        width = self.width() / len(cells)
        for place, bits in enumerate(cells):
            cell = QRectF(place * width, 0, width - 2, self.height() * 0.5)
            painter.fillRect(cell, tint(bits))
            style = underline_style(bits)
            if style != Qt.PenStyle.NoPen:
                painter.setPen(QPen(theme().colour("text"), 1.2, style))
                painter.drawLine(cell.bottomLeft(), cell.bottomRight())
            painter.setPen(theme().colour("muted"))
            label = self.tr("{0} bits").format(f"{bits:.0f}") if place == 0 else f"{bits:.0f}"
            painter.drawText(
                QRectF(place * width, self.height() * 0.52, width, self.height() * 0.48),
                Qt.AlignmentFlag.AlignLeft,
                label,
            )
