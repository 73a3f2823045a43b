"""Draws one message's document, answers where things are in it, and holds its part of the selection."""

import math
from typing import Any

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPolygonF,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextLine,
)
from PySide6.QtWidgets import QWidget

from app.reading.block_writer import CODE_HEADER, CODE_ID, CODE_PADDING, QUOTE_LEVEL, RULE, CodeBlock
from app.reading.style import ReadingStyle

_WAVE = 2.0  # px, half the length and the height of a wave


class TextView(QWidget):
    """A document on the screen. Mouse events go out as document positions; the transcript decides what they mean,
    since a selection may run over several messages.
    """

    pressed = Signal(int, object)  # document position, QMouseEvent
    dragged = Signal(QPoint)  # global position, button held
    released = Signal(int, object)
    double_clicked = Signal(int)

    def __init__(self, document: QTextDocument, style: ReadingStyle, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._style = style
        self._selection: tuple[int, int] | None = None
        self._marks: list[tuple[int, int]] = []  # ranges of the selected token
        self._found: list[tuple[int, int]] = []  # ranges that a search found
        self._found_here: list[tuple[int, int]] = []  # those of the place at which the search stands
        self._changes: list[tuple[int, int]] = []  # ranges that other sliders would change
        self._first_change: list[tuple[int, int]] = []
        self._caret = False
        self.code: list[CodeBlock] = []
        self.show_newlines = False  # draw a sign where a line ends because a token says so
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, False)

    @property
    def document(self) -> QTextDocument:
        return self._document

    def set_document(self, document: QTextDocument, style: ReadingStyle) -> None:
        self._document = document
        self._style = style
        self._selection, self._marks, self._found, self._found_here = None, [], [], []
        self._changes, self._first_change = [], []
        self.update()

    def restyle(self, style: ReadingStyle) -> None:
        """The same document was written again, or the colours changed."""
        self._style = style
        self.update()

    def height_for(self, width: int) -> int:
        """Lay the text out in this width; returns its height."""
        if self._document.textWidth() != width:
            self._document.setTextWidth(width)
        return math.ceil(self._document.size().height())

    def sizeHint(self) -> QSize:
        return self._document.size().toSize()

    # --- selection and marks --------------------------------------------------------------------------------------

    def select(self, anchor: int, position: int) -> None:
        selection = (min(anchor, position), max(anchor, position)) if anchor != position else None
        if selection != self._selection:
            self._selection = selection
            self.update()

    def clear_selection(self) -> None:
        self.select(0, 0)

    def select_all(self) -> None:
        self.select(0, self.end)

    @property
    def end(self) -> int:
        return self._document.characterCount() - 1

    @property
    def selected_text(self) -> str:
        if self._selection is None:
            return ""
        cursor = self._cursor(*self._selection)
        return cursor.selectedText().replace("\u2029", "\n").replace("\u2028", "\n").replace("\ufffc", "")

    def word_at(self, position: int) -> tuple[int, int]:
        cursor = QTextCursor(self._document)
        cursor.setPosition(min(position, self.end))
        cursor.select(QTextCursor.SelectionType.WordUnderCursor)
        return cursor.selectionStart(), cursor.selectionEnd()

    def set_marks(self, ranges: list[tuple[int, int]]) -> None:
        """Ranges that belong to the selected token: drawn with a frame in the accent colour."""
        if ranges != self._marks:
            self._marks = ranges
            self.update()

    def set_found(self, ranges: list[tuple[int, int]], here: list[tuple[int, int]]) -> None:
        """Ranges that a search found, and those among them at which it stands: these are framed."""
        if (ranges, here) != (self._found, self._found_here):
            self._found, self._found_here = ranges, here
            self.update()

    def set_changes(self, changes: list[tuple[int, int]], first: list[tuple[int, int]]) -> None:
        """Ranges that would change, underlined, and the first of them, framed; what follows that is drawn pale."""
        if (changes, first) != (self._changes, self._first_change):
            self._changes, self._first_change = changes, first
            self.update()

    def set_caret(self, shown: bool) -> None:
        """Whether the end is marked as the place where text is being written."""
        if shown != self._caret:
            self._caret = shown
            self.update()

    # --- places ---------------------------------------------------------------------------------------------------

    def position_at(self, point: QPoint) -> int:
        """The document position nearest to a point of this widget."""
        return self._document.documentLayout().hitTest(QPointF(point), Qt.HitTestAccuracy.FuzzyHit)

    def character_at(self, point: QPoint) -> int | None:
        """The position of the character that is drawn at a point; None beside the text."""
        layout = self._document.documentLayout()
        position = layout.hitTest(QPointF(point), Qt.HitTestAccuracy.FuzzyHit)
        # hitTest answers the nearest gap between characters: the one under the point is before or after it.
        for candidate in (position, position - 1):
            if candidate >= 0 and self.character_rect(candidate).contains(QPointF(point)):
                return candidate
        return None

    def character_rect(self, position: int) -> QRectF:
        """Where a character is drawn; a line end is drawn as wide as a letter."""
        block = self._document.findBlock(position)
        if not block.isValid():
            return QRectF()
        offset = position - block.position()
        line = block.layout().lineForTextPosition(offset)
        if not line.isValid():
            return QRectF()
        origin = self._document.documentLayout().blockBoundingRect(block).topLeft()
        x, end = _x_of(line, offset), _x_of(line, offset + 1)
        width = end - x if end > x else 10.0
        return QRectF(origin.x() + x, origin.y() + line.y(), width, line.height())

    def range_rect(self, first: int, last: int) -> QRectF:
        return self.character_rect(first).united(self.character_rect(max(first, last - 1)))

    def link_at(self, point: QPoint) -> str:
        return self._document.documentLayout().anchorAt(QPointF(point))

    def code_rect(self, block: CodeBlock) -> QRect:
        """The card behind a code block, its header included."""
        layout = self._document.documentLayout()
        first = layout.blockBoundingRect(self._document.findBlock(block.first))
        last = layout.blockBoundingRect(self._document.findBlock(block.last))
        margin = self._document.findBlock(block.first).blockFormat().leftMargin()
        left = int(margin) - CODE_PADDING
        top = int(first.top()) - CODE_HEADER - 4
        return QRect(left, top, self.width() - left, int(last.bottom()) + CODE_PADDING - top)

    # --- events ---------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        clip = event.rect()
        self._paint_behind(painter, clip)
        context = QAbstractTextDocumentLayout.PaintContext()
        context.clip = QRectF(clip)
        context.palette.setColor(QPalette.ColorRole.Text, self._style.text)
        ranges = [(first, last, self._style.found) for first, last in self._found]
        if self._selection is not None:
            ranges.append((*self._selection, self._style.selection))
        selections = self._change_formats()
        for first, last, colour in ranges:
            selection = QAbstractTextDocumentLayout.Selection()
            selection.cursor = self._cursor(first, last)
            format = QTextCharFormat()
            format.setBackground(colour)
            selection.format = format
            selections.append(selection)
        context.selections = selections
        self._document.documentLayout().draw(painter, context)
        self._paint_marks(painter)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.pressed.emit(self.position_at(event.position().toPoint()), event)
            event.accept()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.dragged.emit(event.globalPosition().toPoint())
        else:
            link = self.link_at(point)
            self.setCursor(Qt.CursorShape.PointingHandCursor if link else Qt.CursorShape.IBeamCursor)
            self.setToolTip(link if link.startswith(("http", "mailto")) else "")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.released.emit(self.position_at(event.position().toPoint()), event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.double_clicked.emit(self.position_at(event.position().toPoint()))

    # --- painting -------------------------------------------------------------------------------------------------

    def _paint_behind(self, painter: QPainter, clip: QRect) -> None:
        for code in self.code:
            rect = self.code_rect(code)
            if not rect.intersects(clip):
                continue
            painter.setPen(QPen(self._style.line, 1))
            painter.setBrush(self._style.card)
            painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
            painter.setPen(self._style.muted)
            painter.setFont(self._style.caption)
            header = QRect(rect.left() + CODE_PADDING, rect.top() + 2, rect.width(), CODE_HEADER)
            painter.drawText(header, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, code.language)
        layout = self._document.documentLayout()
        start = layout.hitTest(QPointF(0, clip.top()), Qt.HitTestAccuracy.FuzzyHit)
        block = self._document.findBlock(max(0, start))
        if block.previous().isValid():
            block = block.previous()
        while block.isValid():
            rect_f = layout.blockBoundingRect(block)
            if rect_f.top() > clip.bottom():
                break
            format = block.blockFormat()
            for level in range(int(format.property(QUOTE_LEVEL) or 0)):
                painter.fillRect(QRectF(16 * level, rect_f.top() - 4, 3, rect_f.height() + 8), self._style.line)
            if format.property(RULE):
                painter.fillRect(QRectF(0, rect_f.center().y(), self.width(), 1), self._style.line)
            if self.show_newlines and block.next().isValid() and not format.property(CODE_ID):
                self._paint_newline(painter, self.character_rect(block.position() + block.length() - 1))
            block = block.next()

    def _paint_newline(self, painter: QPainter, rect: QRectF) -> None:
        painter.setPen(self._style.muted)
        painter.setFont(self._style.caption)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, "↵")

    def _change_formats(self) -> list[QAbstractTextDocumentLayout.Selection]:
        """What follows the first change, pale. It is one range: of ranges that touch the layout paints every second one only, and
        over one that has no colour for its text it would paint the ground of a tinted token.
        """
        if not self._first_change:
            return []
        selection = QAbstractTextDocumentLayout.Selection()
        selection.cursor = self._cursor(self._first_change[-1][1], self.end)
        pale = QTextCharFormat()
        pale.setForeground(self._style.muted)
        selection.format = pale
        return [selection]

    def _paint_marks(self, painter: QPainter) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._style.accent, 1.3))
        for first, last in self._changes:
            for rect in self._line_rects(first, last):
                painter.drawPolyline(_wave(rect))
        painter.setPen(QPen(self._style.accent, 1.5, Qt.PenStyle.DashLine))
        for first, last in self._first_change:
            for rect in self._line_rects(first, last):
                painter.drawRoundedRect(rect.adjusted(-2, 0, 2, 0), 3, 3)
        painter.setPen(QPen(self._style.accent, 2))
        for first, last in self._marks:
            for rect in self._line_rects(first, last):
                painter.drawRoundedRect(rect.adjusted(-1, 1, 1, -1), 3, 3)
        painter.setPen(QPen(self._style.text, 1.5))
        for first, last in self._found_here:
            for rect in self._line_rects(first, last):
                painter.drawRoundedRect(rect.adjusted(-1, 1, 1, -1), 2, 2)
        if self._caret:
            rect = self.character_rect(self.end)
            colour = QColor(self._style.accent)
            painter.fillRect(QRectF(rect.left() + 1, rect.top() + 3, 2, max(4.0, rect.height() - 6)), colour)

    def _line_rects(self, first: int, last: int) -> list[QRectF]:
        rects: list[QRectF] = []
        for position in range(first, max(last, first + 1)):
            rect = self.character_rect(position)
            if rects and abs(rects[-1].top() - rect.top()) < 1:
                rects[-1] = rects[-1].united(rect)
            else:
                rects.append(rect)
        return rects

    def _cursor(self, first: int, last: int) -> QTextCursor:
        cursor = QTextCursor(self._document)
        cursor.setPosition(min(first, self.end))
        cursor.setPosition(min(last, self.end), QTextCursor.MoveMode.KeepAnchor)
        return cursor


def _wave(rect: QRectF) -> QPolygonF:
    """A line below the letters and below the underline of a tint."""
    steps = range(int(rect.width() / _WAVE) + 1)
    low = rect.bottom() + _WAVE + 1
    return QPolygonF([QPointF(rect.left() + _WAVE * step, low - _WAVE * (step % 2)) for step in steps])


def _x_of(line: QTextLine, offset: int) -> float:
    # The binding returns (x, offset) for this call, whatever its annotation says.
    found: Any = line.cursorToX(offset)
    return float(found[0] if isinstance(found, tuple) else found)
