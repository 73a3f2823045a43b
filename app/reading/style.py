"""What the transcript draws with: colours and fonts of the theme, gathered once when the theme changes."""

import msgspec
from PySide6.QtGui import QColor, QFont

from app.widgets.theme import Theme


class ReadingStyle(msgspec.Struct, frozen=True):
    """Colours and fonts of messages. body is for reading (15 px), code monospaced, caption small."""

    text: QColor
    muted: QColor
    accent: QColor
    background: QColor
    card: QColor  # behind code and behind what the user wrote
    inline_code: QColor
    line: QColor
    selection: QColor
    found: QColor
    body: QFont
    code: QFont
    interface: QFont
    caption: QFont
    dark: bool


LINE_HEIGHT = 1.5
COLUMN_WIDTH = 760  # px, the widest that is comfortable to read


def reading_style(theme: Theme) -> ReadingStyle:
    """The style of the theme as it is now."""
    return ReadingStyle(
        text=theme.colour("text"),
        muted=theme.colour("muted"),
        accent=theme.colour("accent"),
        background=theme.colour("background"),
        card=theme.colour("surface"),
        inline_code=theme.colour("hover"),
        line=theme.colour("line"),
        selection=theme.colour("selection"),
        found=theme.colour("found"),
        body=theme.font("reading"),
        code=theme.font("code"),
        interface=theme.font("interface"),
        caption=theme.font("caption"),
        dark=theme.dark,
    )
