"""What stands over the transcript in the token view: which measure tints, its legend, the strip along the reply, averages."""

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from app.chat.reply_numbers import ReplyNumbers
from app.chat.state import ChatState
from app.chat.token_text import TokenText
from app.chat.token_tint import MEASURES, PROBABILITIES, Measure, TokenLook
from app.widgets.elided_combo import ElidedCombo
from app.widgets.elided_label import ElidedLabel
from app.widgets.formats import bits, count, number, percent, visible
from app.widgets.icons import set_icon
from app.widgets.rank_bins import LEVELS, RankField, rank_cells
from app.widgets.theme import set_role, theme
from app.widgets.token_colours import Cell, ScaleLegend, surprisal_cells
from app.widgets.token_strip import TokenStrip

_EVERY_MS = 100  # the strip of a reply that is being written


class TokenBar(QWidget):
    """Follows the message of the selected token, or the last reply. ``look_changed`` when tokens are to be tinted anew."""

    look_changed = Signal()

    def __init__(self, state: ChatState, look: TokenLook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state, self._look = state, look
        self._message_id: int | None = None
        self._tokens: TokenText | None = None
        self._numbers = ReplyNumbers()
        self._later = QTimer(self, singleShot=True, interval=_EVERY_MS)
        self._later.timeout.connect(self._grow)
        self._make_parts()
        self._lay_out()
        state.choice.marked.connect(self._on_marked)
        state.path_changed.connect(self._follow)
        state.texts.loaded.connect(self._follow)
        state.reply_grew.connect(self._grow_later)
        state.scores.changed.connect(self._follow)
        state.scores.progressed.connect(self._on_scoring)
        self._show_look()
        self._follow()

    @property
    def numbers(self) -> ReplyNumbers:
        return self._numbers

    def set_measure(self, measure: Measure) -> None:
        self._measure.setCurrentIndex(MEASURES.index(measure))

    def step_peak(self, step: int) -> None:
        """Select the next (1) or the last (-1) of the most surprising tokens."""
        self._follow()
        index = self._numbers.peak_beside(self.strip.current, step)
        if index is not None and self._message_id is not None:
            self._state.choice.choose(self._message_id, index)

    def _make_parts(self) -> None:
        self._measure = ElidedCombo()
        titles = {
            "surprisal": self.tr("Surprisal"),
            "probability": self.tr("Probability"),
            "rank": self.tr("Rank"),
            "entropy": self.tr("Entropy"),
            "change": self.tr("Would change"),
        }
        for measure in MEASURES:
            self._measure.addItem(titles[measure], measure)
        self._measure.setCurrentIndex(MEASURES.index(self._look.measure))
        self._measure.setAccessibleName(self.tr("What tints the tokens"))
        self._measure.setToolTip(self.tr("What tints the tokens; every number is raw, over the full vocabulary."))
        self._measure.setFixedWidth(theme().px(152))
        self._measure.currentIndexChanged.connect(self._on_measure)
        self._ranks = RankField(self._look.ranks)
        self._ranks.ranks_changed.connect(self._on_ranks)
        self.legend = ScaleLegend()
        self._hint = ElidedLabel("")
        set_role(self._hint, "caption")
        self.prompt_button = QCheckBox(self.tr("Prompt too"))
        self.prompt_button.setChecked(self._state.scores.on)
        self.prompt_button.setToolTip(
            self.tr("Score the system prompt, the template's own tokens and your messages too, with the loaded model")
        )
        self.prompt_button.setAccessibleName(self.tr("Score the prompt too"))
        self.prompt_button.toggled.connect(self._state.scores.set_on)
        self.strip = TokenStrip()
        self.strip.chosen.connect(self._on_chosen)
        self.strip.peak_asked.connect(self.step_peak)
        self.averages = ElidedLabel()
        set_role(self.averages, "caption")

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        for part in (self._measure, self._ranks, self.legend):
            head.addWidget(part)
        head.addWidget(self._hint, 1)
        head.addStretch(0)
        for icon, text, step in (
            ("chevron-left", self.tr("Surprising token before (Shift+F8)"), -1),
            ("chevron-right", self.tr("Next surprising token (F8)"), 1),
        ):
            button = QToolButton()
            set_icon(button, icon, "muted")
            button.setIconSize(QSize(16, 16))
            button.setToolTip(text)
            button.setAccessibleName(text)
            button.clicked.connect(lambda _checked=False, step=step: self.step_peak(step))
            head.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 16, 4)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.strip)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.averages, 1)
        foot.addStretch(0)
        foot.addWidget(self.prompt_button)
        column.addLayout(foot)

    # --- the measure ----------------------------------------------------------------------------------------------

    def _on_measure(self, place: int) -> None:
        self._look.measure = MEASURES[place]
        self._show_look()
        self.look_changed.emit()

    def _on_ranks(self, ranks: tuple[int, ...]) -> None:
        self._look.ranks = ranks
        self._show_look()
        self.look_changed.emit()

    def _show_look(self) -> None:
        measure = self._look.measure
        self._ranks.setVisible(measure == "rank")
        self.legend.setVisible(measure != "change")
        hint = self.tr("What other sliders would change is underlined; move one to see it.")
        self._hint.setText(hint if measure == "change" else "")
        self._hint.setVisible(measure == "change")
        if measure in ("surprisal", "entropy"):
            cells = surprisal_cells()
            first, end = self.tr("expected"), self.tr("surprising (bits)")
            if measure == "entropy":
                first, end = self.tr("sure"), self.tr("open (bits)")
        elif measure == "rank":
            cells = rank_cells(self._look.ranks)
            first, end = self.tr("rank"), ""
        else:
            names = [*(f"≥ {percent(p)}" for p in PROBABILITIES), f"< {percent(PROBABILITIES[-1])}"]
            cells = [Cell(name, level) for name, level in zip(names, LEVELS, strict=True)]
            first, end = "", ""
        name = self.tr("Legend: {0}").format(self._measure.currentText())
        self.legend.show_scale(cells, first, end, name, self._measure.toolTip())

    # --- the reply ------------------------------------------------------------------------------------------------

    def _grow_later(self, _message_id: int, _text: str, _runs: object) -> None:
        if not self._later.isActive():
            self._later.start()

    def _follow(self, _: object = None) -> None:
        """Show the reply of the selected token, else the last one."""
        selected = self._state.choice.selected
        replies = [message.id for message in self._state.tree.path() if message.role == "assistant"]
        self._message_id = selected[0] if selected is not None else replies[-1] if replies else None
        tokens = None if self._message_id is None else self._state.token_text(self._message_id)
        if tokens is not self._tokens:
            self._tokens, self._numbers = tokens, ReplyNumbers()
        self._grow()
        self.strip.show_values(self._numbers.surprisal, self._numbers.entropy, self._label)
        self._show_current()

    def _grow(self) -> None:
        """Take in what has arrived since."""
        if self._tokens is not None and len(self._tokens) > len(self._numbers):
            self._numbers.extend(run.record for run in self._tokens.runs[len(self._numbers) :])
        self.strip.update()
        self._show_averages()

    def _show_current(self) -> None:
        selected = self._state.choice.selected
        here = selected is not None and selected[0] == self._message_id
        self.strip.set_current(selected[1] if selected is not None and here else None)
        self._show_averages()

    def _on_marked(self, message_id: int, index: int | None) -> None:
        self._follow()

    def _on_chosen(self, index: int) -> None:
        if self._message_id is not None:
            self._state.choice.choose(self._message_id, index)

    def _label(self, index: int) -> str:
        return "" if self._tokens is None else visible(self._tokens.runs[index].record.token.bytes)

    def _on_scoring(self) -> None:
        self.prompt_button.setChecked(self._state.scores.on)
        self._show_averages()

    def _scoring(self) -> str:
        """How far the scoring of the prompt is, or why there is none; "" where it is done or not wanted."""
        scores = self._state.scores
        if scores.progress is not None:
            done, total = scores.progress
            if not total:
                return self.tr("Scoring the prompt…")
            return self.tr("Scoring the prompt: {0} of {1} tokens").format(number(done), number(total))
        if scores.problem is not None:
            return f"{scores.problem.text} {scores.problem.hint}".strip()
        return self.tr("The prompt is scored as soon as a model is loaded.") if scores.waits_for_model else ""

    def _show_averages(self) -> None:
        whole, scoring = self._numbers.averages(), self._scoring()
        self.strip.setVisible(whole is not None)
        self.averages.setVisible(whole is not None or bool(scoring))
        if scoring:
            self.averages.setText(scoring)
            return
        if whole is None:
            return
        current = self.strip.current
        until = None if current is None else self._numbers.averages(current)
        if until is None:
            first = self.tr("{0} tokens · perplexity {1}").format(number(whole.tokens), count(whole.perplexity))
        else:
            text = self.tr("{0} tokens · perplexity {1}, so far {2}")
            first = text.format(number(whole.tokens), count(whole.perplexity), count(until.perplexity))
        rest = self.tr("mean surprisal {0} bits (bars) · mean entropy {1} bits (line)")
        shown = first + " · " + rest.format(bits(whole.surprisal_bits), bits(whole.entropy_bits))
        self.averages.setText(shown)
        tip = self.tr(
            "Raw, over the full vocabulary, of the tokens of this message; perplexity is 2 to the mean surprisal, "
            "of all of them and up to the selected one."
        )
        self.averages.setToolTip(f"{shown}\n{tip}")
