"""One token explained: its numbers, its rivals, the draw, what each stage did - and what other settings would have done."""

import math
from collections.abc import Mapping
from functools import partial
from html import escape

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.inspector.candidate_list import OTHERS, CandidateList
from app.inspector.further_rows import FurtherRows
from app.inspector.numbers import Numbers
from app.inspector.rows import StageRow, Table, cumulative, hit, stage_rows, table_of
from app.inspector.working import Explained, explain, working
from app.inspector.working_view import WorkingView
from app.sampling.funnel import looks_further_back, uses_grammar
from app.sampling.subject import AllowedTokens, Subject
from app.sampling.texts import sampling_text
from app.widgets.cumulative_bar import CumulativeBar, Part
from app.widgets.empty_state import EmptyState
from app.widgets.formats import number, percent, visible
from app.widgets.icons import set_icon
from app.widgets.plain import PlainLabel
from app.widgets.theme import set_role, theme
from app.workers.latest import LatestRunner
from engine.records import GenerationSettings, SamplingSettings, TokenRecord
from engine.sampling.chain import Outcome
from engine.sampling.registry import stage

_OPENS = {"": "reply", "document": "document"}  # by what was given: what a candidate can be activated for
_TWO_PAIRS = 290  # px: with less room the numbers stand below each other


