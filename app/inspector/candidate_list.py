"""The candidates of a token as bars: how many are listed, what each of them is, and what can be done with one."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from app.inspector.bias_menu import add_biases, bias_mark, typed_bias
from app.inspector.copying import as_csv, as_json
from app.inspector.further import STEP
from app.inspector.rows import Row, Table
from app.sampling.biasing import bias_of
from app.sampling.texts import sampling_text
from app.widgets.bar_legend import BarLegend
from app.widgets.bars import Bar, ProbabilityBars
from app.widgets.flow import FlowLayout
from app.widgets.formats import number, percent, visible
from app.widgets.theme import set_role
from engine.records import SamplingSettings, TokenRecord
from engine.sampling.registry import stage

OTHERS = -1  # the key of the row that stands for the rest of the vocabulary
_FEW_ROWS = 10  # with what is said below them they fit into a window of 1400 by 900


class CandidateList(QWidget):
    """``activated`` with a candidate to go on from, ``pointed`` with the one that is looked at; ``further_asked`` for more rows
    than the record has.
    """

    activated = Signal(int)
    pointed = Signal(int)
    stepped = Signal(int)
    further_asked = Signal()
    bias_asked = Signal(int, float)  # token, its bias from now on

    def __init__(self, parent: QWidget | None = None, *, asks_model: bool = False) -> None:
        """asks_model: more rows than the record has can be had, if not always."""
        super().__init__(parent)
        self._asks_model = asks_model
        self._table: Table | None = None
        self._record: TokenRecord | None = None
        self._previewed = False
        self._opens = ""
        self._all = False
        self._sampling: SamplingSettings | None = None  # whose biases can be changed
        self._whole = False  # whether the model has told all logits
        title = QLabel(self.tr("Candidates"))
        set_role(title, "section")
        self._log = QCheckBox(self.tr("Log scale"))
        self._log.setToolTip(self.tr("Lengths by the logarithm of the probability: the unlikely becomes visible."))
        heading = FlowLayout(spacing=12)
        heading.addWidget(title)
        heading.addWidget(self._log)
        self._legend = BarLegend(self.tr("raw, over the full vocabulary"), self.tr("after the chain"))
        self.bars = ProbabilityBars()
        self.bars.activated.connect(self.activated)
        self.bars.menu_asked.connect(self._on_menu)
        self.bars.typed.connect(self._on_typed)
        self.bars.stepped.connect(self.stepped)
        self.bars.pointed.connect(self.pointed)
        self._log.toggled.connect(self.bars.set_log)
        self.more = QPushButton()
        set_role(self.more, "quiet")
        self.more.clicked.connect(self._on_more)
        self.further = QPushButton()
        set_role(self.further, "quiet")
        self.further.clicked.connect(self.further_asked)
        for button in (self.more, self.further):
            button.hide()  # until a table is shown
        self._hint = QLabel()
        self._hint.setWordWrap(True)
        set_role(self._hint, "caption")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(heading)
        column.addWidget(self._legend)
        column.addWidget(self.bars)
        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        buttons.addWidget(self.more)
        buttons.addWidget(self.further)
        buttons.addStretch(1)
        column.addLayout(buttons)
        column.addWidget(self._hint)

    def set_sampling(self, sampling: SamplingSettings | None) -> None:
        """The present chain, whose biases can be changed from here; None where there is none to change."""
        self._sampling = sampling

    def show_table(self, record: TokenRecord, table: Table, *, previewed: bool, opens: str, whole: bool) -> None:
        """previewed: with the present sliders, not as it was; opens: what a candidate is activated for, "reply" to go on
        from it, "document" to put it in the place of the token, "" where nothing can be done with it; whole: every logit of
        the vocabulary is known, so that there may be more rows.
        """
        self._record, self._table = record, table
        self._previewed, self._opens, self._whole = previewed, opens, whole
        hints = {
            "reply": [self.tr("Click a candidate, or press Enter on it, to let a new reply go on from there.")],
            "document": [self.tr("Click a candidate, or press Enter on it, to put it in the place of the token.")],
        }.get(opens, [])
        if self._sampling is not None:
            hints.append(self.tr("Its menu, or the keys + - B 0, make it more or less likely, ban it, or let it be."))
        self._hint.setText(" ".join(hints))
        self._hint.setVisible(bool(hints))
        self._show()

    def _show(self) -> None:
        record, table = self._record, self._table
        if record is None or table is None:
            return
        rows = table.rows if self._all else table.rows[:_FEW_ROWS]
        # The one that came is always to be seen.
        rows += tuple(row for row in table.rows[len(rows) :] if row.chosen or row.id == record.token.id)
        bars = [self._bar(row, record) for row in rows]
        shown = {row.id for row in rows}
        hidden_rows = [row for row in table.rows if row.id not in shown]
        if table.number_left + len(hidden_rows) > 0:
            bars.append(self._others(table, hidden_rows))
        self.bars.set_bars(bars)
        after = self.tr("with the present sliders") if self._previewed else self.tr("after the chain")
        self._legend.set_final(after if table.drawn else "")
        self.more.setVisible(bool(hidden_rows) or (self._all and len(table.rows) > _FEW_ROWS))
        self.more.setText(self.tr("Fewer") if self._all else self.tr("{0} more").format(number(len(hidden_rows))))
        self.further.setVisible(self._asks_model and not hidden_rows and table.number_left > 0)
        self.further.setText(self.tr("{0} more").format(number(min(STEP, table.number_left))))
        self.further.setEnabled(self._whole)
        self.further.setToolTip(
            self.tr("The next most likely tokens of the vocabulary, as the model tells them.")
            if self._whole
            else self.tr(
                "Only the model that wrote it knows the others: they are listed once it is loaded and has time."
            )
        )

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
        return Bar(OTHERS, self.tr("{0} others").format(number_left), raw, final, selectable=False, detail=detail)

    def _bar(self, row: Row, record: TokenRecord) -> Bar:
        shown = visible(row.piece) if row.named else f"#{row.id}"
        note = sampling_text(stage(row.removed_by).title) if row.removed_by else ""
        detail = [f"{shown}   #{row.id}", self.tr("logit {0}").format(number(row.logit, 4))]
        detail.append(self.tr("raw {0}").format(number(row.raw, 8)))
        if note:
            detail.append(self.tr("removed by {0}").format(note))
        elif record.dart is not None:
            detail.append(self.tr("after the chain {0}").format(number(row.final, 8)))
        bias = 0.0 if self._sampling is None else bias_of(self._sampling, row.id)
        if bias:
            detail.append(self.tr("bias {0} in the present chain").format(number(bias, 1)))
            shown += bias_mark(bias)
        came = row.id == record.token.id
        would = row.chosen and not came
        return Bar(row.id, shown, row.raw, row.final, note, came, would, bool(self._opens), "\n".join(detail))

    def _on_more(self) -> None:
        self._all = not self._all
        self._show()

    def _on_menu(self, where: QPointF) -> None:
        self.menu().popup(where.toPoint())

    def menu(self) -> QMenu:
        """What can be done with the current candidate, and with all."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        id = self.bars.current
        row = next((row for row in self._table.rows if row.id == id), None) if self._table is not None else None
        if row is not None:
            if self._opens and self._record is not None and row.id != self._record.token.id:
                text = (
                    self.tr("Go on from here")
                    if self._opens == "reply"
                    else self.tr("Put it in the place of the token")
                )
                menu.addAction(text, partial(self.activated.emit, row.id))
                menu.addSeparator()
            if self._sampling is not None:
                name = visible(row.piece) if row.named else f"#{row.id}"
                add_biases(menu, name, bias_of(self._sampling, row.id), partial(self.bias_asked.emit, row.id))
                menu.addSeparator()
        for text, make in ((self.tr("Copy as JSON"), as_json), (self.tr("Copy as CSV"), as_csv)):
            menu.addAction(text, partial(self._copy, make))
        return menu

    def _on_typed(self, id: int, text: str) -> None:
        if self._sampling is None or id == OTHERS:
            return
        wanted = typed_bias(text, bias_of(self._sampling, id))
        if wanted is not None:
            self.bias_asked.emit(id, wanted)

    def _copy(self, make: Callable[[Table | None], str]) -> None:
        QGuiApplication.clipboard().setText(make(self._table))
