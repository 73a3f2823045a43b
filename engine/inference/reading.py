"""A plain text as a model reads it: what it expects at any place, and how surprised it is by every token.

All of it goes through the model's one sequence and keeps what of it is evaluated already: the next key, the next place and the rest
of the text cost only what is new. A text longer than the context is read in windows that overlap by half; where a window begins
depends on the place alone, so that typing on does not move it.
"""

from collections.abc import Callable, Iterator, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.errors import Cancelled, UserError
from engine.inference.language_model import LanguageModel
from engine.tokenizer.text import clean
from engine.tokenizer.vocabulary import Vocabulary

_LN2 = float(np.log(2))
_ROWS_AT_ONCE = 1_000_000  # floats: a few MB of temporary arrays, and a look at ``cancelled`` every few milliseconds


def never() -> bool:
    """For calls that nobody cancels."""
    return False


class Measures(msgspec.Struct, frozen=True):
    """Consecutive tokens of a text from number ``first`` on; raw, over the full vocabulary.

    surprisal_bits float32 (n,), rank int32 (n,) from 1, entropy_bits float32 (n,).
    """

    first: int
    surprisal_bits: NDArray[np.float32]
    rank: NDArray[np.int32]
    entropy_bits: NDArray[np.float32]


def start_ids(vocabulary: Vocabulary) -> list[int]:
    """What stands before a text: the beginning-of-sequence token, where the model was trained with one."""
    return [vocabulary.bos_id] if vocabulary.adds_bos and vocabulary.bos_id is not None else []


