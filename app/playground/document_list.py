"""The list of documents by day, with the search above it."""

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QListWidgetItem, QMenu, QWidget

from app.storage.rows import DocumentHit, DocumentRow
from app.widgets.row_list import Row
from app.widgets.searched_list import SearchedList, heading, id_of, under_days

_SEARCH_AFTER_MS = 150


class DocumentList(SearchedList):
    """Shows rows or hits; asks for what is to be done with them by signals."""

    opened = Signal(int)
    renamed = Signal(int, str)
    delete_wanted = Signal(int)
    search_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("Search all documents"), self.tr("Documents"), self.tr("New document"), "Ctrl+N", parent
        )
        self._open_id: int | None = None
        self._later = QTimer(self, singleShot=True, interval=_SEARCH_AFTER_MS)
        self._later.timeout.connect(lambda: self.search_changed.emit(self.search.text()))
        self.search.textChanged.connect(lambda _: self._later.start())
        self.rows.chosen.connect(lambda id, _: self.opened.emit(id))
        self.rows.renamed.connect(self.renamed.emit)
        self.rows.delete_wanted.connect(self.delete_wanted.emit)
        self.show_rows([])

    @property
    def searching(self) -> bool:
        return bool(self.query)

    @property
    def titles(self) -> list[str]:
        """What can be read in it, from the top."""
        return [title for title, _ in self.rows.rows]

    def set_open(self, id: int | None) -> None:
        """Mark the document that is shown."""
        self._open_id = id
        self.rows.set_open(id)

    def rename_open(self) -> None:
        """Let the title of the shown document be edited in its place."""
        if not self.searching:
            self.rows.rename(self._open_id)

    def show_rows(self, rows: Sequence[DocumentRow]) -> None:
        """The list itself, newest first."""
        self.rows.set_rows(
            under_days(
                (row.updated_at, Row(row.id, self._title(row.title), opened=row.id == self._open_id, editable=True))
                for row in rows
            )
        )
        self.show_empty("" if rows else self.tr("Your documents will stand here."), True)

    def show_hits(self, query: str, hits: Sequence[DocumentHit]) -> None:
        """What a search found."""
        found = [
            Row(hit.document_id, self._title(hit.title), hit.snippet, hit.document_id == self._open_id) for hit in hits
        ]
        self.rows.set_rows([heading(self.tr("Found: {0}").format(len(hits))), *found] if found else [])
        self.show_empty("" if hits else self.tr("Nothing found for “{0}”.").format(query), False)

    def fill_menu(self, menu: QMenu, item: QListWidgetItem) -> None:
        id = id_of(item)
        menu.addAction(self.tr("Open"), lambda: self.opened.emit(id))
        if not self.searching:
            menu.addAction(self.tr("Rename"), lambda: self.rows.editItem(item))
        menu.addSeparator()
        menu.addAction(self.tr("Delete"), lambda: self.delete_wanted.emit(id))

    def _title(self, title: str) -> str:
        return title or self.tr("Empty document")
