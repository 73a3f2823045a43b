"""The curves of the shown run, as they grow, and those of others beside it."""

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.training.state import Run, TrainingState
from app.training.texts import cut_off_text, version_text
from app.translation import told_text
from app.widgets.formats import number, percent
from app.widgets.line_chart import Level, Line, LineChart, short_number, smoothed
from app.widgets.theme import set_role, theme

_COLOURS = ("accent", "good", "warning", "bad", "muted")
_SMOOTH_OVER = 40  # the window is this part of what was told


class Curves(QWidget):
    """Loss above, with the line of what counting achieves; learning rate, gradient norm and speed below."""

    def __init__(self, state: TrainingState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.loss = LineChart(self.tr("Loss, nats a token"), lambda value: number(value, 3), 280)
        self.compared = LineChart(self.tr("Held-out texts, bits per byte"), lambda value: number(value, 3), 280)
        self.rate = LineChart(self.tr("Learning rate, share of its peak"), percent)
        self.norm = LineChart(self.tr("Gradient norm"), lambda value: number(value, 2))
        self.speed = LineChart(self.tr("Tokens a second"), lambda value: short_number(value, 0))
        self._key, self._runs_key = QLabel(), QLabel()
        for label in (self._key, self._runs_key):
            label.setTextFormat(Qt.TextFormat.RichText)
            label.setWordWrap(True)
            set_role(label, "caption")
        self._problem = QLabel()
        self._problem.setWordWrap(True)
        self._problem.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        set_role(self._problem, "bad")
        self._note = QLabel()
        self._note.setWordWrap(True)
        set_role(self._note, "muted")
        inner = QWidget()
        set_role(inner, "background")
        grid = self._grid = QGridLayout(inner)
        grid.setContentsMargins(16, 8, 16, 12)
        grid.setSpacing(8)
        for row, part in enumerate((self._problem, self._note, self._key, self.loss, self._runs_key, self.compared)):
            grid.addWidget(part, row, 0, 1, 3)
        for column, chart in enumerate((self.rate, self.norm, self.speed)):
            grid.addWidget(chart, 6, column)
        grid.setRowStretch(3, 3)
        grid.setRowStretch(6, 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inner)
        column_ = QVBoxLayout(self)
        column_.setContentsMargins(0, 0, 0, 0)
        column_.addWidget(scroll)
        theme().changed.connect(self.draw)
        state.grew.connect(self.draw)
        state.shown_changed.connect(self._other)
        state.compared_changed.connect(self.draw)

    def draw(self) -> None:
        """Everything that is known by now."""
        run = self._state.shown
        if run is None:
            return
        self._draw_loss(run)
        history = run.history
        self.rate.show_lines([Line("", "accent", history.rate.steps, history.rate.values, 1.6)])
        for chart, curve in ((self.norm, history.norm), (self.speed, history.speed)):
            window = max(1, len(curve.values) // _SMOOTH_OVER)
            raw = Line("", "edge", curve.steps, curve.values, 1.0)
            chart.show_lines([raw, Line("", "accent", curve.steps, smoothed(curve.values, window), 1.6)])
        others = [self._state.runs[path] for path in self._state.compared if path in self._state.runs]
        lines = _bits_lines([run, *others]) if run.history.bits else []
        drawn = bool(lines) and any(other.history.bits for other in others)
        self.compared.setVisible(drawn)
        self._runs_key.setVisible(drawn)
        self._grid.setRowStretch(5, 3 if drawn else 0)
        if drawn:
            self.compared.show_lines(lines)
            self._runs_key.setText(_key([(line.colour, line.name, "●") for line in lines]))
        self._problem.setText(told_text(run.status.problem))
        self._problem.setVisible(bool(run.status.problem) and run.status.state == "failed")
        self._note.setText(
            " ".join(
                filter(
                    None,
                    (version_text(run.status), self._cut_off(run), self._unmeasured(run), self._undrawn(run, others)),
                )
            )
        )
        self._note.setVisible(bool(self._note.text()))

    def _cut_off(self, run: Run) -> str:
        return "" if self._state.state_of(run) == "starting" else cut_off_text(run.status)

    def _unmeasured(self, run: Run) -> str:
        history = run.history
        if history.held_out or not (history.nothing_held_out or any(probe.step for probe in history.probes)):
            return ""
        return self.tr("The texts are too few to hold any of them out, so how it does on unseen ones is not measured.")

    def _undrawn(self, run: Run, others: Sequence[Run]) -> str:
        """Which of the compared runs have nothing that could be compared."""
        titles = [f"“{one.name}”" for one in (run, *others) if others and not one.history.bits]
        if not titles:
            return ""
        words = self.tr("Runs are compared on held-out texts, and there is no value of {0} yet.")
        return words.format(", ".join(titles))

    def _draw_loss(self, run: Run) -> None:
        history, several = run.history, len(run.history.held_out) > 1
        training = history.loss
        lines = [Line(self.tr("each report"), "edge", training.steps, training.values, 1.0)]
        window = max(1, len(training.values) // _SMOOTH_OVER)
        lines.append(Line(self.tr("training"), "accent", training.steps, smoothed(training.values, window), 2.0))
        keys = [("accent", self.tr("training loss"), "●")]
        for place, (source, curve) in enumerate(history.held_out.items()):
            colour = ("good", "warning", "bad", "muted")[place % 4]
            name = self.tr("held out: {0}").format(source) if several else self.tr("held out")
            lines.append(Line(name, colour, curve.steps, curve.values, 1.8, "solid", True))
            keys.append((colour, name, "●"))
        levels: list[Level] = []
        for place, (source, counted) in enumerate(history.baseline.items()):
            name = self.tr("{0}-gram").format(counted.order)
            colour = ("good", "warning", "bad", "muted")[place % 4]
            levels.append(Level(f"{name}, {source}" if several else name, colour, counted.loss))
        for level in levels:
            words = self.tr("{0}: what counting alone achieves on the same texts")
            keys.append((level.colour, words.format(level.name), "<b>– –</b>"))
        self.loss.show_lines(lines if training.steps or history.held_out else [], levels)
        self._key.setText(_key(keys))

    def _other(self) -> None:
        for chart in (self.loss, self.compared, self.rate, self.norm, self.speed):
            chart.show_all()
        self.draw()


def _key(keys: Sequence[tuple[str, str, str]]) -> str:
    """Of colour, name and what stands for the line."""
    parts = (f'<span style="color:{theme().colour(c).name()}">{mark}</span> {escape(text)}' for c, text, mark in keys)
    return "&nbsp;&nbsp; ".join(parts)


def _bits_lines(runs: Sequence[Run]) -> list[Line]:
    """The held-out sources of each run in bits per byte, which tokenizers do not change the meaning of."""
    lines = []
    for place, run in enumerate(runs):
        several = len(run.history.bits) > 1
        for source, curve in run.history.bits.items():
            name = f"{run.name} ({source})" if several else run.name
            lines.append(Line(name, _COLOURS[place % len(_COLOURS)], curve.steps, curve.values, 1.8, "solid", True))
    return lines
