"""How a token looks in the token view: ground and underline by what is measured, a line above where a person put it there."""

import math
from collections.abc import Sequence
from typing import Literal, get_args

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCharFormat

from app.widgets.rank_bins import LEVELS, RANKS, rank_level
from app.widgets.theme import theme
from app.widgets.token_colours import tint, underline_style
from engine.records import TokenRecord

Measure = Literal["surprisal", "probability", "rank", "entropy", "change"]
MEASURES: tuple[Measure, ...] = get_args(Measure)
PROBABILITIES = (0.5, 0.1, 0.01)  # the least probability of each bin but the last
_UNDERLINES = {
    Qt.PenStyle.NoPen: QTextCharFormat.UnderlineStyle.NoUnderline,
    Qt.PenStyle.DotLine: QTextCharFormat.UnderlineStyle.DotLine,
    Qt.PenStyle.DashLine: QTextCharFormat.UnderlineStyle.DashUnderline,
    Qt.PenStyle.SolidLine: QTextCharFormat.UnderlineStyle.SingleUnderline,
}


class TokenLook:
    """Gives a token the tint and the underline of a measure; for rank in bins whose borders can be set."""

    def __init__(self, measure: Measure = "surprisal", ranks: Sequence[int] = RANKS) -> None:
        self.measure: Measure = measure
        self.ranks = tuple(ranks)

    def bits(self, record: TokenRecord) -> float | None:
        """Where on the scale of bits a token stands; None for a measure that tints nothing, and for a token without numbers."""
        if math.isnan(record.logprob):
            return None
        match self.measure:
            case "surprisal":
                return record.surprisal_bits
            case "entropy":
                return record.entropy_bits
            case "rank":
                return rank_level(record.rank, self.ranks)
            case "probability":
                p = 2.0**-record.surprisal_bits
                return LEVELS[sum(p < border for border in PROBABILITIES)]
        return None

    def __call__(self, record: TokenRecord, base: QTextCharFormat) -> QTextCharFormat:
        """The format of one token's text."""
        format = QTextCharFormat(base)
        bits = self.bits(record)
        if bits is not None:
            format.setBackground(tint(bits))
            format.setUnderlineStyle(_UNDERLINES[underline_style(bits)])
            format.setUnderlineColor(theme().colour("text"))
        format.setFontOverline(record.forced)
        return format


def tinted(record: TokenRecord, base: QTextCharFormat) -> QTextCharFormat:
    """The look by surprisal."""
    return TokenLook()(record, base)
