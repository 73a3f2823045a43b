"""Curves over steps: painted by ourselves in the theme's colours, with as many points as there are pixels, however long the run."""

import math
from collections.abc import Callable, Sequence
from typing import Any, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.widgets.formats import number
from app.widgets.theme import theme

Numbers = NDArray[np.float64]
_LEFT, _RIGHT, _TOP, _FOOT = 52, 12, 22, 20  # px around the curves
_MOST_ZOOM = 5  # steps that are seen at least
_DASHES: dict[str, Qt.PenStyle] = {"dash": Qt.PenStyle.DashLine, "dot": Qt.PenStyle.DotLine}


class Line(msgspec.Struct, frozen=True):
    """Values at growing steps. colour is the name of a token of the theme; marked lines have a dot at each value."""

    name: str
    colour: str
    steps: Sequence[int]
    values: Sequence[float]
    width: float = 1.8
    style: Literal["solid", "dash", "dot"] = "solid"
    marked: bool = False


class Level(msgspec.Struct, frozen=True):
    """A line across, with its name on it."""

    name: str
    colour: str
    value: float


class LineChart(QWidget):
    """Wheel and + - zoom the steps, dragging moves along, 0 or a double click shows all; arrows move a cursor that reads values.

    ``pointed`` carries the step under the cursor, -1 where there is none.
    """

    pointed = Signal(int)

    def __init__(
        self,
        title: str,
        spoken: Callable[[float], str] = lambda value: number(value, 3),
        height: int = 120,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._title, self._spoken, self._height = title, spoken, height
        self._lines: tuple[Line, ...] = ()
        self._arrays: list[tuple[Numbers, Numbers]] = []
        self._levels: tuple[Level, ...] = ()
        self._range: tuple[float, float] | None = None  # steps that are shown, None for all
        self._cursor: float | None = None
        self._grip: float | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.MinimumExpanding)
        self.setAccessibleName(title)
        theme().changed.connect(self.update)

    def show_lines(self, lines: Sequence[Line], levels: Sequence[Level] = ()) -> None:
        """Draw these; the view stays where it is."""
        self._lines, self._levels = tuple(lines), tuple(levels)
        self._arrays = [
            (np.array(line.steps, dtype=np.float64), np.array(line.values, dtype=np.float64)) for line in lines
        ]
        self.setAccessibleDescription(self.reading(None))
        self.update()

    def set_title(self, title: str) -> None:
        self._title = title
        self.setAccessibleName(title)
        self.update()

    def show_all(self) -> None:
        self._range = None
        self.update()

    @property
    def lines(self) -> tuple[Line, ...]:
        return self._lines

    @property
    def levels(self) -> tuple[Level, ...]:
        return self._levels

    @property
    def steps_shown(self) -> tuple[float, float]:
        """First and last step in view."""
        if self._range is not None:
            return self._range
        return 0.0, max((float(steps[-1]) for steps, _ in self._arrays if len(steps)), default=1.0) or 1.0

    def reading(self, step: float | None) -> str:
        """The values at a step in words, at the end without one."""
        parts = []
        for line, (steps, values) in zip(self._lines, self._arrays, strict=True):
            if len(steps):
                place = len(steps) - 1 if step is None else _nearest(steps, step)
                parts.append(f"{line.name} {self._spoken(float(values[place]))}".strip())
        parts += [f"{level.name} {self._spoken(level.value)}" for level in self._levels]
        return " · ".join(parts)

    def sizeHint(self) -> QSize:
        return QSize(360, theme().px(self._height))

    def minimumSizeHint(self) -> QSize:
        return QSize(140, theme().px(min(self._height, 96)))

    # --- painting -------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plot = self._plot()
        painter.setFont(theme().font("caption"))
        painter.setPen(theme().colour("muted"))
        title = self._title
        if self._cursor is not None and self._arrays:
            step = self.tr("step {0}").format(number(round(self._cursor)))
            title = " · ".join((title, step, self.reading(self._cursor)))
        room = self.width() - 16
        shown = QFontMetricsF(painter.font(), self).elidedText(title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(8, 2, room, _TOP - 4), Qt.AlignmentFlag.AlignVCenter, shown)
        if any(len(steps) for steps, _ in self._arrays):
            self._paint_plot(painter, plot)
        else:
            painter.drawText(plot, Qt.AlignmentFlag.AlignCenter, self.tr("no values yet"))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme().colour("accent"), 1.5))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)

    def _paint_plot(self, painter: QPainter, plot: QRectF) -> None:
        low, high = self._value_range()
        self._paint_axes(painter, plot, low, high)
        painter.save()
        painter.setClipRect(plot.adjusted(-3, -3, 3, 3))
        for level in self._levels:
            self._paint_level(painter, plot, level, low, high)
        for line, arrays in zip(self._lines, self._arrays, strict=True):
            self._paint_line(painter, plot, line, arrays, low, high)
        if self._cursor is not None:
            x = self._x(self._cursor, plot)
            painter.setPen(QPen(theme().colour("outline"), 1, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
        painter.restore()

    def _paint_axes(self, painter: QPainter, plot: QRectF, low: float, high: float) -> None:
        colour = theme().colour
        metrics = QFontMetricsF(painter.font(), self)
        ticks = nice_ticks(low, high, max(2, int(plot.height() // 36)))
        decimals = _decimals(ticks)
        for value in ticks:
            y = self._y(value, plot, low, high)
            painter.setPen(QPen(colour("line"), 1))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(colour("muted"))
            area = QRectF(0, y - 8, plot.left() - 6, 16)
            text = short_number(value, decimals)
            painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        first, last = self.steps_shown
        for step in nice_ticks(first, last, min(max(2, int(plot.width() // 90)), round(last - first))):
            x = self._x(step, plot)
            text = number(step)
            width = metrics.horizontalAdvance(text) + 8
            left = min(max(plot.left() - 8, x - width / 2), self.width() - width)
            painter.drawText(QRectF(left, plot.bottom() + 2, width, 16), Qt.AlignmentFlag.AlignCenter, text)

    def _paint_level(self, painter: QPainter, plot: QRectF, level: Level, low: float, high: float) -> None:
        y = self._y(level.value, plot, low, high)
        painter.setPen(QPen(theme().colour(level.colour), 1.4, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
        text = f"{level.name} {self._spoken(level.value)}"
        ends = [self._y(float(values[-1]), plot, low, high) - y for _, values in self._arrays if len(values)]
        crossed = any(-18 < end <= 0 for end in ends) and not any(0 < end < 18 for end in ends)
        above = y - 16 > plot.top() and not crossed  # where no line runs through it
        area = QRectF(plot.left(), y - 16 if above else y + 1, plot.width() - 4, 15)
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_line(
        self, painter: QPainter, plot: QRectF, line: Line, arrays: tuple[Numbers, Numbers], low: float, high: float
    ) -> None:
        first, last = self.steps_shown
        steps, values = thinned(*arrays, first, last, max(2, int(plot.width())))
        points = [QPointF(self._x(x, plot), self._y(y, plot, low, high)) for x, y in zip(steps, values, strict=True)]
        pen = QPen(theme().colour(line.colour), line.width, _DASHES.get(line.style, Qt.PenStyle.SolidLine))
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(points))
        if (line.marked and len(points) < plot.width() / 8) or len(points) == 1:
            painter.setBrush(theme().colour(line.colour))
            for point in points:
                painter.drawEllipse(point, 2.5, 2.5)

    # --- geometry -------------------------------------------------------------------------------------------------

    def _plot(self) -> QRectF:
        return QRectF(_LEFT, _TOP, max(10, self.width() - _LEFT - _RIGHT), max(10, self.height() - _TOP - _FOOT))

    def _value_range(self) -> tuple[float, float]:
        first, last = self.steps_shown
        found = [level.value for level in self._levels]
        for steps, values in self._arrays:
            start, end = np.searchsorted(steps, [first, last + 1e-9])
            inside = values[start:end]
            if len(inside):
                found += [float(inside.min()), float(inside.max())]
        found = [value for value in found if math.isfinite(value)]
        low, high = min(found, default=0.0), max(found, default=1.0)
        if high - low < 1e-12:
            low, high = low - 0.5 * max(1e-6, abs(low)), high + 0.5 * max(1e-6, abs(high))
        margin = 0.06 * (high - low)
        return low - margin, high + margin

    def _x(self, step: float, plot: QRectF) -> float:
        first, last = self.steps_shown
        return plot.left() + (step - first) / (last - first) * plot.width()

    def _y(self, value: float, plot: QRectF, low: float, high: float) -> float:
        return plot.bottom() - (value - low) / (high - low) * plot.height()

    def _step_at(self, x: float) -> float:
        first, last = self.steps_shown
        plot = self._plot()
        share = min(1.0, max(0.0, (x - plot.left()) / plot.width()))
        return first + share * (last - first)

    # --- hand and keys --------------------------------------------------------------------------------------------

    def _zoom(self, factor: float, about: float) -> None:
        whole = self._range
        self._range = None
        least, most = self.steps_shown
        first, last = whole or (least, most)
        first, last = about - (about - first) * factor, about + (last - about) * factor
        if last - first < _MOST_ZOOM:
            first, last = whole or (least, most)
        first, last = max(least, first), min(most, last)
        self._range = None if (first, last) == (least, most) else (first, last)
        self.update()

    def _move(self, steps: float) -> None:
        if self._range is None:
            return
        first, last = self._range
        self._range = None
        least, most = self.steps_shown
        steps = min(max(steps, least - first), most - last)
        self._range = (first + steps, last + steps)
        self.update()

    def _set_cursor(self, step: float | None) -> None:
        self._cursor = step
        self.setAccessibleDescription(self.reading(step))
        self.pointed.emit(-1 if step is None else round(step))
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()  # the page scrolls
            return
        self._zoom(0.8 if event.angleDelta().y() > 0 else 1.25, self._step_at(event.position().x()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._grip = event.position().x()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        if self._grip is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self._move(self._step_at(self._grip) - self._step_at(x))
            self._grip = x
        self._set_cursor(self._step_at(x))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grip = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.show_all()

    def leaveEvent(self, event: QEvent) -> None:
        self._set_cursor(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        first, last = self.steps_shown
        middle = self._cursor if self._cursor is not None else (first + last) / 2
        stride = (last - first) / 50
        calls: dict[int, Callable[[], Any]] = {
            Qt.Key.Key_Left: lambda: self._set_cursor(max(first, (self._cursor or last) - stride)),
            Qt.Key.Key_Right: lambda: self._set_cursor(min(last, (self._cursor or first) + stride)),
            Qt.Key.Key_Home: lambda: self._set_cursor(first),
            Qt.Key.Key_End: lambda: self._set_cursor(last),
            Qt.Key.Key_Plus: lambda: self._zoom(0.8, middle),
            Qt.Key.Key_Minus: lambda: self._zoom(1.25, middle),
            Qt.Key.Key_0: self.show_all,
        }
        call = calls.get(event.key())
        if call is None:
            super().keyPressEvent(event)
        else:
            call()


def thinned(steps: Numbers, values: Numbers, first: float, last: float, columns: int) -> tuple[Numbers, Numbers]:
    """The points between two steps and one beyond either end; where more would fall into a column, its least and its greatest."""
    start, end = np.searchsorted(steps, [first, last], side="left")
    start, end = max(0, int(start) - 1), min(len(steps), int(end) + 1)
    steps, values = steps[start:end], values[start:end]
    finite = np.isfinite(values)
    steps, values = steps[finite], values[finite]
    if len(steps) <= 2 * columns:
        return steps, values
    column = ((steps - steps[0]) / (steps[-1] - steps[0]) * columns).astype(np.int64)
    starts = np.flatnonzero(np.r_[True, np.diff(column) > 0])
    return (
        np.repeat(steps[starts], 2),
        np.column_stack((np.minimum.reduceat(values, starts), np.maximum.reduceat(values, starts))).ravel(),
    )


def smoothed(values: Sequence[float], window: int) -> list[float]:
    """Each value's mean with up to ``window`` on either side: near the start with as many after it as before."""
    array = np.asarray(values, dtype=np.float64)
    total = np.concatenate(([0.0], np.cumsum(array)))
    places = np.arange(len(array))
    reach = np.minimum(window, places)
    starts, ends = places - reach, np.minimum(len(array), places + reach + 1)
    result: list[float] = ((total[ends] - total[starts]) / (ends - starts)).tolist()
    return result


def nice_ticks(low: float, high: float, count: int) -> list[float]:
    """About ``count`` round numbers between two: multiples of 1, 2 or 5 times a power of ten."""
    if not high > low:
        return [low]
    rough = (high - low) / max(1, count)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * (1 - 1e-9))
    first = math.ceil(low / step - 1e-9)
    return [index * step for index in range(first, math.floor(high / step + 1e-9) + 1)]


def short_number(value: float, decimals: int) -> str:
    """1,200,000 as 1.2 M and 12,000 as 12 k: axes have little room."""
    for size, unit in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if abs(value) >= size:
            scaled = value / (1e3 if unit == "k" else size)
            return f"{number(scaled, 0 if scaled == round(scaled) else 1)} {unit}"
    return number(value, decimals)


def _decimals(ticks: Sequence[float]) -> int:
    step = ticks[1] - ticks[0] if len(ticks) > 1 else 1.0
    return max(0, min(6, -math.floor(math.log10(step) + 1e-9)))


def _nearest(steps: Numbers, step: float) -> int:
    place = int(np.searchsorted(steps, step))
    if place == len(steps) or (place > 0 and step - steps[place - 1] < steps[place] - step):
        place -= 1
    return place
