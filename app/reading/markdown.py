"""Markdown as it is understood in messages: the parser, thoughts that fold, and which links may be opened. No Qt."""

import re
from urllib.parse import urlsplit

import msgspec
from markdown_it import MarkdownIt
from markdown_it.token import Token

_OPENING, _CLOSING = "<think>", "</think>"
_SAFE_SCHEMES = frozenset({"http", "https", "mailto"})
_BARE_LINK = re.compile(r"https?://[^\s<>\"'`]+[^\s<>\"'`.,;:!?)\]}*_]")

# HTML in a reply is text: nothing of it is interpreted.
_parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
# Which addresses become links is decided by safe_address alone; a refused one is shown as the plain text of the link.
_parser.validateLink = lambda url: True  # type: ignore[method-assign]


def parse(source: str) -> list[Token]:
    """Block tokens; those of top-level blocks have level 0 and ``map``, their range of lines."""
    return _parser.parse(source)


def last_block_line(tokens: list[Token]) -> int:
    """The line on which the last top-level block begins; 0 if there is one block or none."""
    starts = [token.map[0] for token in tokens if token.level == 0 and token.nesting >= 0 and token.map]
    return starts[-1] if len(starts) > 1 else 0


class Thoughts(msgspec.Struct, frozen=True):
    """Where a reply that thinks aloud does so: text[start:end] are thoughts, text[after:] is the answer."""

    start: int
    end: int
    after: int
    open: bool  # still being written


def find_thoughts(text: str) -> Thoughts | None:
    """Thoughts at the beginning of a reply, between <think> marks; some templates give the opening mark in the prompt."""
    lead = len(text) - len(text.lstrip())
    opened = text.startswith(_OPENING, lead)
    closing = text.find(_CLOSING)
    if not opened and closing < 0:
        return None
    start = lead + len(_OPENING) if opened else 0
    if closing < 0:
        return Thoughts(start, len(text), len(text), True)
    after = closing + len(_CLOSING)
    while after < len(text) and text[after] in "\r\n":
        after += 1
    return Thoughts(start, closing, after, False)


def safe_address(address: str) -> bool:
    """Whether an address may be offered as a link: web and mail only, so no script, no local file, no network share."""
    if any(ord(character) < 32 or character == "\\" for character in address):
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if parts.scheme == "mailto":
        return bool(parts.path)
    return parts.scheme in _SAFE_SCHEMES and bool(parts.netloc)


def bare_links(text: str) -> list[tuple[str, str]]:
    """The text cut at web addresses that stand in it: (piece, address or "")."""
    pieces: list[tuple[str, str]] = []
    place = 0
    for match in _BARE_LINK.finditer(text):
        if match.start() > place:
            pieces.append((text[place : match.start()], ""))
        pieces.append((match.group(), match.group() if safe_address(match.group()) else ""))
        place = match.end()
    if place < len(text):
        pieces.append((text[place:], ""))
    return pieces
