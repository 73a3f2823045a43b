"""What the model wrote at each evaluation, the newest first."""

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedLayout, QTextBrowser, QWidget

from app.training.state import TrainingState
from app.widgets.empty_state import EmptyState
from app.widgets.formats import number
from app.widgets.theme import theme
from engine.runs.events import Sample

_MOST = 60


class SamplesPane(QWidget):
    """Prompts are muted, what the model went on with is not. Nothing in it is a link or is loaded."""

    def __init__(self, state: TrainingState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._shown: list[Sample] = []
        self.empty = EmptyState(
            "edit",
            self.tr("Nothing was written yet"),
            self.tr(
                "At each evaluation the model goes on from the prompts of the plan; what it writes will stand here."
            ),
        )
        self._text = QTextBrowser()
        self._text.setOpenLinks(False)
        self._text.setAccessibleName(self.tr("Samples, the newest first"))
        self._text.document().setDocumentMargin(12)
        self._text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._text)
        state.grew.connect(self.refresh)
        state.shown_changed.connect(self.refresh)
        theme().changed.connect(self._draw)

    @property
    def text(self) -> str:
        return self._text.toPlainText()

    def refresh(self) -> None:
        run = self._state.shown
        samples = run.history.samples[-_MOST:][::-1] if run is not None else []
        self._stack.setCurrentIndex(int(bool(samples)))
        if samples != self._shown:
            self._shown = samples
            self._draw()

    def _draw(self) -> None:
        muted = theme().colour("muted").name()
        parts, step = [], None
        for sample in self._shown:
            if sample.step != step:
                step = sample.step
                title = escape(self.tr("Step {0}").format(number(step)))
                parts.append(f'<p style="margin-top:14px"><b>{title}</b></p>')
            prompt, text = _lines(sample.prompt), _lines(sample.text)
            parts.append(f'<p style="margin-top:6px"><span style="color:{muted}">{prompt}</span>{text}</p>')
        self._text.setHtml("".join(parts))


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")
