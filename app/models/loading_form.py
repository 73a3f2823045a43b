"""How a model is loaded: one row a setting, each with "automatic" and one sentence."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.models.loading_state import LoadingState
from app.widgets.buttons import icon_button
from app.widgets.form import Choice, Whole, form_row, show_value, whole
from app.widgets.formats import number
from app.widgets.theme import set_role
from engine.records.loading import AUTO, LoadPlan, LoadSettings

_CACHE_TYPES = ("f32", "f16", "bf16", "q8_0", "q5_1", "q4_0")


class LoadingForm(QWidget):
    """Shows the settings that are kept for the model, and what automatic comes to; what is changed is kept at once."""

    def __init__(self, state: LoadingState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        title = QLabel(self.tr("How it is loaded"))
        set_role(title, "section")
        self.reset = icon_button(self, "reset", self.tr("Everything automatic again"), state.reset)
        head = QHBoxLayout()
        head.addWidget(title, 1)
        head.addWidget(self.reset)
        self.context = whole(0, 1_048_576, 512, lambda value: state.set(context_length=value))
        self.layers = whole(-1, 1000, 1, lambda value: state.set(gpu_layers=value))
        self.threads = whole(0, 512, 1, lambda value: state.set(threads=value))
        self.batch = whole(0, 8192, 32, lambda value: state.set(batch=value))
        self.cache_type, self.flash, self.weights = Choice(), Choice(), Choice()
        for box, name in ((self.cache_type, "cache_type"), (self.flash, "flash_attention"), (self.weights, "weights")):
            box.activated.connect(lambda _, box=box, name=name: state.set(**{name: box.currentData()}))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(12)
        column.addLayout(head)
        rows = self._rows()
        for row in rows:
            column.addWidget(row)
        self._for_files = [
            rows[1],
            *rows[3:],
        ]  # a folder is loaded by the decoder, which knows context and threads alone
        state.changed.connect(self._show)
        self._show()

    def _rows(self) -> list[QWidget]:
        self._layers_row = form_row(
            self.tr("Layers on the graphics card"),
            self.layers,
            self.tr("As many as its memory holds is fastest; 0 leaves everything to the processor."),
        )
        return [
            form_row(
                self.tr("Context length"),
                self.context,
                self.tr("How many tokens of the conversation the model can see; more takes more memory."),
            ),
            self._layers_row,
            form_row(
                self.tr("Threads"),
                self.threads,
                self.tr("How many threads of the processor compute; more than it has cores makes it slower."),
            ),
            form_row(
                self.tr("Tokens read at once"),
                self.batch,
                self.tr(
                    "How much of a prompt is computed in one go; more is faster up to a point and takes more memory."
                ),
            ),
            form_row(
                self.tr("Type of the key-value cache"),
                self.cache_type,
                self.tr("Fewer bits hold a longer context in the same memory, and cost a little quality."),
            ),
            form_row(
                self.tr("Flash attention"),
                self.flash,
                self.tr("Computes attention in smaller pieces; without it a long context takes much more memory."),
            ),
            form_row(
                self.tr("Weights in memory"),
                self.weights,
                self.tr("Mapped from the file they come and go as needed; locked, nothing else can push them out."),
            ),
        ]

    def _show(self) -> None:
        kept = self._state.settings
        plan = self._state.prospect.plan if self._state.prospect is not None else None
        chosen = plan.settings if plan is not None else AUTO
        for box, name, least in (
            (self.context, "context_length", 0),
            (self.layers, "gpu_layers", -1),
            (self.threads, "threads", 0),
            (self.batch, "batch", 0),
        ):
            self._show_number(box, getattr(kept, name), getattr(chosen, name), least)
        in_decoder = plan is not None and plan.backend == "decoder"
        for row in self._for_files:
            row.setVisible(not in_decoder)
        self._layers_row.setVisible(plan is not None and plan.memory.gpu is not None and not in_decoder)
        self.reset.setEnabled(kept != AUTO)
        self._offer(kept, plan)

    def _show_number(self, box: Whole, kept: int, chosen: int, least: int) -> None:
        auto = self.tr("Automatic") if chosen == least else self.tr("Automatic ({0})").format(number(chosen))
        box.setSpecialValueText(auto)
        show_value(box, kept)

    def _offer(self, kept: LoadSettings, plan: LoadPlan | None) -> None:
        auto = self.tr("Automatic")
        cache = plan.settings.cache_type if plan is not None and kept.cache_type == "auto" else "f16"
        self.cache_type.offer(
            [(self.tr("Automatic ({0})").format(cache), "auto"), *((kind, kind) for kind in _CACHE_TYPES)],
            kept.cache_type,
        )
        self.flash.offer([(auto, "auto"), (self.tr("On"), "on"), (self.tr("Off"), "off")], kept.flash_attention)
        self.weights.offer(
            [
                (auto, "auto"),
                (self.tr("Mapped from the file"), "mapped"),
                (self.tr("Copied into memory"), "copied"),
                (self.tr("Mapped and locked"), "locked"),
            ],
            kept.weights,
        )