class TokenInspector(QWidget):
    """show_record() explains a token; ``branchRequested`` asks for the reply to go on from another candidate."""

    branchRequested = Signal(int)
    stepRequested = Signal(int)  # -1 or +1: the token before or after
    biasRequested = Signal(int, float)  # token, its bias in the present chain from now on
    namesRequested = Signal(object)  # tuple[int, ...]: tokens whose bytes are to be set by set_names()

    def __init__(
        self, parent: QWidget | None = None, *, asks_model: bool = False, steps: bool = True, invitation: str = ""
    ) -> None:
        """asks_model: somebody tells it all logits, if not at once, and the names of tokens. steps: tokens stand beside it.
        invitation: what to do, while no token is shown.
        """
        super().__init__(parent)
        self._steps = steps
        self._asks_model = asks_model
        self._subject: Subject | None = None
        self._settings: GenerationSettings | None = None
        self._recorded: GenerationSettings | None = None
        self._explained: Explained | None = None
        self._table: Table | None = None
        self._pointed: int | None = None  # the candidate whose arithmetic is shown; None for the one that came
        self._given, self._kept = "", False
        self._further = FurtherRows(self)  # beyond those of the record
        self._further.changed.connect(self._show_again)
        self._further.names_wanted.connect(self.namesRequested)
        self._refresh = QTimer(self, singleShot=True, interval=0)
        self._refresh.timeout.connect(self._ask)
        self._runner = LatestRunner(self)
        self._runner.finished.connect(self._on_explained)
        self._runner.failed.connect(self._on_bug)
        self._empty = EmptyState(
            "dart",
            self.tr("Click any word") if not invitation else self.tr("One token of the text"),
            invitation or self.tr("See how likely it was, what else was possible, and what cut the rest."),
            "",
        )
        inner = QWidget()
        set_role(inner, "surface")
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(12, 12, 12, 16)
        layout.setSpacing(8)
        self._build(layout)
        scroll = QScrollArea()
        scroll.setAccessibleName(self.tr("The selected token"))
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(scroll)

    # --- what others call -----------------------------------------------------------------------------------------

    def show_record(
        self,
        record: TokenRecord,
        context_note: str = "",
        *,
        settings: GenerationSettings | None = None,
        history: tuple[int, ...] = (),
        history_is_whole: bool = False,
        seed: int | None = None,
        logits: NDArray[np.float32] | None = None,
        given: str = "",
        kept: bool = False,
        named: Mapping[int, bytes] | None = None,
        allowed: Mapping[str, AllowedTokens] | None = None,
    ) -> None:
        """Explain a token. settings, history and seed are those of its reply: with them other settings can be tried on it.

        history: the ids before the token, as far back as they are known; history_is_whole says that nothing stood before them.
        logits (V,): all of them, where the model has told them again. given: "template" or "text" for a token of the prompt, which
        no reply goes on from; "document" for one of a text, in whose place another can be put; "probe" for what a model was asked
        while it learnt. named: the bytes of tokens of the history, by id. allowed: what grammars allow there, by stage. kept: it
        was taken from the reply that this one left.
        """
        self._given, self._kept = given, kept
        if self._subject is None or self._subject.record is not record:
            self._pointed = None
        self._recorded = settings if seed is not None else None
        self._subject = Subject(record, history, seed or 0, history_is_whole, logits, named or {}, allowed or {})
        self._explained = None
        self._note.setText(self.tr("after “…{0}”").format(context_note))
        self._note.setVisible(bool(context_note))
        self._stack.setCurrentIndex(1)
        self._refresh.start()

    def point_at(self, id: int) -> None:
        """Show the arithmetic of a candidate."""
        self._on_pointed(id)

    def set_settings(self, settings: GenerationSettings) -> None:
        """The present sliders: what they would do to the shown token follows."""
        self._settings = settings
        self.candidates.set_sampling(settings.sampling if self._asks_model else None)
        if self._subject is not None:
            self._refresh.start()

    def set_names(self, names: Mapping[int, bytes]) -> None:
        """The bytes of tokens that were asked for by ``namesRequested``."""
        self._further.set_names(names)

    def clear(self) -> None:
        self._subject = None
        self._stack.setCurrentIndex(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._numbers.set_pairs(1 if self.width() < theme().px(_TWO_PAIRS) else 2)

    # --- building -------------------------------------------------------------------------------------------------

    def _build(self, layout: QVBoxLayout) -> None:
        self._token = PlainLabel()
        set_role(self._token, "code")
        self._token.setWordWrap(True)
        self._token.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._how = QLabel()
        self._how.setWordWrap(True)
        set_role(self._how, "muted")
        self._note = PlainLabel()
        self._note.setWordWrap(True)
        set_role(self._note, "caption")
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self._token, 1)
        steps = (
            ("chevron-left", self.tr("The token before"), -1),
            ("chevron-right", self.tr("The token after"), 1),
        )
        for icon_name, text, step in steps if self._steps else ():
            button = QToolButton()
            set_icon(button, icon_name, "muted")
            button.setIconSize(QSize(16, 16))
            button.setToolTip(text)
            button.setAccessibleName(text)
            button.clicked.connect(lambda _checked=False, step=step: self.stepRequested.emit(step))
            head.addWidget(button)
        layout.addLayout(head)
        layout.addWidget(self._how)
        layout.addWidget(self._note)
        self._numbers = Numbers()
        layout.addWidget(self._numbers)
        self._would = PlainLabel()
        self._would.setWordWrap(True)
        self._would.setVisible(False)
        layout.addWidget(self._would)
        self.candidates = CandidateList(asks_model=self._asks_model)
        self.candidates.activated.connect(self._on_activated)
        self.candidates.stepped.connect(self.stepRequested)
        self.candidates.pointed.connect(self._on_pointed)
        self.candidates.bias_asked.connect(self.biasRequested)
        self.candidates.further_asked.connect(self._further.more)
        layout.addWidget(self.candidates)
        self._working = WorkingView()
        self._working.hide()
        layout.addWidget(self._working)
        self._dart_title = QLabel(self.tr("The dart"))
        set_role(self._dart_title, "section")
        self._dart = CumulativeBar()
        self._dart_text = PlainLabel()
        self._dart_text.setWordWrap(True)
        set_role(self._dart_text, "caption")
        for widget in (self._dart_title, self._dart, self._dart_text):
            layout.addWidget(widget)
        self._stages_title = QLabel(self.tr("What each stage did"))
        set_role(self._stages_title, "section")
        layout.addWidget(self._stages_title)
        self._stages = QLabel()
        self._stages.setWordWrap(True)
        self._stages.setTextFormat(Qt.TextFormat.RichText)
        layout.addWidget(self._stages)
        layout.addStretch(1)

    # --- showing --------------------------------------------------------------------------------------------------

    def _ask(self) -> None:
        """Run the chain on the token, off this thread; what the record itself tells is shown at once."""
        subject, recorded = self._subject, self._recorded
        if subject is None:
            return
        self._further.follow(subject, self._chain())
        tried = self._tries()
        if not tried:
            self._show(None)
        if recorded is not None and subject.record.dart is not None and len(subject.record.candidates):
            sampling = self._settings.sampling if tried and self._settings is not None else recorded.sampling
            self._runner.ask(partial(explain, subject, sampling, tried))

    def _chain(self) -> SamplingSettings | None:
        """The chain whose effect is shown: that of the reply or of the present sliders; None where nothing was drawn."""
        if self._recorded is None or self._subject is None or self._subject.record.dart is None:
            return None
        return self._settings.sampling if self._tries() and self._settings is not None else self._recorded.sampling

    def _show_again(self) -> None:
        explained = self._explained
        if self._tries() == (explained is not None and explained.tried):  # else what is to be shown is on its way
            self._show(explained.outcome if explained is not None and explained.tried else None)

    def _tries(self) -> bool:
        """Whether the present sliders are other than those of the reply, and can be tried on the token."""
        if self._settings is None or self._recorded is None or self._subject is None:
            return False
        record = self._subject.record
        if record.dart is None or len(record.candidates) == 0:
            return False
        return self._settings.sampling.stages != self._recorded.sampling.stages

    def _on_explained(self, explained: Explained) -> None:
        if explained.subject is not self._subject or explained.tried != self._tries():
            return  # what was asked since is on its way
        self._explained = explained
        if explained.tried:
            self._show(explained.outcome)
        else:
            self._show_working()

    def _on_bug(self, error: Exception) -> None:
        raise error

    def _show(self, outcome: Outcome | None) -> None:
        subject = self._subject
        if subject is None:
            return
        record, tried = subject.record, outcome is not None
        self._table = table = table_of(record, outcome, self._further.rows)
        self._show_token(record)
        unknown = math.isnan(record.logprob)
        for part in (self._numbers, self.candidates):
            part.setVisible(not unknown)
        after = self.tr("With the present sliders") if tried else self.tr("After the chain")
        self._numbers.show_record(record, table, after)
        self._show_would(record, table, previewed=tried)
        self.candidates.show_table(
            record, table, previewed=tried, opens=_OPENS.get(self._given, ""), whole=subject.logits is not None
        )
        self._show_dart(table)
        self._show_working()
        listed = None if outcome is None or subject.logits is not None else len(record.candidates)
        stages = record.stages if outcome is None else outcome.stages
        self._show_stages(stage_rows(stages, record.vocabulary_size, listed), previewed=tried)

    def _show_working(self) -> None:
        """The arithmetic of the candidate that is pointed at, or of the one that came."""
        subject, table = self._subject, self._table
        if subject is None or table is None:
            return
        id = subject.record.token.id if self._pointed is None else self._pointed
        row = next((row for row in table.rows if row.id == id), None)
        found = None if self._explained is None or row is None else working(self._explained, id)
        self._working.show_working("" if row is None else visible(row.piece), found, table.drawn)

    def _on_pointed(self, key: int) -> None:
        if key != OTHERS and key != self._pointed:
            self._pointed = key
            self._show_working()

    def _show_token(self, record: TokenRecord) -> None:
        shown = visible(record.token.bytes)
        self._token.setText(f"{shown}   #{record.token.id}")
        self._token.setAccessibleName(self.tr("Token {0}").format(shown))
        if math.isnan(record.logprob):
            how = self.tr("The first token: nothing stands before it, so no model could expect it.")
        elif record.forced and record.dart is None and self._kept:
            how = self.tr("Kept from the reply that this one branched off: there it is told how it was drawn.")
        elif record.forced:
            how = self._how_put(record)
        elif record.dart is None:
            how = self.tr("Given, not drawn.")
        elif self._given == "probe":
            how = self.tr(
                "Nothing is drawn here: it is what the chain would draw, with the same luck at each evaluation."
            )
        elif record.final_probability == 1.0:
            how = self.tr("The only token that was left: no luck was involved.")
        else:
            how = self.tr("Drawn by the dart from the tokens that were left.")
        if self._kept and record.dart is not None:
            how += " " + self.tr("Kept from the reply that this one branched off.")
        if self._given == "template":
            how += " " + self.tr("The chat template put it there.")
        if record.token.control:
            how += " " + self.tr("A control token: it is not part of the text.")
        self._how.setText(how)

    def _how_put(self, record: TokenRecord) -> str:
        """Of a token that somebody put there, where what the chain would have done is known as well."""
        would = hit(table_of(record))
        if would is None:
            return self.tr("Put here by you, not drawn.")
        if would.id == record.token.id:
            return self.tr("Put here by you. With this reply's dart the chain would have drawn it as well.")
        return self.tr("Put here by you. With this reply's dart the chain would have drawn “{0}”.").format(
            visible(would.piece)
        )

    def _show_would(self, record: TokenRecord, table: Table, previewed: bool) -> None:
        self._would.setVisible(previewed)
        if not previewed:
            return
        chosen, kind = table.chosen, self._exactness(table)
        if chosen is None:
            text = self.tr("With the present sliders a token that is not listed might come ({0}).")
            text = text.format(kind)
        elif chosen.id == record.token.id:
            text = self.tr("With the present sliders and the same dart: the same token, with {0} ({1}).")
            text = text.format(percent(chosen.final), kind)
        else:
            text = self.tr("With the present sliders and the same dart: “{0}” instead, with {1} ({2}).")
            text = text.format(visible(chosen.piece), percent(chosen.final), kind)
        self._would.setText(text)

    def _exactness(self, table: Table) -> str:
        """How far a preview can be relied on."""
        sampling = None if self._settings is None else self._settings.sampling
        subject = self._subject
        known = subject is None or subject.history_is_whole
        if (
            sampling is not None
            and subject is not None
            and not known
            and looks_further_back(sampling, len(subject.history))
        ):
            return self.tr("approximate: the penalties count tokens of the prompt, which were not recorded")
        if table.exact:
            return self.tr("exact")
        if sampling is not None and uses_grammar(sampling):
            return self.tr("approximate: not all that the grammar allows here is known")
        return self.tr("approximate: only the stored candidates are known")

    def _show_dart(self, table: Table) -> None:
        hit_row = hit(table) or table.chosen  # somebody may have put another token there
        parts = [Part(visible(row.piece), start, end, row is hit_row) for row, start, end in cumulative(table)]
        seen = table.dart is not None and bool(parts)
        for widget in (self._dart_title, self._dart, self._dart_text):
            widget.setVisible(seen)
        self._dart.set_parts(parts, table.dart)
        if table.dart is not None:
            text = self.tr(
                "One random number, {0}, on the bar of the final probabilities, the most likely token first."
            )
            self._dart_text.setText(text.format(number(table.dart, 6)))

    def _show_stages(self, rows: tuple[StageRow, ...], previewed: bool) -> None:
        self._stages_title.setVisible(bool(rows))
        self._stages.setVisible(bool(rows))
        title = self.tr("What each stage would do") if previewed else self.tr("What each stage did")
        self._stages_title.setText(title)
        self._stages.setText("<br>".join(self._stage_line(row) for row in rows))

    def _stage_line(self, row: StageRow) -> str:
        if row.removes:
            before, left = ("?" if n is None else number(n) for n in (row.before, row.kept))
            text = self.tr("{0} → {1} tokens, {2} of the probability stays").format(before, left, percent(row.mass))
        elif row.idle:
            text = self.tr("changes nothing here")
        else:
            text = self.tr("removes none, shifts probability: {0} bits (KL)").format(number(row.divergence_bits, 3))
        return f"<b>{escape(sampling_text(stage(row.name).title))}</b> {text}"

    # --- what a person does ---------------------------------------------------------------------------------------

    def _on_activated(self, id: int) -> None:
        if self._subject is not None and id != self._subject.record.token.id:
            self.branchRequested.emit(id)
