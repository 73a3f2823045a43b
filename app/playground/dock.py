"""The pane at the right: the next token, the whole text, the chain, and one token explained."""

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from app.inspector.token_inspector import TokenInspector
from app.playground.next_pane import NextPane
from app.playground.state import PlaygroundState
from app.playground.text_pane import TextPane
from app.sampling.funnel import Subject
from app.sampling.panel import SamplingPanel
from app.sampling.presets import Presets
from app.widgets.formats import visible
from app.widgets.theme import set_role, theme
from app.widgets.tokens import DOCK_WIDTHS
from engine.records import TokenRecord
from engine.sampling.preset_file import Preset


class Dock(QWidget):
    """Four tabs that follow the state."""

    acted = Signal()  # the button of an empty state

    def __init__(self, state: PlaygroundState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "surface")
        self.setMinimumWidth(DOCK_WIDTHS[0])
        self._bound_width()
        theme().changed.connect(self._bound_width)
        self._state = state
        self.next = NextPane(self)
        self.text = TextPane(state.reading, self)
        self.sampling = SamplingPanel(self)
        self.inspector = TokenInspector(self, steps=False)
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        self.tabs.setUsesScrollButtons(False)
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

    def _show_next(self) -> None:
        following = self._state.following
        if following.record is None:
            return
        self.next.show_record(following.record, following.text, following.stale)
        if not following.stale:
            subject = Subject(following.record, (), self._state.seed, False, None)
            name = visible(following.record.token.bytes)
            self.sampling.show_token(
                subject, self.tr("At the caret, where the chain draws “{0}”: the stored candidates.").format(name)
            )

    def _explain(self, record: TokenRecord) -> None:
        self.inspector.show_record(record, given="text")  # no reply goes on from it
        self.show_pane(self.inspector)

    def _show_settings(self) -> None:
        if self._state.settings != self.sampling.settings():
            with QSignalBlocker(self.sampling):
                self.sampling.set_settings(self._state.settings)

    def _bound_width(self) -> None:
        self.setMaximumWidth(max(DOCK_WIDTHS[1], theme().px(DOCK_WIDTHS[1])))
