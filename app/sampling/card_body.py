"""What a stage's card holds below its title: the sentence, the sliders and texts, the numbers of single tokens, the chart."""

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.sampling.bias_rows import BiasRows
from app.sampling.text_row import TextRow
from app.sampling.texts import sampling_text
from app.widgets.slider_row import SliderRow
from app.widgets.stage_chart import StageChart
from app.widgets.theme import set_role
from engine.records import StageSettings
from engine.sampling.specification import ParameterSpec, StageSpec


class CardBody(QWidget):
    """``changed`` for each move."""

    changed = Signal()

    def __init__(self, spec: StageSpec, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spec = spec
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(4, 0, 4, 0)
        self._layout.setSpacing(6)
        sentence = QLabel(sampling_text(spec.sentence))
        sentence.setWordWrap(True)
        set_role(sentence, "caption")
        self._layout.addWidget(sentence)
        # A stage with one number needs no second title: the card has it.
        single = len(spec.parameters) == 1
        self.rows = {parameter.name: self._make_row(parameter, title, single) for parameter in spec.parameters}
        self.texts: dict[str, TextRow] = {}
        for text in spec.texts:
            self.texts[text.name] = TextRow(text)
            self.texts[text.name].changed.connect(self.changed)
            self._layout.addWidget(self.texts[text.name])
        self.biases: BiasRows | None = None
        if spec.per_token is not None:
            self.biases = BiasRows(spec.per_token)
            self.biases.changed.connect(self.changed)
            self._layout.addWidget(self.biases)
        self.chart = StageChart(title)
        self.chart.hide()
        self._layout.addWidget(self.chart)

    def settings(self, base: StageSettings) -> StageSettings:
        """What is shown; base keeps what no control shows."""
        values = {**base.values, **{name: row.value() for name, row in self.rows.items()}}
        if self.biases is not None:
            values = {key: value for key, value in values.items() if not key.isdecimal()} | self.biases.values()
        texts = dict(base.texts)
        for spec in self._spec.texts:
            text = self.texts[spec.name].text()
            if spec.name in texts or text != spec.default:  # what was never written is not written now
                texts[spec.name] = text
        return msgspec.structs.replace(base, values=values, texts=texts)

    def show_settings(self, settings: StageSettings) -> None:
        """Show values and texts without a signal."""
        values = self._spec.values(settings.values)
        for name, row in self.rows.items():
            row.set_value(values[name])
        for name, text in self._spec.text_values(settings.texts).items():
            self.texts[name].set_text(text)
        if self.biases is not None:
            self.biases.set_values(values)

    def reset(self) -> None:
        """Back to the defaults."""
        for row in self.rows.values():
            row.reset()
        for text in self.texts.values():
            text.reset()
        if self.biases is not None:
            self.biases.reset()

    def controls(self) -> list[QWidget]:
        """What takes the focus, in the order of the eye."""
        return [
            *(control for row in self.rows.values() for control in row.controls()),
            *(row.field for row in self.texts.values()),
            self.chart,
        ]

    def _make_row(self, parameter: ParameterSpec, title: str, single: bool) -> SliderRow:
        row = SliderRow(
            title if single else sampling_text(parameter.title),
            "" if single else sampling_text(parameter.sentence),
            minimum=parameter.minimum,
            maximum=parameter.maximum,
            default=parameter.default,
            limit=parameter.limit,
            integer=parameter.integer,
            step=parameter.step,
            log=parameter.scale == "log",
            untitled=single,
            compact=not single,
        )
        if single:
            row.setToolTip(sampling_text(parameter.sentence))
        row.valueChanged.connect(self.changed)
        self._layout.addWidget(row)
        return row
