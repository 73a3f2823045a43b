"""The shown model's memory, speed and devices before it is loaded, and how it is to be loaded."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.models.hub_texts import FIT_COLOURS, fit_sentence, fit_text, size_text
from app.models.loading_form import LoadingForm
from app.models.loading_state import LoadingState
from app.models.loading_texts import beyond_text, crowded_text, device_text, history_text, short_speed_text, speed_text
from app.models.memory_bar import MemoryBar, Piece
from app.translation import error_text
from app.widgets.bar_legend import Key
from app.widgets.buttons import text_button
from app.widgets.flow import FlowLayout
from app.widgets.form import Form
from app.widgets.theme import set_role
from engine.records.loading import Prospect

_REFRESH_MS = 10_000


class LoadingPane(Form):
    """Follows a LoadingState; free memory is looked at again while the pane is to be seen.

    ``told``: the word and the speed in short, and the role that they are shown in; "" where nothing is known.
    """

    told = Signal(str, str)

    def __init__(self, state: LoadingState, parent: QWidget | None = None) -> None:
        super().__init__(parent, at_left=True)
        self._state = state
        self.bar = MemoryBar()
        self._keys = [Key("accent", ""), Key("warning", ""), Key("outline", ""), Key("track", "")]
        keys = QWidget()
        flow = FlowLayout(keys, 12)
        for key in self._keys:
            flow.addWidget(key)
        self._word, self._sentence = QLabel(), self._line("")
        self._beyond, self._crowded = self._line("warning"), self._line("warning")
        self._speed, self._devices, self._history = self._line(""), self._line(""), self._line("caption")
        self._gpu = text_button(self, self.tr("How to use a graphics card…"), self._explain_gpu, "link")
        self.form = LoadingForm(state)
        self._load = text_button(self, "", state.load, "")
        self._note = self._line("caption")
        self._known = QWidget()
        known = QVBoxLayout(self._known)
        known.setContentsMargins(0, 0, 0, 0)
        known.setSpacing(8)
        title = QLabel(self.tr("Memory and speed"))
        set_role(title, "section")
        known.addWidget(title)
        verdict = QHBoxLayout()
        verdict.setSpacing(8)
        verdict.addWidget(self._word, 0, Qt.AlignmentFlag.AlignTop)
        verdict.addWidget(self._sentence, 1)
        known.addLayout(verdict)
        for widget in (self._beyond, self._crowded, self.bar, keys, self._speed):
            known.addWidget(widget)
        devices = QHBoxLayout()
        devices.addWidget(self._devices, 1)
        devices.addWidget(self._gpu)
        known.addLayout(devices)
        known.addWidget(self._history)
        row = QHBoxLayout()
        row.addWidget(self._load)
        row.addWidget(self._note, 1)
        known.addLayout(row)
        known.addWidget(self.form)
        self._problem = self._line("muted")
        self.column.addWidget(self._problem)
        self.column.addWidget(self._known)
        self.column.addStretch(1)
        self._timer = QTimer(self, interval=_REFRESH_MS)
        self._timer.timeout.connect(state.refresh)
        state.changed.connect(self._show)
        self._show()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()
        self._state.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def _line(self, role: str) -> QLabel:
        label = QLabel()
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if role:
            set_role(label, role)
        return label

    def _show(self) -> None:
        state = self._state
        found, problem = state.prospect, state.problem
        self._known.setVisible(found is not None)
        self._problem.setVisible(found is None)
        if found is None:
            self.told.emit("", "")
            text = self.tr("Looking at the model…")
            if problem is not None:
                text = " ".join(filter(None, (error_text(problem.text), error_text(problem.hint))))
            self._problem.setText(text if state.path else "")
            return
        short = " · ".join(filter(None, (fit_text(found.plan.fit), short_speed_text(found.speed))))
        self.told.emit(short, FIT_COLOURS[found.plan.fit])
        self._show_memory(found)
        self._speed.setText(speed_text(found.speed))
        self._devices.setText(device_text(found.plan, size_text))
        self._gpu.setVisible(found.plan.memory.gpu is None)
        history = history_text(found, size_text)
        self._history.setText(history)
        self._history.setVisible(bool(history))
        self._load.setText(self.tr("Load again") if state.loaded else self.tr("Load now"))
        self._load.setEnabled(not state.loading)
        note = ""
        if state.outdated:
            note = self.tr("It is loaded in another way now; what is set here is for its next load.")
        elif not state.loaded:
            note = self.tr("What is set here is kept for this model, and used whenever it is loaded.")
        self._note.setText(note)

    def _show_memory(self, found: Prospect) -> None:
        plan = found.plan
        parts, free = plan.estimate, plan.memory.free_bytes
        pieces = (
            Piece(self.tr("Weights"), parts.weights, "accent"),
            Piece(self.tr("Key-value cache"), parts.cache, "warning"),
            Piece(self.tr("Buffers and the rest"), parts.compute + parts.other, "outline"),
        )
        texts = [f"{piece.name} {size_text(piece.size_bytes)}" for piece in pieces]
        texts.append(self.tr("free now: {0}").format(size_text(free)))
        for key, text in zip(self._keys, texts, strict=True):
            key.set_text(text)
        self.bar.show_pieces(pieces, free, " · ".join(texts))
        self._beyond.setText(beyond_text(plan))
        self._beyond.setVisible(plan.beyond_trained)
        self._crowded.setText(crowded_text(plan))
        self._crowded.setVisible(plan.crowded)
        self._word.setText(fit_text(plan.fit))
        set_role(self._word, FIT_COLOURS[plan.fit])
        needs = self.tr("{0} are needed, {1} are free.").format(size_text(parts.total), size_text(free))
        self._sentence.setText(f"{needs} {fit_sentence(plan.fit)}")

    def _explain_gpu(self) -> None:
        from app.models.gpu_dialog import GpuDialog

        dialog = GpuDialog(self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
