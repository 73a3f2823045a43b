"""The quantisations of a repository in one table: size, what it takes, whether it fits, and how to get it."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from app.models.convert_menu import ConvertMenu
from app.models.hub_state import HubState
from app.models.hub_texts import FIT_COLOURS, fit_sentence, fit_text, size_text
from app.models.loading_texts import brief_speed_text, short_speed_text, speed_text
from app.widgets.buttons import text_button
from app.widgets.theme import theme
from engine.records.hub import HubModel

_SPEED, _BUTTON = 4, 5  # columns
_ROW_PX, _MOST_ROWS, _FEWEST_ROWS, _PADDING_PX = 40, 9, 2, 40


class ModelTable(QTableWidget):
    """One row a model; Enter in a row does what its button does."""

    def __init__(self, state: HubState, parent: QWidget | None = None) -> None:
        super().__init__(0, _BUTTON + 1, parent)
        self._state = state
        self._actions: list[Callable[[], None]] = []
        self.setHorizontalHeaderLabels(
            [
                self.tr("Quantisation"),
                self.tr("Size"),
                self.tr("In memory"),
                self.tr("On this machine"),
                self.tr("Tokens/s"),
                "",
            ]
        )
        self.setAccessibleName(self.tr("Quantisations"))
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in range(1, _BUTTON):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_BUTTON, QHeaderView.ResizeMode.Fixed)

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """What can be read in each row (without the speed), its button last."""
        model = self.model()
        return [
            (*(str(model.index(row, column).data()) for column in range(_SPEED)), self.button(row).text())
            for row in range(self.rowCount())
        ]

    def button(self, row: int) -> QPushButton:
        found = self.cellWidget(row, _BUTTON)
        assert isinstance(found, QPushButton)
        return found

    def show_models(self) -> None:
        """What the state knows of the shown repository."""
        read = self._state.read
        models = read.details.models if read is not None else ()
        row = self.currentRow()
        self._actions = []
        self.setRowCount(len(models))
        for place, model in enumerate(models):
            self._show_model(place, model)
        if 0 <= row < len(models):
            self.setCurrentCell(row, 0)
        # A cell knows nothing of the size of the widget in it.
        metrics = QFontMetrics(theme().font("interface"))
        widest = max((metrics.horizontalAdvance(self.button(row).text()) for row in range(len(models))), default=0)
        self.setColumnWidth(_BUTTON, round(1.1 * widest) + _PADDING_PX)
        self._give_way()
        rows = max(len(models), 1)
        self.setMaximumHeight(self._height_of(min(rows, _MOST_ROWS)))
        self.setMinimumHeight(self._height_of(min(rows, _FEWEST_ROWS)))
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.maximumHeight())

    def _height_of(self, rows: int) -> int:
        return self.horizontalHeader().sizeHint().height() + theme().px(_ROW_PX) * rows + 4

    def _show_model(self, row: int, model: HubModel) -> None:
        fits = self._state.fits
        fit = fits.fits.get(model.name) if fits is not None else None
        best = fits is not None and fits.recommended == model.name
        name = "Safetensors" if model.is_folder else model.quantisation or model.name
        size = size_text(model.size_bytes)
        if len(model.files) > 1 and not model.is_folder:
            size = self.tr("{0} in {1} files").format(size, len(model.files))
        about = "" if fits is None or fit is None else ("" if fits.exact else "≈ ") + size_text(fits.bytes[model.name])
        speed = fits.speeds.get(model.name) if fits is not None else None
        word = fit_text(fit) if fit else ""
        fast = brief_speed_text(speed) if speed is not None else ""
        texts = [f"★ {name}" if best else name, size, about, word, fast]
        for column, text in enumerate(texts):
            item = QTableWidgetItem(text)
            whole = self.tr("Weights as they were trained") if model.is_folder else model.name
            how_fast = speed_text(speed) if speed is not None else ""
            sentences = (fit_sentence(fit) if fit else "", how_fast)
            tips = {0: whole, 3: "\n".join(filter(None, sentences)), _SPEED: how_fast}
            item.setToolTip(tips.get(column, ""))
            if best:
                font = item.font()
                font.setBold(True)
                item.setFont(font)
            if column == 3 and fit:
                item.setForeground(theme().colour(FIT_COLOURS[fit]))
            self.setItem(row, column, item)
        self.setRowHeight(row, theme().px(_ROW_PX))
        text, action = self._action(model)
        button = text_button(self, text, action or _nothing, "primary" if best and action else "")
        button.setEnabled(action is not None)
        if action is None and self._state.needs_token:
            button.setToolTip(self.tr("Give an access token first: this repository is gated."))
        button.setAccessibleName(f"{text}: {name}")
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # by key: its row, and Enter
        said = (
            self.tr("{0}, recommended").format(name) if best else name,
            size,
            about,
            word,
            short_speed_text(speed),
            text,
        )
        model_index = self.model().index(row, 0)
        self.model().setData(model_index, ", ".join(filter(None, said)), Qt.ItemDataRole.AccessibleTextRole)
        self._actions.append(action or _nothing)
        self.setCellWidget(row, _BUTTON, button)

    def _action(self, model: HubModel) -> tuple[str, Callable[[], None] | None]:
        state = self._state
        path = state.local_path(model)
        if path:
            return self.tr("Chat with it"), lambda: state.chat_wanted.emit(path)
        line = state.line_of(model)
        if line is not None and line.state == "failed":
            return self.tr("Try again"), partial(state.resume, line.id)
        if line is not None:
            return self.tr("In the queue"), None
        if model.is_folder:
            return self.tr("Convert…"), None if state.needs_token else lambda: self._choose_type(model)
        return self.tr("Download"), None if state.needs_token else lambda: state.fetch(model)

    def _choose_type(self, model: HubModel) -> None:
        """A menu at the row's button."""
        menu = ConvertMenu(self._state, model, self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        button = self.button(self.rowCount() - 1)
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._give_way()

    def _give_way(self) -> None:
        """Where there is no room for all, whether it fits says more than how much it takes, and than how fast it is."""
        header = self.horizontalHeader()
        for column in (2, _SPEED):
            self.setColumnHidden(column, False)  # what is hidden does not tell how wide it would be
        wide = [max(self.sizeHintForColumn(n), header.sectionSizeHint(n)) for n in range(_BUTTON)]
        room = self.viewport().width() - self.columnWidth(_BUTTON) - sum(wide)
        for column in (2, _SPEED):
            self.setColumnHidden(column, room < 0)
            room += wide[column] if room < 0 else 0
        fits = self._state.fits
        if fits is None or not fits.speeds:
            self.setColumnHidden(_SPEED, True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentRow()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and 0 <= row < len(self._actions):
            self._actions[row]()
            return
        super().keyPressEvent(event)


def _nothing() -> None:
    """A row whose button can do nothing now."""
