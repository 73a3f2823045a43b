"""Ranks in four groups, as GLTR has them: how they are tinted, and the field in which their borders are written."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from app.widgets.formats import number
from app.widgets.theme import theme
from app.widgets.token_colours import Cell

RANKS = (10, 100, 1000)  # the greatest rank of each group but the last
# Bits whose tint and underline the groups have: four that can be told apart.
LEVELS = (0.0, 1.0, 3.0, 10.0)


def rank_level(rank: int, ranks: Sequence[int]) -> float:
    """The place of a rank on the scale of tints, in bits."""
    return LEVELS[sum(rank > border for border in ranks)]


def rank_cells(ranks: Sequence[int]) -> list[Cell]:
    """The groups as steps of a legend."""
    names = [*(f"≤ {number(rank)}" for rank in ranks), f"> {number(ranks[-1])}"]
    return [Cell(name, level) for name, level in zip(names, LEVELS, strict=True)]


def valid_ranks(text: str) -> tuple[int, ...] | None:
    """Three growing ranks, such as "10 100 1000"; None for anything else."""
    parts = text.replace(",", " ").replace(";", " ").split()
    if len(parts) != len(RANKS) or not all(part.isdecimal() and len(part) < 9 for part in parts):
        return None
    ranks = tuple(int(part) for part in parts)
    return ranks if ranks[0] >= 1 and all(a < b for a, b in pairwise(ranks)) else None


def written_ranks(ranks: Sequence[int]) -> str:
    """As valid_ranks() reads them."""
    return " ".join(map(str, ranks))


class RankField(QLineEdit):
    """``ranks_changed`` with three growing ranks; what is none of these is marked, and told to nobody."""

    ranks_changed = Signal(object)  # tuple[int, ...]

    def __init__(self, ranks: Sequence[int] = RANKS, parent: QWidget | None = None) -> None:
        super().__init__(written_ranks(ranks), parent)
        self._ranks = tuple(ranks)
        self.setAccessibleName(self.tr("Borders of the ranks"))
        self.setToolTip(self.tr("Three growing ranks: the last of each group but the fourth."))
        self.setFixedWidth(theme().px(116))
        self.textChanged.connect(self._on_text)

    @property
    def ranks(self) -> tuple[int, ...]:
        """The last ones that could be used."""
        return self._ranks

    def _on_text(self, text: str) -> None:
        ranks = valid_ranks(text)
        self.setProperty("invalid", ranks is None)
        self.style().unpolish(self)
        self.style().polish(self)
        if ranks is not None and ranks != self._ranks:
            self._ranks = ranks
            self.ranks_changed.emit(ranks)
