"""The text of web pages: tags, scripts and styles removed, one line for each paragraph, heading, item or row."""

import codecs
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import IO

from engine.corpus.document import Document
from engine.tokenizer.text import clean

#: What is inside is not read by people, or is no text.
_UNREAD = frozenset(
    ["script", "style", "template", "noscript", "svg", "math", "head", "nav", "select", "textarea", "iframe", "object"]
)
# fmt: off
_LINES = frozenset(
    ["address", "br", "caption", "dd", "dl", "dt", "fieldset", "figcaption", "figure", "footer",
     "form", "header", "hr", "li", "main", "option", "title", "tr"]
)
#: What has an empty line before and after it.
_PARAGRAPHS = frozenset(
    ["article", "aside", "blockquote", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "pre", "section", "table", "ul"]
)
# fmt: on
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_CHUNK = 1 << 20
#: While a page is read: the end of a line, of a paragraph, and what stands as it is inside <pre>.
_LINE, _PARAGRAPH, _FEED, _BLANK = "\x01", "\x02", "\x03", "\x04"
_BREAKS = re.compile("[ \x01\x02]*[\x01\x02][ \x01\x02]*")


def page(file: IO[bytes]) -> Iterator[Document]:
    """The document of one file, where it holds any text. A page that names no encoding is taken for UTF-8."""
    start = file.read(_CHUNK)
    decoder = codecs.getincrementaldecoder(_encoding(start))("replace")
    parser = _Parser()
    while start:
        parser.feed(decoder.decode(start).removeprefix("\ufeff"))
        start = file.read(_CHUNK)
    parser.feed(decoder.decode(b"", True))
    parser.close()
    text = clean(parser.text()).strip()
    if text:
        yield Document(text)


def _encoding(start: bytes) -> str:
    found = _CHARSET.search(start[:2048])
    try:
        return codecs.lookup(found[1].decode()).name if found else "utf-8"
    except LookupError:
        return "utf-8"


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._unread: list[str] = []
        self._kept_as_is = 0

    def text(self) -> str:
        joined = _BREAKS.sub(lambda found: "\n\n" if _PARAGRAPH in found[0] else "\n", "".join(self._parts))
        return joined.replace(_FEED, "\n").replace(_BLANK, " ")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNREAD:
            self._unread.append(tag)
        self._break(tag)
        self._kept_as_is += tag == "pre"
        if tag in ("td", "th"):
            self._parts.append(" ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._unread:
            # Whatever was left open inside ends with it.
            del self._unread[self._unread.index(tag) :]
        self._kept_as_is = max(0, self._kept_as_is - (tag == "pre"))
        self._break(tag)

    def handle_data(self, data: str) -> None:
        if self._unread:
            return
        data = re.sub("[\x01-\x04]", "", data)
        if self._kept_as_is:
            self._parts.append(data.replace("\r\n", "\n").replace("\n", _FEED).replace(" ", _BLANK))
            return
        data = re.sub(r"\s+", " ", data)
        self._parts.append(data[1:] if data[:1] == " " == "".join(self._parts[-1:])[-1:] else data)

    def parse_marked_section(self, i: int, report: int = 1) -> int:
        """``<![...]>``, at which the library gives up, is a comment, as in every browser."""
        end: int = self.rawdata.find(">", i + 3)
        return end + 1 if end >= 0 else -1

    def _break(self, tag: str) -> None:
        if tag in _PARAGRAPHS or tag in _LINES:
            self._parts.append(_PARAGRAPH if tag in _PARAGRAPHS else _LINE)
