"""What the model expects after a prompt, checkpoint by checkpoint, on a timeline that is scrubbed."""

from functools import partial

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSlider,
    QStackedLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.inspector.shares import Share, Shares
from app.inspector.token_inspector import TokenInspector
from app.training.state import TrainingState
from app.training.timeline import Timeline, expected
from app.widgets.bar_legend import BarLegend
from app.widgets.bars import Bar, ProbabilityBars
from app.widgets.buttons import icon_button, text_button
from app.widgets.empty_state import EmptyState
from app.widgets.formats import bits, count, number, visible
from app.widgets.theme import set_role
from engine.records import GenerationSettings
from engine.runs.events import PROBE_SEED, Probe, ProbeToken
from engine.sampling.recommended import recommended_chain


class ProbePane(QWidget):
    """Bars of one moment, the one before it as the upper bars, and the whole way of the likeliest tokens above.

    In place of the bars the inspector of the chat explains what the chain draws there; a click on a bar leads to it.
    """

    def __init__(self, state: TrainingState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._probes: list[Probe] = []
        self._place = -1
        self._at_end = True  # what comes is shown as it comes, until one scrubs back
        self.empty = EmptyState(
            "bars",
            self.tr("Nothing was asked yet"),
            self.tr(
                "At each evaluation the model is asked what comes next; its answers will stand here, step by step."
            ),
        )
        self._prompts = QComboBox()
        self._prompts.setAccessibleName(self.tr("Probe prompt"))
        self._prompts.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._prompts.currentIndexChanged.connect(lambda _: self._choose_prompt())
        self.timeline = Timeline()
        self.timeline.chosen.connect(self.go_to)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(self.tr("Evaluation on the timeline"))
        self.slider.valueChanged.connect(self.go_to)
        self._when = QLabel()
        self._numbers = QLabel()
        self._numbers.setWordWrap(True)
        set_role(self._numbers, "caption")
        self._log = QCheckBox(self.tr("Log scale"))
        self._log.setToolTip(self.tr("Lengths by the logarithm of the probability: the unlikely becomes visible."))
        self._legend = BarLegend(self.tr("one evaluation before (≤: not among its likeliest)"), self.tr("at this step"))
        self.bars = ProbabilityBars()
        self.bars.setAccessibleName(self.tr("Next tokens at this step"))
        self.bars.activated.connect(self._explain)
        self._log.toggled.connect(self.bars.set_log)
        self.inspector = TokenInspector(steps=False)
        self._lay_out()
        state.grew.connect(self.refresh)
        state.shown_changed.connect(self._other)

    def _lay_out(self) -> None:
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(12, 12, 12, 0)
        column.setSpacing(8)
        hint = QLabel(self.tr("The next token after"))
        set_role(hint, "muted")
        row = QHBoxLayout()
        row.addWidget(self._when, 1)
        row.addWidget(icon_button(self, "chevron-left", self.tr("The evaluation before"), lambda: self.step(-1)))
        row.addWidget(icon_button(self, "chevron-right", self.tr("The next evaluation"), lambda: self.step(1)))
        for part in (hint, self._prompts, self.timeline, self.slider):
            column.addWidget(part)
        column.addLayout(row)
        self._below = QStackedWidget()
        self._below.addWidget(self._make_bars())
        self._below.addWidget(self.inspector)
        views = QButtonGroup(self)
        chosen = QHBoxLayout()
        chosen.setSpacing(4)
        titles = self.tr("Beside the one before"), self.tr("Explained")
        self.views = [text_button(self, title, partial(self.show_view, at)) for at, title in enumerate(titles)]
        for view in self.views:
            view.setCheckable(True)
            view.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            views.addButton(view)
            chosen.addWidget(view)
        chosen.addStretch(1)
        self.views[0].setChecked(True)
        column.addLayout(chosen)
        column.addWidget(self._below, 1)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(whole)

    def _make_bars(self) -> QScrollArea:
        inner = QWidget()
        set_role(inner, "surface")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 16)
        column.setSpacing(8)
        for part in (self._numbers, self._log, self._legend, self.bars):
            column.addWidget(part)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inner)
        return scroll

    def show_view(self, place: int) -> None:
        """0: beside the evaluation before; 1: explained by the inspector."""
        self._below.setCurrentIndex(place)
        self.views[place].setChecked(True)

    def refresh(self) -> None:
        """Take over what the run told since."""
        run = self._state.shown
        prompts = run.history.prompts() if run is not None else []
        if prompts != [self._prompts.itemData(place) for place in range(self._prompts.count())]:
            chosen = self._prompts.currentData()
            with QSignalBlocker(self._prompts):
                self._prompts.clear()
                for prompt in prompts:
                    shown = " ".join(prompt.split()) or self.tr("(the beginning of a text)")
                    self._prompts.addItem(f"“{shown}”" if prompt.strip() else shown, prompt)
                self._prompts.setCurrentIndex(max(0, prompts.index(chosen) if chosen in prompts else 0))
        self._stack.setCurrentIndex(int(bool(prompts)))
        prompt = self._prompts.currentData()
        probes = run.history.probes_of(prompt) if run is not None and prompts else []
        if probes == self._probes:
            return
        self._probes = probes
        self.timeline.show_probes(probes)
        last = len(probes) - 1
        place = last if self._at_end or self._place > last else self._place
        with QSignalBlocker(self.slider):
            self.slider.setRange(0, max(0, last))
        self._place = -1
        if probes:
            self._show(place)

    def go_to(self, place: int) -> None:
        """Show the evaluation with this number, from 0."""
        if 0 <= place < len(self._probes) and place != self._place:
            self._at_end = place == len(self._probes) - 1
            self._show(place)

    def step(self, step: int) -> None:
        self.go_to(self._place + step)

    @property
    def shown(self) -> Probe | None:
        return self._probes[self._place] if 0 <= self._place < len(self._probes) else None

    def _show(self, place: int) -> None:
        self._place = place
        probe = self._probes[place]
        before = expected(self._probes[place - 1]) if place else None
        with QSignalBlocker(self.slider):
            self.slider.setValue(place)
        self.timeline.set_place(place)
        self._when.setText(
            self.tr("Step {0} · {1} of {2}").format(number(probe.step), place + 1, len(self._probes))
            if probe.step
            else self.tr("Before the first step")
        )
        self._numbers.setText(
            self.tr("entropy {0} bits · {1} effective choices · over the full vocabulary").format(
                bits(probe.entropy_bits), count(2.0**probe.entropy_bits)
            )
        )
        self._legend.setVisible(place > 0)
        self._inspect(probe)
        self.bars.set_bars([self._bar(probe, token, before) for token in probe.top])

    def _bar(self, probe: Probe, token: ProbeToken, before: Shares[int] | None) -> Bar:
        shown, share = visible(token.text.encode()), Share(token.probability)
        lines = [f"{shown}   #{token.id}", number(token.probability, 8)]
        if before is not None:
            share = before.of(token.id)
            if share.at_most:
                words = self.tr("before: at most {0}, since it was not among the {1} likeliest")
                lines.append(words.format(number(share.value, 8), number(len(before.listed))))
            else:
                lines.append(self.tr("before: {0}").format(number(share.value, 8)))
        return Bar(
            key=token.id,
            label=shown,
            raw=share.value,
            final=token.probability,
            selectable=probe.record is not None,
            detail="\n".join(lines),
            raw_at_most=share.at_most,
        )

    def _inspect(self, probe: Probe) -> None:
        run, record = self._state.shown, probe.record
        self.views[1].setEnabled(record is not None)
        if run is None or record is None:
            self.show_view(0)
            self.inspector.clear()
            return
        settings = GenerationSettings(sampling=recommended_chain(run.recipe.sampling))
        self.inspector.show_record(
            record,
            " ".join(probe.prompt.split()),
            settings=settings,
            history=probe.history,
            history_is_whole=True,
            seed=PROBE_SEED,
            given="probe",
        )

    def _explain(self, id: int) -> None:
        self.show_view(1)
        self.inspector.point_at(id)

    def _choose_prompt(self) -> None:
        self._probes = []
        self.refresh()

    def _other(self) -> None:
        self._at_end, self._place, self._probes = True, -1, []
        self.refresh()
