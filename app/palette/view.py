"""A field and a list over the window: type, choose, Enter. Used for the command palette and the list of shortcuts."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.palette.entries import Entry, matching
from app.widgets.theme import set_role, theme

_WIDTH, _HEIGHT, _TOP = 560, 420, 72
Index = QModelIndex | QPersistentModelIndex


class _Entries(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.entries: list[Entry] = []

    def widest_group(self, metrics: QFontMetrics) -> int:
        """Room in px that the names of all groups need."""
        names = {entry.group for entry in self.entries}
        return max((metrics.horizontalAdvance(name) for name in names), default=0)

    def show(self, entries: list[Entry]) -> None:
        self.beginResetModel()
        self.entries = entries
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self.entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(filter(None, (entry.title, entry.group, entry.keys)))
        return None


class _Painter(QStyledItemDelegate):
    """A column of groups, a column of titles, and the keys at the right."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._measured: tuple[list[Entry], int] = ([], 0)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, _Entries)
        entry = model.entries[index.row()]
        place: QRect = option.rect
        state: QStyle.StateFlag = option.state
        colours = theme()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            chosen = bool(state & QStyle.StateFlag.State_Selected)
            painter.setBrush(colours.colour("selection" if chosen else "hover"))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawRoundedRect(place.adjusted(4, 1, -4, -1), 6, 6)
        inner = place.adjusted(16, 0, -16, 0)
        painter.setFont(colours.font())
        metrics = painter.fontMetrics()
        painter.setPen(colours.colour("muted"))
        vertical = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(inner, vertical | Qt.AlignmentFlag.AlignRight, entry.keys)
        painter.drawText(inner, vertical | Qt.AlignmentFlag.AlignLeft, entry.group)
        column = self._group_column(model, metrics)
        inner.adjust(column, 0, -metrics.horizontalAdvance(entry.keys) - 16 if entry.keys else 0, 0)
        painter.setPen(colours.colour("text"))
        title = metrics.elidedText(entry.title, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, vertical | Qt.AlignmentFlag.AlignLeft, title)
        painter.restore()

    def _group_column(self, model: _Entries, metrics: QFontMetrics) -> int:
        """Px from the left edge to the titles, which stand in line."""
        if self._measured[0] is not model.entries:
            self._measured = (model.entries, model.widest_group(metrics) + 16)
        return self._measured[1]

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, theme().px(32))


class PaletteView(QFrame):
    """Floats over its parent at the top centre. Esc, or the focus going elsewhere, closes it and gives the focus back."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        set_role(self, "toast")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
        self.field = QLineEdit()
        self.field.textChanged.connect(self._filter)
        self.field.installEventFilter(self)
        self._model = _Entries(self)
        self.list = QListView()
        self.list.setModel(self._model)
        self.list.setItemDelegate(_Painter(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.list.setUniformItemSizes(True)
        self.list.clicked.connect(lambda index: self._choose(index.row()))
        self._nothing = QLabel(self.tr("Nothing has these words in it."))
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        set_role(self._nothing, "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addWidget(self.field)
        column.addWidget(self._nothing, 1)
        column.addWidget(self.list, 1)
        self._entries: Sequence[Entry] = ()
        self._focus_before: QWidget | None = None
        self.hide()
        parent.installEventFilter(self)

    @property
    def shown(self) -> list[Entry]:
        """The entries that match what is typed, in their order."""
        return list(self._model.entries)

    def open(self, entries: Sequence[Entry], placeholder: str, name: str) -> None:
        """Show these entries; name is what a screen reader says of the panel."""
        if self.isHidden():
            self._focus_before = self.window().focusWidget()
        self._entries = entries
        self.setAccessibleName(name)
        self.list.setAccessibleName(name)
        self.field.setPlaceholderText(placeholder)
        self.field.setAccessibleName(placeholder)
        self.field.clear()
        self._filter("")
        self._place()
        self.show()
        self.raise_()
        self.field.setFocus()

    def close_panel(self) -> None:
        """Hide it and put the focus back where it was."""
        if self.isHidden():
            return
        self.hide()
        if self._focus_before is not None and self._focus_before.isVisible():
            self._focus_before.setFocus()
        self._focus_before = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._over and event.type() == QEvent.Type.Resize:
            self._place()
        elif watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(event)
        elif event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            # Esc closes this panel, whatever else it is a shortcut of.
            event.setAccepted(watched is self.field and event.key() == Qt.Key.Key_Escape)
        elif watched is self.field and event.type() == QEvent.Type.FocusOut and self.window().isActiveWindow():
            self.close_panel()
        return False

    def _key(self, event: QKeyEvent) -> bool:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
        if event.key() == Qt.Key.Key_Escape:
            self.close_panel()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.list.currentIndex().row())
        elif event.key() in steps and self._model.entries:
            row = self.list.currentIndex().row() + steps[Qt.Key(event.key())]
            self._select(max(0, min(row, len(self._model.entries) - 1)))
        else:
            return False
        return True

    def _filter(self, typed: str) -> None:
        self._model.show(matching(self._entries, typed))
        self._nothing.setVisible(not self._model.entries)
        self.list.setVisible(bool(self._model.entries))
        self._select(0)

    def _select(self, row: int) -> None:
        self.list.setCurrentIndex(self._model.index(row, 0))

    def _choose(self, row: int) -> None:
        if not 0 <= row < len(self._model.entries):
            return
        run = self._model.entries[row].run
        if run is not None:
            self.close_panel()
            run()

    def _place(self) -> None:
        parent = self._over
        width = min(_WIDTH, parent.width() - 48)
        height = min(_HEIGHT, parent.height() - _TOP - 24)
        self.setGeometry((parent.width() - width) // 2, _TOP, width, height)
