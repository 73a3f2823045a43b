"""A strip chart along a text: a bar for the surprisal of each token, a line for the entropy before it."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.widgets.formats import bits
from app.widgets.plain import plain_tip
from app.widgets.theme import theme
from app.widgets.tokens import SURPRISAL_BITS

_HEIGHT = 48
_SIDE = 6
_WIDEST = 12.0  # px a token
_KEYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_PageUp: -10, Qt.Key.Key_PageDown: 10}


class TokenStrip(QWidget):
    """``chosen`` with the index of a token, by click, drag or key; ``peak_asked`` with -1 or 1 for the most surprising ones."""

    chosen = Signal(int)
    peak_asked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._surprisal: Sequence[float] = ()
        self._entropy: Sequence[float] = ()
        self._label: Callable[[int], str] = str
        self._current: int | None = None
        self._marked: frozenset[int] = frozenset()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Surprisal and entropy along the reply"))
        theme().changed.connect(self.updateGeometry)

    def show_values(self, surprisal: Sequence[float], entropy: Sequence[float], label: Callable[[int], str]) -> None:
        """Bits for each token; label names a token by its index. The sequences may grow: update() shows what came."""
        self._surprisal, self._entropy, self._label = surprisal, entropy, label
        self.update()

    def set_current(self, index: int | None) -> None:
        self._current = index
        self.setAccessibleDescription("" if index is None or index >= len(self._surprisal) else self.told(index))
        self.update()

    def set_marked(self, indices: frozenset[int]) -> None:
        """Tokens with a mark below their bars."""
        if indices != self._marked:
            self._marked = indices
            self.update()

    @property
    def current(self) -> int | None:
        return self._current

    def sizeHint(self) -> QSize:
        return QSize(300, theme().px(_HEIGHT))

    def x_of(self, index: float) -> float:
        """Where a token begins, px from the left."""
        return _SIDE + index * self._step

    def index_at(self, x: float) -> int | None:
        """The token at a place; None where there are none."""
        count = len(self._surprisal)
        return min(max(int((x - _SIDE) / self._step), 0), count - 1) if count else None

    def told(self, index: int) -> str:
        """What is said about one token."""
        return self.tr("{0}: surprisal {1} bits, entropy {2} bits").format(
            self._label(index), bits(self._surprisal[index]), bits(self._entropy[index])
        )

    @property
    def _step(self) -> float:
        return min(_WIDEST, (self.width() - 2 * _SIDE) / max(1, len(self._surprisal)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = theme().colour
        foot, top = self.height() - 8, 4
        room, most = foot - top, SURPRISAL_BITS[-1]
        painter.fillRect(QRectF(_SIDE, foot, self.width() - 2 * _SIDE, 1), colour("line"))
        count, step = len(self._surprisal), self._step
        if count:
            # Where there are more tokens than pixels a column shows the largest of its tokens.
            columns = count if step >= 1 else max(1, int(self.width() - 2 * _SIDE))
            width = step if step >= 1 else 1.0
            bars, line = [], QPolygonF()
            for column in range(columns):
                first = column if step >= 1 else column * count // columns
                last = column + 1 if step >= 1 else max(first + 1, (column + 1) * count // columns)
                height = min(max(self._surprisal[first:last]), most) / most * room
                x = _SIDE + column * width
                bars.append(QRectF(x, foot - height, max(1.0, width - (1 if width > 3 else 0)), height))
                mean = sum(self._entropy[first:last]) / (last - first)
                line.append(QPointF(x + width / 2, foot - min(mean, most) / most * room))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("accent"))
            painter.drawRects(bars)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(colour("warning"), 1.5, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolyline(line)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("bad"))
            for index in self._marked:
                x = self.x_of(index + 0.5)
                painter.drawPolygon(
                    QPolygonF([QPointF(x - 3, foot + 7), QPointF(x + 3, foot + 7), QPointF(x, foot + 2)])
                )
            if self._current is not None and self._current < count:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(colour("text"), 1.5))
                painter.drawRect(QRectF(self.x_of(self._current), 1, max(3.0, step), foot))
        if self.hasFocus():
            painter.setPen(QPen(colour("accent"), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._choose(self.index_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        index = self.index_at(event.position().x())
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._choose(index)
        elif index is not None:
            QToolTip.showText(event.globalPosition().toPoint(), plain_tip(self.told(index)), self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, count = Qt.Key(event.key()), len(self._surprisal)
        if not count:
            super().keyPressEvent(event)
        elif key in _KEYS:
            now = self._current if self._current is not None else (-1 if _KEYS[key] > 0 else count)
            self._choose(min(max(now + _KEYS[key], 0), count - 1))
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._choose(0 if key == Qt.Key.Key_Home else count - 1)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.peak_asked.emit(-1 if key == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)

    def _choose(self, index: int | None) -> None:
        if index is not None and index != self._current:
            self.chosen.emit(index)
