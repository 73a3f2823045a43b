"""The models on this machine: searched, sorted, the favourites first."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidgetItem, QMenu, QVBoxLayout, QWidget

from app.models.hub_texts import FIT_COLOURS, fit_sentence, fit_text
from app.models.refused_files import RefusedFiles
from app.models.state import ModelsState
from app.models.texts import about_text, origin_text, row_text, title
from app.models.weighing import Weighing
from app.widgets.buttons import icon_button, text_button
from app.widgets.elided_combo import ElidedCombo
from app.widgets.list_delegate import ListDelegate, Role
from app.widgets.row_list import Row
from app.widgets.searched_list import SearchedList
from app.widgets.theme import set_role
from engine.records.library import LibraryModel
from engine.records.loading import Fit


class ModelList(SearchedList):
    """Shows the models of a state; asks for files and for what other programs have by signals."""

    import_wanted = Signal()
    hub_wanted = Signal()
    folder_wanted = Signal()
    reveal_wanted = Signal(str)
    take_away_wanted = Signal(str)

    def __init__(self, state: ModelsState, weighing: Weighing, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("Search the models on this machine"),
            self.tr("Models on this machine"),
            self.tr("Add model files"),
            "",
            parent,
        )
        self._state, self._weighing = state, weighing
        self.search.textChanged.connect(lambda _: self.refresh())
        self.sort = ElidedCombo(self)
        self.sort.setAccessibleName(self.tr("Order of the models"))
        for text, key in (
            (self.tr("Last used first"), "used"),
            (self.tr("By name"), "name"),
            (self.tr("Largest on disk first"), "size_bytes"),
            (self.tr("Most parameters first"), "parameters"),
        ):
            self.sort.addItem(text, key)
        self.sort.currentIndexChanged.connect(lambda _: self.refresh())
        self.rows.setItemDelegate(ListDelegate(self.rows, Qt.TextElideMode.ElideMiddle))
        self.rows.chosen.connect(lambda path, _: state.show(path))
        self.rows.delete_wanted.connect(self.take_away_wanted.emit)
        importing = icon_button(self, "import", self.tr("Models of other programs…"), self.import_wanted.emit)
        self.top.addWidget(importing)
        for before, after in ((self.search, self.sort), (self.sort, self.rows), (self.rows, importing)):
            QWidget.setTabOrder(before, after)
        order = QHBoxLayout()
        order.setContentsMargins(8, 0, 8, 4)
        order.addWidget(self.sort)
        self.column.insertLayout(1, order)
        self.more = self._make_more()
        self.column.addWidget(self.more)
        self.refused = RefusedFiles(state, self)
        self.column.addWidget(self.refused)
        state.listed.connect(self.refresh)
        weighing.changed.connect(self.refresh)
        state.shown_changed.connect(self._on_shown)
        self.refresh()

    def refresh(self) -> None:
        """Show what the state knows, as far as it matches the search."""
        state, query = self._state, self.search.text()
        found = [model for model in state.models if matches(model, query)]
        self.rows.set_rows([self._row(model) for model in in_order(found, self.sort.currentData())])
        sentence = self.tr("Looking at what is on this machine…")
        if state.known:
            sentence = self.tr("Nothing found for “{0}”.").format(query) if query else self.tr("No models.")
        self.show_empty("" if found else sentence, False)
        self.more.setVisible(state.known and not query and all(one.origin == "bundled" for one in state.models))

    def _make_more(self) -> QWidget:
        """For who has nothing yet but what came with the program."""
        more = QWidget(self)
        text = QLabel(
            self.tr(
                "The built-in model is tiny. Larger ones answer far better, and this page says beforehand which run here."
            )
        )
        text.setWordWrap(True)
        set_role(text, "muted")
        column = QVBoxLayout(more)
        column.setContentsMargins(16, 8, 16, 16)
        column.setSpacing(8)
        column.addWidget(text)
        column.addWidget(text_button(more, self.tr("Find models on Hugging Face"), self.hub_wanted.emit, ""))
        column.addWidget(text_button(more, self.tr("Use models of other programs…"), self.import_wanted.emit, ""))
        return more

    @property
    def first(self) -> str:
        """Path of the topmost model; "" where there is none."""
        item = self.rows.item(0)
        return "" if item is None else str(item.data(Role.ID))

    def _on_shown(self) -> None:
        self.refresh()
        self.rows.go_to(self._state.shown_path)

    def _row(self, model: LibraryModel) -> Row:
        star = "★ " if model.favourite else ""
        warned = "⚠ " if model.problem or model.missing or model.flagged or model.template_changed else ""
        fit = self._weighing.fits.get(model.path) if not (model.problem or model.missing) else None
        origin = origin_text(model, self._state.folder)
        said = (title(model), about_text(model), fit_sentence(fit) if fit else "", origin, model.path)
        return Row(
            model.path,
            star + title(model),
            warned + row_text(model, self._state.folder),
            model.path == self._state.shown_path,
            tip="\n".join(filter(None, said)),
            note=self._note(model, fit),
        )

    def _note(self, model: LibraryModel, fit: Fit | None) -> tuple[str, str]:
        """That it replies now, else how it would fit; and the colour of that."""
        if model.path == self._weighing.in_use:
            return self.tr("In use"), "accent"
        return (fit_text(fit), FIT_COLOURS[fit]) if fit else ("", "")

    def fill_menu(self, menu: QMenu, item: QListWidgetItem) -> None:
        model = self._state.model(item.data(Role.ID))
        if model is None:
            return
        path = model.path
        menu.addAction(self.tr("Chat with it"), partial(self._state.chat, path)).setEnabled(not model.problem)
        text = self.tr("No favourite any more") if model.favourite else self.tr("Make it a favourite")
        menu.addAction(text, partial(self._state.set_favourite, path, not model.favourite))
        menu.addAction(self.tr("Show its folder"), partial(self.reveal_wanted.emit, path))
        if model.origin != "bundled":
            menu.addSeparator()
            text = self.tr("Delete") if model.ours else self.tr("Take it off the list")
            menu.addAction(text, partial(self.take_away_wanted.emit, path))

    def fill_empty_menu(self, menu: QMenu) -> None:
        super().fill_empty_menu(menu)
        menu.addAction(self.tr("Add a folder of models"), self.folder_wanted.emit)
        menu.addAction(self.tr("Models of other programs…"), self.import_wanted.emit)


def matches(model: LibraryModel, query: str) -> bool:
    """Whether every word of a search stands in what is said of a model."""
    said = (model.name, title(model), model.path, model.architecture, model.quantisation, model.program)
    text = " ".join(said).casefold()
    return all(word in text for word in query.casefold().split())


def in_order(models: list[LibraryModel], key: str) -> list[LibraryModel]:
    """Favourites first, then by a field: names from A, others from the largest or latest; the built-in one before its equals."""

    def rank(model: LibraryModel) -> tuple[bool, float, bool, str]:
        value = 0 if key == "name" else -getattr(model, key)
        return not model.favourite, value, model.origin != "bundled" and key != "name", title(model).casefold()

    return sorted(models, key=rank)
