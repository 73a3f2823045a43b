"""How the probabilities of a moment's likeliest tokens came and went over a run."""

import math
from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.inspector.shares import Shares, raw_shares
from app.widgets.formats import number, percent, visible
from app.widgets.theme import theme
from engine.runs.events import Probe

_TOKENS = 4
_COLOURS = ("accent", "good", "warning", "bad")
_HEIGHT, _TOP, _FOOT, _NAMES = 150, 8, 18, 76  # px; names stand at the right
_NAME_HEIGHT = 13
_TOPS = (0.001, 0.01, 0.05, 0.1, 0.25, 0.5)  # where the axis may end, below all
_KEYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_PageUp: -10, Qt.Key.Key_PageDown: 10}


class Timeline(QWidget):
    """A line for each of the likeliest tokens of the chosen evaluation. ``chosen`` by click, drag or arrows."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._probes: list[Probe] = []
        self._tables: list[Shares[int]] = []
        self._place = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Timeline of the likeliest tokens"))
        theme().changed.connect(self.updateGeometry)

    def show_probes(self, probes: list[Probe]) -> None:
        self._probes = probes
        self._tables = [expected(probe) for probe in probes]
        self._place = min(self._place, len(probes) - 1)
        self.update()

    def set_place(self, place: int) -> None:
        self._place = place
        self.setAccessibleDescription(self.told())
        self.update()

    def told(self) -> str:
        """The chosen moment in words."""
        if not 0 <= self._place < len(self._probes):
            return ""
        probe = self._probes[self._place]
        likely = ", ".join(f"{visible(token.text.encode())} {percent(token.probability)}" for token in probe.top[:3])
        return self.tr("step {0}: {1}").format(number(probe.step), likely)

    @property
    def highest(self) -> float:
        """The probability at which the axis ends: the next round one above all lines, so that small ones can be told apart."""
        if not 0 <= self._place < len(self._probes):
            return 1.0
        tokens = self._probes[self._place].top[:_TOKENS]
        most = max((table.of(token.id).value for token in tokens for table in self._tables), default=1.0)
        return next((top for top in _TOPS if most <= top), 1.0)

    def sizeHint(self) -> QSize:
        return QSize(280, theme().px(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(180, theme().px(_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plot = self._plot()
        colour = theme().colour
        painter.setFont(theme().font("caption"))
        metrics = QFontMetricsF(painter.font(), self)
        highest = self.highest
        for share, text in ((0.0, "0 %"), (0.5, ""), (1.0, percent(highest))):
            y = plot.bottom() - share * plot.height()
            painter.setPen(QPen(colour("line"), 1))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(colour("muted"))
            area = QRectF(0, y - 7, plot.left() - 4, 14)
            painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        if not 0 <= self._place < len(self._probes):
            return
        ends: list[tuple[float, str, str]] = []  # height, colour and name at the right
        for token, name in zip(self._probes[self._place].top[:_TOKENS], _COLOURS, strict=False):
            shares = [table.of(token.id) for table in self._tables]
            points = [self._point(place, share.value / highest, plot) for place, share in enumerate(shares)]
            for place, (start, end) in enumerate(pairwise(points)):
                known = not (shares[place].at_most or shares[place + 1].at_most)
                style = Qt.PenStyle.SolidLine if known else Qt.PenStyle.DotLine  # not listed there: at most so high
                painter.setPen(QPen(colour(name), 1.8 if known else 1.2, style))
                painter.drawLine(start, end)
            painter.setPen(QPen(colour(name), 1.8))
            painter.setBrush(colour(name))
            painter.drawEllipse(points[self._place], 3, 3)
            ends.append((points[-1].y(), name, visible(token.text.encode())))
        for y, (_, name, text) in zip(apart([y for y, _, _ in ends], _NAME_HEIGHT), ends, strict=True):
            painter.setPen(colour(name))
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, _NAMES - 8)
            painter.drawText(QRectF(plot.right() + 6, y - 7, _NAMES - 6, 14), Qt.AlignmentFlag.AlignVCenter, shown)
        x = self._point(self._place, 0.0, plot).x()
        painter.setPen(QPen(colour("outline"), 1, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
        painter.setPen(colour("muted"))
        text = number(self._probes[self._place].step)
        width = metrics.horizontalAdvance(text) + 8
        left = min(max(0.0, x - width / 2), self.width() - width)
        painter.drawText(QRectF(left, plot.bottom() + 2, width, 14), Qt.AlignmentFlag.AlignCenter, text)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour("accent"), 1.5))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._choose_at(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._choose_at(event.position().x())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = len(self._probes) - 1
        places = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: last}
        key = Qt.Key(event.key())
        if key in _KEYS and last >= 0:
            self.chosen.emit(min(max(0, self._place + _KEYS[key]), last))
        elif key in places and last >= 0:
            self.chosen.emit(places[key])
        else:
            super().keyPressEvent(event)

    def _plot(self) -> QRectF:
        return QRectF(38, _TOP, max(10, self.width() - 38 - _NAMES), max(10, self.height() - _TOP - _FOOT))

    def _point(self, place: int, value: float, plot: QRectF) -> QPointF:
        share = place / max(1, len(self._probes) - 1)
        return QPointF(plot.left() + share * plot.width(), plot.bottom() - value * plot.height())

    def _choose_at(self, x: float) -> None:
        plot = self._plot()
        share = min(1.0, max(0.0, (x - plot.left()) / plot.width()))
        if self._probes:
            self.chosen.emit(round(share * (len(self._probes) - 1)))


def expected(probe: Probe) -> Shares[int]:
    """What each token had in an evaluation, by id; runs that kept no record tell of a dozen tokens alone."""
    if probe.record is not None:
        return raw_shares(probe.record)
    listed = {token.id: token.probability for token in probe.top}
    left = max(0.0, 1.0 - math.fsum(listed.values()))
    return Shares(listed, min([left, *listed.values()]))


def apart(heights: Sequence[float], least: float) -> list[float]:
    """Heights at least so far apart, in their order from the lowest place up; the lowest, which is the greatest, stays."""
    moved = list(heights)
    limit = math.inf
    for place in sorted(range(len(heights)), key=lambda place: -heights[place]):
        moved[place] = min(heights[place], limit)
        limit = moved[place] - least
    return moved
