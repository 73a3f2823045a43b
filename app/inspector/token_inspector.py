"""One token explained: its numbers, its rivals, the draw, what each stage did - and what other settings would have done."""

import math
from functools import partial
from html import escape

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QScrollArea,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.inspector.copying import as_csv, as_json
from app.inspector.numbers import Numbers
from app.inspector.rows import Row, StageRow, Table, cumulative, stage_rows, table_of
from app.inspector.working import Explained, explain, working
from app.inspector.working_view import WorkingView
from app.sampling.funnel import Subject, looks_further_back
from app.sampling.texts import sampling_text
from app.widgets.bar_legend import BarLegend
from app.widgets.bars import Bar, ProbabilityBars
from app.widgets.cumulative_bar import CumulativeBar, Part
from app.widgets.empty_state import EmptyState
from app.widgets.flow import FlowLayout
from app.widgets.formats import number, percent, visible
from app.widgets.icons import set_icon
from app.widgets.theme import set_role
from app.workers.latest import LatestRunner
from engine.records import GenerationSettings, TokenRecord
from engine.sampling.chain import Outcome
from engine.sampling.registry import stage

_FEW_ROWS = 12
_OTHERS = -1  # the key of the row that stands for the rest of the vocabulary


class TokenInspector(QWidget):
    """show_record() explains a token; ``branchRequested`` asks for the reply to go on from another candidate."""

    branchRequested = Signal(int)
    stepRequested = Signal(int)  # -1 or +1: the token before or after

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._subject: Subject | None = None
        self._settings: GenerationSettings | None = None
        self._recorded: GenerationSettings | None = None
        self._explained: Explained | None = None
        self._table: Table | None = None
        self._pointed: int | None = None  # the candidate whose arithmetic is shown; None for the one that came
        self._all = False
        self._given = ""
        self._refresh = QTimer(self, singleShot=True, interval=0)
        self._refresh.timeout.connect(self._ask)
        self._runner = LatestRunner(self)
        self._runner.finished.connect(self._on_explained)
        self._runner.failed.connect(self._on_bug)
        self._empty = EmptyState(
            "dart",
            self.tr("Click any word"),
            self.tr("See how likely it was, what else was possible, and what cut the rest."),
            "",
        )
        inner = QWidget()
        set_role(inner, "surface")
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(12, 12, 12, 16)
        layout.setSpacing(8)
        self._build(layout)
        scroll = QScrollArea()
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
    ) -> None:
        """Explain a token. settings, history and seed are those of its reply: with them other settings can be tried on it.

        history: the ids before the token, as far back as they are known; history_is_whole says that nothing stood before them.
        logits (V,): all of them, where the model has told them again. given: "template" or "text" for a token of the prompt, which
        no reply goes on from.
        """
        self._given = given
        if self._subject is None or self._subject.record is not record:
            self._pointed = None
        self._recorded = settings if seed is not None else None
        self._subject = Subject(record, history, seed or 0, history_is_whole, logits)
        self._explained = None
        self._note.setText(self.tr("after “…{0}”").format(context_note))
        self._note.setVisible(bool(context_note))
        self._stack.setCurrentIndex(1)
        self._refresh.start()

    def set_settings(self, settings: GenerationSettings) -> None:
        """The present sliders: what they would do to the shown token follows."""
        self._settings = settings
        if self._subject is not None:
            self._refresh.start()

    def clear(self) -> None:
        self._subject = None
        self._stack.setCurrentIndex(0)

    # --- building -------------------------------------------------------------------------------------------------

    def _build(self, layout: QVBoxLayout) -> None:
        self._token = QLabel()
        set_role(self._token, "code")
        self._token.setWordWrap(True)
        self._token.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._how = QLabel()
        self._how.setWordWrap(True)
        set_role(self._how, "muted")
        self._note = QLabel()
        self._note.setWordWrap(True)
        set_role(self._note, "caption")
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self._token, 1)
        for icon_name, text, step in (
            ("chevron-left", self.tr("The token before"), -1),
            ("chevron-right", self.tr("The token after"), 1),
        ):
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
        self._would = QLabel()
        self._would.setWordWrap(True)
        self._would.setVisible(False)
        layout.addWidget(self._would)
        title = QLabel(self.tr("Candidates"))
        set_role(title, "section")
        self._log = QCheckBox(self.tr("Log scale"))
        self._log.setToolTip(self.tr("Lengths by the logarithm of the probability: the unlikely becomes visible."))
        heading = FlowLayout(spacing=12)
        heading.addWidget(title)
        heading.addWidget(self._log)
        layout.addLayout(heading)
        self._legend = BarLegend(self.tr("raw, over the full vocabulary"), self.tr("after the chain"))
        layout.addWidget(self._legend)
        self._bars = ProbabilityBars()
        self._bars.activated.connect(self._on_activated)
        self._bars.menu_asked.connect(self._on_menu)
        self._bars.stepped.connect(self.stepRequested)
        self._bars.pointed.connect(self._on_pointed)
        self._log.toggled.connect(self._bars.set_log)
        layout.addWidget(self._bars)
        self._of_candidates: list[QWidget] = [self._numbers, title, self._log, self._legend, self._bars]
        self._more = QPushButton()
        set_role(self._more, "quiet")
        self._more.clicked.connect(self._on_more)
        layout.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        self._hint = hint = QLabel(
            self.tr("Click a candidate, or press Enter on it, to let a new reply go on from there.")
        )
        hint.setWordWrap(True)
        set_role(hint, "caption")
        layout.addWidget(hint)
        self._working = WorkingView()
        self._working.hide()
        layout.addWidget(self._working)
        self._dart_title = QLabel(self.tr("The dart"))
        set_role(self._dart_title, "section")
        self._dart = CumulativeBar()
        self._dart_text = QLabel()
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
        tried = self._tries()
        if not tried:
            self._show(None)
        if recorded is not None and subject.record.dart is not None and len(subject.record.candidates):
            sampling = self._settings.sampling if tried and self._settings is not None else recorded.sampling
            self._runner.ask(partial(explain, subject, sampling, tried))

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
        self._table = table = table_of(record, outcome)
        self._show_token(record)
        unknown = math.isnan(record.logprob)
        for part in self._of_candidates:
            part.setVisible(not unknown)
        self._hint.setVisible(not unknown and not self._given)
        after = self.tr("With the present sliders") if tried else self.tr("After the chain")
        self._numbers.show_record(record, table, after)
        self._show_would(record, table, previewed=tried)
        self._show_bars(record, table, previewed=tried)
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
        if key != _OTHERS and key != self._pointed:
            self._pointed = key
            self._show_working()

    def _show_token(self, record: TokenRecord) -> None:
        shown = visible(record.token.bytes)
        self._token.setText(f"{shown}   #{record.token.id}")
        self._token.setAccessibleName(self.tr("Token {0}").format(shown))
        if math.isnan(record.logprob):
            how = self.tr("The first token: nothing stands before it, so no model could expect it.")
        elif record.forced:
            how = self.tr("Put here by you, not drawn.")
        elif record.dart is None:
            how = self.tr("Given, not drawn.")
        elif record.final_probability == 1.0:
            how = self.tr("The only token that was left: no luck was involved.")
        else:
            how = self.tr("Drawn by the dart from the tokens that were left.")
        if self._given == "template":
            how += " " + self.tr("The chat template put it there.")
        if record.token.control:
            how += " " + self.tr("A control token: it is not part of the text.")
        self._how.setText(how)

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
        return self.tr("exact") if table.exact else self.tr("approximate: only the stored candidates are known")

    def _show_bars(self, record: TokenRecord, table: Table, previewed: bool) -> None:
        rows = table.rows if self._all else table.rows[:_FEW_ROWS]
        # The one that came is always to be seen.
        rows += tuple(row for row in table.rows[len(rows) :] if row.chosen or row.id == record.token.id)
        bars = [self._bar(row, record) for row in rows]
        shown = {row.id for row in rows}
        hidden_rows = [row for row in table.rows if row.id not in shown]
        if table.number_left + len(hidden_rows) > 0:
            bars.append(self._others(table, hidden_rows))
        self._bars.set_bars(bars)
        after = self.tr("with the present sliders") if previewed else self.tr("after the chain")
        self._legend.set_final(after if table.drawn else "")
        self._more.setVisible(bool(hidden_rows) or self._all)
        self._more.setText(self.tr("Fewer") if self._all else self.tr("{0} more").format(len(hidden_rows)))

    def _others(self, table: Table, hidden: list[Row]) -> Bar:
        """Everything that has no row of its own: what is left to 1."""
        number_left = number(table.number_left + len(hidden))
        raw = table.raw_left + sum(row.raw for row in hidden)
        final = table.final_left + sum(row.final for row in hidden)
        if table.drawn:
            text = self.tr("The other {0} tokens of the vocabulary: raw {1} together, after the chain {2}.")
        else:
            text = self.tr("The other {0} tokens of the vocabulary: raw {1} together.")
        detail = text.format(number_left, percent(raw), percent(final))
        return Bar(_OTHERS, self.tr("{0} others").format(number_left), raw, final, selectable=False, detail=detail)

    def _bar(self, row: Row, record: TokenRecord) -> Bar:
        shown = visible(row.piece)
        note = sampling_text(stage(row.removed_by).title) if row.removed_by else ""
        detail = [f"{shown}   #{row.id}", self.tr("logit {0}").format(number(row.logit, 4))]
        detail.append(self.tr("raw {0}").format(number(row.raw, 8)))
        if note:
            detail.append(self.tr("removed by {0}").format(note))
        elif record.dart is not None:
            detail.append(self.tr("after the chain {0}").format(number(row.final, 8)))
        came = row.id == record.token.id
        open_to = not self._given
        return Bar(row.id, shown, row.raw, row.final, note, came, row.chosen and not came, open_to, "\n".join(detail))

    def _show_dart(self, table: Table) -> None:
        parts = [Part(visible(row.piece), start, end, row.chosen) for row, start, end in cumulative(table)]
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

    def _on_more(self) -> None:
        self._all = not self._all
        self._show(None if self._explained is None or not self._explained.tried else self._explained.outcome)

    def _on_menu(self, where: QPointF) -> None:
        menu = QMenu(self)
        for text, make in ((self.tr("Copy as JSON"), as_json), (self.tr("Copy as CSV"), as_csv)):
            action = QAction(text, menu)
            action.triggered.connect(lambda _checked=False, make=make: self._copy(make(self._table)))
            menu.addAction(action)
        menu.popup(where.toPoint())

    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
