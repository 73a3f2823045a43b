"""The list of runs by day, with the search above it."""

import datetime
from pathlib import Path

from PySide6.QtCore import QDate, QLocale, QPoint, QSignalBlocker, QSize, Qt, Signal
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

from app.training.state import Run, TrainingState
from app.training.texts import row_text
from app.widgets.buttons import icon_button, text_button
from app.widgets.fields import add_clear_button
from app.widgets.icons import set_icon
from app.widgets.list_delegate import Kind, ListDelegate, Role
from app.widgets.theme import set_role, theme
from app.widgets.titles import days_ago
from app.widgets.tokens import LIST_WIDTHS


class RunList(QWidget):
    """Shows the runs of a state; asks for what is to be done with them by signals."""

    opened = Signal(object)  # Path
    new_wanted = Signal()
    delete_wanted = Signal(object)
    compare_wanted = Signal(object, bool)

    def __init__(self, state: TrainingState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "surface")
        self.setMinimumWidth(LIST_WIDTHS[0])
        self.setMaximumWidth(LIST_WIDTHS[1])
        self._state = state
        self._search = QLineEdit(self)
        self._search.setPlaceholderText(self.tr("Search"))
        self._search.setAccessibleName(self.tr("Search all runs: titles, tags and notes"))
        add_clear_button(self._search)
        search_icon = QAction(self._search)
        set_icon(search_icon, "search", "muted")
        self._search.addAction(search_icon, QLineEdit.ActionPosition.LeadingPosition)
        self._search.textChanged.connect(lambda _: self.refresh())
        self._list = _List(self)
        self._list.setItemDelegate(ListDelegate(self._list))
        self._list.setAccessibleName(self.tr("Runs"))
        self._list.itemClicked.connect(self._open_item)
        self._list.entered_on.connect(self._open_item)
        self._list.delete_on.connect(lambda item: self.delete_wanted.emit(item.data(Role.ID)))
        self._list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._list.customContextMenuRequested.connect(self._menu)
        self._empty = QLabel(self)
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        self._empty.setContentsMargins(16, 24, 16, 8)
        set_role(self._empty, "muted")
        self._begin = text_button(self, self.tr("New run"), self.new_wanted.emit, "")
        row = QHBoxLayout()
        row.setContentsMargins(8, 8, 8, 4)
        row.setSpacing(4)
        row.addWidget(self._search, 1)
        row.addWidget(icon_button(self, "plus", self.tr("New run"), self.new_wanted.emit, "Ctrl+Alt+R"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self._list, 1)
        column.addWidget(self._empty)
        column.addWidget(self._begin, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(0)
        theme().changed.connect(self._list.doItemsLayout)
        state.listed.connect(self.refresh)
        state.shown_changed.connect(self.refresh)
        self.refresh()

    def focus_search(self) -> None:
        self._search.setFocus()
        self._search.selectAll()

    def focus_list(self) -> None:
        self._list.setFocus()

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Title and second line of what can be read in it, from the top."""
        items = (self._list.item(place) for place in range(self._list.count()))
        return [(item.text(), item.data(Role.SNIPPET)) for item in items if item.data(Role.KIND) != Kind.DAY]

    def refresh(self) -> None:
        """Show what the state knows, as far as it matches the search."""
        query = self._search.text()
        runs = [run for run in self._state.runs.values() if run.matches(query)]
        self._fill(runs)
        empty, known = not runs, bool(self._state.runs)
        self._empty.setText(
            self.tr("Nothing found for “{0}”.").format(query) if known else self.tr("Your runs will stand here.")
        )
        self._empty.setVisible(empty)
        self._begin.setVisible(empty and not known)
        self._list.setVisible(not empty)
        layout = self.layout()
        if isinstance(layout, QVBoxLayout):
            layout.setStretch(4, int(empty))

    def _fill(self, runs: list[Run]) -> None:
        wanted = self._items(runs)
        present = [
            (item.data(Role.KIND), item.data(Role.ID))
            for item in (self._list.item(place) for place in range(self._list.count()))
        ]
        with QSignalBlocker(self._list):
            if present == [(kind, id) for kind, id, _, _ in wanted]:
                for place, (_, _, text, snippet) in enumerate(wanted):
                    self._dress(self._list.item(place), text, snippet)
            else:
                current = self._list.currentItem()
                chosen = None if current is None else current.data(Role.ID)
                scrolled = self._list.verticalScrollBar().value()
                self._list.clear()
                for kind, id, text, snippet in wanted:
                    item = QListWidgetItem()
                    item.setData(Role.KIND, kind)
                    item.setData(Role.ID, id)
                    choosable = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
                    item.setFlags(Qt.ItemFlag.NoItemFlags if kind == Kind.DAY else choosable)
                    self._dress(item, text, snippet)
                    self._list.addItem(item)
                    if id is not None and id == chosen:
                        self._list.setCurrentItem(item)
                self._list.verticalScrollBar().setValue(scrolled)
        self._list.viewport().update()

    def _items(self, runs: list[Run]) -> list[tuple[Kind, Path | None, str, str]]:
        found: list[tuple[Kind, Path | None, str, str]] = []
        day = None
        for run in runs:
            name = self._day(run.changed)
            if name != day:
                day = name
                found.append((Kind.DAY, None, name, ""))
            found.append((Kind.HIT, run.path, run.title, row_text(run, self._state.state_of(run))))
        return found

    def _dress(self, item: QListWidgetItem, text: str, snippet: str) -> None:
        shown = self._state.shown
        path = item.data(Role.ID)
        item.setText(text)
        item.setData(Role.SNIPPET, snippet)
        item.setData(Role.OPEN, path is not None and shown is not None and path == shown.path)
        if path is not None:
            item.setToolTip(f"{text}\n{snippet}")
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{text}, {snippet}")

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
        path = item.data(Role.ID) if item is not None else None
        if path is not None:
            menu.addAction(self.tr("Open"), lambda: self.opened.emit(path))
            shown = self._state.shown
            if shown is not None and shown.path != path:
                on = path not in self._state.compared
                text = self.tr("Compare with the shown run") if on else self.tr("Do not compare")
                menu.addAction(text, lambda: self.compare_wanted.emit(path, on))
            menu.addSeparator()
            menu.addAction(self.tr("Delete"), lambda: self.delete_wanted.emit(path))
        else:
            menu.addAction(self.tr("New run"), self.new_wanted.emit)
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
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.viewport().setAutoFillBackground(False)

    def sizeHint(self) -> QSize:
        return QSize(LIST_WIDTHS[0], 200)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if item is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered_on.emit(item)
        elif item is not None and event.key() == Qt.Key.Key_Delete:
            self.delete_on.emit(item)
        else:
            super().keyPressEvent(event)
