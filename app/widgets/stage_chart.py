"""A small chart of candidates as they enter a stage and as they leave it, with the cut-off that can be dragged."""

import math
from collections.abc import Callable, Sequence

import msgspec
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.widgets.formats import percent
from app.widgets.plain import plain_tip
from app.widgets.theme import theme

_HEIGHT = 60  # px at text size 100 %
_HEAD, _FOOT = 10, 10  # px above the bars for the grip, below them for the mark of the chosen one
_SIDE = 4
_GRIP = 8  # px at each side of the cut-off where it is taken hold of
_FEWEST = 12  # places for bars: with fewer of them they get no wider


class ChartBar(msgspec.Struct, frozen=True):
    """One candidate; after is 0 where it was removed."""

    key: int
    before: float
    after: float
    removed: bool
    chosen: bool


class StageChart(QWidget):
    """Bars in the order in which the candidates enter, their heights by the square root, so that the unlikely can be seen too.

    ``cut_asked`` with how many of them are to stay, by hand or by key.
    """

    cut_asked = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._bars: tuple[ChartBar, ...] = ()
        self._label: Callable[[int], str] = str
        self._cut: int | None = None
        self._movable = False
        self._dragging = False
        self._held = 0  # places at the start of a drag: they stay where they are under the hand
        self.painted = 0  # how often, for measurements
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Candidates at {0}").format(name))
        theme().changed.connect(self.updateGeometry)

    def show_bars(
        self, bars: Sequence[ChartBar], label: Callable[[int], str], cut: int | None, movable: bool, spoken: str
    ) -> None:
        """label names a bar by its key. cut: how many of the first stay - more than there are bars, where all that are drawn
        do; None where none is drawn.
        """
        self._label = label
        self._bars, self._cut, self._movable = tuple(bars), cut, movable and cut is not None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if self._movable else Qt.FocusPolicy.NoFocus)
        if spoken != self.accessibleDescription():
            self.setAccessibleDescription(spoken)
        self.update()

    @property
    def bars(self) -> tuple[ChartBar, ...]:
        return self._bars

    @property
    def cut(self) -> int | None:
        return self._cut

    def sizeHint(self) -> QSize:
        return QSize(200, theme().px(_HEIGHT))

    def cut_x(self) -> float:
        """Where the cut-off is drawn, px from the left."""
        return self._left + min(self._cut or 0, len(self._bars)) * self._slot

    _left = _SIDE

    @property
    def _slot(self) -> float:
        return (self.width() - 2 * _SIDE) / self._places

    @property
    def _places(self) -> int:
        return max(_FEWEST, len(self._bars), self._held if self._dragging else 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        self.painted += 1
        if not self._bars:
            return
        painter = QPainter(self)
        colour = theme().colour
        slot, foot = self._slot, self.height() - _FOOT
        room = foot - _HEAD
        largest = max(max(bar.before, bar.after) for bar in self._bars) or 1.0
        gap = 1.0 if slot >= 5 else 0.5
        painter.setPen(Qt.PenStyle.NoPen)
        half = (slot - gap) / 2
        for first, name in ((True, "outline"), (False, "accent")):
            painter.setBrush(colour(name))
            left = self._left + (0 if first else half)
            heights = [math.sqrt((bar.before if first else bar.after) / largest) * room for bar in self._bars]
            painter.drawRects(
                [
                    QRectF(left + place * slot, foot - max(1.0, height), max(1.0, half), max(1.0, height))
                    for place, height in enumerate(heights)
                    if height > 0
                ]
            )
        painter.fillRect(QRectF(self._left, foot, self.width() - 2 * _SIDE, 1), colour("line"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = next((place for place, bar in enumerate(self._bars) if bar.chosen), None)
        if chosen is not None:
            x = self._left + (chosen + 0.5) * slot
            painter.setBrush(colour("text"))
            painter.drawPolygon(QPolygonF([QPointF(x - 4, foot + 8), QPointF(x + 4, foot + 8), QPointF(x, foot + 3)]))
        if self._cut is not None and (self._movable or self._cut < len(self._bars)):
            self._paint_cut(painter, foot)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour("accent"), 1.5))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)

    def _paint_cut(self, painter: QPainter, foot: float) -> None:
        x, colour = self.cut_x(), theme().colour("text")
        painter.setPen(QPen(colour, 1.5, Qt.PenStyle.SolidLine if self._movable else Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(x, 4), QPointF(x, foot))
        if self._movable:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().colour("accent") if self._dragging else colour)
            painter.drawRoundedRect(QRectF(min(x - 4, self.width() - 9), 1, 8, 8), 3, 3)

    # --- by hand and by key ---------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._movable and event.button() == Qt.MouseButton.LeftButton:
            self._held = self._places
            self._dragging = True
            if abs(event.position().x() - self.cut_x()) > _GRIP:
                self._ask_at(event.position().x())
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        if self._dragging:
            self._ask_at(x)
            return
        near = self._movable and abs(x - self.cut_x()) < _GRIP
        self.setCursor(Qt.CursorShape.SplitHCursor if near else Qt.CursorShape.ArrowCursor)
        place = int((x - self._left) // self._slot)
        if 0 <= place < len(self._bars):
            QToolTip.showText(event.globalPosition().toPoint(), plain_tip(self.told(place)), self)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._dragging:
            self._dragging = False
            self.update()
        else:
            super().mouseReleaseEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.unsetCursor()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Down: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: 1}.get(
            Qt.Key(event.key())
        )
        if step is None or not self._movable or self._cut is None:
            super().keyPressEvent(event)
        else:
            far = self._cut > len(self._bars) or (step > 0 and self._cut == len(self._bars))
            self.cut_asked.emit(_strode(self._cut, step) if far else max(1, self._cut + step))

    def told(self, place: int) -> str:
        """What is said about one bar."""
        bar = self._bars[place]
        name = self._label(bar.key)
        if bar.removed:
            return self.tr("{0}: {1} → removed").format(name, percent(bar.before))
        return self.tr("{0}: {1} → {2}").format(name, percent(bar.before), percent(bar.after))

    def _ask_at(self, x: float) -> None:
        """The border of a slot that is nearest; beyond the last one more and more stay."""
        cut, places, end = self._cut or 1, self._places, self.width() - _SIDE
        wanted = max(1, round((x - self._left) / self._slot))
        if x > end:
            wanted = _strode(max(cut, places), 1)
        elif cut > places and x > end - _GRIP:
            return  # it stands further out than can be drawn
        if wanted != self._cut:
            self.cut_asked.emit(wanted)


def _strode(cut: int, step: int) -> int:
    """A cut-off beyond the bars, a tenth further out or back again."""
    return cut + max(1, cut // 10) if step > 0 else cut - max(1, cut // 11)
