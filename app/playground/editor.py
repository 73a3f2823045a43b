"""The editor: plain text, tinted behind by what the model thought of each token; keys that take over what it offers."""

from typing import Any

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QTextBlock,
    QTextCursor,
    QTextLayout,
    QTextLine,
)
from PySide6.QtWidgets import QPlainTextEdit, QToolTip, QWidget

from app.playground.scores import Scores
from app.playground.state import well_formed
from app.playground.tint_row import Tint
from app.widgets.formats import bits, number, percent
from app.widgets.rank_bins import RANKS, rank_level
from app.widgets.theme import set_role, theme
from app.widgets.token_colours import tint, underline_style

_COLUMN = 760  # px at text size 100 %: the widest that is comfortable to read


class Editor(QPlainTextEdit):
    """``edited`` for every change: position, removed, added in UTF-16 units. Tab and Alt+figure ask for candidates."""

    edited = Signal(int, int, int)
    caret_moved = Signal(int)
    accept_wanted = Signal()
    choose_wanted = Signal(int)  # place in the list, from 1
    step_wanted = Signal(int)  # -1 or +1 in the list of candidates
    stop_wanted = Signal()

    def __init__(self, scores: Scores, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "plain")
        self._scores = scores
        self._tint = Tint.SURPRISAL
        self._ranks: tuple[int, ...] = RANKS
        self._writing = False
        self._selected: tuple[int, int] | None = None
        self._joining = False
        self._quiet = False  # another document is being put in
        self.setAccessibleName(self.tr("Text of the document"))
        self.setPlaceholderText(self.tr("Type or paste anything. What the model expects next stands at the right."))
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.document().setDocumentMargin(4)
        self.document().contentsChange.connect(self._on_contents)
        self.cursorPositionChanged.connect(self._on_caret)
        theme().changed.connect(self._dress)
        self._dress()

    # --- the text -------------------------------------------------------------------------------------------------

    def text(self) -> str:
        """What stands in it, to the character: a no-break space stays one."""
        return well_formed(self.document().toRawText().replace("\u2029", "\n").replace("\u2028", "\n"))

    def show_text(self, text: str, caret: int) -> None:
        """Another document; what was typed before cannot be undone to."""
        self._quiet = True
        self.setPlainText(text)
        self.place_caret(caret)
        self._quiet = False
        self._selected = None
        self.ensureCursorVisible()

    def place_caret(self, place: int) -> None:
        cursor = self.textCursor()
        cursor.setPosition(min(max(0, place), self.document().characterCount() - 1))
        self.setTextCursor(cursor)

    def insert(self, text: str) -> None:
        """Put a text at the caret, as one step of undo."""
        cursor = self.textCursor()
        cursor.beginEditBlock()
        cursor.insertText(text)
        cursor.endEditBlock()
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def replace(self, text: str, start: int = 0, end: int | None = None) -> None:
        """Put a text in the place of another, of the whole one where no end is said, as one step of undo."""
        cursor = self.textCursor()
        cursor.setPosition(start)
        cursor.setPosition(
            self.document().characterCount() - 1 if end is None else end, QTextCursor.MoveMode.KeepAnchor
        )
        self.setTextCursor(cursor)
        self.insert(text)

    def begin_writing(self) -> None:
        """The model writes from here on: what comes until the end is one step of undo, and nothing is typed in between."""
        cursor = self.textCursor()
        cursor.clearSelection()
        self.setTextCursor(cursor)
        self._writing, self._joining = True, False
        self.setReadOnly(True)

    def grow(self, text: str) -> None:
        """What the model wrote."""
        cursor = self.textCursor()
        if self._joining:
            cursor.joinPreviousEditBlock()
        else:
            cursor.beginEditBlock()
        cursor.insertText(text)
        cursor.endEditBlock()
        self._joining = True
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def end_writing(self) -> None:
        self._writing = False
        self.setReadOnly(False)

    def show_selected(self, place: tuple[int, int] | None) -> None:
        """Frame the token that is explained."""
        self._selected = place
        self.viewport().update()

    @property
    def selected(self) -> tuple[int, int] | None:
        """The place that is framed; none any more once the text has changed."""
        return self._selected

    def seek(self, words: str) -> None:
        """Select the first of these words that stands in the text."""
        for word in words.split():
            found = self.document().find(word)
            if not found.isNull():
                self.reveal(found.selectionStart(), found.selectionEnd())
                return

    def show_place(self, start: int, end: int) -> None:
        """Frame a place and scroll to it; caret and focus stay where they are."""
        self.show_selected((start, end))
        block = self.document().findBlock(start)
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        if not 0 <= top <= self.viewport().height() - 40:
            self.verticalScrollBar().setValue(max(0, block.firstLineNumber() - 3))

    def reveal(self, start: int, end: int) -> None:
        """Select a place, scroll to it, and take the focus."""
        cursor = self.textCursor()
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)
        self.centerCursor()
        self.setFocus()

    @property
    def tint(self) -> Tint:
        return self._tint

    def set_tint(self, tint: Tint) -> None:
        self._tint = tint
        self.viewport().update()

    def set_ranks(self, ranks: tuple[int, ...]) -> None:
        """The borders between the groups of ranks."""
        self._ranks = ranks
        self.viewport().update()

    # --- keys -----------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape and self._writing:
                event.accept()  # ours, before an action of another page hears of it
                return True
            if _figure(event) is not None:
                event.accept()
                return True
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._show_tip(event)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        alt = event.modifiers() == Qt.KeyboardModifier.AltModifier
        figure = _figure(event)
        if event.key() == Qt.Key.Key_Escape and self._writing:
            self.stop_wanted.emit()
        elif event.key() == Qt.Key.Key_Tab and plain:
            self.accept_wanted.emit()
        elif event.key() == Qt.Key.Key_Backtab:
            QWidget.focusNextPrevChild(self, False)
        elif figure is not None:
            self.choose_wanted.emit(figure)
        elif alt and event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.step_wanted.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._centre()

    # --- painting -------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        self._paint_tints(painter, event)
        painter.end()
        super().paintEvent(event)

    def _paint_tints(self, painter: QPainter, event: QPaintEvent) -> None:
        block, offset = self.firstVisibleBlock(), self.contentOffset()
        while block.isValid():
            area = self.blockBoundingGeometry(block).translated(offset)
            if area.top() > event.rect().bottom():
                break
            if block.isVisible() and area.bottom() >= event.rect().top():
                self._paint_block(painter, block, area)
            block = block.next()

    def _paint_block(self, painter: QPainter, block: QTextBlock, area: QRectF) -> None:
        start, length, layout = block.position(), block.length() - 1, block.layout()
        scores = self._scores
        for index in scores.between(start, start + length) if self._tint != Tint.NONE else ():
            value = self._value(index)
            if value < 0.1:
                continue
            first = max(0, int(scores.starts[index]) - start)
            last = min(length, int(scores.ends[index]) - start)
            for line, left, right in _pieces(layout, first, last):
                box = QRectF(area.left() + left, area.top() + line.y() + 1, right - left, line.height() - 2)
                painter.fillRect(box, tint(value))
                style = underline_style(value)
                if style != Qt.PenStyle.NoPen:
                    painter.setPen(QPen(theme().colour("outline"), 1, style))
                    painter.drawLine(box.bottomLeft(), box.bottomRight())
        if self._selected is not None and self._selected[0] < start + length and self._selected[1] > start:
            painter.setPen(QPen(theme().colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for line, left, right in _pieces(
                layout, max(0, self._selected[0] - start), min(length, self._selected[1] - start)
            ):
                painter.drawRoundedRect(
                    QRectF(area.left() + left, area.top() + line.y() + 1, right - left, line.height() - 2), 3, 3
                )

    def _value(self, index: int) -> float:
        """The place of a token on the scale of colours, in bits."""
        scores = self._scores
        if self._tint == Tint.RANK:
            return rank_level(int(scores.rank[index]), self._ranks)
        value = float(scores.entropy[index] if self._tint == Tint.ENTROPY else scores.bits[index])
        return value if value == value else 0.0  # nan: nothing stood before it

    def _show_tip(self, event: QHelpEvent) -> None:
        place = self.cursorForPosition(event.pos()).position()
        index = self._scores.at(max(0, place - 1))
        if index is None or self._scores.bits[index] != self._scores.bits[index]:
            QToolTip.hideText()
            return
        surprisal = float(self._scores.bits[index])
        text = self.tr("{0} bits · probability {1} · rank {2} · entropy before it {3} bits").format(
            bits(surprisal),
            percent(2.0**-surprisal),
            number(int(self._scores.rank[index])),
            bits(float(self._scores.entropy[index])),
        )
        QToolTip.showText(event.globalPos(), text, self)

    # --- inside ---------------------------------------------------------------------------------------------------

    def _on_contents(self, position: int, removed: int, added: int) -> None:
        self._selected = None
        if not self._quiet:
            self.edited.emit(position, removed, added)

    def _on_caret(self) -> None:
        if not self._quiet:
            self.caret_moved.emit(self.textCursor().position())

    def _dress(self) -> None:
        self.setFont(theme().font("reading"))
        self.document().setDefaultFont(theme().font("reading"))
        self.setTabStopDistance(4 * self.fontMetrics().horizontalAdvance(" "))
        self._centre()
        self.viewport().update()

    def _centre(self) -> None:
        side = max(24, (self.width() - theme().px(_COLUMN)) // 2)
        self.setViewportMargins(side, 16, max(8, side - 12), 8)


def _figure(event: QKeyEvent) -> int | None:
    """1 to 9 for Alt and that figure."""
    alt = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.AltModifier
    place = event.key() - Qt.Key.Key_0.value
    return place if alt and 1 <= place <= 9 else None


def _pieces(layout: QTextLayout, first: int, last: int) -> list[tuple[QTextLine, float, float]]:
    """The part of each line that a range of characters of a block takes: line, left and right in px."""
    found = []
    for number_of_line in range(layout.lineCount()):
        line = layout.lineAt(number_of_line)
        begin, end = line.textStart(), line.textStart() + line.textLength()
        if end <= first:
            continue
        if begin >= last:
            break
        left, right = _x_of(line, max(first, begin)), _x_of(line, min(last, end))
        if right > left:
            found.append((line, left, right))
    return found


def _x_of(line: QTextLine, offset: int) -> float:
    # The binding returns (x, offset) for this call, whatever its annotation says.
    found: Any = line.cursorToX(offset)
    return float(found[0] if isinstance(found, tuple) else found)
