"""Texts on their way into SQLite: made storable, and turned into what a search matches."""

import sqlite3


def new_id(cursor: sqlite3.Cursor) -> int:
    """The id of the row that was just inserted."""
    if cursor.lastrowid is None:
        raise RuntimeError("the row was not inserted")
    return cursor.lastrowid


def storable(text: str) -> str:
    """Text that SQLite takes: half of a surrogate pair, as a paste may bring it, becomes U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def search_terms(query: str) -> tuple[str, str]:
    """The MATCH of full texts and the LIKE (escaped by a backslash) of titles for all words of a query; "" where it has none."""
    words = [word.replace('"', "") for word in storable(query).replace("\0", " ").split()]
    match = " ".join(f'"{word}"*' for word in words if word)
    pattern = "%" + "%".join(_escape_like(word) for word in words) + "%"
    return (match, pattern) if match else ("", "")


def _escape_like(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
