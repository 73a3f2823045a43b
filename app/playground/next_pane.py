"""What may come at the caret: bars, raw and after the chain, to be taken over by a key or a click."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QScrollArea,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from app.inspector.bias_menu import add_biases, bias_mark, typed_bias
from app.inspector.further import STEP
from app.inspector.further_rows import FurtherRows
from app.playground.offers import Offer, further_offers, stored_offers
from app.sampling.biasing import bias_of
from app.sampling.subject import Subject
from app.sampling.texts import sampling_text
from app.widgets.bar_legend import BarLegend
from app.widgets.bars import Bar, ProbabilityBars
from app.widgets.buttons import icon_button
from app.widgets.empty_state import EmptyState
from app.widgets.flow import FlowLayout
from app.widgets.formats import bits, count, number, percent, visible
from app.widgets.theme import set_role
from engine.records import SamplingSettings, TokenRecord
from engine.sampling.registry import stage

_FEW_ROWS = 12
_PLACE = 40  # characters of the text before that name the place


class Bars(ProbabilityBars):
    """Bars whose rows a figure takes, too."""

    figure = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        place = event.key() - Qt.Key.Key_0.value
        if 1 <= place <= 9 and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.figure.emit(place)
        else:
            super().keyPressEvent(event)


class NextPane(QWidget):
    """``taken`` carries the text of a candidate."""

    taken = Signal(str)
    bias_asked = Signal(int, float)  # token, its bias from now on
    names_wanted = Signal(object)  # tuple[int, ...]: tokens whose bytes are to be set by set_names()
    luck_wanted = Signal()
    acted = Signal()  # the button of the empty state

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stored: list[Offer] = []
        self._special = False
        self._whole = False  # whether the model has told all logits
        self._record: TokenRecord | None = None
        self._sampling: SamplingSettings | None = None  # whose biases can be changed
        self._further = FurtherRows(self)
        self._further.changed.connect(self._show)
        self._further.names_wanted.connect(self.names_wanted)
        self._selected = -1
        self._all = False
        self.empty = EmptyState("dart", "", "", "")
        self.empty.acted.connect(self.acted)
        inner = QWidget()
        set_role(inner, "surface")
        column = QVBoxLayout(inner)
        column.setContentsMargins(12, 12, 12, 16)
        column.setSpacing(8)
        self._build(column)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(scroll)

    # --- what others call -----------------------------------------------------------------------------------------

    def show_subject(
        self, subject: Subject, before: str, sampling: SamplingSettings, stale: bool, special: bool = False
    ) -> None:
        """The candidates after a text. stale: of an earlier place or chain, until the answer for this one is there.

        special: control tokens can be taken over, by their names.
        """
        self._stack.setCurrentIndex(1)
        self._bars.setEnabled(not stale)
        if subject.record is not self._record:
            self._record, self._selected = subject.record, -1
            self._stored, self._special = stored_offers(subject.record, special), special
        if stale:
            return
        self._sampling, self._whole = sampling, subject.logits is not None
        self._further.follow(subject, sampling)
        shown = " ".join(before[-_PLACE:].split())
        self._place.setText(self.tr("after “…{0}”").format(shown) if shown else self.tr("at the beginning of a text"))
        self._hint.setVisible(before.endswith(" "))
        self._show()

    def show_empty(self, title: str, sentence: str, action: str = "") -> None:
        """Nothing can be said: why, and what to do."""
        self._record, self._stored = None, []
        self._further.follow(None, None)
        self.empty.set_texts(title, sentence, action)
        self._stack.setCurrentIndex(0)

    def accept(self) -> bool:
        """Take the selected candidate, else the most likely one. False where there is none to take."""
        chosen = self._offers[self._selected] if 0 <= self._selected < len(self._offers) else None
        if chosen is None:
            chosen = next((offer for offer in self._offers if offer.text), None)
        return self._take(chosen)

    def choose(self, place: int) -> bool:
        """Take the candidate with this figure, from 1."""
        return self._take(self._offers[place - 1] if 1 <= place <= len(self._offers) else None)

    def step(self, step: int) -> None:
        """Select the candidate above or below."""
        if self._offers:
            last = min(len(self._offers), len(self._bars.bars)) - 1
            self._selected = min(max(0, self._selected + step if self._selected >= 0 else 0), last)
            self._show()

    def focus_bars(self) -> None:
        self._bars.setFocus()

    def set_names(self, names: Mapping[int, bytes]) -> None:
        """The bytes of tokens that were asked for by ``names_wanted``."""
        self._further.set_names(names)

    def menu(self) -> QMenu | None:
        """What can be done with the current candidate."""
        offer = self._current()
        if offer is None or self._sampling is None:
            return None
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if offer.text:
            menu.addAction(self.tr("Take it over"), partial(self._take, offer))
            menu.addSeparator()
        add_biases(menu, offer.label, bias_of(self._sampling, offer.id), partial(self.bias_asked.emit, offer.id))
        return menu

    @property
    def _offers(self) -> list[Offer]:
        return self._stored + further_offers(self._further.rows, self._special)

    @property
    def shown(self) -> tuple[Bar, ...]:
        return self._bars.bars

    # --- building -------------------------------------------------------------------------------------------------

    def _build(self, column: QVBoxLayout) -> None:
        self._place = QLabel()
        self._place.setWordWrap(True)
        set_role(self._place, "muted")
        self._hint = QLabel(
            self.tr(
                "The text ends with a blank. Most tokens bring theirs along: without it the model expects more of them."
            )
        )
        self._hint.setWordWrap(True)
        set_role(self._hint, "caption")
        self._numbers = QLabel()
        self._numbers.setWordWrap(True)
        set_role(self._numbers, "caption")
        self._log = QCheckBox(self.tr("Log scale"))
        self._log.setToolTip(self.tr("Lengths by the logarithm of the probability: the unlikely becomes visible."))
        self._legend = BarLegend(self.tr("raw, over the full vocabulary"), self.tr("after the chain"))
        self._bars = Bars()
        self._bars.setAccessibleName(self.tr("Candidates for the next token"))
        self._bars.activated.connect(lambda place: self.choose(place))
        self._bars.figure.connect(lambda place: self.choose(place))
        self._bars.typed.connect(self._on_typed)
        self._bars.menu_asked.connect(self._on_menu)
        self._log.toggled.connect(self._bars.set_log)
        self._rest = QLabel()
        self._rest.setWordWrap(True)
        set_role(self._rest, "caption")
        self._more = QPushButton()
        set_role(self._more, "quiet")
        self._more.clicked.connect(self._on_more)
        self.further = QPushButton()
        set_role(self.further, "quiet")
        self.further.setToolTip(self.tr("The next most likely tokens of the vocabulary, as the model tells them."))
        self.further.clicked.connect(self._further.more)
        buttons = FlowLayout(spacing=4)
        for button in (self._more, self.further):
            buttons.addWidget(button)
        self._draw = QLabel()
        self._draw.setWordWrap(True)
        luck = icon_button(self, "dice", self.tr("Throw another dart"), self.luck_wanted.emit)
        luck.setIconSize(QSize(18, 18))
        drawn = QHBoxLayout()
        drawn.addWidget(self._draw, 1)
        drawn.addWidget(luck, 0, Qt.AlignmentFlag.AlignTop)
        keys = QLabel(
            self.tr("Tab takes the most likely one, Alt+1 to Alt+9 the one of that row, Alt+Up and Alt+Down select.")
            + " "
            + self.tr("A row's menu makes its token more or less likely, or bans it.")
        )
        keys.setWordWrap(True)
        set_role(keys, "caption")
        for part in (self._place, self._hint, self._numbers, self._log, self._legend, self._bars, self._rest):
            column.addWidget(part)
        column.addLayout(buttons)
        column.addLayout(drawn)
        column.addWidget(keys)
        column.addStretch(1)

    # --- showing --------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        record = self._record
        if record is None:
            return
        self._numbers.setText(
            self.tr("entropy {0} bits · {1} effective choices").format(
                bits(record.entropy_bits), count(2.0**record.entropy_bits)
            )
        )
        offers = self._offers
        shown = len(offers) if self._all else min(len(offers), _FEW_ROWS)
        self._bars.set_bars([self._bar(place, offer) for place, offer in enumerate(offers[:shown])])
        hidden = len(offers) - shown
        self._more.setVisible(hidden > 0 or self._all)
        self._more.setText(self.tr("Fewer") if self._all else self.tr("{0} more").format(hidden))
        unlisted = record.vocabulary_size - len(offers)
        self.further.setVisible(self._all and self._whole and unlisted > 0)
        self.further.setText(self.tr("{0} more").format(number(min(STEP, unlisted))))
        left = max(0.0, 1.0 - sum(offer.raw for offer in offers[:shown]))
        rest = self.tr("The other {0} tokens of the vocabulary: raw {1} together.")
        self._rest.setText(rest.format(number(record.vocabulary_size - shown), percent(left)))
        drawn = next((offer for offer in offers if offer.drawn), None)
        if drawn is not None and record.dart is not None:
            text = self.tr("With this dart ({0}) the chain draws “{1}”, which had {2}.")
            self._draw.setText(text.format(number(record.dart, 3), visible(drawn.piece), percent(drawn.final)))

    def _bar(self, place: int, offer: Offer) -> Bar:
        note = sampling_text(stage(offer.removed_by).title) if offer.removed_by else ""
        detail = [f"{offer.label}   #{offer.id}", self.tr("raw {0}").format(number(offer.raw, 8))]
        if note:
            detail.append(self.tr("removed by {0}").format(note))
        else:
            detail.append(self.tr("after the chain {0}").format(number(offer.final, 8)))
        bias = 0.0 if self._sampling is None else bias_of(self._sampling, offer.id)
        if bias:
            detail.append(self.tr("bias {0}").format(number(bias, 1)))
        if not offer.text:
            detail.append(self.tr("This one is no text by itself and cannot be taken over."))
        return Bar(
            key=place + 1,
            label=offer.label + bias_mark(bias),
            raw=offer.raw,
            final=offer.final,
            note=note,
            chosen=offer.drawn,
            would_be_chosen=place == self._selected,
            selectable=bool(offer.text),
            detail="\n".join(detail),
            lead=f"{place + 1} " if place < 9 else "  ",
        )

    def _current(self) -> Offer | None:
        place, offers = self._bars.current or 0, self._offers
        return offers[place - 1] if 1 <= place <= len(offers) else None

    def _on_menu(self, where: QPointF) -> None:
        menu = self.menu()
        if menu is not None:
            menu.popup(where.toPoint())

    def _on_typed(self, _place: int, text: str) -> None:
        offer = self._current()
        if offer is not None and self._sampling is not None:
            wanted = typed_bias(text, bias_of(self._sampling, offer.id))
            if wanted is not None:
                self.bias_asked.emit(offer.id, wanted)

    def _on_more(self) -> None:
        self._all = not self._all
        self._show()

    def _take(self, offer: Offer | None) -> bool:
        if offer is None or not offer.text or not self._bars.isEnabled():
            return False
        self.taken.emit(offer.text)
        return True
