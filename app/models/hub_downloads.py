"""The download queue below the page: one line that sums it up, and unfolds to a row for each download."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.models.hub_download_row import DownloadRow
from app.models.hub_queue_texts import in_order, queue_text
from app.models.hub_state import UNDER_WAY, HubState
from app.widgets.buttons import icon_button, text_button
from app.widgets.fold_line import FoldLine
from app.widgets.theme import set_role, theme

_MOST_ROWS, _FOLDED_BELOW = 4, 600  # px of the page's height, where nobody chose


class HubDownloads(QWidget):
    """What failed stands first, then what runs, what is done last. A single download is its own summary."""

    def __init__(self, state: HubState, parent: QWidget) -> None:
        super().__init__(parent)
        self._state, self._page = state, parent
        self.rows: dict[str, DownloadRow] = {}
        self.head = QWidget(self)
        self.summary = FoldLine(self.head)
        self.summary.clicked.connect(self._fold)
        self.pause = icon_button(self.head, "pause", self.tr("Pause all"), state.pause_all)
        self.resume = icon_button(self.head, "play", self.tr("Go on with all that are paused"), state.resume_all)
        self.clear = text_button(self.head, self.tr("Clear finished"), state.clear_finished, "link")
        self.clear.setToolTip(self.tr("Take what is done off this list; the models stay"))
        head = QHBoxLayout(self.head)
        head.setContentsMargins(8, 0, 8, 0)
        head.addWidget(self.summary, 1)
        for button in (self.clear, self.pause, self.resume):
            head.addWidget(button)
        self.area = QScrollArea(self)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setAccessibleName(self.tr("Downloads"))
        inner = QWidget()
        set_role(inner, "surface")
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 4, 0, 4)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        self.area.setWidget(inner)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.area)
        set_role(self, "surface")
        parent.installEventFilter(self)
        state.downloads_changed.connect(self._show)
        state.offline_changed.connect(self._show)
        theme().changed.connect(self._show)
        self._show()

    @property
    def unfolded(self) -> bool:
        """As the person chose, else as there is room."""
        chosen = self._state.queue_unfolded
        return self._page.height() >= _FOLDED_BELOW if chosen is None else chosen

    def _fold(self, on: bool) -> None:
        self._state.queue_unfolded = on
        self._show_height()

    def _show(self) -> None:
        lines = in_order(self._state.downloads)
        known = {line.id for line in lines}
        for id in [id for id in self.rows if id not in known]:
            row = self.rows.pop(id)
            row.hide()
            row.deleteLater()
        for place, line in enumerate(lines):
            if line.id in self.rows:
                self.rows[line.id].show_line(line)
            else:
                self.rows[line.id] = DownloadRow(self._state, line, self.area.widget())
            row = self.rows[line.id]
            if self._column.indexOf(row) != place:
                self._column.insertWidget(place, row)
        failed = any(line.state == "failed" for line in lines)
        self.summary.show_text(
            queue_text(lines, self._state.offline) or self.tr("Downloads"), "bad" if failed else "muted"
        )
        states = {line.state for line in lines}
        self.clear.setVisible("done" in states)
        self.pause.setVisible(not states.isdisjoint(UNDER_WAY))
        self.resume.setVisible("paused" in states)
        self.setVisible(bool(lines))
        self._show_height()

    def _show_height(self) -> None:
        """As high as the rows are, up to a few of them and a third of the page."""
        several = len(self.rows) > 1
        self.head.setVisible(several)
        self.summary.setChecked(self.unfolded)
        self.area.setVisible(self.unfolded or not several)
        heights = sorted((row.sizeHint().height() for row in self.rows.values()), reverse=True)[:_MOST_ROWS]
        most = max(self._page.height() // 3, heights[0] if heights else 0)
        self.area.setFixedHeight(min(sum(heights) + 8, most + 8))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_height()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._show_height()
        return False
