"""The pane at the right: what the model expects next, what it writes, and the run itself."""

from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from app.training.about_pane import AboutPane
from app.training.probe_pane import ProbePane
from app.training.samples_pane import SamplesPane
from app.training.state import TrainingState
from app.widgets.theme import set_role, theme
from app.widgets.tokens import DOCK_WIDTHS


class Dock(QWidget):
    """Three tabs that follow the shown run."""

    def __init__(self, state: TrainingState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "surface")
        self.setMinimumWidth(DOCK_WIDTHS[0])
        self._bound_width()
        theme().changed.connect(self._bound_width)
        self.probe, self.samples, self.about = ProbePane(state, self), SamplesPane(state, self), AboutPane(state, self)
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        self.tabs.setUsesScrollButtons(False)
        for pane, title in (
            (self.probe, self.tr("Next token")),
            (self.samples, self.tr("Samples")),
            (self.about, self.tr("This run")),
        ):
            self.tabs.addTab(pane, title)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.tabs)

    def show_pane(self, pane: QWidget) -> None:
        self.tabs.setCurrentWidget(pane)

    def _bound_width(self) -> None:
        self.setMaximumWidth(max(DOCK_WIDTHS[1], theme().px(DOCK_WIDTHS[1])))
