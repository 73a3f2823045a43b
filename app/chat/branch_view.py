"""Draws the map of branches: a card for each segment, lines between them, the shown branch in the accent colour."""

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from app.chat.branch_map import Segment, step
from app.widgets.theme import theme

_CARD = QSize(176, 52)  # px at text size 100 %
_GAP = QSize(16, 36)
_MARGIN = 24
_KEYS = {Qt.Key.Key_Up: "up", Qt.Key.Key_Down: "down", Qt.Key.Key_Left: "left", Qt.Key.Key_Right: "right"}


class Card(msgspec.Struct, frozen=True):
    """What stands on a segment: its words and a line on it."""

    title: str
    caption: str


class BranchView(QAbstractScrollArea):
    """One segment is selected; arrows move, Enter or a double click opens."""

    selected = Signal(int)  # index
    opened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._segments: list[Segment] = []
        self._cards: list[Card] = []
        self._current = 0
        self.setFrameShape(self.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Map of the branches"))
        for bar in (self.horizontalScrollBar(), self.verticalScrollBar()):
            bar.setSingleStep(40)
            bar.valueChanged.connect(lambda _: self.viewport().update())
        theme().changed.connect(self._measure)

    @property
    def current(self) -> int:
        return self._current

    def show_segments(self, segments: Sequence[Segment], cards: Sequence[Card], current: int) -> None:
        """Draw these; current is the index of the selected one."""
        self._segments, self._cards = list(segments), list(cards)
        self._measure()
        self._select(min(current, max(len(self._segments) - 1, 0)))

    def card_rect(self, index: int) -> QRect:
        """Where a card is in the viewport."""
        segment, card, gap = self._segments[index], _scaled(_CARD), _scaled(_GAP)
        left = max(_MARGIN, (self.viewport().width() - self._extent().width()) // 2 + _MARGIN)
        x = left + round(segment.column * (card.width() + gap.width())) - self.horizontalScrollBar().value()
        y = _MARGIN + segment.row * (card.height() + gap.height()) - self.verticalScrollBar().value()
        return QRect(x, y, card.width(), card.height())

    def _extent(self) -> QSize:
        card, gap = _scaled(_CARD), _scaled(_GAP)
        columns = max((segment.column for segment in self._segments), default=0) + 1
        rows = max((segment.row for segment in self._segments), default=0) + 1
        return QSize(
            round(columns * (card.width() + gap.width())) - gap.width() + 2 * _MARGIN,
            rows * (card.height() + gap.height()) - gap.height() + 2 * _MARGIN,
        )

    def _measure(self) -> None:
        extent, view = self._extent(), self.viewport().size()
        for bar, whole, seen in (
            (self.horizontalScrollBar(), extent.width(), view.width()),
            (self.verticalScrollBar(), extent.height(), view.height()),
        ):
            bar.setPageStep(seen)
            bar.setRange(0, max(0, whole - seen))
        self.viewport().update()

    def _select(self, index: int) -> None:
        if not self._segments:
            return
        self._current = index
        rect = self.card_rect(index)
        for bar, low, high, room in (
            (self.horizontalScrollBar(), rect.left(), rect.right(), self.viewport().width()),
            (self.verticalScrollBar(), rect.top(), rect.bottom(), self.viewport().height()),
        ):
            if low < _MARGIN:
                bar.setValue(bar.value() + low - _MARGIN)
            elif high > room - _MARGIN:
                bar.setValue(bar.value() + high - room + _MARGIN)
        words = f"{self._cards[index].title}, {self._cards[index].caption}"
        self.setAccessibleDescription(words)
        if self.hasFocus():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))
        self.viewport().update()
        self.selected.emit(index)

    def _at(self, event: QMouseEvent) -> int | None:
        point = event.position().toPoint()
        return next((i for i in range(len(self._segments)) if self.card_rect(i).contains(point)), None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if (index := self._at(event)) is not None:
            self._select(index)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if (index := self._at(event)) is not None:
            self.opened.emit(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        way = _KEYS.get(Qt.Key(event.key()))
        if way is not None and self._segments:
            self._select(step(self._segments, self._current, way))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._segments:
            self.opened.emit(self._current)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(event.rect(), theme().colour("background"))
        rects = [self.card_rect(index) for index in range(len(self._segments))]
        for shown in (False, True):  # the shown branch over the others
            for index, segment in enumerate(self._segments):
                if segment.parent is not None and segment.shown == shown:
                    _paint_line(painter, rects[segment.parent], rects[index], shown)
        for index, rect in enumerate(rects):
            if rect.intersects(event.rect()):
                self._paint_card(painter, index, rect)
        painter.end()

    def _paint_card(self, painter: QPainter, index: int, rect: QRect) -> None:
        colour, segment, card = theme().colour, self._segments[index], self._cards[index]
        chosen = index == self._current
        painter.setBrush(colour("selection" if segment.shown else "raised"))
        painter.setPen(QPen(colour("accent" if segment.shown or chosen else "edge"), 2 if chosen else 1))
        painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), 8, 8)
        if chosen and self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour("accent"), 1))
            painter.drawRoundedRect(QRectF(rect).adjusted(-2, -2, 2, 2), 10, 10)
        inner = rect.adjusted(12, 4, -12, -4)
        half = inner.height() // 2
        font = QFont(theme().font("interface"))
        font.setWeight(QFont.Weight.DemiBold if segment.shown else QFont.Weight.Normal)
        for text, face, tint, place in (
            (card.title, font, "text", QRect(inner.left(), inner.top(), inner.width(), half)),
            (card.caption, theme().font("caption"), "muted", inner.adjusted(0, half, 0, 0)),
        ):
            painter.setFont(face)
            painter.setPen(colour(tint))
            elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, place.width())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, elided)


def _paint_line(painter: QPainter, above: QRect, below: QRect, shown: bool) -> None:
    start = QPointF(above.center().x(), above.bottom() + 1)
    end = QPointF(below.center().x(), below.top())
    middle = (start.y() + end.y()) / 2
    path = QPainterPath(start)
    path.cubicTo(QPointF(start.x(), middle), QPointF(end.x(), middle), end)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme().colour("accent" if shown else "outline"), 2.5 if shown else 1))
    painter.drawPath(path)


def _scaled(size: QSize) -> QSize:
    return QSize(theme().px(size.width()), theme().px(size.height()))
