"""Numbers and tokens as they stand on the screen: with the decimal comma or point of the person's language."""

import math

from PySide6.QtCore import QLocale


def number(value: float, decimals: int = 0) -> str:
    """A number with this many decimals, thousands apart."""
    return QLocale().toString(float(value), "f", decimals)


def percent(probability: float) -> str:
    """62 %, 3.1 %, 0.04 %, < 0.01 %: two digits that mean something."""
    value = 100 * probability
    if value >= 99.5 and probability < 1:
        return "> 99 %"
    if value >= 9.95:
        return f"{number(value)} %"
    if value >= 0.995:
        return f"{number(value, 1)} %"
    if value >= 0.00995:
        return f"{number(value, 2)} %"
    return "0 %" if value == 0 else f"< {number(0.01, 2)} %"


def at_most(probability: float) -> str:
    """What a probability is not above, rounded up: ≤ 0.4 %."""
    if probability <= 0:
        return percent(0)
    value = 100 * probability
    step = 1 if value >= 9.95 else 0.1 if value >= 0.995 else 0.01
    rounded = math.ceil(value / step - 1e-9) * step
    return f"≤ {number(rounded, {1: 0, 0.1: 1}.get(step, 2))} %"


def bits(value: float) -> str:
    """A surprisal or an entropy, without the unit."""
    return number(value, 2 if value < 10 else 1)


def count(value: float) -> str:
    """A number of things that may be a fraction, such as effective choices."""
    return number(value, 1 if value < 100 else 0)


def parameter(value: float, integer: bool) -> str:
    """A sampler's value as short as it is exact."""
    if integer or (value == math.floor(value) and abs(value) >= 100):
        return number(value)
    return number(value, 2 if abs(value) < 10 else 1)


def visible(piece: bytes) -> str:
    """A token's bytes with every blank to be seen, and bytes that are no whole character as <0xNN>."""
    try:
        text = piece.decode()
    except UnicodeDecodeError:
        return "".join(chr(byte) if 0x21 <= byte < 0x7F else f"<0x{byte:02X}>" for byte in piece)
    shown = text.replace(" ", "·").replace("\n", "⏎").replace("\t", "⇥")
    return "".join(c if c.isprintable() else f"<0x{ord(c):02X}>" for c in shown) or "∅"
