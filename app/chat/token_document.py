"""A reply drawn token by token: its exact text, each token with its tint."""

from collections.abc import Callable, Iterable

from PySide6.QtGui import QTextBlockFormat, QTextCharFormat, QTextCursor

from app.chat.token_text import TokenRun
from app.reading.markdown_document import InertDocument
from app.reading.spans import Spans
from app.reading.style import ReadingStyle
from engine.records import TokenRecord

TokenFormat = Callable[[TokenRecord, QTextCharFormat], QTextCharFormat]
_LINE_HEIGHT = 1.6


class TokenDocument:
    """Grows by whole tokens; nothing that was written is touched again. ``spans`` counts characters of the tokens' text."""

    def __init__(self, style: ReadingStyle, runs: Iterable[TokenRun], format_of: TokenFormat) -> None:
        self.document = InertDocument()
        self.document.setDefaultFont(style.body)
        self.spans = Spans()
        self._format_of = format_of
        self._base = QTextCharFormat()
        self._base.setFont(style.body)
        self._base.setForeground(style.text)
        self._template = QTextCharFormat(
            self._base
        )  # what a template wrote is told by its letters, not by colour alone
        self._template.setFont(style.code)
        self._cursor = QTextCursor(self.document)
        block = QTextBlockFormat()
        height = style.body.pixelSize() * _LINE_HEIGHT
        block.setLineHeight(height, QTextBlockFormat.LineHeightTypes.MinimumHeight.value)
        self._cursor.setBlockFormat(block)
        self.append(runs)

    def append(self, runs: Iterable[TokenRun]) -> None:
        self._cursor.beginEditBlock()
        for run in runs:
            if run.text:
                self.spans.add(self._cursor.position(), run.start, run.text)
                # A carriage return would be one more line end for Qt; every character keeps its own place.
                shown = run.text.replace("\r", "\u240d")
                self._cursor.insertText(
                    shown, self._format_of(run.record, self._template if run.template else self._base)
                )
        self._cursor.endEditBlock()
