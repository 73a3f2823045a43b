"""The list of conversations by day, with the search above it."""

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
    QVBoxLayout,
    QWidget,
)

from app.storage.rows import ConversationRow, SearchHit
from app.widgets.buttons import icon_button
from app.widgets.fields import add_clear_button
from app.widgets.icons import set_icon
from app.widgets.list_delegate import Kind, ListDelegate, Role
from app.widgets.theme import set_role, theme
from app.widgets.titles import days_ago
from app.widgets.tokens import LIST_WIDTHS

_SEARCH_AFTER_MS = 150


class ConversationList(QWidget):
    """Shows rows or hits; asks for what is to be done with them by signals."""

    opened = Signal(int, object)  # conversation, message | None
    new_wanted = Signal()
    renamed = Signal(int, str)
    delete_wanted = Signal(int)
    export_wanted = Signal(int, str)  # conversation, "md" or "json"
    import_wanted = Signal()
    search_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "surface")
        self.setMinimumWidth(LIST_WIDTHS[0])
        self.setMaximumWidth(LIST_WIDTHS[1])
        self._open_id: int | None = None
        self._search = QLineEdit(self)
        self._search.setPlaceholderText(self.tr("Search"))
        self._search.setAccessibleName(self.tr("Search all conversations"))
        add_clear_button(self._search)
        search_icon = QAction(self._search)
        set_icon(search_icon, "search", "muted")
        self._search.addAction(search_icon, QLineEdit.ActionPosition.LeadingPosition)
        self._later = QTimer(self, singleShot=True, interval=_SEARCH_AFTER_MS)
        self._later.timeout.connect(lambda: self.search_changed.emit(self._search.text()))
        self._search.textChanged.connect(lambda _: self._later.start())
        self._list = _List(self)
        self._list.setItemDelegate(ListDelegate(self._list))
        self._list.setAccessibleName(self.tr("Conversations"))
        self._list.itemClicked.connect(self._open_item)
        self._list.entered_on.connect(self._open_item)
        self._list.delete_on.connect(self._delete_item)
        self._list.itemChanged.connect(self._item_changed)
        self._list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._list.customContextMenuRequested.connect(self._menu)
        self._empty = QLabel(self)
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        self._empty.setContentsMargins(16, 24, 16, 16)
        set_role(self._empty, "muted")
        row = QHBoxLayout()
        row.setContentsMargins(8, 8, 8, 4)
        row.setSpacing(4)
        row.addWidget(self._search, 1)
        new = icon_button(self, "plus", self.tr("New conversation"), lambda: self.new_wanted.emit(), self.tr("Ctrl+N"))
        row.addWidget(new)
        QWidget.setTabOrder(self._search, new)
        QWidget.setTabOrder(new, self._list)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self._list, 1)
        column.addWidget(self._empty, 1)
        theme().changed.connect(self._list.doItemsLayout)
        self.show_rows([])

    def focus_search(self) -> None:
        self._search.setFocus()
        self._search.selectAll()

    @property
    def searching(self) -> bool:
        return bool(self._search.text().strip())

    def set_open(self, id: int | None) -> None:
        """Mark the conversation that is shown."""
        self._open_id = id
        with QSignalBlocker(self._list):
            for place in range(self._list.count()):
                item = self._list.item(place)
                item.setData(Role.OPEN, item.data(Role.ID) == id and item.data(Role.KIND) != Kind.HIT)

    def show_rows(self, rows: Sequence[ConversationRow]) -> None:
        """The list itself, newest first."""
        day = None
        with self._rebuilding():
            for row in rows:
                name = self._day(row.updated_at)
                if name != day:
                    day = name
                    self._add(Kind.DAY, name)
                title = row.title or self.tr("New conversation")
                item = self._add(Kind.ITEM, title, row.id)
                item.setToolTip(title)
        self._show_empty(not rows, self.tr("Your conversations will stand here."))

    def show_hits(self, query: str, hits: Sequence[SearchHit]) -> None:
        """What a search found."""
        with self._rebuilding():
            if hits:
                self._add(Kind.DAY, self.tr("Found: {0}").format(len(hits)))
            for hit in hits:
                snippet = hit.snippet if hit.message_id is not None else ""
                item = self._add(Kind.HIT, hit.title or self.tr("New conversation"), hit.conversation_id, snippet)
                item.setData(Role.PLACE, hit.message_id)
        self._show_empty(not hits, self.tr("Nothing found for “{0}”.").format(query))

    def _rebuilding(self) -> "_Rebuild":
        return _Rebuild(self._list)

    def _show_empty(self, empty: bool, text: str) -> None:
        self._empty.setText(text)
        self._empty.setVisible(empty)
        self._list.setVisible(not empty)

    def _add(self, kind: Kind, text: str, id: int | None = None, snippet: str = "") -> QListWidgetItem:
        item = QListWidgetItem(text)
        item.setData(Role.KIND, kind)
        item.setData(Role.ID, id)
        item.setData(Role.SNIPPET, snippet)
        item.setData(Role.OPEN, id is not None and id == self._open_id and kind == Kind.ITEM)
        flags = Qt.ItemFlag.NoItemFlags
        if kind != Kind.DAY:
            flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if kind == Kind.ITEM:
            flags |= Qt.ItemFlag.ItemIsEditable
        item.setFlags(flags)
        self._list.addItem(item)
        return item

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
        return _month(timestamp)

    def _open_item(self, item: QListWidgetItem) -> None:
        if item.data(Role.ID) is not None:
            self.opened.emit(item.data(Role.ID), item.data(Role.PLACE))

    def _delete_item(self, item: QListWidgetItem) -> None:
        if item.data(Role.KIND) == Kind.ITEM:
            self.delete_wanted.emit(item.data(Role.ID))

    def _item_changed(self, item: QListWidgetItem) -> None:
        if item.data(Role.KIND) == Kind.ITEM:
            self.renamed.emit(item.data(Role.ID), item.text())

    def _menu(self, at: QPoint) -> None:
        item = self._list.itemAt(at)
        menu = QMenu(self)
        if item is not None and item.data(Role.ID) is not None:
            id = item.data(Role.ID)
            menu.addAction(self.tr("Open"), lambda: self._open_item(item))
            if item.data(Role.KIND) == Kind.ITEM:
                menu.addAction(self.tr("Rename"), lambda: self._list.editItem(item))
            menu.addSeparator()
            menu.addAction(self.tr("Export as Markdown…"), lambda: self.export_wanted.emit(id, "md"))
            menu.addAction(self.tr("Export as JSON…"), lambda: self.export_wanted.emit(id, "json"))
            menu.addSeparator()
            menu.addAction(self.tr("Delete"), lambda: self.delete_wanted.emit(id))
        else:
            menu.addAction(self.tr("New conversation"), lambda: self.new_wanted.emit())
            menu.addAction(self.tr("Import a conversation…"), lambda: self.import_wanted.emit())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._list.viewport().mapToGlobal(at))


def _month(timestamp: float) -> str:
    day = datetime.date.fromtimestamp(timestamp)
    return QLocale().toString(QDate(day.year, day.month, day.day), "MMMM yyyy")


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


class _Rebuild:
    """Fills the list anew and keeps where it is scrolled to, and which row is current."""

    def __init__(self, list: QListWidget) -> None:
        self._list = list

    def __enter__(self) -> None:
        current = self._list.currentItem()
        self._current = None if current is None else current.data(Role.ID)
        self._scroll = self._list.verticalScrollBar().value()
        self._blocker = QSignalBlocker(self._list)
        self._list.clear()

    def __exit__(self, *_: object) -> None:
        for place in range(self._list.count()):
            if self._current is not None and self._list.item(place).data(Role.ID) == self._current:
                self._list.setCurrentRow(place)
                break
        self._blocker.unblock()
        self._list.verticalScrollBar().setValue(self._scroll)
        self._list.viewport().update()
