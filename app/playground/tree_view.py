"""The tree, painted from left to right: a column a token, a row an end. Arrow keys walk through it, Enter takes a path."""

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QToolTip, QWidget

from app.playground.branches import Place, Tree
from app.widgets.formats import bits, percent, visible
from app.widgets.theme import theme
from app.widgets.token_colours import tint
from engine.records.explore import BranchNode

_ROW, _COLUMN, _GAP, _SUMS = 26, 148, 26, 64  # px at text size 100 %; sums: the bits of the paths, behind the leaves

GREEDY, LIKELY, SAMPLED = "▬", "★", "●"


class TreeView(QWidget):
    """``taken`` with the number of a node: by double click or Enter. ``chosen`` when another one is the current."""

    taken = Signal(int)
    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tree = Tree()
        self._places: dict[int, Place] = {}
        self._likely: set[int] = set()
        self.current = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Tree of what might come"))
        theme().changed.connect(self._measure)

    def show_tree(self, tree: Tree) -> None:
        self._tree, self._places = tree, tree.places()
        end = tree.likely()
        self._likely = {node.id for node in tree.path(end.id)} if end is not None else set()
        if self.current not in tree.nodes:
            self.current = -1
        self._measure()

    def area(self, id: int) -> QRectF:
        """Where a node is drawn."""
        place = self._places[id]
        row, column = theme().px(_ROW), theme().px(_COLUMN)
        return QRectF(
            theme().px(_GAP) / 2 + place.column * column, place.row * row + 2, column - theme().px(_GAP), row - 4
        )

    def choose(self, id: int) -> None:
        """Make a node the current one."""
        if id not in self._places or id == self.current:
            return
        self.current = id
        self.setAccessibleDescription(self._spoken(self._tree.nodes[id]))
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))
        self.chosen.emit(id)
        self.update()

    def sizeHint(self) -> QSize:
        columns = 1 + max((place.column for place in self._places.values()), default=0)
        rows = max((place.row + place.rows for place in self._places.values()), default=1)
        return QSize(columns * theme().px(_COLUMN) + theme().px(_SUMS), rows * theme().px(_ROW) + 8)

    # --- events ---------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme().font("number"))
        clip = QRectF(event.rect()).adjusted(-theme().px(_COLUMN), 0, theme().px(_COLUMN), 0)
        for id, node in self._tree.nodes.items():
            area = self.area(id)
            if node.parent >= 0 and self.area(node.parent).united(area).intersects(clip):
                self._paint_line(painter, self.area(node.parent), area, node)
        for id, node in self._tree.nodes.items():
            if self.area(id).intersects(clip):
                self._paint_node(painter, node, self.area(id))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        id = self._at(event.position())
        self.setCursor(Qt.CursorShape.PointingHandCursor if id >= 0 else Qt.CursorShape.ArrowCursor)
        if id >= 0:
            QToolTip.showText(event.globalPosition().toPoint(), self._spoken(self._tree.nodes[id]), self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.choose(self._at(event.position()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        id = self._at(event.position())
        if id >= 0:
            self.taken.emit(id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current >= 0:
            self.taken.emit(self.current)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down) and self._places:
            self._walk(Qt.Key(key))
        else:
            super().keyPressEvent(event)

    # --- inside ---------------------------------------------------------------------------------------------------

    def _walk(self, key: Qt.Key) -> None:
        if self.current < 0:
            self.choose(self._tree.children(-1)[0].id)
            return
        node = self._tree.nodes[self.current]
        if key == Qt.Key.Key_Left:
            self.choose(node.parent)
        elif key == Qt.Key.Key_Right:
            children = self._tree.children(node.id)
            if children:
                self.choose(children[0].id)
        else:
            # The nearest of the same column, in whatever branch it stands.
            step = 1 if key == Qt.Key.Key_Down else -1
            here = self._places[node.id]
            same = [
                (abs(place.row - here.row), id)
                for id, place in self._places.items()
                if place.column == here.column and (place.row - here.row) * step > 0
            ]
            if same:
                self.choose(min(same)[1])

    def _paint_line(self, painter: QPainter, start: QRectF, end: QRectF, node: BranchNode) -> None:
        path = QPainterPath(QPointF(start.right(), start.center().y()))
        middle = (start.right() + end.left()) / 2
        path.cubicTo(
            QPointF(middle, start.center().y()),
            QPointF(middle, end.center().y()),
            QPointF(end.left(), end.center().y()),
        )
        marked = node.greedy or node.sampled or node.id in self._likely
        pen = QPen(theme().colour("accent" if marked else "outline"), 1 + 4 * node.probability)
        if node.sampled and not node.greedy:
            pen.setStyle(Qt.PenStyle.DotLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)

    def _paint_node(self, painter: QPainter, node: BranchNode, area: QRectF) -> None:
        colour = theme().colour
        current = node.id == self.current
        painter.setPen(QPen(colour("accent" if current else "edge"), 2 if current else 1))
        painter.setBrush(tint(-math.log2(max(node.probability, 1e-30))))
        painter.drawRoundedRect(area, 5, 5)
        marks = self.marks(node.id)
        metrics = QFontMetricsF(painter.font(), self)
        number = percent(node.probability)
        painter.setPen(colour("text"))
        inner = area.adjusted(6, 0, -6, 0)
        painter.drawText(inner, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, number)
        room = inner.width() - metrics.horizontalAdvance(number) - 4
        label = visible(node.piece) if not node.control else node.piece.decode("utf-8", "replace")
        text = metrics.elidedText(f"{marks}{label}", Qt.TextElideMode.ElideRight, room)
        painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

        if not self._tree.children(node.id):  # what the whole path costs stands at its end
            painter.setPen(colour("muted"))
            painter.setFont(theme().font("caption"))
            behind = QRectF(area.right() + 6, area.top(), theme().px(_COLUMN), area.height())
            painter.drawText(behind, Qt.AlignmentFlag.AlignVCenter, self.tr("{0} bits").format(bits(node.path_bits)))
            painter.setFont(theme().font("number"))

    def marks(self, id: int) -> str:
        """Which of the three paths a node is on."""
        node = self._tree.nodes[id]
        return (
            (GREEDY if node.greedy else "") + (LIKELY if id in self._likely else "") + (SAMPLED if node.sampled else "")
        )

    def _spoken(self, node: BranchNode) -> str:
        text = self.tr("“{0}”: {1} raw, rank {2}; the path to here: {3} bits").format(
            visible(node.piece), percent(node.probability), node.rank, bits(node.path_bits)
        )
        ways = [
            name
            for name, on in (
                (self.tr("greedy"), node.greedy),
                (self.tr("most likely path"), node.id in self._likely),
                (self.tr("drawn by the chain"), node.sampled),
            )
            if on
        ]
        return "; ".join([text, *ways])

    def _at(self, point: QPointF) -> int:
        return next((id for id in self._places if self.area(id).contains(point)), -1)

    def _measure(self) -> None:
        self.setMinimumSize(self.sizeHint())
        self.updateGeometry()
        self.update()
