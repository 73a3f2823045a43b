"""Draws the rows of a list: headings, titles, and a second line where there is one."""

import enum

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.widgets.theme import theme

Index = QModelIndex | QPersistentModelIndex


class Role(enum.IntEnum):
    """What a row carries beside its text."""

    KIND = Qt.ItemDataRole.UserRole.value + 1
    ID = Qt.ItemDataRole.UserRole.value + 2
    PLACE = Qt.ItemDataRole.UserRole.value + 3
    SNIPPET = Qt.ItemDataRole.UserRole.value + 4
    OPEN = Qt.ItemDataRole.UserRole.value + 5  # the one that is shown
    NOTE = Qt.ItemDataRole.UserRole.value + 6  # a word and the name of its colour, at the end of the second line


class Kind(enum.IntEnum):
    DAY = 0
    ROW = 1


class ListDelegate(QStyledItemDelegate):
    """Heights grow with the text size; the open one and the row under the pointer have a ground of their own.

    elided: where titles are shortened, such as in the middle where their ends tell them apart.
    """

    def __init__(self, parent: QObject, elided: Qt.TextElideMode = Qt.TextElideMode.ElideRight) -> None:
        super().__init__(parent)
        self._elided = elided

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        height = 52 if index.data(Role.SNIPPET) else 30 if index.data(Role.KIND) == Kind.DAY else 34
        return QSize(120, theme().px(height))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        inner = rect.adjusted(12, 0, -12, 0)
        title = str(index.data(Qt.ItemDataRole.DisplayRole))
        if index.data(Role.KIND) == Kind.DAY:
            painter.setFont(theme().font("caption"))
            painter.setPen(theme().colour("muted"))
            painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, title)
            painter.restore()
            return
        ground = rect.adjusted(4, 1, -4, -1)
        painter.setPen(Qt.PenStyle.NoPen)
        if index.data(Role.OPEN):
            painter.setBrush(theme().colour("selection"))
            painter.drawRoundedRect(ground, 6, 6)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(theme().colour("hover"))
            painter.drawRoundedRect(ground, 6, 6)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(theme().colour("accent"))
            painter.drawRoundedRect(ground, 6, 6)
        font = theme().font("interface")
        painter.setFont(font)
        painter.setPen(theme().colour("text"))
        snippet = index.data(Role.SNIPPET)
        line = QRect(inner)
        if snippet:
            line.setHeight(rect.height() // 2)
            line.translate(0, 4)
        text = painter.fontMetrics().elidedText(title, self._elided, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, text)
        if snippet:
            line.translate(0, line.height() - 4)
            _paint_note(painter, line, index.data(Role.NOTE))
            _paint_snippet(painter, line, str(snippet))
        painter.restore()


def _paint_note(painter: QPainter, rect: QRect, note: tuple[str, str] | None) -> None:
    """Takes its room from the line's end."""
    if note is None or not note[0]:
        return
    painter.setFont(theme().font("caption"))
    painter.setPen(theme().colour(note[1]))
    painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, note[0])
    rect.setRight(rect.right() - painter.fontMetrics().horizontalAdvance(note[0]) - 8)


def _paint_snippet(painter: QPainter, rect: QRect, snippet: str) -> None:
    """Found words stand between \\x02 and \\x03: they are drawn bold."""
    plain = theme().font("caption")
    bold = QFont(plain)
    bold.setWeight(QFont.Weight.Bold)
    x, right = rect.left(), rect.right()
    parts = " ".join(snippet.split()).replace("\x03", "\x02").split("\x02")
    if len(parts) > 1:
        # What was found is to be seen: the words before it give way.
        painter.setFont(bold)
        room = rect.width() - painter.fontMetrics().horizontalAdvance(parts[1])
        painter.setFont(plain)
        parts[0] = painter.fontMetrics().elidedText(parts[0], Qt.TextElideMode.ElideLeft, max(room, 0))
    for number, part in enumerate(parts):
        if x >= right:
            break
        found = number % 2 == 1
        painter.setFont(bold if found else plain)
        painter.setPen(theme().colour("text" if found else "muted"))
        text = painter.fontMetrics().elidedText(part, Qt.TextElideMode.ElideRight, right - x)
        painter.drawText(QRect(x, rect.top(), right - x, rect.height()), Qt.AlignmentFlag.AlignVCenter, text)
        x += painter.fontMetrics().horizontalAdvance(text)
