"""A text cut into tokens: each in a box of its own, in lines; spaces and line ends to be seen, bytes as <0xNN>."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.widgets.formats import visible
from app.widgets.theme import theme
from engine.records import Token


class TokenRows(QWidget):
    """As high as its lines."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tokens: Sequence[Token] = ()
        self._boxes: list[QRectF] = []
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(self.tr("Tokens"))
        theme().changed.connect(self._lay_out)

    def show_tokens(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self.setAccessibleDescription(" | ".join(visible(token.bytes) for token in tokens))
        self._lay_out()

    def sizeHint(self) -> QSize:
        return QSize(300, self.heightForWidth(max(300, self.width())))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.heightForWidth(max(120, self.width())))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        boxes = self._arranged(width)
        return int(boxes[-1].bottom()) + 4 if boxes else theme().px(26)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != self.width():
            self._lay_out()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            for token, box in zip(self._tokens, self._boxes, strict=True):
                if box.contains(event.pos()):
                    QToolTip.showText(event.globalPos(), f"{visible(token.bytes)}   #{token.id}", self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme().font("number"))
        for place, (token, box) in enumerate(zip(self._tokens, self._boxes, strict=True)):
            painter.setPen(QPen(theme().colour("edge"), 1))
            painter.setBrush(theme().colour("selection" if place % 2 else "raised"))
            painter.drawRoundedRect(box, 3, 3)
            painter.setPen(theme().colour("text"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, visible(token.bytes))

    def _lay_out(self) -> None:
        self._boxes = self._arranged(self.width())
        self.updateGeometry()
        self.update()

    def _arranged(self, width: int) -> list[QRectF]:
        metrics = QFontMetricsF(theme().font("number"), self)
        height, boxes = theme().px(22), list[QRectF]()
        x, y = 1.0, 2.0
        for token in self._tokens:
            wide = metrics.horizontalAdvance(visible(token.bytes)) + 8
            if x + wide > width and x > 1:
                x, y = 1.0, y + height + 4
            boxes.append(QRectF(x, y, wide, height))
            x += wide + 3
        return boxes
