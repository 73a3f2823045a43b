"""Tables of a model's card: its metadata and its tensors, searched as one types."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLabel, QLineEdit, QTableView, QVBoxLayout, QWidget

from app.widgets.fields import add_clear_button
from app.widgets.icons import set_icon
from app.widgets.theme import set_role, theme

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_LONGEST = 300  # characters of a value in a cell


class Rows(QAbstractTableModel):
    """Rows of texts, of which those are shown that hold every word of a search."""

    def __init__(self, titles: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self._titles = tuple(titles)
        self._all: tuple[tuple[str, ...], ...] = ()
        self.shown: tuple[tuple[str, ...], ...] = ()
        self._query = ""

    def set_rows(self, rows: Sequence[tuple[str, ...]]) -> None:
        self._all = tuple(rows)
        self.search(self._query)

    def search(self, query: str) -> None:
        self.beginResetModel()
        self._query, words = query, query.casefold().split()
        self.shown = tuple(row for row in self._all if all(word in " ".join(row).casefold() for word in words))
        self.endResetModel()

    @property
    def total(self) -> int:
        return len(self._all)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.shown)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._titles[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        text = self.shown[index.row()][index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return text[:2000] if len(text) > 40 else None
        return " ".join(text[:_LONGEST].split())


class SearchedTable(QWidget):
    """A field over a table; Ctrl+C copies the row."""

    def __init__(self, name: str, titles: Sequence[str], stretched: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search"))
        self.search.setAccessibleName(self.tr("Search: {0}").format(name))
        add_clear_button(self.search)
        search_icon = QAction(self.search)
        set_icon(search_icon, "search", "muted")
        self.search.addAction(search_icon, QLineEdit.ActionPosition.LeadingPosition)
        self.rows = Rows(titles, self)
        self.table = _Table(titles[stretched], stretched, self)
        self.table.setModel(self.rows)
        self.table.setAccessibleName(name)
        header = self.table.horizontalHeader()
        for column in range(len(titles)):
            mode = QHeaderView.ResizeMode.Stretch if column == stretched else QHeaderView.ResizeMode.ResizeToContents
            header.setSectionResizeMode(column, mode)
        self.count = QLabel()
        set_role(self.count, "caption")
        self.search.textChanged.connect(self._search)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 8)
        layout.setSpacing(8)
        layout.addWidget(self.search)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.count)

    def set_rows(self, rows: Sequence[tuple[str, ...]]) -> None:
        self.rows.set_rows(rows)
        self._tell()

    def _search(self, query: str) -> None:
        self.rows.search(query)
        self._tell()

    def _tell(self) -> None:
        shown, total = len(self.rows.shown), self.rows.total
        self.count.setText(
            self.tr("{0} of {1}").format(shown, total) if shown != total else self.tr("{0} in all").format(total)
        )


class _Table(QTableView):
    """copied, column: the cell of a row that is copied alone, too."""

    def __init__(self, copied: str, column: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        for text, cell in ((self.tr("Copy the row"), None), (self.tr("Copy: {0}").format(copied), column)):
            action = QAction(text, self)
            action.triggered.connect(partial(self.copy, cell))
            self.addAction(action)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setResizeContentsPrecision(100)
        header.setMaximumSectionSize(360)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        theme().changed.connect(self._size)
        self._size()

    def _size(self) -> None:
        self.verticalHeader().setDefaultSectionSize(theme().px(26))

    def copy(self, column: int | None = None, _checked: bool = False) -> None:
        """The row that the keyboard is on, or one of its cells, whole."""
        rows = self.model()
        if isinstance(rows, Rows) and self.currentIndex().isValid():
            row = rows.shown[self.currentIndex().row()]
            QGuiApplication.clipboard().setText("\t".join(row) if column is None else row[column])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
            return
        super().keyPressEvent(event)
