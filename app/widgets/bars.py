"""Candidates as bars: raw above, after the chain below, what was dropped with the name of the stage that dropped it."""

import math
from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QEasingCurve, QPoint, QPointF, QRectF, QSize, Qt, QVariantAnimation, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QContextMenuEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.widgets.formats import at_most, percent
from app.widgets.plain import plain_tip
from app.widgets.theme import theme
from app.widgets.tokens import MOTION_MS

_LOG_FLOOR = 1e-6
_MARK = 18  # px at the left, for the mark of the chosen one
_LEAST_BARS = 96  # px: with less room for them the bars go below the label
_MOST_NOTE = 0.3  # of the width


class Bar(msgspec.Struct, frozen=True):
    """One row. note stands in place of the final bar, such as the stage that removed it; detail is the tooltip; lead stands
    before the label. raw and final are what they are at most where that is said.
    """

    key: int
    label: str
    raw: float
    final: float
    note: str = ""
    chosen: bool = False
    would_be_chosen: bool = False
    selectable: bool = True
    detail: str = ""
    lead: str = ""
    raw_at_most: bool = False
    final_at_most: bool = False


class ProbabilityBars(QWidget):
    """One painted widget, however many rows. ``activated`` with a row's key by click or Enter; arrows choose it."""

    activated = Signal(int)
    stepped = Signal(int)  # -1 or +1: the token before or after, by the keys left and right
    menu_asked = Signal(QPointF)
    left = Signal()  # by Escape
    typed = Signal(int, str)  # the key of the current row, and what was typed on it
    pointed = Signal(int)  # the key of the row that the pointer or the keys are on

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars: tuple[Bar, ...] = ()
        self._lengths: list[tuple[float, float]] = []
        self._from: list[tuple[float, float]] = []
        self._log = False
        self._current = self._hovered = -1
        self._animation = QVariantAnimation(self, startValue=0.0, endValue=1.0, duration=MOTION_MS)
        self._animation.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._animation.valueChanged.connect(self._on_frame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Candidates"))
        theme().changed.connect(self._on_theme)

    def set_bars(self, bars: Sequence[Bar]) -> None:
        """Show other rows; lengths of rows that stay grow or shrink to the new ones."""
        old = {bar.key: length for bar, length in zip(self._bars, self._lengths, strict=False)}
        self._bars = tuple(bars)
        target = [(self._length(bar.raw), self._length(bar.final)) for bar in self._bars]
        self._from = [old.get(bar.key, (0.0, 0.0)) for bar in self._bars]
        self._current = min(self._current, len(self._bars) - 1)
        if self._current < 0 and self._bars and self.hasFocus():
            self._current = 0  # the keys came before the rows
        moving = self._animation.state() == QVariantAnimation.State.Running
        self._animation.stop()
        # While a slider is drawn along each change is shown at once: an animation would only lag behind the hand.
        if moving or theme().reduced_motion or not self.isVisible():
            self._lengths = target
        else:
            self._lengths = list(self._from)
            self._animation.start()
        self.setAccessibleDescription("; ".join(self._spoken(bar) for bar in self._bars[:8]))
        self.updateGeometry()
        self.update()

    def set_log(self, on: bool) -> None:
        """Logarithmic lengths make the unlikely visible."""
        self._log = on
        self.set_bars(self._bars)

    @property
    def bars(self) -> tuple[Bar, ...]:
        return self._bars

    @property
    def current(self) -> int | None:
        """The key of the row that click and keys are on."""
        return self._bars[self._current].key if 0 <= self._current < len(self._bars) else None

    def enter(self) -> None:
        """Take the focus, on the first row where none is chosen."""
        self.setFocus(Qt.FocusReason.TabFocusReason)
        if self._current < 0:
            self._set_current(0)

    def sizeHint(self) -> QSize:
        return QSize(280, self._row_height * len(self._bars) + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self._row_height * len(self._bars) + 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != self.width():
            self.updateGeometry()  # the rows may need a second line now, or no longer

    @property
    def narrow(self) -> bool:
        """Whether the bars need a line of their own, below label and numbers."""
        return self._bars_width() < theme().px(_LEAST_BARS)

    @property
    def _row_height(self) -> int:
        return theme().px(34 if self.narrow else 26)

    def _columns(self) -> tuple[float, float, float]:
        """Widths in px of the label, of one number, and of the last column, where the longest note fits if there is room."""
        metrics = QFontMetricsF(theme().font("number"), self)
        widest = "≤ 0.04 % " if any(bar.raw_at_most or bar.final_at_most for bar in self._bars) else "0.04 % "
        number = metrics.horizontalAdvance(widest)
        small = QFontMetricsF(theme().font("caption"), self)
        noted = max(
            (small.horizontalAdvance(f"× {note}") for note in {bar.note for bar in self._bars if bar.note}), default=0
        )
        last = max(number, min(noted + 8, self.width() * _MOST_NOTE))
        return min(self.width() * 0.36, metrics.horizontalAdvance("m") * 14), number, last

    def _bars_width(self) -> float:
        label, number, last = self._columns()
        return self.width() - _MARK - label - 4 - number - last - 6

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        height = self._row_height
        first = max(0, event.rect().top() // height)
        last = min(len(self._bars), event.rect().bottom() // height + 1)
        for place in range(first, last):
            self._paint_row(painter, place, QRectF(0, place * height, self.width(), height))

    def _paint_row(self, painter: QPainter, place: int, area: QRectF) -> None:
        bar, (raw, final) = self._bars[place], self._lengths[place]
        colour = theme().colour
        if place == self._current:
            painter.setPen(QPen(colour("accent"), 1.5) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(colour("selection" if self.hasFocus() else "hover"))
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 4, 4)
        painter.setFont(theme().font("number"))
        metrics = QFontMetricsF(painter.font(), self)
        label_width, number_width, last_width = self._columns()
        right = self.width() - 4
        line = QRectF(area)  # where label and numbers stand
        if self.narrow:
            line.setHeight(theme().px(22))
            label_width = right - _MARK - number_width - last_width
            bars = QRectF(_MARK, line.bottom() - theme().px(1), right - _MARK, 13)
        else:
            bars = QRectF(_MARK + label_width, area.center().y() - 7, max(10.0, self._bars_width()), 14)
        mark = "▸" if bar.would_be_chosen else "●" if bar.chosen else ""
        painter.setPen(colour("accent"))
        painter.drawText(QRectF(2, line.top(), 14, line.height()), Qt.AlignmentFlag.AlignCenter, mark)
        painter.setPen(colour("text" if bar.final > 0 or not bar.note else "muted"))
        label = metrics.elidedText(bar.lead + bar.label, Qt.TextElideMode.ElideRight, label_width - 6)
        painter.drawText(QRectF(_MARK, line.top(), label_width, line.height()), Qt.AlignmentFlag.AlignVCenter, label)
        _draw_bar(painter, QRectF(bars.left(), bars.top(), max(1.0, raw * bars.width()), 5), "outline", bar.raw_at_most)
        if final > 0:
            lower = QRectF(bars.left(), bars.top() + 7, max(1.0, final * bars.width()), 6)
            _draw_bar(painter, lower, "accent", bar.final_at_most)
        at_right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(colour("muted"))
        raw_area = QRectF(right - last_width - number_width, line.top(), number_width, line.height())
        painter.drawText(raw_area, at_right, _told(bar.raw, bar.raw_at_most))
        final_area = QRectF(right - last_width, line.top(), last_width, line.height())
        if bar.note:
            painter.setFont(theme().font("caption"))
            note = QFontMetricsF(painter.font(), self).elidedText(
                "× " + bar.note, Qt.TextElideMode.ElideRight, last_width - 4
            )
            painter.drawText(final_area, at_right, note)
            y = line.center().y() + 0.5
            painter.setPen(QPen(colour("muted"), 1))
            end = _MARK + min(label_width - 6, metrics.horizontalAdvance(label))
            painter.drawLine(QPointF(_MARK + metrics.horizontalAdvance(bar.lead), y), QPointF(end, y))
        else:
            painter.setPen(colour("text"))
            painter.drawText(final_area, at_right, _told(bar.final, bar.final_at_most) if bar.final > 0 else "–")

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = self._place_at(event.position().y())
        selectable = place >= 0 and self._bars[place].selectable
        self.setCursor(Qt.CursorShape.PointingHandCursor if selectable else Qt.CursorShape.ArrowCursor)
        if place >= 0 and place != self._hovered:
            self.pointed.emit(self._bars[place].key)
        self._hovered = place
        if place >= 0:
            QToolTip.showText(event.globalPosition().toPoint(), plain_tip(self._bars[place].detail), self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._set_current(self._place_at(event.position().y()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._place_at(event.position().y()) == self._current:
            self._activate()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Keyboard:  # on the current row, wherever the pointer is
            row = QPoint(_MARK, max(self._current, 0) * self._row_height + self._row_height // 2)
            self.menu_asked.emit(QPointF(self.mapToGlobal(row)))
            return
        self._set_current(self._place_at(event.pos().y()))
        self.menu_asked.emit(QPointF(event.globalPos()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
        key = Qt.Key(event.key())
        if key in steps and self._bars:
            self._set_current(min(max(0, self._current + steps[key]), len(self._bars) - 1))
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.stepped.emit(-1 if key == Qt.Key.Key_Left else 1)
        elif key == Qt.Key.Key_Home:
            self._set_current(0)
        elif key == Qt.Key.Key_End:
            self._set_current(len(self._bars) - 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._activate()
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
            event.ignore()  # it may mean something further out too
        elif event.text().strip() and 0 <= self._current < len(self._bars) and not _commanding(event):
            self.typed.emit(self._bars[self._current].key, event.text())
        else:
            super().keyPressEvent(event)

    def _activate(self) -> None:
        if 0 <= self._current < len(self._bars) and self._bars[self._current].selectable:
            self.activated.emit(self._bars[self._current].key)

    def _set_current(self, place: int) -> None:
        if place == self._current or not 0 <= place < len(self._bars):
            return
        self._current = place
        self.pointed.emit(self._bars[place].key)
        self.setAccessibleDescription(self._spoken(self._bars[place]))
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))
        self.update()

    def _spoken(self, bar: Bar) -> str:
        text = self.tr("{0}: raw {1}, final {2}").format(
            bar.label, _told(bar.raw, bar.raw_at_most), _told(bar.final, bar.final_at_most)
        )
        return f"{text}, {bar.note}" if bar.note else text

    def _place_at(self, y: float) -> int:
        place = int(y // self._row_height)
        return place if 0 <= place < len(self._bars) else -1

    def _length(self, p: float) -> float:
        if not self._log:
            return p
        return 0.0 if p <= 0 else max(0.0, 1 - math.log(max(p, _LOG_FLOOR)) / math.log(_LOG_FLOOR))

    def _on_frame(self, share: float) -> None:
        self._lengths = [
            (a + (self._length(bar.raw) - a) * share, b + (self._length(bar.final) - b) * share)
            for bar, (a, b) in zip(self._bars, self._from, strict=True)
        ]
        self.update()

    def _on_theme(self) -> None:
        self.updateGeometry()
        self.update()


def _told(probability: float, most: bool) -> str:
    return at_most(probability) if most else percent(probability)


def _draw_bar(painter: QPainter, area: QRectF, colour: str, hollow: bool) -> None:
    """Hollow where its length is only what it is at most."""
    painter.setPen(QPen(theme().colour(colour), 1) if hollow else Qt.PenStyle.NoPen)
    painter.setBrush(Qt.BrushStyle.NoBrush if hollow else theme().colour(colour))
    painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5) if hollow else area, 1.5, 1.5)


def _commanding(event: QKeyEvent) -> bool:
    """Whether a key is held with which others are commands."""
    return bool(event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier))
