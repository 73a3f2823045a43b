"""The text of one message, in one of two forms: for reading, or token by token."""

import time

from PySide6.QtGui import QTextDocument

from app.chat.token_document import TokenDocument, TokenFormat
from app.chat.token_text import TokenRun, TokenText
from app.reading.block_writer import CodeBlock
from app.reading.markdown_document import MarkdownDocument, RenderBudget
from app.reading.style import ReadingStyle


class MessageBody:
    """Keeps the form that is shown, and translates between its positions and characters of the message's content."""

    def __init__(self, style: ReadingStyle, content: str) -> None:
        self._style = style
        self._markdown = MarkdownDocument(style, content)
        self._tokens: TokenDocument | None = None
        self._token_text: TokenText | None = None
        self._waiting = ""  # text that came while the budget of rendering was used up
        self._budget = RenderBudget()

    @property
    def document(self) -> QTextDocument:
        return self._tokens.document if self._tokens else self._markdown.document

    @property
    def code(self) -> list[CodeBlock]:
        return [] if self._tokens else self._markdown.code

    @property
    def content(self) -> str:
        return self._markdown.source + self._waiting

    @property
    def shows_tokens(self) -> bool:
        return self._tokens is not None

    def show_reading(self) -> None:
        self._tokens = None
        self.flush()

    def show_tokens(self, token_text: TokenText, format_of: TokenFormat) -> None:
        self.know_tokens(token_text)
        self._tokens = TokenDocument(self._style, token_text.runs, format_of)

    def know_tokens(self, token_text: TokenText) -> None:
        """The records of this message are at hand: words can be traced to tokens."""
        self._token_text = token_text

    def set_style(self, style: ReadingStyle) -> None:
        self._style = style
        self._tokens = None
        self.flush()
        self._markdown.set_style(style)

    def set_content(self, content: str) -> None:
        if content != self.content:
            self._waiting = ""
            self._markdown.set_source(content)

    def grow(self, text: str, runs: list[TokenRun]) -> float:
        """Text has arrived. Returns after how many seconds flush() is to be called; 0 if all of it is on the screen."""
        if self._tokens is not None:
            self._tokens.append(runs)
            self._waiting += text
            return 0.0
        self._waiting += text
        if not self._budget.ready():
            return max(self._budget.wait_s(), 0.01)
        self.flush()
        return 0.0

    def flush(self) -> None:
        """Write what waits."""
        if self._waiting and self._tokens is None:
            began = time.monotonic()
            waiting, self._waiting = self._waiting, ""
            self._markdown.append(waiting)
            self._budget.spent(time.monotonic() - began)

    def toggle_thoughts(self) -> None:
        self._markdown.toggle_thoughts()

    def offset_at(self, position: int) -> int | None:
        """The character of the content that is drawn at a document position."""
        if self._tokens is not None:
            found = self._tokens.spans.to_source(position)
            return None if found is None else found - self._shift()
        return self._markdown.spans.to_source(position)

    def ranges(self, start: int, end: int) -> list[tuple[int, int]]:
        """Document ranges of the content's characters start..end."""
        if self._tokens is not None:
            shift = self._shift()
            return self._tokens.spans.ranges(start + shift, end + shift)
        return self._markdown.spans.ranges(start, end)

    def token_ranges(self, index: int) -> list[tuple[int, int]]:
        """Document ranges of a token; empty where nothing of it is drawn."""
        if self._token_text is None or not 0 <= index < len(self._token_text):
            return []
        run = self._token_text.runs[index]
        if self._tokens is not None:
            return self._tokens.spans.ranges(run.start, run.start + len(run.text))
        start = run.start - self._shift()
        return self._markdown.spans.ranges(start, start + len(run.text))

    def _shift(self) -> int:
        return 0 if self._token_text is None else self._token_text.shift_within(self.content)
