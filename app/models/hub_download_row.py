"""One line of the download queue, with what can be done about it."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from app.models.hub_state import UNDER_WAY, HubState
from app.models.hub_texts import download_text
from app.translation import error_text
from app.widgets.buttons import icon_button, text_button
from app.widgets.elided_label import ElidedLabel
from app.widgets.formats import number
from app.widgets.theme import set_role
from engine.records.hub import Download


class DownloadRow(QWidget):
    """Name, how it stands, a bar, and buttons for pause, go on, try again, remove, and chat."""

    def __init__(self, state: HubState, line: Download, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state, self.line = state, line
        id = line.id
        self.name = ElidedLabel()
        set_role(self.name, "section")
        self.how, self.hint = ElidedLabel(), ElidedLabel()
        set_role(self.hint, "muted")
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("How much has arrived"))
        self.chat = text_button(self, self.tr("Chat with it"), lambda: state.chat_wanted.emit(self.line.path), "")
        self.measure = text_button(self, self.tr("Compare on a text…"), self._choose_text, "")
        self.measure.setToolTip(
            self.tr("Bits per byte of the weights as they came and of the quantised ones, on a text of yours")
        )
        self.pause = icon_button(self, "pause", self.tr("Pause"), partial(state.pause, id))
        self.resume = icon_button(self, "play", self.tr("Go on"), partial(state.resume, id))
        self.retry = icon_button(self, "refresh", self.tr("Try again"), partial(state.resume, id))
        self.cancel = icon_button(self, "x", self.tr("Cancel, and remove what has arrived"), partial(state.cancel, id))
        self.dismiss = icon_button(
            self, "x", self.tr("Take it off this list; the model stays"), partial(state.cancel, id)
        )
        texts = QVBoxLayout()
        texts.setSpacing(2)
        for widget in (self.name, self.how, self.hint, self.bar):
            texts.addWidget(widget)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 8, 6)
        row.setSpacing(4)
        row.addLayout(texts, 1)
        for button in (self.measure, self.chat, self.pause, self.resume, self.retry, self.cancel, self.dismiss):
            row.addWidget(button)
        self.show_line(line)

    def show_line(self, line: Download) -> None:
        self.line = line
        what = line.convert.upper() if line.convert else line.model.quantisation or line.model.name
        self.name.setText(f"{line.repository} · {what}")
        self.how.setText(self._measured() or download_text(line, self._state.offline))
        set_role(self.how, "bad" if line.state == "failed" else "muted")
        self.hint.setText(error_text(line.hint) if line.state == "failed" else "")
        self.hint.setVisible(bool(self.hint.text()))
        busy = line.state == "converting"
        self.bar.setRange(0, 0 if busy else 1000)
        if not busy:
            self.bar.setValue(round(1000 * line.done_bytes / max(line.model.size_bytes, 1)))
        self.bar.setVisible(line.state not in ("done", "failed"))
        self.chat.setVisible(line.state == "done")
        self.measure.setVisible(line.state == "done" and bool(line.convert))
        self.measure.setEnabled(not self._state.cost.busy_with)
        self.pause.setVisible(line.state in UNDER_WAY)
        self.resume.setVisible(line.state == "paused")
        self.retry.setVisible(line.state == "failed" or (line.state == "waiting" and bool(line.code)))
        offline = self._state.offline
        self.retry.setEnabled(not offline)
        self.retry.setToolTip(self.tr("Off-line mode is on: nothing is fetched") if offline else self.tr("Try again"))
        self.cancel.setVisible(line.state != "done")
        self.dismiss.setVisible(line.state == "done")

    def _measured(self) -> str:
        """What the conversion cost, where it was measured."""
        if self._state.cost.busy_with == self.line.id:
            return self.tr("Measuring…")
        found = self._state.cost.found.get(self.line.id)
        if found is None:
            return ""
        before, after = (number(bits, 4) for bits in found)
        return self.tr("{0} bits per byte before, {1} after").format(before, after)

    def _choose_text(self) -> None:
        dialog = QFileDialog(self.window(), self.tr("A text to compare on"), str(Path.home()))
        dialog.setNameFilters([self.tr("Texts (*.txt *.md *.jsonl)"), self.tr("All files (*)")])
        dialog.fileSelected.connect(lambda file: self._state.cost.measure(self.line, file))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
