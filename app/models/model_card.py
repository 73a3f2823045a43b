"""One model: its name, what can be done with it, and tabs with everything that is known of it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from app.models.overview import Overview
from app.models.searched_table import SearchedTable
from app.models.state import ModelsState
from app.models.template_pane import TemplatePane
from app.models.texts import about_text, problem_text, size_text, title
from app.translation import error_text
from app.widgets.buttons import icon_button, text_button
from app.widgets.elided_label import ElidedLabel
from app.widgets.empty_state import EmptyState
from app.widgets.icons import set_icon
from app.widgets.theme import set_role


class ModelCardView(QWidget):
    """Follows the shown model of a state. Further tabs are put in by add_tab()."""

    reveal_wanted = Signal(str)
    take_away_wanted = Signal(str)

    def __init__(self, state: ModelsState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "background")
        self._state = state
        self.title = ElidedLabel("", Qt.TextElideMode.ElideMiddle)
        set_role(self.title, "title")
        self.about = ElidedLabel()
        set_role(self.about, "muted")
        self.note = QLabel()
        self.warning = QLabel()
        self.warning.setWordWrap(True)
        self.warning.setTextFormat(Qt.TextFormat.PlainText)
        set_role(self.warning, "bad")
        self.chat = text_button(self, self.tr("Chat with it"), self._chat, "primary")
        self.favourite = icon_button(self, "star", self.tr("Make it a favourite"), self._turn_favourite)
        self.reveal = icon_button(self, "folder", self.tr("Show its folder"), self._reveal)
        self.take_away = icon_button(self, "trash", self.tr("Delete"), self._take_away)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setAccessibleName(self.tr("What is known of the model"))
        self.overview = Overview(state)
        self.template = TemplatePane(state)
        self.metadata = SearchedTable(self.tr("Metadata"), (self.tr("Key"), self.tr("Value")), 1)
        titles = (self.tr("Tensor"), self.tr("Type"), self.tr("Shape"), self.tr("Size"))
        self.tensors = SearchedTable(self.tr("Tensors"), titles, 0)
        for pane, name in (
            (self.overview, self.tr("Overview")),
            (self.template, self.tr("Template")),
            (self.metadata, self.tr("Metadata")),
            (self.tensors, self.tr("Tensors")),
        ):
            self.tabs.addTab(pane, name)
        self.empty = EmptyState(
            "model", self.tr("Your models"), self.tr("Choose one to see what it is, or drop a GGUF file here.")
        )
        self._lay_out()
        for signal in (state.listed, state.shown_changed, state.card_changed):
            signal.connect(self._show)
        for signal in (state.shown_changed, state.card_changed):
            signal.connect(self._fill_tables)
        self._show()
        self._fill_tables()

    def add_tab(self, pane: QWidget, name: str) -> None:
        """A further tab after the overview; the pane follows the state by itself."""
        self.tabs.insertTab(1, pane, name)

    def show_note(self, text: str, role: str) -> None:
        """Something in short about the shown model, in a role of the stylesheet."""
        self.note.setText(text)
        set_role(self.note, role)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self.title, 1)
        for button in (self.chat, self.favourite, self.reveal, self.take_away):
            head.addWidget(button)
        texts = QVBoxLayout()
        texts.setContentsMargins(16, 12, 12, 4)
        texts.setSpacing(4)
        texts.addLayout(head)
        about = QHBoxLayout()
        about.addWidget(self.about, 1)
        about.addWidget(self.note)
        texts.addLayout(about)
        texts.addWidget(self.warning)
        self._full = QWidget()
        column = QVBoxLayout(self._full)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(texts)
        column.addWidget(self.tabs, 1)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._full)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._stack)

    def _show(self) -> None:
        model = self._state.shown
        if model is None:
            self._stack.setCurrentWidget(self.empty)
            return
        self._stack.setCurrentWidget(self._full)
        self.title.setText(title(model))
        self.about.setText(about_text(model))
        self.warning.setText(self._warning())
        self.warning.setVisible(bool(self.warning.text()))
        broken = bool(model.problem) or model.missing
        self.chat.setEnabled(not broken)
        for place in range(1, self.tabs.count()):
            self.tabs.setTabVisible(place, not broken)
        set_icon(self.favourite, "star", "accent" if model.favourite else "muted")
        text = self.tr("No favourite any more") if model.favourite else self.tr("Make it a favourite")
        self.favourite.setToolTip(text)
        self.favourite.setAccessibleName(text)
        text = self.tr("Delete") if model.ours else self.tr("Take it off the list")
        set_icon(self.take_away, "trash" if model.ours else "x")
        self.take_away.setToolTip(text)
        self.take_away.setAccessibleName(text)
        self.take_away.setVisible(model.origin != "bundled")
        self.overview.show_model(model, self._state.card)

    def _fill_tables(self) -> None:
        card = self._state.card
        self.metadata.set_rows(card.metadata if card is not None else ())
        tensors = card.tensors if card is not None else ()
        self.tensors.set_rows(
            [(one.name, one.type, " × ".join(map(str, one.shape)), size_text(one.size_bytes)) for one in tensors]
        )

    def _warning(self) -> str:
        model, problem = self._state.shown, self._state.card_problem
        assert model is not None
        said = [problem_text(model)]
        if problem is not None and not model.missing and problem.text != model.problem:
            said.append(" ".join(filter(None, (error_text(problem.text), error_text(problem.hint)))))
        if model.flagged:
            said.append(
                self.tr(
                    "It ended the process that it ran in several times in a row. Its file may be damaged: fetch it again."
                )
            )
        return "\n".join(filter(None, said))

    def _chat(self) -> None:
        self._state.chat(self._state.shown_path)

    def _turn_favourite(self) -> None:
        if self._state.shown is not None:
            self._state.set_favourite(self._state.shown_path, not self._state.shown.favourite)

    def _reveal(self) -> None:
        self.reveal_wanted.emit(self._state.shown_path)

    def _take_away(self) -> None:
        self.take_away_wanted.emit(self._state.shown_path)
