"""The numbers of a whole text, gathered as its tokens arrive: averages, perplexity, and where it surprised most."""

import math
from collections.abc import Iterable

import msgspec

from engine.records import TokenRecord

_PEAKS = 20  # a reply has one peak for so many tokens, but never fewer than
_FEWEST_PEAKS = 5


class Averages(msgspec.Struct, frozen=True):
    """Raw, over the full vocabulary, of the tokens of one message."""

    tokens: int
    surprisal_bits: float
    entropy_bits: float

    @property
    def perplexity(self) -> float:
        """2 to the power of the mean surprisal."""
        return float(2.0**self.surprisal_bits)


class ReplyNumbers:
    """Grows with the reply; every question is answered without going through it again, except for the peaks."""

    def __init__(self, records: Iterable[TokenRecord] = ()) -> None:
        self.surprisal: list[float] = []
        self.entropy: list[float] = []
        self._sums: list[tuple[int, float, float]] = [(0, 0.0, 0.0)]
        self._peaks: tuple[int, list[int]] = (0, [])  # at which length they were found
        self.extend(records)

    def __len__(self) -> int:
        return len(self.surprisal)

    def extend(self, records: Iterable[TokenRecord]) -> None:
        for record in records:
            known = not math.isnan(record.logprob)  # the first token of a prompt has nothing before it
            bits, entropy = (record.surprisal_bits, record.entropy_bits) if known else (0.0, 0.0)
            self.surprisal.append(bits)
            self.entropy.append(entropy)
            count, first, second = self._sums[-1]
            self._sums.append((count + known, first + bits, second + entropy))

    def averages(self, until: int | None = None) -> Averages | None:
        """Of all tokens, or of those up to and with an index; None where there are none."""
        count, surprisal, entropy = self._sums[len(self) if until is None else min(until + 1, len(self))]
        if count <= 0:
            return None
        return Averages(count, surprisal / count, entropy / count)

    def peaks(self) -> list[int]:
        """The most surprising tokens, in the order of the text; among equals the earlier ones."""
        if self._peaks[0] != len(self):
            count = min(len(self), max(_FEWEST_PEAKS, len(self) // _PEAKS))
            order = sorted(range(len(self)), key=lambda index: (-self.surprisal[index], index))
            self._peaks = (len(self), sorted(order[:count]))
        return self._peaks[1]

    def peak_beside(self, index: int | None, step: int) -> int | None:
        """The peak after (1) or before (-1) an index, round the end; from none, the first or the last."""
        peaks = self.peaks()
        if not peaks:
            return None
        if index is None:
            return peaks[0] if step > 0 else peaks[-1]
        if step > 0:
            return next((peak for peak in peaks if peak > index), peaks[0])
        return next((peak for peak in reversed(peaks) if peak < index), peaks[-1])
