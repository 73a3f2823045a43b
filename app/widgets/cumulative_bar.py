"""The final distribution as one bar from 0 to 1, with the dart where it fell."""

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.widgets.formats import percent
from app.widgets.plain import plain_tip
from app.widgets.theme import theme


class Part(msgspec.Struct, frozen=True):
    """A token's piece of the bar."""

    label: str
    start: float
    end: float
    chosen: bool


class CumulativeBar(QWidget):
    """Pieces in the order of the draw, alternating in lightness; the chosen one in the accent colour, under the dart."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: tuple[Part, ...] = ()
        self._dart: float | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.update)

    def set_parts(self, parts: Sequence[Part], dart: float | None) -> None:
        self._parts, self._dart = tuple(parts), dart
        chosen = next((part for part in self._parts if part.chosen), None)
        if chosen is not None and dart is not None:
            self.setAccessibleName(
                self.tr("The dart fell at {0}, on {1}, which reaches from {2} to {3}").format(
                    f"{dart:.4f}", chosen.label, percent(chosen.start), percent(chosen.end)
                )
            )
            self.setToolTip(plain_tip(self.accessibleName()))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(280, theme().px(46))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = theme().colour
        width, top, height = self.width() - 8, theme().px(14), theme().px(20)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("track"))
        painter.drawRoundedRect(QRectF(4, top, width, height), 4, 4)
        painter.setFont(theme().font("caption"))
        metrics = QFontMetricsF(painter.font(), self)
        for place, part in enumerate(self._parts):
            area = QRectF(4 + part.start * width, top, max(0.5, (part.end - part.start) * width), height)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("accent" if part.chosen else "selection" if place % 2 == 0 else "hover"))
            painter.drawRect(area.adjusted(0, 0, -0.5, 0))
            if metrics.horizontalAdvance(part.label) + 6 < area.width():
                painter.setPen(colour("accent_text" if part.chosen else "text"))
                painter.drawText(area, Qt.AlignmentFlag.AlignCenter, part.label)
        if self._dart is not None:
            x = 4 + self._dart * width
            painter.setPen(QPen(colour("text"), 1.5))
            painter.drawLine(QPointF(x, top - 4), QPointF(x, top + height + 4))
            painter.setBrush(colour("text"))
            painter.drawPolygon(QPolygonF([QPointF(x - 4, top - 10), QPointF(x + 4, top - 10), QPointF(x, top - 3)]))
