"""Code as runs of text with a colour: Pygments for the words, our own table for the colours."""

from collections.abc import Iterator
from typing import Any

from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Keyword, Name, Number, Operator, String
from pygments.util import ClassNotFound
from PySide6.QtGui import QColor

_LIGHT = {
    Comment: "#5f6b76",
    Keyword: "#8a2f8f",
    Name.Function: "#1f5fa8",
    Name.Class: "#1f5fa8",
    Name.Builtin: "#1f5fa8",
    Name.Decorator: "#6d5600",
    Name.Tag: "#8a2f8f",
    Name.Attribute: "#6d5600",
    Number: "#0f6b60",
    String: "#256b2f",
    Operator.Word: "#8a2f8f",
}
_DARK = {
    Comment: "#98a4b0",
    Keyword: "#d7a2ea",
    Name.Function: "#8fbdf5",
    Name.Class: "#8fbdf5",
    Name.Builtin: "#8fbdf5",
    Name.Decorator: "#e0c878",
    Name.Tag: "#d7a2ea",
    Name.Attribute: "#e0c878",
    Number: "#79d3c5",
    String: "#9fd39c",
    Operator.Word: "#d7a2ea",
}
LONGEST = 40_000  # characters; beyond it colour is not worth the wait


def highlight(code: str, language: str, dark: bool) -> Iterator[tuple[str, QColor | None]]:
    """Pieces of the code, in order and without loss, each with its colour; None is the colour of plain text."""
    lexer = _lexer(language) if language and len(code) <= LONGEST else None
    if lexer is None:
        yield code, None
        return
    table = _DARK if dark else _LIGHT
    for kind, text in lexer.get_tokens(code):
        yield text, _colour(kind, table)


def _lexer(language: str) -> Any:
    try:
        return get_lexer_by_name(language, stripnl=False, stripall=False, ensurenl=False)
    except ClassNotFound:
        return None


def _colour(kind: Any, table: dict[Any, str]) -> QColor | None:
    while kind is not None:
        if kind in table:
            return QColor(table[kind])
        kind = kind.parent
    return None
