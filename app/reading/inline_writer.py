"""Writes the inside of a paragraph: emphasis, code, links; and notes where each word came from."""

import re
from collections.abc import Sequence

from markdown_it.token import Token
from PySide6.QtGui import QFont, QTextCharFormat, QTextCursor

from app.reading.markdown import bare_links, safe_address
from app.reading.spans import Spans
from app.reading.style import ReadingStyle

_LINE_SEPARATOR = "\u2028"


class InlineWriter:
    """Writes inline tokens at a cursor. source is the whole text of the message, so that spans count from its start."""

    def __init__(self, style: ReadingStyle, spans: Spans) -> None:
        self._style = style
        self._spans = spans

    def write(
        self, cursor: QTextCursor, children: Sequence[Token], base: QTextCharFormat, source: str, place: int
    ) -> int:
        """Write tokens whose source begins at ``place`` or later; returns where in the source it got to."""
        formats = [base]
        for token in children:
            kind = token.type
            if kind == "text":
                place = self._text(cursor, token.content, formats[-1], source, place)
            elif kind in ("softbreak", "hardbreak"):
                cursor.insertText(_LINE_SEPARATOR, formats[-1])
                place = max(place, source.find("\n", place) + 1)
            elif kind == "code_inline":
                place = self._verbatim(cursor, token.content, self._code(formats[-1]), source, place)
            elif kind == "image":
                # Nothing is ever fetched for a picture: its description stands there, as a link to the address.
                format = self._link(formats[-1], str(token.attrGet("src") or ""))
                place = self._verbatim(cursor, token.content or str(token.attrGet("src") or ""), format, source, place)
                place = _after_link(source, place)
            elif kind == "link_open":
                formats.append(self._link(formats[-1], str(token.attrGet("href") or "")))
            elif kind.endswith("_open"):
                formats.append(_emphasised(formats[-1], kind))
            elif kind.endswith("_close"):
                formats.pop()
                if kind == "link_close" and token.info != "auto":
                    place = _after_link(source, place)
        return place

    def _text(self, cursor: QTextCursor, text: str, format: QTextCharFormat, source: str, place: int) -> int:
        if "://" not in text or format.isAnchor():
            return self._verbatim(cursor, text, format, source, place)
        for piece, address in bare_links(text):
            piece_format = self._link(format, address) if address else format
            place = self._verbatim(cursor, piece, piece_format, source, place)
        return place

    def _verbatim(self, cursor: QTextCursor, text: str, format: QTextCharFormat, source: str, place: int) -> int:
        found = source.find(text, place)
        if 0 <= found - place <= len(text) + 200:
            self._spans.add(cursor.position(), found, text)
            cursor.insertText(text, format)
            return found + len(text)
        # Escapes and entities differ from their source: word by word the others are still found.
        words = re.findall(r"\s+|\S+", text)
        for word in words:
            found = source.find(word, place) if len(words) > 1 else -1
            if 0 <= found - place <= len(word) + 20:
                self._spans.add(cursor.position(), found, word)
                place = found + len(word)
            cursor.insertText(word, format)
        return place

    def _code(self, base: QTextCharFormat) -> QTextCharFormat:
        format = QTextCharFormat(base)
        format.setFontFamilies(self._style.code.families() or [self._style.code.family()])
        format.setFontFixedPitch(True)
        format.setBackground(self._style.inline_code)
        return format

    def _link(self, base: QTextCharFormat, address: str) -> QTextCharFormat:
        format = QTextCharFormat(base)
        if safe_address(address):
            format.setAnchor(True)
            format.setAnchorHref(address)
            format.setForeground(self._style.accent)
            format.setFontUnderline(True)
        return format


def _emphasised(base: QTextCharFormat, kind: str) -> QTextCharFormat:
    format = QTextCharFormat(base)
    if kind == "strong_open":
        format.setFontWeight(QFont.Weight.DemiBold)
    elif kind == "em_open":
        format.setFontItalic(True)
    elif kind == "s_open":
        format.setFontStrikeOut(True)
    return format


def _after_link(source: str, place: int) -> int:
    """Past the address of a link whose text was just written, so that its words are not taken for the next text's."""
    if source.startswith("](", place):
        end = source.find(")", place)
        return end + 1 if end >= 0 else place
    return place
