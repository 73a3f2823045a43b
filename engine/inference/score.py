"""How a model sees a given text: a record for every token, bits per byte, perplexity."""

import math
from collections.abc import Callable, Iterator, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.errors import Cancelled, UserError
from engine.inference.language_model import LanguageModel
from engine.records import Candidates, Token, TokenRecord
from engine.sampling.record import observe


class Score(msgspec.Struct, frozen=True):
    """Sums over a scored text. bytes are UTF-8 bytes; perplexity is per token."""

    tokens: int
    bytes: int
    bits: float

    def __add__(self, other: "Score") -> "Score":
        return Score(self.tokens + other.tokens, self.bytes + other.bytes, self.bits + other.bits)

    @property
    def bits_per_byte(self) -> float:
        return self.bits / self.bytes if self.bytes else 0.0

    @property
    def perplexity(self) -> float:
        return 2 ** min(1000.0, self.bits / self.tokens) if self.tokens else 1.0


def score(
    model: LanguageModel, text: str, candidates: int = 64, cancelled: Callable[[], bool] = lambda: False
) -> Iterator[TokenRecord]:
    """The record of every token of a text, in order. A text longer than the context is read in windows that overlap by half.

    The first token is scored after the beginning-of-sequence token; a vocabulary without one cannot score it, and starts at the
    second. Raises UserError for an empty text.
    """
    vocabulary = model.vocabulary
    ids = vocabulary.encode(text)
    if not ids:
        raise UserError("text-empty", "There is no text to score.", "Give some text.")
    start = [vocabulary.bos_id] if vocabulary.bos_id is not None else []
    room = model.context_length - len(start)
    scored = 0 if start else 1
    model.rewind(0)
    while scored < len(ids):
        first = 0 if scored < room else scored - room // 2
        window = [*start, *ids[first : first + room]]
        for place, row in _rows(model, window[:-1], cancelled):
            # The row after window[place] tells about window[place + 1].
            target = first + place + 1 - len(start)
            if target >= scored:
                yield observe(row, ids[target], target, vocabulary.token, candidates, names=vocabulary.names)
                scored = target + 1
        if len(window) == 1:
            return


def score_prompt(
    model: LanguageModel,
    ids: Sequence[int],
    wanted: Callable[[int], bool],
    cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[tuple[int, TokenRecord | None]]:
    """The number and the record of every token of a prompt, as it stands; None for one that is not wanted.

    The first has nothing before it: its numbers are nan. Afterwards the model holds the prompt, ready for its reply. Raises
    UserError("context-full") where it does not fit.
    """
    vocabulary = model.vocabulary
    if ids:
        yield 0, unpredicted(vocabulary.token(ids[0]), vocabulary.size) if wanted(0) else None
    for place, row in _rows(model, ids, cancelled):
        target = place + 1
        if target < len(ids):
            yield (
                target,
                observe(row, ids[target], target, vocabulary.token, names=vocabulary.names) if wanted(target) else None,
            )


def unpredicted(token: Token, vocabulary_size: int) -> TokenRecord:
    """The record of a token before which nothing stands: no number of it is known."""
    nothing = Candidates(b"", b"", b"", b"", ())
    return TokenRecord(token, 0, math.nan, 0, math.nan, math.nan, nothing, math.nan, math.nan, vocabulary_size)


def total(records: Sequence[TokenRecord]) -> Score:
    """The sums over records of a text."""
    bits = math.fsum(record.surprisal_bits for record in records)
    return Score(len(records), sum(len(record.token.bytes) for record in records), bits)


def _rows(
    model: LanguageModel, ids: Sequence[int], cancelled: Callable[[], bool]
) -> Iterator[tuple[int, NDArray[np.float32]]]:
    model.rewind(0)
    place = 0
    for rows in model.extend(ids, rows="all", cancelled=cancelled):
        for row in rows:
            if cancelled():
                raise Cancelled
            yield place, row
            place += 1
