"""The documents of the playground in the database. Used on the storage thread only."""

import sqlite3
import time
from typing import Any

from app.storage.rows import DocumentHit, DocumentRow
from app.storage.sql_text import new_id, search_terms, storable

_SEARCH_LIMIT = 200


class Documents:
    """Each method is one transaction; what it returned from is on the disk."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self) -> list[DocumentRow]:
        """All that are not deleted, the one written last first, without their content."""
        found = self._connection.execute(
            "SELECT id, title, title_is_auto, '', caret, created_at, updated_at, special FROM document"
            " WHERE deleted_at IS NULL ORDER BY updated_at DESC, id DESC"
        )
        return [_row(row) for row in found]

    def get(self, id: int) -> DocumentRow:
        """Raises KeyError for one that does not exist."""
        row = self._connection.execute(
            "SELECT id, title, title_is_auto, content, caret, created_at, updated_at, special FROM document WHERE id = ?",
            (id,),
        ).fetchone()
        if row is None:
            raise KeyError(id)
        return _row(row)

    def create(self, content: str = "", title: str = "", caret: int = 0) -> DocumentRow:
        """A new document; without a title it takes one from its text."""
        now = time.time()
        with self._connection as db:
            cursor = db.execute(
                "INSERT INTO document (title, title_is_auto, content, caret, created_at, updated_at)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (storable(title), not title, storable(content), caret, now, now),
            )
        return self.get(new_id(cursor))

    def write(self, id: int, content: str, caret: int, auto_title: str = "", special: bool = False) -> None:
        """Save the text as it is now, and whether control tokens count in it. auto_title replaces a title that nobody has given."""
        with self._connection as db:
            db.execute(
                "UPDATE document SET updated_at = CASE WHEN content = ?1 THEN updated_at ELSE ?2 END, content = ?1,"
                " caret = ?3, title = CASE WHEN title_is_auto THEN ?4 ELSE title END, special = ?6 WHERE id = ?5",
                (storable(content), time.time(), caret, storable(auto_title), id, special),
            )

    def rename(self, id: int, title: str, auto: bool = False) -> None:
        with self._connection as db:
            db.execute("UPDATE document SET title = ?, title_is_auto = ? WHERE id = ?", (storable(title), auto, id))

    def delete(self, id: int) -> None:
        """Hide a document; restore() brings it back until the next start of the program."""
        with self._connection as db:
            db.execute("UPDATE document SET deleted_at = ? WHERE id = ?", (time.time(), id))

    def restore(self, id: int) -> None:
        with self._connection as db:
            db.execute("UPDATE document SET deleted_at = NULL WHERE id = ?", (id,))

    def search(self, query: str) -> list[DocumentHit]:
        """Documents with all words of the query in title or text, accents and case of the text apart; newest first."""
        match, pattern = search_terms(query)
        if not match:
            return []
        titles = self._connection.execute(
            "SELECT id, title, '' FROM document WHERE deleted_at IS NULL AND title LIKE ? ESCAPE '\\'"
            " ORDER BY updated_at DESC LIMIT ?",
            (pattern, _SEARCH_LIMIT),
        ).fetchall()
        texts = self._connection.execute(
            "SELECT d.id, d.title, snippet(document_words, 0, char(2), char(3), '…', 12)"
            " FROM document_words JOIN document d ON d.id = document_words.rowid"
            " WHERE document_words MATCH ? AND d.deleted_at IS NULL ORDER BY d.updated_at DESC LIMIT ?",
            (match, _SEARCH_LIMIT),
        ).fetchall()
        inside = {row[0] for row in texts}
        return [DocumentHit(*row) for row in [row for row in titles if row[0] not in inside] + texts]


def _row(row: Any) -> DocumentRow:
    id, title, auto, content, caret, created_at, updated_at, special = row
    return DocumentRow(id, title, bool(auto), content, caret, created_at, updated_at, bool(special))
