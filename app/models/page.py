"""The Models page: what is on this machine, and further sections beside it."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, QHideEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QTabWidget, QVBoxLayout, QWidget

from app.models.import_dialog import ImportDialog
from app.models.model_card import ModelCardView
from app.models.model_list import ModelList
from app.models.state import ModelsState
from app.models.texts import title
from app.models.weighing import Weighing
from app.palette.entries import Entry
from app.widgets.page_actions import PageActions
from app.widgets.reveal import reveal
from app.widgets.splitter import PaneSplitter
from app.widgets.tokens import LIST_WIDTH, LIST_WIDTHS


class ModelsPage(QWidget):
    """Shows a ModelsState. The sections are tabs as soon as there is more than one."""

    def __init__(self, state: ModelsState, weighing: Weighing, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state, self._weighing = state, weighing
        self.setAcceptDrops(True)
        self._actions = PageActions(self)
        self.list = ModelList(state, weighing, self)
        self.list.setMinimumWidth(LIST_WIDTHS[0])
        self.card = ModelCardView(state, self)
        self._make_actions()
        self.here = PaneSplitter()
        self.here.addWidget(self.list)
        self.here.addWidget(self.card)
        self.here.setStretchFactor(1, 1)
        self.here.setSizes([LIST_WIDTH + 40, 900])
        self.here.name_border(1, self.tr("Width of the list of models"))
        self.sections = QTabWidget(self)
        self.sections.setDocumentMode(True)
        self.sections.setTabBarAutoHide(True)
        self.sections.tabBar().setAccessibleName(self.tr("Models on this machine, or on Hugging Face"))
        self._shown_before = False
        self.add_section(self.here, self.tr("On this machine"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.sections)
        for part in (self.list, self.card):
            part.reveal_wanted.connect(self.reveal)
            part.take_away_wanted.connect(self.take_away)
        self.list.new_wanted.connect(self.choose_files)
        self.list.folder_wanted.connect(self.choose_folder)
        self.list.import_wanted.connect(self.import_models)
        state.listed.connect(self._show_first)
        state.listed.connect(self._show_actions)
        state.shown_changed.connect(self._show_actions)
        self._show_actions()

    def add_section(self, section: QWidget, name: str) -> None:
        """A further part of the page beside what is on this machine."""
        self.sections.addTab(section, name)
        self._actions.add("view", name, lambda: self._open(section))
        if section is not self.here:
            self.list.hub_wanted.connect(lambda: self._open(section))

    def name_section(self, section: QWidget, name: str, badge: str = "") -> None:
        """Say something beside the name of a part."""
        self.sections.setTabText(self.sections.indexOf(section), f"{name} · {badge}" if badge else name)

    def _open(self, section: QWidget) -> None:
        self._go_to(section)
        self.focus_first()

    def _go_to(self, section: QWidget) -> None:
        self.state.section = self.sections.indexOf(section)
        self.sections.setCurrentWidget(section)

    # --- for the window -------------------------------------------------------------------------------------------

    def menu_actions(self) -> dict[str, list[QAction]]:
        return self._actions.by_menu

    def palette_entries(self) -> list[Entry]:
        """Models, for the palette."""
        return [
            Entry(self.tr("Model"), title(model), run=partial(self.open_model, model.path))
            for model in self.state.models
        ]

    def key_help(self) -> tuple[tuple[str, str], ...]:
        """Keys that are no actions."""
        return (
            (self.tr("Delete the model in the list, or take it off"), self.tr("Del")),
            (self.tr("Fetch the marked quantisation of a repository, or chat with it"), self.tr("Enter")),
        )

    def focus_first(self) -> None:
        section = self.sections.currentWidget()
        if section is self.here:
            self.list.rows.setFocus()
        elif section is not None and hasattr(section, "focus_first"):
            section.focus_first()

    # --- operations that need a widget ----------------------------------------------------------------------------

    def open_model(self, path: str) -> None:
        """Show a model of the list."""
        self._go_to(self.here)
        self.state.show(path)

    def choose_files(self) -> None:
        dialog = QFileDialog(self.window(), self.tr("Add model files"), str(Path.home()))
        dialog.setNameFilters([self.tr("Models (*.gguf)"), self.tr("All files (*)")])
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(self.state.add)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def choose_folder(self) -> None:
        """A model that is a folder, or a folder with models in it."""
        dialog = QFileDialog(self.window(), self.tr("Add a folder of models"), str(Path.home()))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda folder: self.state.add([folder]))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def import_models(self) -> ImportDialog:
        """What other programs have on this machine, in a window of its own."""
        dialog = ImportDialog(self.state, self.window())
        dialog.open()
        return dialog

    def reveal(self, path: str) -> None:
        """Show a model's file in the system's file manager."""
        reveal(Path(path), self, self._cannot_open)

    def _cannot_open(self, folder: Path) -> None:
        self.state.notice.emit(self.tr("The folder could not be opened: {0}").format(folder))

    def take_away(self, path: str) -> None:
        """Delete what is ours, take off the list what is not."""
        model = self.state.model(path)
        if model is None or model.origin == "bundled":
            return
        if model.ours:
            self.state.delete(path)
        else:
            self.state.remove(path)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _model_files(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if files := _model_files(event):
            event.acceptProposedAction()
            self._go_to(self.here)
            self.state.add(files)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._shown_before:
            self._shown_before = True
            self._open_as_before()
        self._weighing.watched_by = id(self)
        self.state.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._weighing.watched_by == id(self):
            self._weighing.watched_by = 0

    def _open_as_before(self) -> None:
        """Where the window was made anew, such as in another language, what was open in the old one is open in it."""
        for tabs, name in ((self.sections, "section"), (self.card.tabs, "tab")):
            tabs.setCurrentIndex(getattr(self.state, name))
            tabs.currentChanged.connect(partial(setattr, self.state, name))

    def _show_first(self) -> None:
        """Where none is shown yet: an empty page says nothing."""
        if not self.state.shown_path and self.isVisible() and self.list.first:
            self.state.show(self.list.first)

    def _make_actions(self) -> None:
        add, state = self._actions.add, self.state
        add("file", self.tr("Add model files"), self.choose_files, "", "plus")
        add("file", self.tr("Add a folder of models"), self.choose_folder, "", "folder")
        add("file", self.tr("Models of other programs…"), self.import_models, "", "import")
        self._chat = add("edit", self.tr("Chat with the shown model"), lambda: state.chat(state.shown_path), "", "chat")
        self._favourite = add("edit", self.tr("Turn the favourite on or off"), self._turn_favourite, "", "star")
        self._delete = add(
            "edit", self.tr("Delete the shown model, or take it off the list"), self._take_shown_away, "", "trash"
        )
        self._reveal = add(
            "edit", self.tr("Show the folder of the shown model"), lambda: self.reveal(state.shown_path), "", "folder"
        )
        add("edit", self.tr("Search the models on this machine"), self._find, "", "search")

    def _show_actions(self) -> None:
        model = self.state.shown
        self._chat.setEnabled(model is not None and not model.problem)
        self._reveal.setEnabled(model is not None)
        self._favourite.setEnabled(model is not None)
        self._delete.setEnabled(model is not None and model.origin != "bundled")

    def _turn_favourite(self) -> None:
        if self.state.shown is not None:
            self.state.set_favourite(self.state.shown_path, not self.state.shown.favourite)

    def _take_shown_away(self) -> None:
        self.take_away(self.state.shown_path)

    def _find(self) -> None:
        self._go_to(self.here)
        self.list.search.setFocus()
        self.list.search.selectAll()


def _model_files(event: QDropEvent) -> list[str]:
    """The local GGUF files and folders of what is dragged."""
    paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
    return [path for path in paths if path.lower().endswith(".gguf") or Path(path).suffix == ""]
