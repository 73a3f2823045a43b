"""How far two sides lie apart along the text: a column for each token, to be walked through by mouse or keys."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.widgets.theme import theme


class DivergenceStrip(QWidget):
    """``chosen`` with the number of a column. Where there are more columns than pixels, each pixel shows the highest of its own."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: Sequence[float] = ()
        self._most = 1.0
        self._current: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Divergence along the text"))
        theme().changed.connect(self.update)

    def show_values(self, values: Sequence[float], most: float, current: int | None) -> None:
        """most is the value of a column of full height."""
        self._values, self._most, self._current = values, max(most, 1e-9), current
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, theme().px(64))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = theme().colour
        foot = self.height() - 3
        painter.setPen(QPen(colour("accent" if self.hasFocus() else "line"), 1))
        painter.drawLine(0, foot, self.width(), foot)
        count = len(self._values)
        if not count:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("accent"))
        if count <= self.width():
            wide = min(self.width() / count, 24.0)
            for place, value in enumerate(self._values):
                tall = max(0.0, (foot - 2) * min(1.0, value / self._most))
                painter.drawRect(QRectF(place * wide + 0.5, foot - tall, max(1.0, wide - 1), tall))
        else:
            for x in range(self.width()):
                own = self._values[x * count // self.width() : max(1, (x + 1) * count // self.width())]
                tall = (foot - 2) * min(1.0, max(own, default=0.0) / self._most)
                painter.drawRect(QRectF(x, foot - tall, 1, tall))
        if self._current is not None:
            painter.setPen(QPen(colour("text"), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            left = self._current * self._width_of_one
            painter.drawRect(QRectF(left, 1, max(3.0, self._width_of_one), foot - 1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._choose(int(event.position().x() / self._width_of_one))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self._choose(0 if self._current is None else self._current + step)

    @property
    def _width_of_one(self) -> float:
        return min(self.width() / max(1, len(self._values)), 24.0)

    def _choose(self, place: int) -> None:
        if 0 <= place < len(self._values):
            self.chosen.emit(place)
