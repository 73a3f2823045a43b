"""The scores of a document's tokens as columns, kept in step with what is typed. No Qt."""

import re
from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.worker.protocol import TextScores

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
_WORD = re.compile(r"\w+(?:['’-]\w+)*|[^\w\s]")
_WIDE = re.compile("[\U00010000-\U0010ffff]")


class Totals(msgspec.Struct, frozen=True):
    """Sums over the scored tokens. bytes are UTF-8; perplexity is per token."""

    tokens: int
    bytes: int
    bits: float

    @property
    def bits_per_byte(self) -> float:
        return self.bits / self.bytes if self.bytes else 0.0

    @property
    def perplexity(self) -> float:
        return 2 ** min(1000.0, self.bits / self.tokens) if self.tokens else 1.0


class Scores:
    """Columns of one length. A token begins where the one before it ends; places are UTF-16 units.

    The first ``valid`` tokens are those of the text as it is; what follows is what was there before the last change, moved along.
    """

    def __init__(self) -> None:
        self.ids: Ints = np.empty(0, np.int32)
        self.starts: Ints = np.empty(0, np.int32)
        self.ends: Ints = np.empty(0, np.int32)
        self.bits: Floats = np.empty(0, np.float32)
        self.rank: Ints = np.empty(0, np.int32)
        self.entropy: Floats = np.empty(0, np.float32)
        self.valid = 0

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def known(self) -> bytes:
        """The ids of the valid tokens, for the request that reads the rest."""
        return self.ids[: self.valid].astype("<i4").tobytes()

    def edited(self, position: int, removed: int, added: int) -> None:
        """Text was changed at a place: tokens before it stay, those after it move, those in it go."""
        # A token that ends right before the change may be another one now: it is scored again.
        self.valid = min(self.valid, int(np.searchsorted(self.ends, position, side="left")))
        stays, moves = self.ends <= position, self.starts >= position + removed
        moves &= ~stays
        shift = added - removed
        self.starts = np.where(moves, self.starts + shift, self.starts)
        self.ends = np.where(moves, self.ends + shift, self.ends)
        self._keep(stays | moves)

    def begin(self, first: int) -> None:
        """The text was cut anew: only the first tokens are those that are known."""
        self.valid = min(first, len(self))

    def add(self, part: TextScores) -> None:
        """More scores, right after the valid ones; they take the place of what lay there."""
        start = int(self.ends[self.valid - 1]) if self.valid else 0
        ids, ends = _column(part.ids, "<i4"), _column(part.ends, "<i4")
        starts = np.concatenate(([start], ends[:-1])).astype(np.int32)
        new_end = int(ends[-1]) if len(ends) else start
        kept = slice(0, self.valid)
        later = np.arange(len(self)) >= self.valid
        later &= self.starts >= new_end
        for name, values in (
            ("ids", ids),
            ("starts", starts),
            ("ends", ends),
            ("bits", _column(part.surprisal_bits, "<f4")),
            ("rank", _column(part.rank, "<i4")),
            ("entropy", _column(part.entropy_bits, "<f4")),
        ):
            old = getattr(self, name)
            setattr(self, name, np.concatenate((old[kept], values, old[later])))
        self.valid += len(ids)

    def finish(self) -> None:
        """Everything is scored: what is left over from before goes."""
        keep = np.arange(len(self)) < self.valid
        self._keep(keep)

    def clear(self) -> None:
        self.__init__()  # type: ignore[misc]

    def at(self, place: int) -> int | None:
        """Number of the valid token that the character at a place belongs to."""
        index = int(np.searchsorted(self.ends[: self.valid], place, side="right"))
        return index if index < self.valid and self.starts[index] <= place else None

    def between(self, start: int, end: int) -> range:
        """Numbers of all tokens that have a part between two places."""
        first = int(np.searchsorted(self.ends, start, side="right"))
        last = int(np.searchsorted(self.starts, end, side="left"))
        return range(first, max(first, last))

    # --- what is told of it ---------------------------------------------------------------------------------------

    def scored(self) -> Floats:
        """Surprisal in bits of the valid tokens that have one."""
        bits = self.bits[: self.valid]
        return bits[np.isfinite(bits)]

    def totals(self, text: str) -> Totals:
        """Sums over the valid tokens of a text; the bytes are those of the part that they cover."""
        bits = self.bits[: self.valid]
        finite = np.isfinite(bits)
        if not finite.any():
            return Totals(0, 0, 0.0)
        first = int(self.starts[: self.valid][finite][0])
        units = text.encode("utf-16-le", "surrogatepass")[2 * first : 2 * int(self.ends[self.valid - 1])]
        size = len(units.decode("utf-16-le", "replace").encode())
        return Totals(int(finite.sum()), size, float(bits[finite].sum(dtype=np.float64)))

    def bin_counts(self, limits: Sequence[int]) -> list[int]:
        """How many valid tokens have a rank up to each limit, and above the last."""
        rank = self.rank[: self.valid][self.rank[: self.valid] > 0]
        places = np.searchsorted(np.asarray(limits), rank, side="left")
        return [int(n) for n in np.bincount(places, minlength=len(limits) + 1)]

    def histogram(self, width: float = 1.0, bins: int = 16) -> list[int]:
        """Counts of surprisals by steps of ``width`` bits; the last bin takes all above."""
        places = np.minimum((self.scored() / width).astype(int), bins - 1)
        return [int(n) for n in np.bincount(places, minlength=bins)]

    def most_surprising(self, text: str, count: int = 12) -> list["Word"]:
        """The words of the highest surprisal, the highest first; that of a word is the sum of the tokens that begin in it or in
        the blanks before it."""
        starts, ends = word_places(text)
        scored = int(self.ends[self.valid - 1]) if self.valid else 0
        starts, ends = starts[ends <= scored], ends[ends <= scored]
        if not len(starts):
            return []
        bits = np.nan_to_num(self.bits[: self.valid], posinf=0.0)
        sums = np.concatenate(([0.0], np.cumsum(bits, dtype=np.float64)))
        borders = np.searchsorted(self.starts[: self.valid], np.concatenate(([0], ends)), side="left")
        of_words = np.diff(sums[borders])
        data = text.encode("utf-16-le", "surrogatepass")
        best = np.argsort(-of_words, kind="stable")[:count]
        return [
            Word(
                data[2 * starts[place] : 2 * ends[place]].decode("utf-16-le", "replace"),
                int(starts[place]),
                int(ends[place]),
                float(of_words[place]),
            )
            for place in best.tolist()
        ]

    def _keep(self, mask: NDArray[np.bool_]) -> None:
        if mask.all():
            return
        for name in ("ids", "starts", "ends", "bits", "rank", "entropy"):
            setattr(self, name, getattr(self, name)[mask])


class Word(msgspec.Struct, frozen=True):
    """A word and its place in the text, in UTF-16 units; bits of all its tokens together."""

    text: str
    start: int
    end: int
    bits: float


def _column(data: bytes, kind: str) -> NDArray[np.generic]:
    return np.frombuffer(data, dtype=kind)


def word_places(text: str) -> tuple[Ints, Ints]:
    """Where words begin and end, in UTF-16 units: runs of letters and figures, or single other signs."""
    spans = np.array([match.span() for match in _WORD.finditer(text)], dtype=np.int32).reshape(-1, 2)
    wide = np.array(
        [place for place, character in enumerate(text) if character > "\uffff"] if _WIDE.search(text) else []
    )
    return tuple((column + np.searchsorted(wide, column)).astype(np.int32) for column in spans.T)  # type: ignore[return-value]
