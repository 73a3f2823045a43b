"""One token explained: its numbers, its rivals, the draw, what each stage did - and what other settings would have done."""

import csv
import io
import json
from html import escape

from PySide6.QtCore import QPointF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
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

from app.inspector.rows import Row, StageRow, Table, cumulative, looks_further_back, stage_rows, table_of
from app.sampling.texts import sampling_text
from app.widgets.bar_legend import BarLegend
from app.widgets.bars import Bar, ProbabilityBars
from app.widgets.cumulative_bar import CumulativeBar, Part
from app.widgets.empty_state import EmptyState
from app.widgets.flow import FlowLayout
from app.widgets.formats import bits, count, number, percent, visible
from app.widgets.icons import set_icon
from app.widgets.theme import set_role
from engine.records import GenerationSettings, TokenRecord
from engine.sampling.chain import Chain, Outcome
from engine.sampling.preview import preview
from engine.sampling.registry import stage

_FEW_ROWS = 12


class TokenInspector(QWidget):
    """show_record() explains a token; ``branchRequested`` asks for the reply to go on from another candidate."""

    branchRequested = Signal(int)
    stepRequested = Signal(int)  # -1 or +1: the token before or after

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._record: TokenRecord | None = None
        self._history: tuple[int, ...] = ()
        self._history_is_whole = False
        self._seed: int | None = None
        self._settings: GenerationSettings | None = None
        self._recorded: GenerationSettings | None = None
        self._table: Table | None = None
        self._all = False
        self._refresh = QTimer(self, singleShot=True, interval=0)
        self._refresh.timeout.connect(self._show)
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
    ) -> None:
        """Explain a token. settings, history and seed are those of its reply: with them other settings can be tried on it.

        history: the ids before the token, as far back as they are known; history_is_whole says that nothing stood before them.
        """
        self._record, self._recorded, self._history, self._seed = record, settings, history, seed
        self._history_is_whole = history_is_whole
        self._note.setText(self.tr("after “…{0}”").format(context_note))
        self._note.setVisible(bool(context_note))
        self._stack.setCurrentIndex(1)
        self._refresh.start()

    def set_settings(self, settings: GenerationSettings) -> None:
        """The present sliders: what they would do to the shown token follows."""
        self._settings = settings
        if self._record is not None:
            self._refresh.start()

    def clear(self) -> None:
        self._record = None
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
        layout.addLayout(self._make_numbers())
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
        self._log.toggled.connect(self._bars.set_log)
        layout.addWidget(self._bars)
        self._rest = QLabel()
        self._rest.setWordWrap(True)
        set_role(self._rest, "caption")
        layout.addWidget(self._rest)
        self._more = QPushButton()
        set_role(self._more, "quiet")
        self._more.clicked.connect(self._on_more)
        layout.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        hint = QLabel(self.tr("Click a candidate, or press Enter on it, to let a new reply go on from there."))
        hint.setWordWrap(True)
        set_role(hint, "caption")
        layout.addWidget(hint)
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

    def _make_numbers(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        self._numbers: dict[str, QLabel] = {}
        cells = (
            ("raw", self.tr("Raw probability"), self.tr("Of the model itself, over the full vocabulary.")),
            ("final", self.tr("After the chain"), self.tr("The probability with which it was drawn.")),
            ("rank", self.tr("Rank"), self.tr("1 + the number of tokens with a larger logit, full vocabulary.")),
            ("surprisal", self.tr("Surprisal"), self.tr("-log2 of the raw probability, in bits.")),
            ("entropy", self.tr("Entropy"), self.tr("Of the raw distribution over the full vocabulary, in bits.")),
            (
                "choices",
                self.tr("Effective choices"),
                self.tr("2 to the power of the entropy: as many equal choices would be as uncertain."),
            ),
            ("margin", self.tr("Margin"), self.tr("Raw probability of the first candidate less that of the second.")),
        )
        for place, (key, title, sentence) in enumerate(cells):
            name, value = QLabel(title), QLabel()
            set_role(name, "caption")
            name.setWordWrap(True)
            value.setWordWrap(True)
            name.setToolTip(sentence)
            value.setToolTip(sentence)
            value.setAccessibleName(title)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(name, 2 * (place // 2), place % 2, Qt.AlignmentFlag.AlignBottom)
            grid.addWidget(value, 2 * (place // 2) + 1, place % 2)
            self._numbers[key] = value
        return grid

    # --- showing --------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        record = self._record
        if record is None:
            return
        outcome = self._outcome(record)
        self._table = table = table_of(record, outcome)
        self._show_token(record)
        self._show_would(record, table, previewed=outcome is not None)
        self._show_bars(record, table, previewed=outcome is not None)
        self._show_dart(table)
        listed = None if outcome is None else len(record.candidates)
        stages = record.stages if outcome is None else outcome.stages
        self._show_stages(stage_rows(stages, record.vocabulary_size, listed), previewed=outcome is not None)

    def _outcome(self, record: TokenRecord) -> Outcome | None:
        """What the present sliders would do, None where they are those of the reply or nothing was drawn."""
        if self._settings is None or self._recorded is None or self._seed is None or record.dart is None:
            return None
        if len(record.candidates) == 0 or self._settings.sampling.stages == self._recorded.sampling.stages:
            return None
        return preview(record, Chain(self._settings.sampling), self._history, self._seed)

    def _show_token(self, record: TokenRecord) -> None:
        shown = visible(record.token.bytes)
        self._token.setText(f"{shown}   #{record.token.id}")
        self._token.setAccessibleName(self.tr("Token {0}").format(shown))
        if record.forced:
            how = self.tr("Put here by you, not drawn.")
        elif record.dart is None:
            how = self.tr("Given, not drawn.")
        elif record.final_probability == 1.0:
            how = self.tr("The only token that was left: no luck was involved.")
        else:
            how = self.tr("Drawn by the dart from the tokens that were left.")
        if record.token.control:
            how += " " + self.tr("A control token: it is not part of the text.")
        self._how.setText(how)
        p = 2.0**-record.surprisal_bits
        values = {
            "raw": percent(p),
            "final": "–" if record.final_probability is None else percent(record.final_probability),
            "rank": f"{number(record.rank)} / {number(record.vocabulary_size)}",
            "surprisal": self.tr("{0} bits").format(bits(record.surprisal_bits)),
            "entropy": self.tr("{0} bits").format(bits(record.entropy_bits)),
            "choices": count(2.0**record.entropy_bits),
            "margin": self._margin(record),
        }
        exact = {
            "raw": p,
            "final": record.final_probability,
            "surprisal": record.surprisal_bits,
            "entropy": record.entropy_bits,
        }
        for key, text in values.items():
            self._numbers[key].setText(text)
            if exact.get(key) is not None:
                self._numbers[key].setAccessibleDescription(f"{exact[key]:.8g}")

    def _margin(self, record: TokenRecord) -> str:
        logits = record.candidates.logit_array()
        if len(logits) < 2:
            return "–"
        first, second = (2.0 ** ((float(logit) - record.log_sum_exp) / 0.6931471805599453) for logit in logits[:2])
        return percent(first - second)

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
        if sampling is not None and not self._history_is_whole and looks_further_back(sampling, len(self._history)):
            return self.tr("approximate: the penalties count tokens of the prompt, which were not recorded")
        return self.tr("exact") if table.exact else self.tr("approximate: only the stored candidates are known")

    def _show_bars(self, record: TokenRecord, table: Table, previewed: bool) -> None:
        rows = table.rows if self._all else table.rows[:_FEW_ROWS]
        # The one that came is always to be seen.
        rows += tuple(row for row in table.rows[len(rows) :] if row.chosen or row.id == record.token.id)
        self._bars.set_bars([self._bar(row, record) for row in rows])
        after = self.tr("with the present sliders") if previewed else self.tr("after the chain")
        self._legend.set_final(after if table.drawn else "")
        hidden = len(table.rows) - len(rows)
        self._more.setVisible(hidden > 0 or self._all)
        self._more.setText(self.tr("Fewer") if self._all else self.tr("{0} more").format(hidden))
        if table.drawn:
            text = self.tr("The other {0} tokens of the vocabulary: raw {1} together, after the chain {2}.")
        else:
            text = self.tr("The other {0} tokens of the vocabulary: raw {1} together.")
        self._rest.setText(text.format(number(table.number_left), percent(table.raw_left), percent(table.final_left)))
        self._rest.setVisible(table.number_left > 0)

    def _bar(self, row: Row, record: TokenRecord) -> Bar:
        shown = visible(row.piece)
        note = sampling_text(stage(row.removed_by).title) if row.removed_by else ""
        detail = [f"{shown}   #{row.id}", self.tr("logit {0}").format(number(row.logit, 4))]
        detail.append(self.tr("raw {0}").format(number(row.raw, 8)))
        if note:
            detail.append(self.tr("removed by {0}").format(note))
        else:
            detail.append(self.tr("after the chain {0}").format(number(row.final, 8)))
        came = row.id == record.token.id
        return Bar(row.id, shown, row.raw, row.final, note, came, row.chosen and not came, True, "\n".join(detail))

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
        if self._record is not None and id != self._record.token.id:
            self.branchRequested.emit(id)

    def _on_more(self) -> None:
        self._all = not self._all
        self._show()

    def _on_menu(self, where: QPointF) -> None:
        menu = QMenu(self)
        for text, make in ((self.tr("Copy as JSON"), self._json), (self.tr("Copy as CSV"), self._csv)):
            action = QAction(text, menu)
            action.triggered.connect(lambda _checked=False, make=make: QGuiApplication.clipboard().setText(make()))
            menu.addAction(action)
        menu.popup(where.toPoint())

    def _plain_rows(self) -> list[dict[str, object]]:
        rows = () if self._table is None else self._table.rows
        return [
            {
                "id": row.id,
                "token": visible(row.piece),
                "bytes": row.piece.hex(),
                "logit": row.logit,
                "raw": row.raw,
                "final": row.final,
                "removed_by": row.removed_by or None,
                "chosen": row.chosen,
            }
            for row in rows
        ]

    def _json(self) -> str:
        return json.dumps(self._plain_rows(), ensure_ascii=False, indent=1)

    def _csv(self) -> str:
        out = io.StringIO()
        rows = self._plain_rows()
        if rows:
            writer = csv.DictWriter(out, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        return out.getvalue()
