"""The search over the Hub and what it found."""

from PySide6.QtCore import QSignalBlocker, Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.models.hub_state import HubState
from app.models.hub_texts import FIT_COLOURS, fit_text, row_text, row_tip
from app.models.hub_token import edit_token
from app.translation import error_text
from app.widgets.buttons import icon_button
from app.widgets.elided_combo import ElidedCombo
from app.widgets.empty_state import EmptyState
from app.widgets.fields import add_clear_button
from app.widgets.icons import set_icon
from app.widgets.list_delegate import Kind, ListDelegate, Role
from app.widgets.theme import theme
from engine.records.hub import ModelKind, Order, Repository
from engine.records.loading import Fit

_TYPING_MS = 500  # after the last key, before the Hub is asked


class HubResults(QWidget):
    """Search field, order, and a list; choosing a row shows the repository."""

    def __init__(self, state: HubState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(self.tr("Search Hugging Face"))
        self.field.setAccessibleName(self.field.placeholderText())
        add_clear_button(self.field)
        icon = QAction(self.field)
        set_icon(icon, "search", "muted")
        self.field.addAction(icon, QLineEdit.ActionPosition.LeadingPosition)
        self.sort = ElidedCombo(self)
        self.sort.setAccessibleName(self.tr("Order"))
        orders: tuple[tuple[Order, str], ...] = (
            ("downloads", self.tr("Most fetched")),
            ("likes", self.tr("Most liked")),
            ("last_modified", self.tr("Newest")),
            ("size", self.tr("Smallest")),
        )
        for order, text in orders:
            self.sort.addItem(text, order)
        self.kind = ElidedCombo(self)
        self.kind.setAccessibleName(self.tr("What is looked for"))
        kinds: tuple[tuple[ModelKind, str, str], ...] = (
            ("gguf", self.tr("Ready to run"), self.tr("GGUF files, quantised by somebody already")),
            (
                "safetensors",
                self.tr("To convert"),
                self.tr("Weights as they were trained, converted and quantised here"),
            ),
        )
        for kind, text, tip in kinds:
            self.kind.addItem(text, kind)
            self.kind.setItemData(self.kind.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        self.only_fitting = QCheckBox(self.tr("Fits here"), self)
        self.only_fitting.setToolTip(
            self.tr("Only models that go into the memory that is free now, as far as their size is known")
        )
        self.list = _List(self)
        self.list.setItemDelegate(ListDelegate(self.list, Qt.TextElideMode.ElideMiddle))
        self.list.setAccessibleName(self.tr("Repositories that were found"))
        self.empty = EmptyState("search", "", "", parent=self)
        self.empty.acted.connect(self.search_now)
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._typing.timeout.connect(self.search_now)
        self.field.textEdited.connect(lambda _: self._typing.start())
        self.field.returnPressed.connect(self.search_now)
        for combo in (self.sort, self.kind):
            combo.activated.connect(lambda _: self.search_now())
        self.field.setText(state.words)
        self.sort.setCurrentIndex(self.sort.findData(state.order))
        self.kind.setCurrentIndex(self.kind.findData(state.kind))
        self.only_fitting.setChecked(state.only_fitting)
        self.only_fitting.toggled.connect(self._fit_only)
        self.list.itemClicked.connect(self._open)
        self.list.itemActivated.connect(self._open)
        self._lay_out(state)
        state.found_changed.connect(self._show)
        state.repository_changed.connect(self._mark)
        state.offline_changed.connect(self._show)
        theme().changed.connect(self.list.doItemsLayout)
        self._show()

    def search_now(self) -> None:
        """Ask the Hub; with nothing typed, for what is most fetched."""
        self._typing.stop()
        self._state.search(self.field.text().strip(), self.sort.currentData(), self.kind.currentData())

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Name and second line of each row, from the top."""
        items = (self.list.item(place) for place in range(self.list.count()))
        return [(item.text(), item.data(Role.SNIPPET)) for item in items]

    def _lay_out(self, state: HubState) -> None:
        second = QHBoxLayout()
        second.setSpacing(8)
        second.addWidget(self.sort, 1)
        second.addWidget(self.kind, 1)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.list)
        self._stack.addWidget(self.empty)
        head = QVBoxLayout()
        head.setContentsMargins(8, 8, 8, 4)
        head.setSpacing(8)
        head.addWidget(self.field)
        head.addLayout(second)
        third = QHBoxLayout()
        third.addWidget(self.only_fitting, 1)
        token = icon_button(self, "lock", self.tr("Access token…"), lambda: edit_token(state, self))
        third.addWidget(token)
        QWidget.setTabOrder(token, self.list)
        head.addLayout(third)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._stack, 1)

    def _show(self) -> None:
        state = self._state
        found = [one for one in state.found if not self.only_fitting.isChecked() or state.may_fit(one)]
        present = [self.list.item(place).toolTip() for place in range(self.list.count())]
        if present != [row_tip(one, *self._offer(one)) for one in found]:
            with QSignalBlocker(self.list):
                self.list.clear()
                for one in found:
                    self.list.addItem(self._item(one))
        self._mark()
        self._say_why_empty()
        self._stack.setCurrentWidget(self.list if found else self.empty)
        self.list.setEnabled(not state.searching)

    def _item(self, found: Repository) -> QListWidgetItem:
        size, fit = self._offer(found)
        snippet, note = row_text(found, size), fit_text(fit) if fit else ""
        item = QListWidgetItem(found.name)
        item.setData(Role.KIND, Kind.ROW)
        item.setData(Role.ID, found.name)
        item.setData(Role.SNIPPET, snippet)
        item.setData(Role.NOTE, (note, FIT_COLOURS[fit] if fit else ""))
        item.setToolTip(row_tip(found, size, fit))
        item.setData(Qt.ItemDataRole.AccessibleTextRole, ", ".join(filter(None, (found.name, snippet, note))))
        return item

    def _offer(self, found: Repository) -> tuple[int, Fit | None]:
        fit, size = self._state.offers.get(found.name, (None, 0))
        return size, fit

    def _say_why_empty(self) -> None:
        state = self._state
        if state.offline:
            self.empty.set_texts(self.tr("Off-line"), self.tr("Models that are here work as ever."))
        elif state.searching:
            self.empty.set_texts(self.tr("Searching…"), "")
        elif state.problem is not None:
            sentence = " ".join(filter(None, (error_text(state.problem.text), error_text(state.problem.hint))))
            self.empty.set_texts(self.tr("No answer"), sentence, self.tr("Try again"))
        elif not state.searched:
            sentence = self.tr("Type a name, such as SmolLM2, Qwen3 or Llama, or see what is fetched most.")
            self.empty.set_texts(self.tr("Find a model"), sentence, self.tr("What is fetched most"))
        elif state.found:
            self.empty.set_texts(self.tr("Nothing fits"), self.tr("What was found is too large for this machine."))
        else:
            sentence = self.tr("No model that runs here is called “{0}”.").format(state.words)
            self.empty.set_texts(self.tr("Nothing found"), sentence if state.words else self.tr("The Hub lists none."))

    def _mark(self) -> None:
        for place in range(self.list.count()):
            item = self.list.item(place)
            item.setData(Role.OPEN, item.data(Role.ID) == self._state.shown)

    def _fit_only(self, on: bool) -> None:
        self._state.only_fitting = on
        self._show()

    def _open(self, item: QListWidgetItem) -> None:
        if item.data(Role.ID) != self._state.shown:
            self._state.show(item.data(Role.ID))


class _List(QListWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.viewport().setAutoFillBackground(False)
