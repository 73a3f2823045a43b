"""How far estimates of memory were off at earlier loads on this machine, and what that says of the next one."""

import statistics
from collections.abc import Sequence
from pathlib import Path

from engine.library.kept import Measurement

#: How far an estimate is corrected at most: what is further off was disturbed, as by weights that had to leave memory.
LEAST, MOST = 0.8, 1.25
#: What a smaller model took says nothing of others: much of it is what every process takes, and not a share of the model.
TELLING_BYTES = 256_000_000
_SIZES = 3


def correction(
    path: Path, architecture: str, quantisation: str, at_load: int, total: int, known: Sequence[Measurement]
) -> float:
    """What an estimate is multiplied with. at_load: what of it a load touches; total: all of it, both without a correction.

    A file that was loaded before takes as many bytes more or less than estimated as it did then. Else the median of how far its
    architecture, quantisation and size were off, as a share; 1 without either.
    """
    telling = [one for one in known if one.resident_bytes > 0 and one.estimated_bytes > 0]
    own = next((one for one in telling if one.path == str(path)), None)
    if own is not None:
        return _within(1 + (own.resident_bytes - own.estimated_bytes) / max(total, 1))
    ratios = [
        one.resident_bytes / one.estimated_bytes
        for one in telling
        if (one.architecture, one.quantisation) == (architecture, quantisation)
        if one.estimated_bytes >= TELLING_BYTES and _near(one.estimated_bytes, at_load)
    ]
    return _within(statistics.median(ratios)) if ratios else 1.0


def _within(ratio: float) -> float:
    return min(max(ratio, LEAST), MOST)


def _near(one: int, other: int) -> bool:
    """A model of quite another size is not off by the same share."""
    return other <= _SIZES * one and one <= _SIZES * other
