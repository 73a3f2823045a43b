"""The cards of the chain in their order, one below the other, with the funnel between them."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.sampling.card import StageCard
from app.sampling.funnel import Funnel
from app.widgets.fold_line import FoldLine
from app.widgets.funnel_neck import FunnelNeck
from app.widgets.theme import theme
from engine.records import StageSettings

_GATHERED = 2  # so many neighbours that are off are gathered in one line


class CardColumn(QWidget):
    """``changed`` with the card that was moved, or None for another order; ``cut_asked`` with a stage and a count.

    Neighbours that are off are gathered in one line at their place in the order, which unfolds them. What the person unfolded or
    turned off by hand stays as it is until other settings are shown.
    """

    changed = Signal(object)
    cut_asked = Signal(str, int)
    laid_out = Signal()  # what takes the focus, and in what order, may have changed
    moved = Signal(object)  # the card that a key has moved

    def __init__(self, defaults: Callable[[str], StageSettings], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._default = defaults
        self.cards: list[StageCard] = []
        self.necks: dict[str, FunnelNeck] = {}
        self._lines: list[FoldLine] = []
        self._line_of: dict[str, FoldLine] = {}  # of the stages that are folded away
        self._shown: set[str] = set()  # off, and shown all the same
        self._arranged: list[tuple[str, bool, bool]] = []  # name, on, shown though off
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._gap = QFrame(self)  # where a dragged card would fall
        self._gap.hide()

    @property
    def order(self) -> list[str]:
        """The names of the stages as they are applied."""
        return [card.name for card in self.cards]

    @property
    def lines(self) -> Sequence[FoldLine]:
        """The lines that stand for stages that are off."""
        return self._lines

    def show_stages(self, stages: Sequence[StageSettings], gather: bool = True) -> None:
        """Show other settings, without a signal; gather: fold away what is off, though the person had it unfolded."""
        if gather:
            self._shown.clear()
        self._take_order([item.name for item in stages])
        for card, item in zip(self.cards, stages, strict=True):
            card.set_settings(item)
        self._arrange()

    def show_funnel(self, funnel: Funnel | None) -> None:
        """What each stage does to the candidates of a token, and what goes on after it."""
        for card in self.cards:
            words, neck = card.show_funnel(funnel), self.necks[card.name]
            view = None if funnel is None else funnel.stage(card.name)
            neck.setVisible(view is not None and view.works)
            if funnel is not None and view is not None:
                neck.show_count(words, view.leaving, funnel.subject.record.vocabulary_size)

    def controls(self) -> list[QWidget]:
        """What takes the focus, in the order of the eye."""
        found: list[QWidget] = []
        for card in self.cards:
            found += [line for line in self._lines if line.property("first") == card.name]
            found += card.controls()
        return found

    def put(self, card: StageCard, place: int) -> None:
        """Move a card to a place among the others."""
        names = [other.name for other in self.cards if other is not card]
        names.insert(max(0, min(place, len(names))), card.name)
        if names != self.order:
            self._take_order(names)
            self._shown.add(card.name)
            self._arrange()
            self.changed.emit(None)

    # --- dragging -------------------------------------------------------------------------------------------------

    def place_at(self, y: int, without: StageCard | None = None) -> int:
        """How many cards stand above a height of the column, in px; one can be left out of the count."""
        middles = [self._stand_in(card).geometry().center().y() for card in self.cards if card is not without]
        return sum(middle < y for middle in middles)

    def show_gap(self, place: int) -> None:
        """Mark where a card would fall."""
        at = self._stand_in(self.cards[min(place, len(self.cards) - 1)]).geometry()
        self._gap.setGeometry(at.x(), at.y() - 4 if place < len(self.cards) else at.bottom() + 3, at.width(), 2)
        self._gap.setStyleSheet(f"background: {theme().tokens.accent};")
        self._gap.show()
        self._gap.raise_()

    def hide_gap(self) -> None:
        self._gap.hide()

    def _stand_in(self, card: StageCard) -> QWidget:
        """What is seen of a card: itself, or the line that it is folded into."""
        return self._line_of.get(card.name, card)

    # --- the order and what of it is folded -----------------------------------------------------------------------

    def _take_order(self, names: Sequence[str]) -> None:
        by_name = {card.name: card for card in self.cards}
        self.cards = [by_name.pop(name) if name in by_name else self._make_card(name) for name in names]
        for card in by_name.values():
            for widget in (card, self.necks.pop(card.name)):
                self._column.removeWidget(widget)
                widget.hide()
                widget.deleteLater()

    def _make_card(self, name: str) -> StageCard:
        card = StageCard(self._default(name))
        card.changed.connect(lambda: self.changed.emit(card))
        card.switched.connect(partial(self._on_switched, card))
        card.move_asked.connect(partial(self._on_moved, card))
        card.cut_asked.connect(lambda target: self.cut_asked.emit(name, target))
        self.necks[name] = FunnelNeck()
        self.necks[name].hide()
        return card

    def _arrange(self) -> None:
        """Lay the cards out anew, those that are off gathered; nothing where all stands as it did."""
        arranged = [(card.name, card.is_on, card.name in self._shown) for card in self.cards]
        if arranged == self._arranged:
            return
        self._arranged = arranged
        for old in self._lines:
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._lines, self._line_of = [], {}
        for group in self._groups():
            line = self._make_line(group) if len(group) >= _GATHERED and not group[0].is_on else None
            for card in group:
                for widget in (card, self.necks[card.name]):
                    self._column.removeWidget(widget)
                    self._column.addWidget(widget)
                folded = line is not None and not line.isChecked()
                card.setVisible(not folded)
                if folded and line is not None:
                    self._line_of[card.name] = line
        self.laid_out.emit()

    def _groups(self) -> list[list[StageCard]]:
        """Neighbours that are off are together, each of the others is alone."""
        groups: list[list[StageCard]] = []
        for card in self.cards:
            if not card.is_on and groups and not groups[-1][0].is_on:
                groups[-1].append(card)
            else:
                groups.append([card])
        return groups

    def _make_line(self, group: Sequence[StageCard]) -> FoldLine:
        line = FoldLine()
        line.setProperty("first", group[0].name)
        line.show_text(self.tr("Off: {0}").format(", ".join(card.title for card in group)))
        line.setChecked(any(card.name in self._shown for card in group))
        line.toggled.connect(partial(self._on_line, group))
        self._column.addWidget(line)
        self._lines.append(line)
        return line

    def _on_line(self, group: Sequence[StageCard], unfolded: bool) -> None:
        names = {card.name for card in group}
        self._shown = self._shown | names if unfolded else self._shown - names
        self._arrange()
        for line in self._lines:
            if line.property("first") == group[0].name:
                line.setFocus()

    def _on_switched(self, card: StageCard) -> None:
        """What was turned off by hand does not vanish under it."""
        self._shown.add(card.name)
        self._arrange()

    def _on_moved(self, card: StageCard, step: int) -> None:
        self.put(card, self.cards.index(card) + step)
        self.moved.emit(card)
