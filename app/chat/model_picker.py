"""The button that names the model, shows how far its loading is, and opens the choice of another."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QProgressBar, QPushButton, QSizePolicy, QWidget

from app.chat.adapter_dialog import AdapterDialog
from app.chat.adapters import with_adapters
from app.chat.model_link import ModelLink
from app.chat.room_question import ask_for_room
from app.chat.shown import Problem
from app.widgets.buttons import icon_button
from app.widgets.icons import set_icon
from app.widgets.theme import set_role

_MOST = 12  # models in the menu; the others are on the Models page


class ModelPicker(QWidget):
    """Follows a ModelLink; picking and cancelling go straight to it."""

    picked = Signal(str)

    def __init__(self, link: ModelLink, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._link = link
        self._adapters: AdapterDialog | None = None
        self._button = QPushButton(self)
        set_role(self._button, "quiet")
        set_icon(self._button, "chevron-down", "muted")
        self._button.setIconSize(QSize(12, 12))
        self._button.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the arrow stands behind the name
        self._button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._button.setMaximumWidth(260)
        self._button.clicked.connect(self.open_menu)
        self._bar = QProgressBar(self)
        self._bar.setFixedWidth(96)
        self._bar.setTextVisible(True)
        self._bar.setAccessibleName(self.tr("Loading the model"))
        self._cancel = icon_button(self, "x", self.tr("Cancel loading"), link.cancel_load)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for widget in (self._button, self._bar, self._cancel):
            row.addWidget(widget)
        link.changed.connect(self._show)
        link.adapters_wanted.connect(self.open_adapters)
        link.room_asked.connect(self._ask_for_room)
        self._show()

    def open_menu(self) -> None:
        menu = self.menu()
        menu.popup(self._button.mapToGlobal(self._button.rect().bottomLeft()))

    def menu(self) -> QMenu:
        """The models that are known, and the way to another file or folder."""
        menu = QMenu(self)
        model = self._link.model
        chosen = [choice for choice in self._link.choices if model is not None and choice.path == model.path]
        shown = self._link.choices[:_MOST]
        for choice in (*shown, *(one for one in chosen if one not in shown)):
            star, flag = "★ " if choice.favourite else "", "  ⚠" if choice.flagged else ""
            action = menu.addAction(f"{star}{self._link.title(choice)}{flag}")
            failed = self.tr("It ended its process several times in a row.")
            action.setToolTip(f"{choice.path}\n{failed}" if choice.flagged else choice.path)
            action.setCheckable(True)
            action.setChecked(model is not None and model.path == choice.path)
            action.triggered.connect(lambda _=False, path=choice.path: self._link.load(path))
        if self._link.choices:
            menu.addSeparator()
        menu.addAction(self.tr("Adapters…"), self.open_adapters).setEnabled(model is not None)
        menu.addSeparator()
        menu.addAction(self.tr("All models…"), self._link.library_wanted.emit)
        menu.addAction(self.tr("Open a model file…"), self.choose_file)
        menu.addAction(self.tr("Open a model folder…"), self.choose_folder)
        menu.setToolTipsVisible(True)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu

    def open_adapters(self) -> AdapterDialog:
        """What stands beside the model, in a window of its own beside the chat."""
        if self._adapters is None:
            self._adapters = AdapterDialog(self._link, self._link.adapter_runs, self.window())
        self._adapters.show()
        self._adapters.activateWindow()
        return self._adapters

    def _ask_for_room(self, path: str, problem: Problem) -> None:
        ask_for_room(problem, partial(self._link.load, path, ask=False), self.window())

    def choose_file(self) -> None:
        dialog = QFileDialog(self.window(), self.tr("Open a model file"), str(Path.home()))
        dialog.setNameFilters([self.tr("Models (*.gguf)"), self.tr("All files (*)")])
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._link.load)
        dialog.open()

    def choose_folder(self) -> None:
        """A checkpoint of a training run, or a folder as Hugging Face has them."""
        dialog = QFileDialog(self.window(), self.tr("Open a model folder"), str(Path.home()))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._link.load)
        dialog.open()

    def _show(self) -> None:
        link, model = self._link, self._link.model
        if link.loading:
            name = link.loading_name or link.model_name
            text = self.tr("Loading: {0}").format(name) if name else self.tr("Starting…")
        else:
            text = link.model_name or self.tr("Choose a model")
        metrics = self._button.fontMetrics()
        self._button.setText(metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, 200))
        self._button.setAccessibleName(self.tr("Model: {0}").format(text))
        tip = self.tr("Choose another model")
        if model is not None and not link.loading:
            name = with_adapters(model.name, model.adapters)
            tip = f"{name}\n{model.architecture} · {model.quantisation} · {model.devices}\n{model.path}"
        self._button.setToolTip(tip)
        loading = link.loading and link.load_share is not None
        self._bar.setVisible(loading)
        self._cancel.setVisible(link.can_cancel)
        if link.load_share is not None:
            self._bar.setRange(0, 100)
            self._bar.setValue(round(100 * link.load_share))
