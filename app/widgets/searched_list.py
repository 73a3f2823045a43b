"""A list under a search field, as pages have it at their left: rows by day, something to begin with where there are none."""

import datetime
from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication, QDate, QLocale, QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QListWidgetItem, QMenu, QVBoxLayout, QWidget

from app.widgets.buttons import icon_button, text_button
from app.widgets.fields import add_clear_button
from app.widgets.icons import set_icon
from app.widgets.list_delegate import Role
from app.widgets.row_list import Row, RowList
from app.widgets.theme import set_role
from app.widgets.titles import days_ago
from app.widgets.tokens import LIST_WIDTHS


class SearchedList(QWidget):
    """What pages share: the field, the rows, the sentence of an empty list. What is listed and offered is theirs.

    searched and listed name field and rows for a screen reader; new and keys: the button that makes another one.
    """

    new_wanted = Signal()

    def __init__(self, searched: str, listed: str, new: str, keys: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "surface")
        self.setMinimumWidth(LIST_WIDTHS[0])
        self.setMaximumWidth(LIST_WIDTHS[1])
        self._new = new
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(QCoreApplication.translate("SearchedList", "Search"))
        self.search.setAccessibleName(searched)
        add_clear_button(self.search)
        icon = QAction(self.search)
        set_icon(icon, "search", "muted")
        self.search.addAction(icon, QLineEdit.ActionPosition.LeadingPosition)
        self.rows = RowList(self)
        self.rows.setAccessibleName(listed)
        self.rows.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.rows.customContextMenuRequested.connect(self._show_menu)
        self.empty = QLabel(self)
        self.empty.setWordWrap(True)
        self.empty.setTextFormat(Qt.TextFormat.PlainText)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        set_role(self.empty, "muted")
        self.begin = text_button(self, new, self.new_wanted.emit, "")
        self.top = QHBoxLayout()
        self.top.setContentsMargins(8, 8, 8, 4)
        self.top.setSpacing(4)
        self.top.addWidget(self.search, 1)
        self.top.addWidget(icon_button(self, "plus", new, self.new_wanted.emit, keys))
        self._instead = QWidget(self)
        instead = QVBoxLayout(self._instead)
        instead.setContentsMargins(16, 24, 16, 16)
        instead.setSpacing(12)
        instead.addWidget(self.empty)
        instead.addWidget(self.begin, 0, Qt.AlignmentFlag.AlignHCenter)
        instead.addStretch(1)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.column.addLayout(self.top)
        self.column.addWidget(self.rows, 1)
        self.column.addWidget(self._instead, 1)
        QWidget.setTabOrder(self.search, self.rows)

    def focus_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    @property
    def query(self) -> str:
        return self.search.text().strip()

    def show_empty(self, sentence: str, with_button: bool) -> None:
        """Say why there are no rows, in their place; "" where there are some."""
        self.empty.setText(sentence)
        self.begin.setVisible(with_button)
        self._instead.setVisible(bool(sentence))
        self.rows.setVisible(not sentence)

    def fill_menu(self, menu: QMenu, item: QListWidgetItem) -> None:
        """What is offered for a row."""
        raise NotImplementedError

    def fill_empty_menu(self, menu: QMenu) -> None:
        """What is offered where no row is."""
        menu.addAction(self._new, self.new_wanted.emit)

    def _show_menu(self, at: QPoint) -> None:
        item, menu = self.rows.itemAt(at), QMenu(self)
        if item is not None and self.rows.is_choosable(item):
            self.fill_menu(menu, item)
        else:
            self.fill_empty_menu(menu)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.rows.viewport().mapToGlobal(at))


def id_of(item: QListWidgetItem) -> object:
    """The id of a row."""
    return item.data(Role.ID)


def under_days(rows: Iterable[tuple[float, Row]]) -> list[Row]:
    """Rows with the moments (Unix seconds, the latest first) at which they changed, under the names of the days."""
    found: list[Row] = []
    day = None
    for moment, row in rows:
        if (name := day_name(moment)) != day:
            day = name
            found.append(heading(name))
        found.append(row)
    return found


def heading(text: str) -> Row:
    """A row that names what follows."""
    return Row(f"\n{text}", text, heading=True)


def day_name(moment: float) -> str:
    """Under what a moment is listed."""
    days = days_ago(moment)
    if days == 0:
        return QCoreApplication.translate("SearchedList", "Today")
    if days == 1:
        return QCoreApplication.translate("SearchedList", "Yesterday")
    if days < 7:
        return QCoreApplication.translate("SearchedList", "Last seven days")
    if days < 30:
        return QCoreApplication.translate("SearchedList", "Last thirty days")
    day = datetime.date.fromtimestamp(moment)
    return QLocale().toString(QDate(day.year, day.month, day.day), "MMMM yyyy")
