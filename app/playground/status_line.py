"""The line under the document: what is being done, and how the text stands."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.playground.scores import Totals
from app.playground.state import PlaygroundState
from app.widgets.buttons import text_button
from app.widgets.elided_label import ElidedLabel
from app.widgets.formats import count, number
from app.widgets.theme import set_role

_LONG = 2000  # tokens to be read, from which on one may not want to wait; the sums before them are of little worth


class StatusLine(QWidget):
    """Follows the state; the button begins writing, or stops it."""

    write_wanted = Signal()
    stop_wanted = Signal()

    def __init__(self, state: PlaygroundState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._totals = Totals(0, 0, 0.0)
        self._text = ElidedLabel("", parent=self)
        set_role(self._text, "caption")
        self._button = text_button(self, "", self._on_button)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 12, 6)
        self._stop = text_button(self, self.tr("Stop reading"), state.reading.stop)
        row.addWidget(self._text, 1)
        row.addWidget(self._stop)
        row.addWidget(self._button)
        for signal in (state.reading.progressed, state.writing.changed, state.model_changed, state.documents.opened):
            signal.connect(self.refresh)
        self.refresh()

    @property
    def text(self) -> str:
        """What can be read in the line."""
        return self._text.text()

    def show_totals(self, totals: Totals) -> None:
        self._totals = totals
        self.refresh()

    def refresh(self) -> None:
        state, totals = self._state, self._totals
        long = state.reading.total - state.reading.scores.valid > _LONG
        self._stop.setVisible(state.reading.running and long and not state.writing.running)
        parts = []
        if state.writing.running:
            parts.append(self.tr("writing: {0} tokens · Esc stops").format(number(state.writing.tokens)))
        elif state.reading.running:
            done, total = number(state.reading.scores.valid), number(max(1, state.reading.total))
            parts.append(self.tr("reading: {0} of {1} tokens").format(done, total))
        elif not state.reading.whole and not state.reading.wanted and state.model is not None:
            parts.append(self.tr("reading stopped after {0} tokens").format(number(state.reading.scores.valid)))
        if totals.tokens and (state.reading.whole or not long):
            parts.append(self.tr("{0} tokens").format(number(totals.tokens)))
            parts.append(self.tr("perplexity {0}").format(count(totals.perplexity)))
            parts.append(self.tr("{0} bits per byte").format(number(totals.bits_per_byte, 2)))
        if state.documents.special:
            parts.append(self.tr("control tokens count"))
        self._text.setText(" · ".join(parts))
        self._button.setText(self.tr("Stop") if state.writing.running else self.tr("Go on writing"))
        self._button.setToolTip(self.tr("Esc") if state.writing.running else self.tr("Ctrl+Enter"))
        self._button.setEnabled(state.model is not None)

    def _on_button(self) -> None:
        if self._state.writing.running:
            self.stop_wanted.emit()
        else:
            self.write_wanted.emit()
