"""All conversations: their list, and the search over titles and texts."""

from PySide6.QtCore import QObject, Signal

from app.storage.rows import ConversationRow
from app.storage.thread import StorageThread
from app.workers.deliver import deliver


class Shelf(QObject):
    """The list as it was read last, and the hits of the search that was asked last."""

    changed = Signal()
    found = Signal(str, object)  # query, list[SearchHit]
    failed = Signal(object)

    def __init__(self, storage: StorageThread, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._storage = storage
        self._query = ""
        self.rows: list[ConversationRow] = []

    def refresh(self) -> None:
        """Read the list again."""
        deliver(self._storage.submit(lambda store: store.conversations()), self, self._arrived, self.failed.emit)

    def row(self, id: int) -> ConversationRow | None:
        return next((row for row in self.rows if row.id == id), None)

    def search(self, query: str) -> None:
        """Look for a text in all titles and messages; an empty one shows the list again."""
        self._query = query.strip()
        if not self._query:
            self.found.emit("", [])
            return
        asked = self._query
        future = self._storage.submit(lambda store: store.search(asked))
        deliver(future, self, lambda hits: self._found(asked, hits), self.failed.emit)

    def _found(self, asked: str, hits: object) -> None:
        if asked == self._query:
            self.found.emit(asked, hits)

    def _arrived(self, rows: list[ConversationRow]) -> None:
        self.rows = rows
        self.changed.emit()
        if self._query:  # what was found may be deleted by now, or be back, or read otherwise
            self.search(self._query)
