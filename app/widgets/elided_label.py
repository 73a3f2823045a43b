"""A label that shortens its text with an ellipsis instead of asking for room; the whole text is in the tooltip."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.widgets.plain import plain_tip


class ElidedLabel(QLabel):
    """One line. mode says where it is shortened: at the right (titles) or in the middle (paths)."""

    def __init__(
        self, text: str = "", mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._mode = mode
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setText(text)

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setToolTip(plain_tip(text))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().averageCharWidth() * 4, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        place = self.contentsRect()
        text = self.fontMetrics().elidedText(self.text().replace("\n", " "), self._mode, place.width())
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(place, self.alignment() | Qt.TextFlag.TextSingleLine, text)
