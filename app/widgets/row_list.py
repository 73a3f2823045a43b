"""A list of two-line rows that is filled anew without losing its place, its selection or the keyboard."""

from collections.abc import Hashable, Sequence

import msgspec
from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QWidget

from app.widgets.list_delegate import Kind, ListDelegate, Role
from app.widgets.theme import theme
from app.widgets.tokens import LIST_WIDTHS


class Row(msgspec.Struct, frozen=True):
    """A row, or with heading the name of what follows.

    note: a word at the end of the second line, in the colour of this token's name.
    opened: it is the one that is shown; editable: its text can be changed in its place; place: what a search found in it.
    """

    id: Hashable
    text: str
    snippet: str = ""
    opened: bool = False
    heading: bool = False
    tip: str = ""
    editable: bool = False
    place: int | None = None
    note: tuple[str, str] = ("", "")


class RowList(QListWidget):
    """``chosen`` by a click or Enter, ``delete_wanted`` by Del, ``renamed`` by F2 or a double click; with the row's id."""

    chosen = Signal(object, object)  # with its place
    delete_wanted = Signal(object)
    renamed = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(ListDelegate(self))
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed | QAbstractItemView.EditTrigger.DoubleClicked)
        self.viewport().setAutoFillBackground(False)
        self.itemClicked.connect(self._choose)
        self.itemChanged.connect(lambda item: self.renamed.emit(item.data(Role.ID), item.text()))
        theme().changed.connect(self.doItemsLayout)

    def sizeHint(self) -> QSize:
        return QSize(LIST_WIDTHS[0], 200)

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Title and second line of what can be chosen, from the top."""
        return [(item.text(), item.data(Role.SNIPPET)) for item in self._items() if self.is_choosable(item)]

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show these; where they are the same ones as before, only their words are changed."""
        present = [(item.data(Role.ID), item.data(Role.PLACE)) for item in self._items()]
        with QSignalBlocker(self):
            if present == [(row.id, row.place) for row in rows]:
                for item, row in zip(self._items(), rows, strict=True):
                    self._dress(item, row)
            else:
                self._fill(rows)
        self.viewport().update()

    def set_open(self, id: Hashable) -> None:
        """Mark the one that is shown."""
        with QSignalBlocker(self):
            for item in self._items():
                item.setData(Role.OPEN, id is not None and item.data(Role.ID) == id)
        self.viewport().update()

    def go_to(self, id: Hashable) -> None:
        """Make this row the one that the keyboard is on, where it is there."""
        for place, item in enumerate(self._items()):
            if item.data(Role.ID) == id:
                self.setCurrentRow(place)

    def rename(self, id: Hashable) -> None:
        """Let the text of a row be edited in its place."""
        self.go_to(id)
        item = self.currentItem()
        if item is not None and item.data(Role.ID) == id:
            self.editItem(item)

    @staticmethod
    def is_choosable(item: QListWidgetItem) -> bool:
        """Whether it is no heading."""
        return bool(item.data(Role.KIND) != Kind.DAY)

    def _items(self) -> list[QListWidgetItem]:
        return [self.item(place) for place in range(self.count())]

    def _fill(self, rows: Sequence[Row]) -> None:
        current = self.currentItem()
        chosen = None if current is None else current.data(Role.ID)
        scrolled = self.verticalScrollBar().value()
        self.clear()
        for row in rows:
            item = QListWidgetItem()
            item.setData(Role.ID, row.id)
            item.setData(Role.PLACE, row.place)
            item.setData(Role.KIND, Kind.DAY if row.heading else Kind.ROW)
            choosable = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
            if row.editable:
                choosable |= Qt.ItemFlag.ItemIsEditable
            item.setFlags(Qt.ItemFlag.NoItemFlags if row.heading else choosable)
            self._dress(item, row)
            self.addItem(item)
            if not row.heading and row.id == chosen:
                self.setCurrentItem(item)
        self.verticalScrollBar().setValue(scrolled)

    def _dress(self, item: QListWidgetItem, row: Row) -> None:
        item.setText(row.text)
        item.setData(Role.SNIPPET, row.snippet)
        item.setData(Role.OPEN, row.opened)
        item.setData(Role.NOTE, row.note)
        if not row.heading:
            item.setToolTip(row.tip or row.text)
            said = ", ".join(filter(None, (row.text, row.snippet.replace("\x02", "").replace("\x03", ""), row.note[0])))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, said)

    def _choose(self, item: QListWidgetItem) -> None:
        if self.is_choosable(item):
            self.chosen.emit(item.data(Role.ID), item.data(Role.PLACE))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = None if self.state() == QAbstractItemView.State.EditingState else self.currentItem()
        if item is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(item)
        elif item is not None and event.key() == Qt.Key.Key_Delete:
            self.delete_wanted.emit(item.data(Role.ID))
        else:
            super().keyPressEvent(event)
