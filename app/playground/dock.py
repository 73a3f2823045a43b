"""The pane at the right: the next token, the whole text, the chain, and one token explained."""

from PySide6.QtCore import QSignalBlocker, QTimer, Signal
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from app.inspector.token_inspector import TokenInspector
from app.playground.next_pane import NextPane
from app.playground.offers import looks_like_control, text_of
from app.playground.state import PlaygroundState
from app.playground.text_pane import TextPane
from app.sampling.panel import SamplingPanel
from app.sampling.presets import Presets
from app.sampling.subject import Subject
from app.sampling.token_biases import TokenBiases
from app.widgets.formats import number, visible
from app.widgets.theme import set_role, theme
from app.widgets.tokens import DOCK_WIDTHS
from engine.records import GenerationSettings
from engine.sampling.preset_file import Preset

_SETTLED_MS = 150  # somebody who walks through the text asks for no token on the way


class Dock(QWidget):
    """Four tabs that follow the state."""

    acted = Signal()  # the button of an empty state
    replace_wanted = Signal(int, str)  # number of a token of the text, what is to stand in its place

    def __init__(self, state: PlaygroundState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "surface")
        self.setMinimumWidth(DOCK_WIDTHS[0])
        self._bound_width()
        theme().changed.connect(self._bound_width)
        self._state = state
        self.next = NextPane(self)
        self.text = TextPane(state.reading, self)
        invitation = self.tr("With a model loaded this shows what each stage does to the candidates of the next token.")
        self.sampling = SamplingPanel(self, invitation=invitation)
        invitation = self.tr("Click a word of the text to see how likely it was, and what else was possible.")
        self.inspector = TokenInspector(self, asks_model=True, invitation=invitation)
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        self.tabs.setUsesScrollButtons(True)  # with large text not all fit
        for pane, title in (
            (self.next, self.tr("Next")),
            (self.text, self.tr("Text")),
            (self.sampling, self.tr("Sampling")),
            (self.inspector, self.tr("Token")),
        ):
            self.tabs.addTab(pane, title)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.tabs)
        self.sampling.changed.connect(state.set_settings)
        self.sampling.changed.connect(self.inspector.set_settings)
        for ask, pane in ((self.inspector.namesRequested, self.inspector), (self.next.names_wanted, self.next)):
            ask.connect(state.names.ask)
            state.names.named.connect(pane.set_names)
        self._explained: Subject | None = None
        self._model = state.model
        self._look = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._look.timeout.connect(self._explain_here)
        self._looking = self._brings = False
        self.tabs.currentChanged.connect(lambda _: self.follow_caret())
        state.reading.changed.connect(self._on_scores)
        state.documents.opened.connect(self._forget)
        state.model_changed.connect(self._on_model)
        self._biases = TokenBiases(self.sampling, state.names, self)
        self._biases.banned.connect(self._on_banned)
        self.inspector.branchRequested.connect(self._replace)
        self.inspector.stepRequested.connect(self._step)
        self.inspector.biasRequested.connect(lambda id, bias: self._put_bias(id, bias, self._explained))
        self.next.bias_asked.connect(lambda id, bias: self._put_bias(id, bias, state.following.subject))
        state.model_changed.connect(self._biases.name_all)
        self._presets = Presets(state.storage, self.sampling)
        self._presets.undoable.connect(state.undoable)
        self._presets.notice.connect(state.notice)
        self._presets.failed.connect(state.failed)
        self.next.luck_wanted.connect(state.new_luck)
        self.next.acted.connect(self.acted)
        self.text.acted.connect(self.acted)
        state.following.changed.connect(self._show_next)
        state.explained.connect(self._explain)
        state.settings_changed.connect(self._show_settings)
        self._show_settings()
        self._show_recommended()

    @property
    def presets(self) -> list[Preset]:
        """The person's own."""
        return self._presets.rows

    def show_pane(self, pane: QWidget) -> None:
        self.tabs.setCurrentWidget(pane)

    def show_empty(self, title: str, sentence: str, action: str) -> None:
        """What needs a model or a text has neither."""
        self.next.show_empty(title, sentence, action)
        self.text.show_empty(title, sentence, action)

    def explain(self, place: int) -> None:
        """Explain the token at a place of the text, and show it, whatever is shown now."""
        self._brings = True
        self._state.explain_at(place)

    def follow_caret(self) -> None:
        """Whoever looks at one token sees the one before the caret, as soon as it is scored."""
        self._looking = True
        self._look.start()

    def _explain_here(self) -> None:
        place = max(0, self._state.documents.caret - 1)
        if self.inspector.isVisible() and self._state.reading.scores.at(place) is not None:
            self._looking = False
            self._state.explain_at(place, quietly=True)

    def _on_scores(self) -> None:
        if self._looking and not self._look.isActive():
            self._explain_here()

    def _forget(self) -> None:
        """The token that was explained is of another text or model."""
        self._explained = None
        self.inspector.clear()
        self.follow_caret()

    def _on_model(self) -> None:
        if self._state.model is not self._model:
            self._model = self._state.model
            self._forget()
            self._show_recommended()

    def _show_recommended(self) -> None:
        self.sampling.presets.set_recommended(None if self._model is None else self._model.recommended)

    def _show_next(self) -> None:
        following = self._state.following
        subject = following.subject
        if subject is None:
            self.sampling.show_token(None)
            return
        self.next.show_subject(subject, following.text, following.settings.sampling, following.stale, following.special)
        if not following.stale:
            name, size = visible(subject.record.token.bytes), number(subject.record.vocabulary_size)
            text = self.tr("At the caret, where the chain draws “{0}”: all {1} tokens of the vocabulary.")
            self.sampling.show_token(subject, text.format(name, size))

    def _explain(self, subject: Subject) -> None:
        self._explained = subject
        self.inspector.show_record(
            subject.record,
            history=subject.history,
            history_is_whole=subject.history_is_whole,
            logits=subject.logits,
            named=subject.named,
            given="document",
        )
        if self._brings:
            self._brings = False
            self.show_pane(self.inspector)

    def _step(self, step: int) -> None:
        """The token before or after the one that is explained."""
        if self._explained is not None:
            self._state.explain(self._explained.record.position + step)

    def _replace(self, id: int) -> None:
        """Another token in the place of the one that is explained, where it is text."""
        subject = self._explained
        piece = None if subject is None else subject.piece(id) or self._state.names.get(id)
        if subject is None or piece is None:
            return
        text = "" if looks_like_control(piece) and not self._state.documents.special else text_of(piece)
        if text:
            self.replace_wanted.emit(subject.record.position, text)
        else:
            self._state.notice.emit(self.tr("This one is no text by itself and cannot be taken over."))

    def _put_bias(self, id: int, bias: float, subject: Subject | None) -> None:
        self._biases.put(id, bias, None if subject is None else subject.piece(id))

    def _on_banned(self, name: str, before: GenerationSettings) -> None:
        state = self._state
        state.undoable.emit(self.tr("“{0}” is banned from now on.").format(name), lambda: state.set_settings(before))

    def _show_settings(self) -> None:
        if self._state.settings != self.sampling.settings():
            with QSignalBlocker(self.sampling):
                self.sampling.set_settings(self._state.settings)
        self.inspector.set_settings(self._state.settings)
        self._biases.name_all()

    def _bound_width(self) -> None:
        self.setMaximumWidth(max(DOCK_WIDTHS[1], theme().px(DOCK_WIDTHS[1])))
