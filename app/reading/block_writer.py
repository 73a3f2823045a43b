"""Writes Markdown blocks into a QTextDocument as flat blocks with formats; no HTML, so nothing can be loaded."""

from typing import Any

import msgspec
from markdown_it.token import Token
from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QFont,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
    QTextFrameFormat,
    QTextLength,
    QTextList,
    QTextListFormat,
    QTextTableFormat,
)

from app.reading.highlight import highlight
from app.reading.inline_writer import InlineWriter
from app.reading.spans import Spans
from app.reading.style import LINE_HEIGHT, ReadingStyle

CODE_ID = QTextFormat.Property.UserProperty.value + 1  # of a block: which code block it is a line of
QUOTE_LEVEL = QTextFormat.Property.UserProperty.value + 2
RULE = QTextFormat.Property.UserProperty.value + 3
CODE_HEADER = 26  # px above the first line of code, for language and copy button
CODE_PADDING = 12

_HEADING_SIZES = {1: 20, 2: 18, 3: 16}


class CodeBlock(msgspec.Struct, frozen=True):
    """A stretch of code in the document, from the start of its first line to the start of its last."""

    id: int
    first: int
    last: int
    language: str
    text: str


class _Cell(msgspec.Struct, frozen=True):
    text: Token
    alignment: Qt.AlignmentFlag


class _OpenList(msgspec.Struct):
    ordered: bool
    start: int
    made: Any = None  # QTextList once its first item is written


