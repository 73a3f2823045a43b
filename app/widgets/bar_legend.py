"""What the two bars and the two numbers of each candidate are."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from app.widgets.flow import FlowLayout
from app.widgets.theme import set_role, theme


class BarLegend(QWidget):
    """A patch and a word for each; the second line begins where there is no room."""

    def __init__(self, raw: str, final: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        flow = FlowLayout(self, 12)
        self._final = Key("accent", final)
        for key in (Key("outline", raw), self._final):
            flow.addWidget(key)

    def set_final(self, text: str) -> None:
        """What the lower bar is; without a word there is no such bar."""
        self._final.set_text(text)
        self._final.setVisible(bool(text))


class Key(QWidget):
    """A patch of colour and what it stands for."""

    def __init__(self, colour: str, text: str) -> None:
        super().__init__()
        self._colour = colour
        self._label = QLabel(text)
        set_role(self._label, "caption")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 0, 0)
        row.addWidget(self._label)
        theme().changed.connect(self.update)

    def set_text(self, text: str) -> None:
        self._label.setText(text)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().colour(self._colour))
        painter.drawRoundedRect(QRectF(0, self.height() / 2 - 3, 12, 6), 1.5, 1.5)
