"""A repository's card: its README, of which nothing is loaded from anywhere."""

import re

from PySide6.QtCore import QSize, QUrl
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QTextBrowser, QWidget

from app.reading.links import ask_to_open
from app.reading.markdown_document import MarkdownDocument
from app.reading.style import reading_style
from app.widgets.theme import theme

_LEAST_PX = 140  # its height
_CODE = re.compile(r"(^ {0,3}(`{3,}|~{3,})[^\n]*\n.*?(?:^ {0,3}\2[`~]*[ \t]*$|\Z)|`[^`\n]+`)", re.DOTALL | re.MULTILINE)
_COMMENT, _HIDDEN = (
    re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL),
    re.compile(r"<(style|script)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.I),
)
_BREAK, _TAG = (
    re.compile(r"<(?:br|/p|/div|/h\d|/li|/tr)\b[^>\n]*>", re.I),
    re.compile(r"</?[a-zA-Z][a-zA-Z0-9-]*(?:\s[^<>]*)?/?>"),
)
_PICTURE = re.compile(r"\[?!\[([^\]]*)\]\([^)]*\)(?:\]\([^)]*\))?")


def plain_card(text: str) -> str:
    """Markdown without the HTML and the pictures that cards are dressed with; code stays as it is."""
    parts = _CODE.split(text)
    # split() gives text, code, the mark of its fence, text, ...
    kept = [_undress(part) if place % 3 == 0 else part for place, part in enumerate(parts) if place % 3 != 2]
    return re.sub(r"\n{3,}", "\n\n", "".join(part or "" for part in kept)).strip()


def _undress(text: str) -> str:
    for pattern, instead in ((_COMMENT, ""), (_HIDDEN, ""), (_PICTURE, ""), (_BREAK, "\n"), (_TAG, "")):
        text = pattern.sub(instead, text)
    return "\n".join(line.strip() if not line.strip() else line for line in text.split("\n"))


class CardView(QTextBrowser):
    """Shows a card; a link shows its address before it is opened."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setOpenLinks(False)
        self.setAccessibleName(self.tr("Model card"))
        self.anchorClicked.connect(self._ask)
        self._markdown = MarkdownDocument(reading_style(theme()))
        self._markdown.document.setDocumentMargin(16)
        self.setDocument(self._markdown.document)
        theme().changed.connect(self._restyle)

    def show_card(self, text: str) -> None:
        self._markdown.set_source(plain_card(text))
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self.verticalScrollBar().setValue(0)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), theme().px(_LEAST_PX))

    def loadResource(self, type: int, name: QUrl | str) -> object:
        return None  # neither a file nor an address, whatever the card names

    def _ask(self, address: QUrl) -> None:
        ask_to_open(address.toString(), self, self.tr("The card links to this address. It opens in your browser."))

    def _restyle(self) -> None:
        self._markdown.set_style(reading_style(theme()))
