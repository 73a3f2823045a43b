"""The documents of the playground: the list, the one that is open, and its text, which is saved as it is typed."""

from collections.abc import Callable
from typing import TypeVar

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from app.storage.rows import DocumentRow
from app.storage.store import Store
from app.storage.thread import StorageThread
from app.widgets.titles import title_from
from app.workers.deliver import deliver
from engine.errors import UserError

_SAVE_AFTER_MS = 400
T = TypeVar("T")


class _Blank:
    """A document that comes into being with the first thing that is saved of it, on the storage thread."""

    def __init__(self) -> None:
        self._made: DocumentRow | None = None

    def make(self, store: Store) -> DocumentRow:
        if self._made is None:
            self._made = store.documents.create()
        return self._made


class Documents(QObject):
    """Every method that changes something is one operation; what can be undone announces how (``undoable``)."""

    listed = Signal()  # rows were read again
    found = Signal(str, object)  # query, list[DocumentHit]
    opened = Signal()  # another document, or another text of it
    renamed = Signal()  # the title of the open one
    special_changed = Signal()
    undoable = Signal(str, object)  # sentence, Callable[[], None]
    failed = Signal(object)  # UserError

    def __init__(self, storage: StorageThread, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._storage = storage
        self.rows: list[DocumentRow] = []
        self.row: DocumentRow | None = None  # the open one; None: nothing of it is saved yet
        self.text = ""
        self.caret = 0  # UTF-16 units, as Qt counts
        self.special = False  # whether names of control tokens in it are meant as such
        self._saved: tuple[str, int, bool] = ("", 0, False)
        self._blank = _Blank()
        self._opening = 0
        self._query = ""
        self._later = QTimer(self, singleShot=True, interval=_SAVE_AFTER_MS)
        self._later.timeout.connect(self.save)

    @property
    def title(self) -> str:
        return "" if self.row is None else self.row.title

    def start(self) -> None:
        """Read the list, and open the document that was written last."""

        def arrived(rows: list[DocumentRow]) -> None:
            self._arrived(rows)
            if rows and self.row is None and not self.text:
                self.open(rows[0].id)

        self._ask(lambda store: store.documents.rows(), arrived)

    def refresh(self) -> None:
        self._ask(lambda store: store.documents.rows(), self._arrived)

    # --- the open document ----------------------------------------------------------------------------------------

    def write(self, text: str, caret: int) -> None:
        """What stands in the editor now; saved shortly after the last change."""
        if (text, caret) == (self.text, self.caret):
            return
        changed = text != self.text
        self.text, self.caret = text, caret
        if changed or self.row is not None:
            self._later.start()

    def set_special(self, special: bool) -> None:
        """Whether names of control tokens in the open document are meant as such."""
        if special != self.special:
            self.special = special
            self.special_changed.emit()
            self._later.start()

    def save(self) -> None:
        """Save what is not saved yet. What could not be saved is tried again with the next change."""
        self._later.stop()
        now = (self.text, self.caret, self.special)
        if now == self._saved or (self.row is None and not self.text):
            return
        row, blank, before, self._saved = self.row, self._blank, self._saved, now
        text, caret, special = now
        title = title_from(text)

        def run(store: Store) -> DocumentRow:
            id = (row or blank.make(store)).id
            store.documents.write(id, text, caret, title, special)
            return store.documents.get(id)

        def saved(written: DocumentRow) -> None:
            if self.row is None and self._blank is blank:
                self.row = written
                self.renamed.emit()
            elif self.row is not None and self.row.id == written.id and self.row.title != written.title:
                self.row = msgspec.structs.replace(self.row, title=written.title)
                self.renamed.emit()
            if before[0] != text:
                self.refresh()

        def not_saved(error: BaseException) -> None:
            if self._blank is blank:
                self._saved = ("", 0, False) if text else before
            self._report(error)

        deliver(self._storage.submit(run), self, saved, not_saved)

    def new(self, text: str = "") -> None:
        """An empty document, or one that begins with a text; made when something of it is saved."""
        self.save()
        self._opening += 1
        self._show(None, text, len(text.encode("utf-16-le", "surrogatepass")) // 2)
        if text:
            self._saved = ("", 0, False)
            self.save()

    def open(self, id: int) -> None:
        """Show a document as it was left."""
        if self.row is not None and self.row.id == id:
            return
        self.save()
        self._opening += 1
        number = self._opening

        def arrived(row: DocumentRow) -> None:
            if number == self._opening:
                self._show(row, row.content, row.caret)

        self._ask(lambda store: store.documents.get(id), arrived)

    def rename(self, id: int, title: str) -> None:
        """Give a document a title; an empty one changes nothing."""
        title = " ".join(title.split())
        old = next((row for row in self.rows if row.id == id), self.row)
        if not title or old is None or old.title == title:
            return
        self._rename(id, title, False)
        self.undoable.emit(self.tr("Renamed."), lambda: self._rename(id, old.title, old.title_is_auto))

    def delete(self, id: int) -> None:
        """Delete a document; undo brings it back as it was."""
        was_open = self.row is not None and self.row.id == id
        if was_open:
            self.save()
            self._opening += 1
            self._show(None, "", 0)

        def restored(_: None) -> None:
            self.refresh()
            self.open(id)

        def restore() -> None:
            self._ask(lambda store: store.documents.restore(id), restored)

        def deleted(_: None) -> None:
            self.refresh()
            self.undoable.emit(self.tr("Document deleted."), restore)

        self._ask(lambda store: store.documents.delete(id), deleted)

    def search(self, query: str) -> None:
        """Look for words in all documents; an empty query shows the list again."""
        self._query = asked = query.strip()
        if not asked:
            self.found.emit("", [])
            return

        def arrived(hits: object) -> None:
            if asked == self._query:
                self.found.emit(asked, hits)

        self._ask(lambda store: store.documents.search(asked), arrived)

    # --- inside ---------------------------------------------------------------------------------------------------

    def _show(self, row: DocumentRow | None, text: str, caret: int) -> None:
        self._later.stop()
        self._blank = _Blank()
        self.row, self.text, self.caret = row, text, caret
        self.special = row is not None and row.special
        self._saved = (text, caret, self.special)
        self.opened.emit()

    def _rename(self, id: int, title: str, auto: bool) -> None:
        if self.row is not None and self.row.id == id:
            self.row = msgspec.structs.replace(self.row, title=title, title_is_auto=auto)
            self.renamed.emit()
        self._ask(lambda store: store.documents.rename(id, title, auto), lambda _: self.refresh())

    def _arrived(self, rows: list[DocumentRow]) -> None:
        self.rows = rows
        self.listed.emit()
        if self._query:  # what was found may be deleted by now, or be back, or read otherwise
            self.search(self._query)

    def _ask(self, call: Callable[[Store], T], on_result: Callable[[T], None]) -> None:
        deliver(self._storage.submit(call), self, on_result, self._report)

    def _report(self, error: BaseException) -> None:
        if not isinstance(error, UserError):
            error = UserError(
                "document-not-saved",
                self.tr("This could not be saved."),
                self.tr("Check that the disk is not full. What you wrote stays in the window and is tried again."),
                repr(error),
            )
        self.failed.emit(error)
