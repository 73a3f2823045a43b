"""Hugging Face in the Models page: search, repository, downloads."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.models.hub_downloads import HubDownloads
from app.models.hub_queue_texts import badge_text
from app.models.hub_repository import HubRepository
from app.models.hub_results import HubResults
from app.models.hub_state import HubState
from app.widgets.buttons import text_button
from app.widgets.splitter import PaneSplitter
from app.widgets.theme import set_role
from app.widgets.tokens import LIST_WIDTHS


class HubSection(QWidget):
    """What was found at the left, the chosen repository at the right, the queue below both.

    ``badge`` says how far downloads are, for who looks elsewhere; "" where there are none.
    """

    badge = Signal(str)

    def __init__(self, state: HubState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = state
        self.results = HubResults(state, self)
        self.results.setMinimumWidth(LIST_WIDTHS[0])
        set_role(self.results, "surface")
        self.repository = HubRepository(state, self)
        self.downloads = HubDownloads(state, self)
        self.banner = self._make_banner()
        panes = PaneSplitter()
        panes.addWidget(self.results)
        panes.addWidget(self.repository)
        panes.setStretchFactor(1, 1)
        panes.setSizes([LIST_WIDTHS[1], 700])
        panes.name_border(1, self.tr("Width of the list of repositories"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(panes, 1)
        column.addWidget(set_role(QFrame(), "line"))
        column.addWidget(self.downloads)
        state.offline_changed.connect(self._show_banner)
        state.downloads_changed.connect(self.tell)
        self._show_banner()

    def tell(self) -> None:
        """How far downloads are now."""
        self.badge.emit(badge_text(self.state.downloads))

    def focus_first(self) -> None:
        self.results.field.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.state.watched_by = id(self)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self.state.watched_by == id(self):
            self.state.watched_by = 0

    def _make_banner(self) -> QWidget:
        banner = QWidget(self)
        set_role(banner, "raised")
        said = self.tr(
            "Off-line mode is on: nothing is searched, nothing is fetched. Models that are here work as ever."
        )
        if self.state.forced_offline:
            said = self.tr(
                "HF_HUB_OFFLINE is set: nothing is searched, nothing is fetched. Models that are here work as ever."
            )
        text = QLabel(said)
        text.setWordWrap(True)
        self.online = text_button(banner, self.tr("Go on-line"), self.state.go_online, "")
        row = QHBoxLayout(banner)
        row.setContentsMargins(16, 8, 8, 8)
        row.addWidget(text, 1)
        row.addWidget(self.online)
        return banner

    def _show_banner(self) -> None:
        self.banner.setVisible(self.state.offline)
        self.online.setVisible(not self.state.forced_offline)
