"""How a token looks in the token view: ground and underline by surprisal, a line above where a person put it there."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCharFormat

from app.widgets.theme import theme
from app.widgets.token_colours import tint, underline_style
from engine.records import TokenRecord

_UNDERLINES = {
    Qt.PenStyle.NoPen: QTextCharFormat.UnderlineStyle.NoUnderline,
    Qt.PenStyle.DotLine: QTextCharFormat.UnderlineStyle.DotLine,
    Qt.PenStyle.DashLine: QTextCharFormat.UnderlineStyle.DashUnderline,
    Qt.PenStyle.SolidLine: QTextCharFormat.UnderlineStyle.SingleUnderline,
}


def tinted(record: TokenRecord, base: QTextCharFormat) -> QTextCharFormat:
    """The format of one token's text."""
    format = QTextCharFormat(base)
    format.setBackground(tint(record.surprisal_bits))
    format.setUnderlineStyle(_UNDERLINES[underline_style(record.surprisal_bits)])
    format.setUnderlineColor(theme().colour("text"))
    format.setFontOverline(record.forced)
    return format
