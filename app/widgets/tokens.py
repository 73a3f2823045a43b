"""The one table of colours, spacing and type from which everything that is seen is drawn. No Qt here."""

from typing import Literal

import msgspec

Scheme = Literal["light", "dark"]

SPACE = (4, 8, 12, 16, 24, 32)  # px: the only gaps there are
RADIUS_CARD = 8
RADIUS_CONTROL = 6
CONTROL_HEIGHT = 32  # px: buttons, fields, combo boxes at text size 100 %
RAIL_WIDTH = 56
LIST_WIDTHS = (240, 320)  # px: the least and the most
DOCK_WIDTHS = (320, 420)
LIST_WIDTH, DOCK_WIDTH = 248, 364  # px: until a person has dragged the border
MOTION_MS = 120

CAPTION, INTERFACE, READING, TITLE = 11, 13, 15, 20  # px at text size 100 %
LINE_HEIGHT = 1.5

SURPRISAL_BITS = (0.0, 1.0, 3.0, 6.0, 10.0)  # where the colours of the scale stand; in between they are mixed


class Tokens(msgspec.Struct, frozen=True):
    """Colours of one theme, ``#rrggbb``. Text colours reach 4.5 : 1, marks 3 : 1, on background, surface and raised."""

    background: str  # where one reads
    surface: str  # rail, lists, docks
    raised: str  # fields, cards and menus
    line: str  # one-pixel separators; carries no meaning by itself
    edge: str  # outline of fields and buttons
    outline: str  # a mark: outline of check boxes, raw bars, axes
    hover: str  # under the pointer, on any of the three grounds
    text: str
    muted: str
    accent: str
    accent_hover: str
    accent_text: str  # on accent
    good: str
    warning: str
    bad: str
    bad_text: str  # on bad
    selection: str  # behind selected text and the current row
    found: str  # behind search hits
    track: str  # the part of a bar or slider that is not filled
    shadow: str
    surprisal: tuple[str, ...]  # backgrounds, from expected to surprising; ``text`` reads on each


LIGHT = Tokens(
    background="#ffffff",
    surface="#f6f7f9",
    raised="#ffffff",
    line="#e3e6eb",
    edge="#cbd0d9",
    outline="#858d9b",
    hover="#eceef3",
    text="#1a1e26",
    muted="#5b6371",
    accent="#3f52c7",
    accent_hover="#3344ae",
    accent_text="#ffffff",
    good="#1c7549",
    warning="#875700",
    bad="#b3261e",
    bad_text="#ffffff",
    selection="#dfe4fb",
    found="#ffe28f",
    track="#e6e8ee",
    shadow="#1a1e26",
    surprisal=("#ffffff", "#fdf3df", "#fbdfb0", "#f4bd78", "#e6955a"),
)

DARK = Tokens(
    background="#15171c",
    surface="#1b1e24",
    raised="#242831",
    line="#2d323c",
    edge="#414856",
    outline="#7d8696",
    hover="#2a2f39",
    text="#e6e8ed",
    muted="#a1a9b7",
    accent="#a3b3ff",
    accent_hover="#bac6ff",
    accent_text="#11142a",
    good="#70c997",
    warning="#e2b056",
    bad="#f4928a",
    bad_text="#2a0d0a",
    selection="#303b68",
    found="#6a5212",
    track="#333945",
    shadow="#000000",
    surprisal=("#15171c", "#2b2416", "#453113", "#653e10", "#87490f"),
)

TABLE: dict[Scheme, Tokens] = {"light": LIGHT, "dark": DARK}


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb`` as WCAG 2 defines it, 0 to 1."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """WCAG 2 contrast ratio of two colours, 1 to 21."""
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mix(first: str, second: str, share: float) -> str:
    """The colour ``share`` of the way from first to second, share in [0, 1]."""
    pairs = ((int(first[i : i + 2], 16), int(second[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def surprisal_colour(tokens: Tokens, bits: float) -> str:
    """Background for a token of this surprisal; beyond the end of the scale it stays the last colour."""
    for place in range(1, len(SURPRISAL_BITS)):
        low, high = SURPRISAL_BITS[place - 1], SURPRISAL_BITS[place]
        if bits < high:
            return mix(tokens.surprisal[place - 1], tokens.surprisal[place], max(0.0, bits - low) / (high - low))
    return tokens.surprisal[-1]
