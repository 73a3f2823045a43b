"""The list of documents by day, with the search above it."""

import datetime
from collections.abc import Sequence

from PySide6.QtCore import QDate, QLocale, QPoint, QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.storage.rows import DocumentHit, DocumentRow
from app.widgets.buttons import icon_button, text_button
from app.widgets.icons import set_icon
from app.widgets.list_delegate import Kind, ListDelegate, Role
from app.widgets.theme import set_role, theme
from app.widgets.titles import days_ago
from app.widgets.tokens import LIST_WIDTHS

_SEARCH_AFTER_MS = 150


class DocumentList(QWidget):
    """Shows rows or hits; asks for what is to be done with them by signals."""

    opened = Signal(int)
    new_wanted = Signal()
    renamed = Signal(int, str)
    delete_wanted = Signal(int)
    search_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "surface")
        self.setMinimumWidth(LIST_WIDTHS[0])
        self.setMaximumWidth(LIST_WIDTHS[1])
        self._open_id: int | None = None
        self._search = QLineEdit(self)
        self._search.setPlaceholderText(self.tr("Search"))
        self._search.setAccessibleName(self.tr("Search all documents"))
        self._search.setClearButtonEnabled(True)
        search_icon = QAction(self._search)
        set_icon(search_icon, "search", "muted")
        self._search.addAction(search_icon, QLineEdit.ActionPosition.LeadingPosition)
        self._later = QTimer(self, singleShot=True, interval=_SEARCH_AFTER_MS)
        self._later.timeout.connect(lambda: self.search_changed.emit(self._search.text()))
        self._search.textChanged.connect(lambda _: self._later.start())
        self._list = _List(self)
        self._list.setItemDelegate(ListDelegate(self._list))
        self._list.setAccessibleName(self.tr("Documents"))
        self._list.itemClicked.connect(self._open_item)
        self._list.entered_on.connect(self._open_item)
        self._list.delete_on.connect(lambda item: self.delete_wanted.emit(item.data(Role.ID)))
        self._list.itemChanged.connect(lambda item: self.renamed.emit(item.data(Role.ID), item.text()))
        self._list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._list.customContextMenuRequested.connect(self._menu)
        self._empty = QLabel(self)
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        self._empty.setContentsMargins(16, 24, 16, 8)
        set_role(self._empty, "muted")
        self._begin: QPushButton = text_button(self, self.tr("New document"), self.new_wanted.emit, "")
        row = QHBoxLayout()
        row.setContentsMargins(8, 8, 8, 4)
        row.setSpacing(4)
        row.addWidget(self._search, 1)
        row.addWidget(icon_button(self, "plus", self.tr("New document"), self.new_wanted.emit, "Ctrl+Shift+N"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self._list, 1)
        column.addWidget(self._empty)
        column.addWidget(self._begin, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(0)
        theme().changed.connect(self._list.doItemsLayout)
        self.show_rows([])

    def focus_search(self) -> None:
        self._search.setFocus()
        self._search.selectAll()

    @property
    def query(self) -> str:
        return self._search.text().strip()

    @property
    def searching(self) -> bool:
        return bool(self.query)

    @property
    def titles(self) -> list[str]:
        """What can be read in it, from the top."""
        items = (self._list.item(place) for place in range(self._list.count()))
        return [item.text() for item in items if item.data(Role.KIND) != Kind.DAY]

    def set_open(self, id: int | None) -> None:
        """Mark the document that is shown."""
        self._open_id = id
        with QSignalBlocker(self._list):
            for place in range(self._list.count()):
                item = self._list.item(place)
                item.setData(Role.OPEN, id is not None and item.data(Role.ID) == id)
        self._list.viewport().update()

    def rename_open(self) -> None:
        """Let the title of the shown document be edited in its place."""
        for place in range(self._list.count()):
            item = self._list.item(place)
            if item.data(Role.KIND) == Kind.ITEM and item.data(Role.ID) == self._open_id:
                self._list.setCurrentItem(item)
                self._list.editItem(item)

    def show_rows(self, rows: Sequence[DocumentRow]) -> None:
        """The list itself, newest first."""
        day = None
        with QSignalBlocker(self._list):
            scrolled, current = self._list.verticalScrollBar().value(), self._current_id()
            self._list.clear()
            for row in rows:
                name = self._day(row.updated_at)
                if name != day:
                    day = name
                    self._add(Kind.DAY, name)
                self._add(Kind.ITEM, row.title or self.tr("Empty document"), row.id)
            self._restore(scrolled, current)
        self._show_empty(not rows, self.tr("Your documents will stand here."), True)

    def show_hits(self, query: str, hits: Sequence[DocumentHit]) -> None:
        """What a search found."""
        with QSignalBlocker(self._list):
            self._list.clear()
            if hits:
                self._add(Kind.DAY, self.tr("Found: {0}").format(len(hits)))
            for hit in hits:
                self._add(Kind.HIT, hit.title or self.tr("Empty document"), hit.document_id, hit.snippet)
        self._show_empty(not hits, self.tr("Nothing found for “{0}”.").format(query), False)

    def _show_empty(self, empty: bool, text: str, with_action: bool) -> None:
        self._empty.setText(text)
        self._empty.setVisible(empty)
        self._begin.setVisible(empty and with_action)
        self._list.setVisible(not empty)
        layout = self.layout()
        if isinstance(layout, QVBoxLayout):
            layout.setStretch(4, int(empty))

    def _add(self, kind: Kind, text: str, id: int | None = None, snippet: str = "") -> None:
        item = QListWidgetItem(text)
        item.setData(Role.KIND, kind)
        item.setData(Role.ID, id)
        item.setData(Role.SNIPPET, snippet)
        item.setData(Role.OPEN, id is not None and id == self._open_id)
        flags = Qt.ItemFlag.NoItemFlags
        if kind != Kind.DAY:
            flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
            item.setToolTip(text)
        if kind == Kind.ITEM:
            flags |= Qt.ItemFlag.ItemIsEditable
        item.setFlags(flags)
        self._list.addItem(item)

    def _current_id(self) -> int | None:
        item = self._list.currentItem()
        id: int | None = None if item is None else item.data(Role.ID)
        return id

    def _restore(self, scrolled: int, current: int | None) -> None:
        for place in range(self._list.count()):
            if current is not None and self._list.item(place).data(Role.ID) == current:
                self._list.setCurrentRow(place)
                break
        self._list.verticalScrollBar().setValue(scrolled)

    def _day(self, timestamp: float) -> str:
        days = days_ago(timestamp)
        if days == 0:
            return self.tr("Today")
        if days == 1:
            return self.tr("Yesterday")
        if days < 7:
            return self.tr("Last seven days")
        if days < 30:
            return self.tr("Last thirty days")
        day = datetime.date.fromtimestamp(timestamp)
        return QLocale().toString(QDate(day.year, day.month, day.day), "MMMM yyyy")

    def _open_item(self, item: QListWidgetItem) -> None:
        if item.data(Role.ID) is not None:
            self.opened.emit(item.data(Role.ID))

    def _menu(self, at: QPoint) -> None:
        item = self._list.itemAt(at)
        menu = QMenu(self)
        if item is not None and item.data(Role.ID) is not None:
            id = item.data(Role.ID)
            menu.addAction(self.tr("Open"), lambda: self.opened.emit(id))
            if item.data(Role.KIND) == Kind.ITEM:
                menu.addAction(self.tr("Rename"), lambda: self._list.editItem(item))
            menu.addSeparator()
            menu.addAction(self.tr("Delete"), lambda: self.delete_wanted.emit(id))
        else:
            menu.addAction(self.tr("New document"), self.new_wanted.emit)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._list.viewport().mapToGlobal(at))


class _List(QListWidget):
    entered_on = Signal(object)
    delete_on = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed | QAbstractItemView.EditTrigger.DoubleClicked)
        self.viewport().setAutoFillBackground(False)

    def sizeHint(self) -> QSize:
        return QSize(LIST_WIDTHS[0], 200)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        editing = self.state() == QAbstractItemView.State.EditingState
        if item is not None and not editing and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered_on.emit(item)
        elif item is not None and not editing and event.key() == Qt.Key.Key_Delete:
            self.delete_on.emit(item)
        else:
            super().keyPressEvent(event)
