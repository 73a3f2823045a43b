"""Two numbers and their sum as on paper, in lines of as many columns as there is room for."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.widgets.theme import theme
from engine.records.explore import Column

_GROUP = 10  # columns between two gaps
_ROWS = 5  # carry, first, second, sum, and what would have been right


class SumSheet(QWidget):
    """Column 0 is the rightmost. A carry stands over the column that it is carried to; a digit that is wrong is marked, with the
    right one below it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._first = self._second = self._right = ""
        self._columns: Sequence[Column] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.setAccessibleName(self.tr("The sum, column by column"))
        theme().changed.connect(self._measure)

    def show_sum(self, first: str, second: str, columns: Sequence[Column], right: str) -> None:
        """Numbers of digits only; right: one digit for each column, from the left, "" while it is not known."""
        self._first, self._second, self._columns, self._right = first, second, columns, right
        self._measure()

    @property
    def total(self) -> int:
        """Columns of the whole sum."""
        return max(len(self._first), len(self._second)) + 1 if self._first or self._second else 0

    def cell(self, column: int) -> QRect:
        """Where a column stands, all its rows."""
        wide, tall = self._cell_size()
        place, line = (self.total - 1 - column) % self._per_line(), (self.total - 1 - column) // self._per_line()
        return QRect(place * wide + place // _GROUP * wide // 2, line * self._line_height(), wide, _ROWS * tall)

    def sizeHint(self) -> QSize:
        return QSize(400, self._height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(theme().font("code"))
        for column in range(self.total):
            area = self.cell(column)
            if area.intersects(event.rect()):
                self._paint_column(painter, area, column)
        painter.end()

    def _paint_column(self, painter: QPainter, area: QRect, column: int) -> None:
        tall, colour = area.height() // _ROWS, theme().colour

        def write(row: int, text: str, name: str) -> None:
            painter.setPen(colour(name))
            cell = QRect(area.left(), area.top() + row * tall, area.width(), tall)
            painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, text[:1])

        written = self._columns[column] if column < len(self._columns) else None
        if 0 < column <= len(self._columns):
            carry = self._columns[column - 1].carry
            write(0, carry if carry != "0" else "", "accent")
        for row, number in ((1, self._first), (2, self._second)):
            write(row, number[-1 - column] if column < len(number) else "", "text")
        painter.setPen(QPen(colour("outline"), 1))
        painter.drawLine(area.left(), area.top() + 3 * tall, area.right() + 1, area.top() + 3 * tall)
        if written is None:
            write(3, "·", "muted")
            return
        right = self._right[self.total - 1 - column] if self._right else written.digit
        if written.digit == right:
            write(3, written.digit, "good")
            return
        painter.fillRect(area.left(), area.top() + 3 * tall + 1, area.width(), tall - 1, colour("bad"))
        write(3, written.digit.strip() or "?", "bad_text")
        write(4, right, "muted")

    def _measure(self) -> None:
        self.setMinimumHeight(self._height())
        self.update()

    def _height(self) -> int:
        lines = -(-self.total // self._per_line())
        return lines * self._line_height()

    def _line_height(self) -> int:
        return _ROWS * self._cell_size()[1] + 8

    def _per_line(self) -> int:
        wide, _ = self._cell_size()
        groups = (self.width() + wide // 2) // (_GROUP * wide + wide // 2)
        return max(1, groups) * _GROUP

    def _cell_size(self) -> tuple[int, int]:
        metrics = QFontMetrics(theme().font("code"))
        return metrics.horizontalAdvance("0") + 3, metrics.height()
