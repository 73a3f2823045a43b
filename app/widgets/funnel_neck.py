"""What goes on from one stage to the next: how many candidates, as a bar that narrows, and a few words."""

import math

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.widgets.theme import theme

_BAR = 4  # px
_LEAST = 6  # px: one candidate still shows


class FunnelNeck(QWidget):
    """Painted as one, so that new numbers lay nothing out anew."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._share = 1.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.updateGeometry)

    def show_count(self, text: str, count: int, of: int) -> None:
        """The bar's width is logarithmic: from one candidate to the whole vocabulary."""
        self._text = text
        self._share = math.log(max(1, count) + 1) / math.log(max(2, of) + 1)
        self.setAccessibleName(text)
        self.setToolTip(text)
        self.update()

    @property
    def text(self) -> str:
        return self._text

    def sizeHint(self) -> QSize:
        return QSize(120, theme().px(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._text:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().colour("accent"))
        width = max(_LEAST, self._share * (self.width() - 16))
        painter.drawRoundedRect(QRectF((self.width() - width) / 2, 1, width, _BAR), _BAR / 2, _BAR / 2)
        painter.setFont(theme().font("caption"))
        painter.setPen(theme().colour("muted"))
        area = QRectF(4, _BAR + 1, self.width() - 8, self.height() - _BAR - 1)
        shown = painter.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, int(area.width()))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, shown)
