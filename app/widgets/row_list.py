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
    """A row, or with heading the name of what follows. opened: it is the one that is shown."""

    id: Hashable
    text: str
    snippet: str = ""
    opened: bool = False
    heading: bool = False
    tip: str = ""


class RowList(QListWidget):
    """``chosen`` by a click or Enter, ``delete_wanted`` by Del; both carry the id of the row."""

    chosen = Signal(object)
    delete_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(ListDelegate(self))
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.viewport().setAutoFillBackground(False)
        self.itemClicked.connect(self._choose)
        theme().changed.connect(self.doItemsLayout)

    def sizeHint(self) -> QSize:
        return QSize(LIST_WIDTHS[0], 200)

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Title and second line of what can be chosen, from the top."""
        items = (self.item(place) for place in range(self.count()))
        return [(item.text(), item.data(Role.SNIPPET)) for item in items if item.data(Role.KIND) != Kind.DAY]

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show these; where they are the same ones as before, only their words are changed."""
        present = [self.item(place).data(Role.ID) for place in range(self.count())]
        with QSignalBlocker(self):
            if present == [row.id for row in rows]:
                for place, row in enumerate(rows):
                    self._dress(self.item(place), row)
            else:
                self._fill(rows)
        self.viewport().update()

    def go_to(self, id: Hashable) -> None:
        """Make this row the one that the keyboard is on, where it is there."""
        for place in range(self.count()):
            if self.item(place).data(Role.ID) == id:
                self.setCurrentRow(place)

    def _fill(self, rows: Sequence[Row]) -> None:
        current = self.currentItem()
        chosen = None if current is None else current.data(Role.ID)
        scrolled = self.verticalScrollBar().value()
        self.clear()
        for row in rows:
            item = QListWidgetItem()
            item.setData(Role.ID, row.id)
            item.setData(Role.KIND, Kind.DAY if row.heading else Kind.HIT)
            choosable = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
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
        if not row.heading:
            item.setToolTip(row.tip or f"{row.text}\n{row.snippet}")
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{row.text}, {row.snippet}")

    def _choose(self, item: QListWidgetItem) -> None:
        if item.data(Role.KIND) != Kind.DAY:
            self.chosen.emit(item.data(Role.ID))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if item is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(item)
        elif item is not None and event.key() == Qt.Key.Key_Delete:
            self.delete_wanted.emit(item.data(Role.ID))
        else:
            super().keyPressEvent(event)
