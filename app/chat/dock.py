"""The pane at the right: how the next token is picked, and how a chosen one was."""

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from app.chat.presets import Presets
from app.chat.state import ChatState
from app.inspector.token_inspector import TokenInspector
from app.sampling.panel import SamplingPanel
from app.storage.rows import Preset
from app.widgets.theme import set_role, theme
from app.widgets.tokens import DOCK_WIDTHS
from engine.records import GenerationSettings, TokenRecord

_BEFORE = 60  # characters of text before a token that name its place


class Dock(QWidget):
    """Two tabs that follow the state."""

    token_chosen = Signal()

    def __init__(self, state: ChatState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "surface")
        self.setMinimumWidth(DOCK_WIDTHS[0])
        self._bound_width()
        theme().changed.connect(self._bound_width)
        self._state = state
        self._presets = Presets(state.storage, self)
        self.sampling = SamplingPanel(self)
        self.inspector = TokenInspector(self)
        self._tabs = QTabWidget(self)
        self._tabs.setDocumentMode(True)
        self._tabs.addTab(self.sampling, self.tr("Sampling"))
        self._tabs.addTab(self.inspector, self.tr("Tokens"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._tabs)
        self.sampling.changed.connect(state.set_settings)
        self.sampling.changed.connect(self.inspector.set_settings)
        self.sampling.savePresetRequested.connect(self._save_preset)
        self.sampling.renamePresetRequested.connect(self._presets.rename)
        self.sampling.deletePresetRequested.connect(self._presets.delete)
        self._presets.changed.connect(self._show_presets)
        self._presets.failed.connect(state.report)
        self._presets.deleted.connect(lambda gone: self._offer_back(self.tr("Preset deleted."), gone))
        self._presets.replaced.connect(lambda old: self._offer_back(self.tr("Preset replaced."), old))
        self.inspector.branchRequested.connect(state.branch)
        self.inspector.stepRequested.connect(state.choice.step)
        state.choice.chosen.connect(self._show_token)
        state.conversation_changed.connect(self._show_settings)
        self._show_settings()
        self._presets.refresh()

    def show_sampling(self) -> None:
        self._tabs.setCurrentWidget(self.sampling)

    def show_tokens(self) -> None:
        self._tabs.setCurrentWidget(self.inspector)

    def _bound_width(self) -> None:
        self.setMaximumWidth(max(DOCK_WIDTHS[1], theme().px(DOCK_WIDTHS[1])))

    def _show_settings(self) -> None:
        settings: GenerationSettings = self._state.settings
        if settings != self.sampling.settings():
            with QSignalBlocker(self.sampling):
                self.sampling.set_settings(settings)
        self.inspector.set_settings(settings)

    def _show_presets(self, presets: list[Preset]) -> None:
        self.sampling.set_presets([(preset.name, preset.sampling) for preset in presets])

    def _offer_back(self, text: str, preset: Preset) -> None:
        self._state.undoable.emit(text, lambda: self._presets.put_back(preset))

    def _save_preset(self, name: str) -> None:
        self._presets.save(name, self.sampling.settings().sampling)

    def _show_token(self, record: TokenRecord | None) -> None:
        if record is None:
            self.inspector.clear()
            return
        origin = self._state.origin_of_choice()
        self.inspector.show_record(
            record, self._place(), settings=origin.settings, history=origin.before, seed=origin.seed
        )
        self.show_tokens()
        self.token_chosen.emit()

    def _place(self) -> str:
        """The words before the selected token."""
        selected = self._state.choice.selected
        texts = self._state.token_text(selected[0]) if selected else None
        if selected is None or texts is None:
            return ""
        before = "".join(run.text for run in texts.runs[max(0, selected[1] - _BEFORE) : selected[1]])[-_BEFORE:]
        return " ".join(before.split())
