"""A message as a formatted document that can grow: finished blocks are frozen, only the last is written again."""

import time

from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QTextCursor, QTextDocument

from app.reading.block_writer import BlockWriter, CodeBlock
from app.reading.markdown import find_thoughts, last_block_line, parse
from app.reading.spans import Spans
from app.reading.style import ReadingStyle

THOUGHTS_LINK = "proxima:thoughts"


class InertDocument(QTextDocument):
    """A document that never reads a file or a socket, whatever stands in it."""

    def __init__(self) -> None:
        super().__init__()
        self.setDocumentMargin(0)
        self.setUndoRedoEnabled(False)

    def loadResource(self, type: int, name: QUrl | str) -> object:
        return None


class MarkdownDocument:
    """Holds the source of a message and its document. ``spans`` leads from the one to the other."""

    def __init__(self, style: ReadingStyle, source: str = "") -> None:
        self.document = InertDocument()
        self.source = source
        self._style = style
        self._thoughts_open = False
        self._render_all()

    @property
    def spans(self) -> Spans:
        return self._writer.spans

    @property
    def code(self) -> list[CodeBlock]:
        return self._writer.code

    def append(self, text: str) -> None:
        """Add text that has arrived. Costs what the last block costs, however long the rest is."""
        self.source += text
        self._render_tail()

    def set_source(self, source: str) -> None:
        if source != self.source:
            self.source = source
            self._render_all()

    def set_style(self, style: ReadingStyle) -> None:
        self._style = style
        self._render_all()

    def toggle_thoughts(self) -> None:
        self._thoughts_open = not self._thoughts_open
        self._render_all()

    def _render_all(self) -> None:
        self.document.clear()
        self.document.setDefaultFont(self._style.body)
        self.document.setIndentWidth(2 * self._style.body.pixelSize())
        self._writer = BlockWriter(QTextCursor(self.document), self._style)
        self._tail_source = 0  # where in the source the block begins that may still change
        self._tail_position = 0  # where in the document
        self._thinks = True  # until the text shows that it does not
        self._render_tail()

    def _render_tail(self) -> None:
        self._writer.truncate(self._tail_position)
        if self._thinks and self._tail_source == 0 and not self._write_thoughts():
            return
        tail = self.source[self._tail_source :]
        tokens = parse(tail)
        starts = [self._tail_source]
        starts += [self._tail_source + place + 1 for place, character in enumerate(tail) if character == "\n"]
        last = last_block_line(tokens)
        self._tail_position = self._writer.write(tokens, self.source, starts, last)
        self._tail_source = starts[min(last, len(starts) - 1)]

    def _write_thoughts(self) -> bool:
        """Write the folded thoughts, if the reply has any; false while they are all there is."""
        thoughts = find_thoughts(self.source)
        if thoughts is None:
            return True
        translate = QCoreApplication.translate
        name = translate("MarkdownDocument", "Thinking") if thoughts.open else translate("MarkdownDocument", "Thoughts")
        mark = "▾" if self._thoughts_open else "▸"
        self._writer.link_line(f"{mark} {name}", THOUGHTS_LINK)
        if self._thoughts_open:
            self._writer.plain(self.source[thoughts.start : thoughts.end], thoughts.start)
        if thoughts.open:
            return False
        self._thinks = False
        self._tail_source = thoughts.after
        return True


class RenderBudget:
    """Says when a growing document may be written again, so that a very long last block cannot eat the window's time."""

    def __init__(self, share: float = 0.25) -> None:
        self._share = share
        self._not_before = 0.0

    def ready(self) -> bool:
        return time.monotonic() >= self._not_before

    def wait_s(self) -> float:
        return max(0.0, self._not_before - time.monotonic())

    def spent(self, seconds: float) -> None:
        """Rendering took this long: the next may start when the time spent is again no more than the share."""
        self._not_before = time.monotonic() + seconds * (1 / self._share - 1)