class BlockWriter:
    """Writes tokens at the end of a document, and remembers where words and code blocks are."""

    def __init__(self, cursor: QTextCursor, style: ReadingStyle) -> None:
        self.spans = Spans()
        self.code: list[CodeBlock] = []
        self._cursor = cursor
        self._style = style
        self._inline = InlineWriter(style, self.spans)
        self._fresh = True  # the block at the cursor is empty and may be used
        self._lists: list[_OpenList] = []
        self._quote = 0
        self._item: _OpenList | None = None  # a list item whose first paragraph is still to come

    def truncate(self, position: int) -> None:
        """Remove everything from the block that begins at this position; the cursor stands there, at an unused block."""
        self._cursor.movePosition(QTextCursor.MoveOperation.End)
        if position > self._cursor.position():
            self._fresh = False  # that block was not begun yet
            return
        self._cursor.setPosition(position)
        self._cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        self._cursor.removeSelectedText()
        self.spans.truncate(position)
        while self.code and self.code[-1].first >= position:
            self.code.pop()
        self._fresh = True

    def plain(self, text: str, source: int, muted: bool = True) -> None:
        """Paragraphs without any Markdown in them; each line keeps its place in the source."""
        format = self._char_format()
        if muted:
            format.setForeground(self._style.muted)
        place = source
        for line in text.split("\n"):
            if line.strip():
                block = self._block_format(top=4)
                block.setLeftMargin(16)
                self._begin(block)
                self.spans.add(self._cursor.position(), place, line)
                self._cursor.insertText(line, format)
            place += len(line) + 1

    def link_line(self, text: str, href: str) -> None:
        """A line that does something when it is clicked."""
        format = self._char_format()
        format.setFont(self._style.caption)
        format.setForeground(self._style.muted)
        format.setAnchor(True)
        format.setAnchorHref(href)
        self._begin(self._block_format(top=0))
        self._cursor.insertText(text, format)

    def write(self, tokens: list[Token], source: str, lines: list[int], mark_line: int = 0) -> int:
        """Write tokens of source; lines[i] is where in the source line i of the tokens begins.

        Returns the document position at which the block begins that starts on mark_line.
        """
        mark = self._next_position()
        place = 0
        rows: list[list[_Cell]] = []
        alignment = Qt.AlignmentFlag.AlignLeft
        for token in tokens:
            if token.map and token.nesting >= 0:
                place = max(place, lines[min(token.map[0], len(lines) - 1)])
                if token.level == 0 and token.map[0] == mark_line:
                    mark = self._next_position()
            kind = token.type
            if kind in ("bullet_list_open", "ordered_list_open"):
                start = token.attrGet("start")
                self._lists.append(_OpenList(kind[0] == "o", 1 if start is None else int(start)))
            elif kind in ("bullet_list_close", "ordered_list_close"):
                self._lists.pop()
            elif kind == "list_item_open":
                self._item = self._lists[-1]
            elif kind == "list_item_close":
                if self._item is not None:
                    self._begin(self._block_format(top=2))
                self._item = None
            elif kind == "blockquote_open":
                self._quote += 1
            elif kind == "blockquote_close":
                self._quote -= 1
            elif kind == "paragraph_open":
                self._begin(self._block_format(top=4 if token.hidden else 10))
            elif kind == "heading_open":
                self._heading = int(token.tag[1])
                self._begin(self._block_format(top=16))
            elif kind == "heading_close":
                self._heading = 0
            elif kind in ("th_open", "td_open"):
                alignment = _alignment(token)
            elif kind == "inline" and rows:
                rows[-1].append(_Cell(token, alignment))
            elif kind == "inline":
                place = self._inline.write(self._cursor, token.children or [], self._char_format(), source, place)
            elif kind in ("fence", "code_block"):
                place = self._code(token, source, place)
            elif kind == "hr":
                format = self._block_format(top=12)
                format.setProperty(RULE, True)
                self._begin(format)
            elif kind == "tr_open":
                rows.append([])
            elif kind == "table_close":
                self._table(rows, source, lines)
                rows = []
        return mark

    _heading = 0

    def _next_position(self) -> int:
        return self._cursor.position() + (0 if self._fresh else 1)

    def _begin(self, format: QTextBlockFormat) -> None:
        if self._fresh:
            self._leave_list(self._cursor.block())
            if self._cursor.position() == 0:
                format.setTopMargin(0)
            self._cursor.setBlockFormat(format)
        else:
            self._cursor.insertBlock(format, QTextCharFormat())
            self._leave_list(self._cursor.block())
        self._fresh = False
        self._cursor.setBlockCharFormat(self._char_format())
        if self._item is not None:
            item, self._item = self._item, None
            if item.made is None:
                item.made = self._cursor.createList(self._list_format(item))
            else:
                item.made.add(self._cursor.block())

    @staticmethod
    def _leave_list(block: QTextBlock) -> None:
        if isinstance(held := block.textList(), QTextList):
            held.remove(block)
            format = block.blockFormat()
            format.setIndent(0)
            QTextCursor(block).setBlockFormat(format)

    def _list_format(self, item: _OpenList) -> QTextListFormat:
        format = QTextListFormat()
        depth = len(self._lists)
        format.setIndent(depth)
        if item.ordered:
            format.setStyle(QTextListFormat.Style.ListDecimal)
            format.setStart(item.start)
        else:
            bullets = (QTextListFormat.Style.ListDisc, QTextListFormat.Style.ListCircle)
            format.setStyle(bullets[0] if depth % 2 else bullets[1])
        return format

    def _block_format(self, top: int) -> QTextBlockFormat:
        format = QTextBlockFormat()
        format.setTopMargin(top)
        size = self._heading_size() if self._heading else self._style.body.pixelSize()
        # Of the size of the type, as is usual: a proportional height would count the leading of the font twice.
        format.setLineHeight(size * LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.MinimumHeight.value)
        if self._quote:
            format.setProperty(QUOTE_LEVEL, self._quote)
            format.setLeftMargin(16 * self._quote)
        if self._lists and self._item is None:
            format.setIndent(len(self._lists))
        return format

    def _heading_size(self) -> int:
        return round(_HEADING_SIZES.get(self._heading, 15) * self._style.body.pixelSize() / 15)

    def _char_format(self) -> QTextCharFormat:
        format = QTextCharFormat()
        font = QFont(self._style.body)
        if self._heading:
            font.setPixelSize(self._heading_size())
            font.setWeight(QFont.Weight.DemiBold)
        format.setFont(font)
        format.setForeground(self._style.muted if self._quote else self._style.text)
        return format

    def _code(self, token: Token, source: str, place: int) -> int:
        text = token.content.removesuffix("\n")
        language = token.info.split()[0] if token.info.split() else ""
        found = source.find(text, place)
        if text and found >= 0:
            place = found
        id = (self.code[-1].id + 1) if self.code else 1
        plain = QTextCharFormat()
        plain.setFont(self._style.code)
        plain.setForeground(self._style.text)
        first = self._code_line(id, True)
        for piece, colour in highlight(text, language, self._style.dark):
            format = plain
            if colour is not None:
                format = QTextCharFormat(plain)
                format.setForeground(colour)
            for number, part in enumerate(piece.split("\n")):
                if number:
                    self._code_line(id, False)
                if part:
                    if found >= 0:
                        self.spans.add(self._cursor.position(), place, part)
                    self._cursor.insertText(part, format)
                place += len(part) + (1 if number else 0)
        block = self._cursor.blockFormat()
        block.setBottomMargin(CODE_PADDING + 4)
        self._cursor.setBlockFormat(block)
        self.code.append(CodeBlock(id, first, self._cursor.block().position(), language, text))
        return place

    def _code_line(self, id: int, first: bool) -> int:
        format = QTextBlockFormat()
        format.setProperty(CODE_ID, id)
        indent = 2 * self._style.body.pixelSize() * len(self._lists)
        format.setLeftMargin(CODE_PADDING + indent)
        format.setRightMargin(CODE_PADDING)
        format.setTopMargin(CODE_HEADER + 16 if first else 0)
        height = self._style.code.pixelSize() * LINE_HEIGHT
        format.setLineHeight(height, QTextBlockFormat.LineHeightTypes.MinimumHeight.value)
        at_start = first and self._fresh and self._cursor.position() == 0
        self._item = None
        self._begin(format)
        if at_start:
            # The margin of the first block is where the header of the code is drawn: it must not collapse.
            format.setTopMargin(CODE_HEADER + 8)
            self._cursor.setBlockFormat(format)
        return self._cursor.position()

    def _table(self, rows: list[list["_Cell"]], source: str, lines: list[int]) -> None:
        width = max((len(row) for row in rows), default=0)
        if not width:
            return
        self._spacer()
        format = QTextTableFormat()
        format.setCellPadding(6)
        format.setCellSpacing(0)
        format.setBorder(1)
        format.setBorderCollapse(True)
        format.setBorderBrush(self._style.line)
        format.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        format.setTopMargin(6)
        format.setBottomMargin(8)
        format.setWidth(QTextLength())
        format.setHeaderRowCount(1)
        table = self._cursor.insertTable(len(rows), width, format)
        for number, row in enumerate(rows):
            place = lines[min(row[0].text.map[0], len(lines) - 1)] if row and row[0].text.map else 0
            for column, cell in enumerate(row):
                base = self._char_format()
                if number == 0:
                    base.setFontWeight(QFont.Weight.DemiBold)
                cursor = table.cellAt(number, column).firstCursorPosition()
                aligned = QTextBlockFormat()
                aligned.setAlignment(cell.alignment)
                cursor.setBlockFormat(aligned)
                place = self._inline.write(cursor, cell.text.children or [], base, source, place)
        self._cursor.setPosition(table.lastPosition() + 1)
        # Qt gives no margin to a block that follows a table: this one takes the place between them.
        self._shrink()
        self._fresh = False

    def _spacer(self) -> None:
        """Qt wants a block before a table: make it as good as invisible."""
        if not self._fresh:
            self._cursor.insertBlock(QTextBlockFormat(), QTextCharFormat())
        self._leave_list(self._cursor.block())
        self._shrink()
        self._fresh = False

    def _shrink(self) -> None:
        format = QTextBlockFormat()
        format.setLineHeight(4, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        self._cursor.setBlockFormat(format)
        tiny = QTextCharFormat()
        tiny.setFontPointSize(1)
        self._cursor.setBlockCharFormat(tiny)


def _alignment(cell: Token) -> Qt.AlignmentFlag:
    """Where the text of a table's cell stands, as the dashes under the table's head say."""
    style = str(cell.attrGet("style") or "")
    if "right" in style:
        return Qt.AlignmentFlag.AlignRight
    return Qt.AlignmentFlag.AlignHCenter if "center" in style else Qt.AlignmentFlag.AlignLeft
