"""One repository: what it is, its quantisations, and its card."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from app.models.hub_card import CardView
from app.models.hub_state import HubState
from app.models.hub_table import ModelTable
from app.models.hub_texts import about_text
from app.models.hub_token import edit_token
from app.reading.links import ask_to_open
from app.translation import error_text
from app.widgets.buttons import icon_button, text_button
from app.widgets.elided_label import ElidedLabel
from app.widgets.empty_state import EmptyState
from app.widgets.theme import set_role, theme


class HubRepository(QWidget):
    """Shows what the state knows of the repository that was chosen."""

    def __init__(self, state: HubState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "background")
        self._state = state
        self.title = ElidedLabel()
        set_role(self.title, "title")
        self.about = self._label("muted")
        self.licence = self._label("muted")
        self.gate = self._label("muted")
        self.note = self._label("caption")
        self.table = ModelTable(state, self)
        self.card = CardView(self)
        self.empty = EmptyState("model", "", "", parent=self)
        self.empty.acted.connect(lambda: state.show(state.shown))
        self.page_button = icon_button(self, "external", self.tr("Open its page"), self._open_page)
        self.open_button = text_button(self, self.tr("Open its page"), self._open_page, "primary")
        self.token_button = text_button(self, self.tr("Access token…"), self.edit_token, "")
        self._lay_out()
        state.repository_changed.connect(self._show)
        state.token_changed.connect(self._show)
        state.downloads_changed.connect(self._show_table)
        theme().changed.connect(self._show_table)
        self._lines: tuple[tuple[str, str], ...] = ()
        self._show()

    def edit_token(self) -> None:
        """Give, replace or remove the access token."""
        edit_token(self._state, self)

    def _label(self, role: str) -> QLabel:
        label = QLabel()
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        set_role(label, role)
        return label

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.page_button)
        gate = QHBoxLayout()
        gate.setSpacing(8)
        gate.addWidget(self.open_button)
        gate.addWidget(self.token_button)
        gate.addStretch(1)
        texts = QVBoxLayout()
        texts.setContentsMargins(16, 12, 16, 8)
        texts.setSpacing(4)
        texts.addLayout(head)
        texts.addWidget(self.about)
        texts.addWidget(self.licence)
        texts.addWidget(self.gate)
        texts.addLayout(gate)
        self._full = QWidget()
        column = QVBoxLayout(self._full)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(texts)
        table = QVBoxLayout()
        table.setContentsMargins(12, 0, 12, 8)
        table.addWidget(self.table)
        table.addWidget(self.note)
        column.addLayout(table)
        column.addWidget(set_role(QFrame(), "line"))
        column.addWidget(self.card, 1)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.empty)
        # In a low window all of it scrolls, and nothing lies over anything else.
        self._scrolled = QScrollArea()
        self._scrolled.setFrameShape(QFrame.Shape.NoFrame)
        self._scrolled.setWidgetResizable(True)
        self._scrolled.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scrolled.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        set_role(self._full, "background")
        self._scrolled.setWidget(self._full)
        self._stack.addWidget(self._scrolled)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._stack)

    def _show(self) -> None:
        state = self._state
        if state.read is None:
            self._stack.setCurrentWidget(self.empty)
            problem = state.read_problem
            if problem is not None:
                sentence = " ".join(filter(None, (error_text(problem.text), error_text(problem.hint))))
                self.empty.set_texts(state.shown, sentence, self.tr("Try again"))
            elif state.reading:
                self.empty.set_texts(state.shown, self.tr("Looking at what it has…"))
            else:
                self.empty.set_texts(
                    self.tr("What runs on this machine"),
                    self.tr("Choose a repository to see its quantisations, what they take, and which one to take."),
                )
            return
        repository = state.read.details.repository
        self.title.setText(repository.name)
        self.about.setText(about_text(repository))
        self.licence.setText(
            self.tr("Licence: {0}").format(repository.licence)
            if repository.licence
            else self.tr("It names no licence; ask its owner before you pass on what it makes.")
        )
        self.gate.setText(
            self.tr("Gated: open its page and accept the conditions there, then give an access token of your account.")
            if state.needs_token
            else self.tr("Gated: only those who accepted the conditions on its page can fetch from it.")
        )
        for widget in (self.gate, self.open_button, self.token_button):
            widget.setVisible(repository.gated)
        set_role(self.open_button, "primary" if state.needs_token else "")
        self.table.show_models()
        self.table.setVisible(bool(state.read.details.models))
        self.note.setText(self._note())
        self.note.setVisible(bool(self.note.text()))
        if self.card.property("shown") != state.read.details.card:
            self.card.setProperty("shown", state.read.details.card)
            self.card.show_card(state.read.details.card)
        self._stack.setCurrentWidget(self._scrolled)

    def _note(self) -> str:
        state = self._state
        assert state.read is not None
        if not state.read.details.models:
            return self.tr("It has neither GGUF files nor weights that could be converted here.")
        if state.fits is None:
            return self.tr("Reading the header of a model, to know what it takes…") if state.reading else ""
        if all(model.is_folder for model in state.read.details.models):
            return self.tr("Fetched whole, then converted and quantised here; what it takes is of the smallest choice.")
        told = []
        best = next((model for model in state.read.details.models if model.name == state.fits.recommended), None)
        if best is not None:
            told.append(self.tr("★ Recommended: it fits, and answers are good for its size."))
        elif any(
            state.fits.fits.get(model.name) in ("fits", "tight")
            for model in state.read.details.models
            if not model.is_folder
        ):
            told.append(self.tr("Those that fit would be too slow here: more than a second for each token."))
        else:
            told.append(self.tr("None of these goes into the memory that is free now."))
        if not state.fits.exact:
            told.append(self.tr("Its header cannot be read from here, so memory and speed are judged by size alone."))
        return " ".join(told)

    def _show_table(self) -> None:
        """The buttons, where the queue has other lines or states than before; progress changes nothing in it."""
        lines = tuple((line.id, line.state) for line in self._state.downloads)
        if lines != self._lines:
            self._lines = lines
            if self._state.read is not None:
                self.table.show_models()

    def _open_page(self) -> None:
        if self._state.read is not None:
            ask_to_open(self._state.read.page, self, self.tr("The page of this repository opens in your browser."))
