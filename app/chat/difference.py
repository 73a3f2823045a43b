"""Two versions of a message: how far they are the same, and how likely each went its own way there. No Qt.

Tokens are compared by their bytes: two versions may come from models with different vocabularies.
"""

from collections.abc import Sequence

import msgspec

from app.chat.token_text import TokenText
from engine.records import TokenRecord


class Turn(msgspec.Struct, frozen=True):
    """The first token in which a version differs from the other.

    start..end: its characters in the content. probability and rank are raw, over the full vocabulary. other_probability is what
    this version's model gave to the other's token at the same place, None where that is not among the recorded candidates.
    """

    start: int
    end: int
    piece: bytes = b""
    probability: float | None = None
    rank: int | None = None
    other_probability: float | None = None


class Summary(msgspec.Struct, frozen=True):
    """Of a whole version: its tokens, and how surprising they were on the average, in bits; None without records."""

    tokens: int = 0
    bits_per_token: float | None = None


class Difference(msgspec.Struct, frozen=True):
    """left and right are None where a version ends before they differ; by_token says whether records were compared."""

    left: Turn | None
    right: Turn | None
    by_token: bool

    @property
    def same(self) -> bool:
        return self.left is None and self.right is None


def first_difference(left: str, right: str, left_tokens: TokenText, right_tokens: TokenText) -> Difference:
    """By tokens where both versions have them, else by characters."""
    if len(left_tokens) and len(right_tokens):
        return _by_token(left, right, left_tokens, right_tokens)
    at = next((i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))
    turns = [Turn(at, at + 1) if at < len(text) else None for text in (left, right)]
    return Difference(turns[0], turns[1], False)


def summary(tokens: TokenText) -> Summary:
    records = [run.record for run in tokens.runs]
    if not records:
        return Summary()
    return Summary(len(records), sum(record.surprisal_bits for record in records) / len(records))


def _by_token(left: str, right: str, left_tokens: TokenText, right_tokens: TokenText) -> Difference:
    pairs = enumerate(zip(_pieces(left_tokens), _pieces(right_tokens), strict=False))
    at = next((i for i, (a, b) in pairs if a != b), min(len(left_tokens), len(right_tokens)))
    records = [_record(tokens, at) for tokens in (left_tokens, right_tokens)]
    turns = [
        _turn(content, tokens, at, records[1 - side])
        for side, (content, tokens) in enumerate(((left, left_tokens), (right, right_tokens)))
    ]
    return Difference(turns[0], turns[1], True)


def _pieces(tokens: TokenText) -> Sequence[bytes]:
    return [run.record.token.bytes for run in tokens.runs]


def _record(tokens: TokenText, at: int) -> TokenRecord | None:
    return tokens.runs[at].record if at < len(tokens) else None


def _turn(content: str, tokens: TokenText, at: int, other: TokenRecord | None) -> Turn | None:
    if at >= len(tokens):
        return None
    run = tokens.runs[at]
    start = run.start - tokens.shift_within(content)
    return Turn(
        max(start, 0),
        max(start + len(run.text), 0),
        run.record.token.bytes,
        2.0**-run.record.surprisal_bits,
        run.record.rank,
        None if other is None else _probability_of(run.record, other.token.bytes),
    )


def _probability_of(record: TokenRecord, piece: bytes) -> float | None:
    """The raw probability of a candidate of a record."""
    if piece not in record.candidates.pieces:
        return None
    logit = float(record.candidates.logit_array()[record.candidates.pieces.index(piece)])
    return float(2.0 ** ((logit - record.log_sum_exp) / 0.6931471805599453))