def first_of_window(target: int, room: int) -> int:
    """The first token of the window in which token number ``target`` is predicted; room: tokens that a window holds."""
    half = room - room // 2
    return 0 if target < room else ((target - room) // half + 1) * half


def row_before(
    model: LanguageModel, ids: Sequence[int], target: int, cancelled: Callable[[], bool] = never, ahead: int = 0
) -> NDArray[np.float32]:
    """The logits (V,) with which token number ``target`` of a text is predicted; len(ids) asks for what comes next.

    ahead: tokens for which room is left in the context. The row is valid until the model is used again. Raises UserError where
    nothing stands before the token.
    """
    sequence = sequence_before(model, ids, target, ahead)
    kept = model.rewind(min(common_prefix(model.ids, sequence), len(sequence) - 1))
    row: NDArray[np.float32] | None = None
    for rows in model.extend(sequence[kept:], cancelled=cancelled):
        row = rows[-1] if len(rows) else None
    if row is None:
        raise RuntimeError("the model gave no logits")
    return row


def sequence_before(model: LanguageModel, ids: Sequence[int], target: int, ahead: int = 0) -> list[int]:
    """What the model is to have read before token number ``target``."""
    start = start_ids(model.vocabulary)
    room = model.context_length - len(start) - ahead
    if room < 2:
        raise UserError("context-short", "The context of this model is too short for this.", "Ask for less at a time.")
    sequence = [*start, *ids[first_of_window(target, room) : target]]
    if sequence:
        return sequence
    vocabulary = model.vocabulary
    id = vocabulary.bos_id if vocabulary.bos_id is not None else vocabulary.eos_id
    if id is None or ids:
        raise UserError(
            "nothing-before", "Nothing stands before this token from which the model could predict it.", "Write more."
        )
    return [id]  # nothing is written yet: the text begins after a control token


def read(
    model: LanguageModel, ids: Sequence[int], start: int = 0, cancelled: Callable[[], bool] = never
) -> Iterator[Measures]:
    """How the model sees the tokens of a text from number ``start`` on. A first token before which nothing stands is left out."""
    for first, rows in rows_of(model, ids, start, cancelled):
        step = max(1, _ROWS_AT_ONCE // rows.shape[1])
        for at in range(0, len(rows), step):
            if cancelled():
                raise Cancelled
            part = rows[at : at + step]
            yield measure(part, np.asarray(ids[first + at : first + at + len(part)]), first + at)


def rows_of(
    model: LanguageModel, ids: Sequence[int], start: int = 0, cancelled: Callable[[], bool] = never
) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """The rows (n, V) that predict the tokens from number ``start`` on, each chunk with the number of its first token."""
    before = start_ids(model.vocabulary)
    room = model.context_length - len(before)
    target = max(start, 0 if before else 1)
    while target < len(ids):
        first = first_of_window(target, room)
        sequence = [*before, *ids[first : first + room]][:-1]
        place = len(before) + target - first - 1  # of the token after which ``target`` is predicted
        kept = model.rewind(min(common_prefix(model.ids, sequence), place))
        if kept < place:
            for _ in model.extend(sequence[kept:place], cancelled=cancelled):
                pass
        for rows in model.extend(sequence[place:], rows="all", cancelled=cancelled):
            yield target, rows
            target += len(rows)


def measure(rows: NDArray[np.float32], ids: NDArray[np.int_], first: int) -> Measures:
    """Surprisal, rank and entropy of the tokens ids (n,), which rows (n, V) predict."""
    highest = rows.max(axis=1, keepdims=True)
    shifted = np.maximum(rows - highest, np.float32(-1e4))  # a logit of -inf: its weight is 0, and 0 times it must be 0
    weights = np.exp(shifted)
    total = weights.sum(axis=1, dtype=np.float64)
    own = rows[np.arange(len(ids)), ids]
    log_sum_exp = highest[:, 0] + np.log(total)
    entropy = np.log(total) - np.einsum("nv,nv->n", weights, shifted, dtype=np.float64) / total
    return Measures(
        first,
        ((log_sum_exp - own) / _LN2).astype(np.float32),
        (1 + np.count_nonzero(rows > own[:, None], axis=1)).astype(np.int32),
        (np.maximum(entropy, 0.0) / _LN2).astype(np.float32),
    )


def utf16_ends(text: str, pieces: Sequence[bytes]) -> NDArray[np.int32]:
    """Where each token ends in the text, in UTF-16 units as Qt counts: int32 (n,), never falling.

    A token that ends inside a character ends after it, the next one is then empty. Some vocabularies put a blank before a text,
    or change characters: pieces that the text does not contain are empty as well.
    """
    data = clean(text).encode()
    ends = byte_ends(data, pieces)
    bytes_of_text = np.frombuffer(data, dtype=np.uint8)
    # A character counts at its first byte: once, or twice where UTF-16 needs two units.
    units = np.where(bytes_of_text & 0xC0 == 0x80, 0, np.where(bytes_of_text >= 0xF0, 2, 1))
    sums = np.concatenate(([0], np.cumsum(units)))
    return sums[np.clip(ends, 0, len(data))].astype(np.int32)


def byte_ends(data: bytes, pieces: Sequence[bytes]) -> NDArray[np.int64]:
    """Where each token ends in the bytes of a text (n,), never falling; what the text does not contain is empty."""
    whole = b"".join(pieces)
    if whole == data:
        return np.cumsum([len(piece) for piece in pieces], dtype=np.int64)
    if whole == b" " + data:
        return np.cumsum([len(piece) for piece in pieces], dtype=np.int64) - 1
    return np.asarray(_found_ends(data, pieces), dtype=np.int64)


def _found_ends(data: bytes, pieces: Sequence[bytes]) -> list[int]:
    ends, at = [], 0
    for piece in pieces:
        if data.startswith(piece, at):
            at += len(piece)
            ends.append(at)
            continue
        found = data.find(piece.lstrip(), at, at + len(piece) + 16) if piece.strip() else -1
        if found >= 0:
            at = found + len(piece.lstrip())
        ends.append(at)
    return ends


def common_prefix(left: Sequence[int], right: Sequence[int]) -> int:
    """How many ids the two begin with alike."""
    length = min(len(left), len(right))
    if list(left[:length]) == list(right[:length]):
        return length
    return next(place for place in range(length) if left[place] != right[place])
