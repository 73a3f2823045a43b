"""Two models, or two chains, over the same text: how far their distributions lie apart, token by token."""

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from engine.errors import Cancelled
from engine.inference.language_model import LanguageModel
from engine.inference.prompt import PromptBuilder
from engine.inference.reading import never, rows_of, start_ids, utf16_ends
from engine.records import Message, SamplingSettings
from engine.records.explore import Span
from engine.sampling.candidates import Candidates, whole_vocabulary
from engine.sampling.chain import Chain

_LN2 = math.log(2)
Compared = tuple[LanguageModel, SamplingSettings | None]


def compare(
    left: Compared,
    right: Compared,
    text: str,
    seed: int = 0,
    cancelled: Callable[[], bool] = never,
    messages: Sequence[Message] = (),
    special: bool = False,
) -> Iterator[Span]:
    """The spans of a text in order. With a common vocabulary a span is a token, and the divergences are over the whole of it.

    messages: the conversation that the text is the reply to. special: names of control tokens in it are
    meant as such. A first token before which nothing stands is left out.
    """
    if left[0].vocabulary.hash == right[0].vocabulary.hash:
        yield from _by_token(left, right, text, seed, cancelled, messages, special)
    else:
        yield from _by_border(left, right, text, seed, cancelled, messages, special)


def ids_before(model: LanguageModel, messages: Sequence[Message]) -> list[int]:
    """What stands between the beginning of the sequence and the reply to a conversation, as the model's template has it."""
    if not messages:
        return []
    ids = PromptBuilder(model.vocabulary, model.info.chat_template).build(messages).ids
    start = start_ids(model.vocabulary)
    return ids[len(start) :] if ids[: len(start)] == start else ids


def chain_of(model: LanguageModel, sampling: SamplingSettings | None) -> Chain | None:
    """The chain on this model's tokens; None where the raw distribution is meant."""
    return None if sampling is None else Chain(sampling, lambda id: model.vocabulary.token(id).bytes)


def distribution(
    row: NDArray[np.float32], chain: Chain | None, history: Sequence[int], position: int, seed: int
) -> NDArray[np.float64]:
    """Probabilities float64 (V,) of a row of logits (V,), raw or after a chain."""
    if chain is None:
        shifted = row.astype(np.float64) - float(row.max())
        weights = np.exp(shifted)
        return np.asarray(weights / weights.sum())
    survivors = chain.draw(Candidates(whole_vocabulary(len(row)), row), history, position, seed).steps[-1].after
    p = np.zeros(len(row))
    p[survivors.ids] = survivors.p
    return p


def kl_bits(p: NDArray[np.float64], q: NDArray[np.float64]) -> float:
    """KL(p || q) in bits; inf where q is 0 and p is not."""
    there = p > 0
    if (q[there] <= 0).any():
        return math.inf
    return max(0.0, float(np.sum(p[there] * (np.log(p[there]) - np.log(q[there]))))) / _LN2


def js_bits(p: NDArray[np.float64], q: NDArray[np.float64]) -> float:
    """Jensen-Shannon divergence in bits, 0 to 1 (Lin 1991)."""
    middle = (p + q) / 2
    return min(1.0, (kl_bits(p, middle) + kl_bits(q, middle)) / 2)


def _by_token(
    left: Compared,
    right: Compared,
    text: str,
    seed: int,
    cancelled: Callable[[], bool],
    messages: Sequence[Message],
    special: bool = False,
) -> Iterator[Span]:
    vocabulary = left[0].vocabulary
    ids = vocabulary.encode(text, special)
    ends = [0, *utf16_ends(text, vocabulary.names(ids)).tolist()] if ids else [0]
    chains = [chain_of(*side) for side in (left, right)]
    before, right_before = (ids_before(model, messages) for model, _ in (left, right))
    rows: Iterator[tuple[int, NDArray[np.float32], NDArray[np.float32]]]
    if left[0] is right[0]:
        rows = ((target, row, row) for target, row in _single_rows(left[0], before, ids, cancelled))
    else:
        right_rows = _single_rows(right[0], right_before, ids, cancelled)
        rows = _joined(_single_rows(left[0], before, ids, cancelled), right_rows)
    for target, left_row, right_row in rows:
        if cancelled():
            raise Cancelled
        p, q = (
            distribution(row, chain, [*own, *ids[:target]], target, seed)
            for row, chain, own in zip((left_row, right_row), chains, (before, right_before), strict=True)
        )
        id = ids[target]
        divergences = kl_bits(p, q), js_bits(p, q), kl_bits(q, p)
        yield Span(ends[target], ends[target + 1], _bits(p[id]), _bits(q[id]), *divergences)


def _joined(
    left: Iterator[tuple[int, NDArray[np.float32]]], right: Iterator[tuple[int, NDArray[np.float32]]]
) -> Iterator[tuple[int, NDArray[np.float32], NDArray[np.float32]]]:
    """Rows of the same token from both; one side may leave out the first."""
    held = next(right, None)
    for target, row in left:
        while held is not None and held[0] < target:
            held = next(right, None)
        if held is not None and held[0] == target:
            yield target, row, held[1]


def _single_rows(
    model: LanguageModel, before: Sequence[int], ids: Sequence[int], cancelled: Callable[[], bool]
) -> Iterator[tuple[int, NDArray[np.float32]]]:
    for first, rows in rows_of(model, [*before, *ids], len(before), cancelled):
        for place, row in enumerate(rows):
            yield first + place - len(before), row


def _by_border(
    left: Compared,
    right: Compared,
    text: str,
    seed: int,
    cancelled: Callable[[], bool],
    messages: Sequence[Message],
    special: bool = False,
) -> Iterator[Span]:
    sides = [
        _bits_by_end(model, sampling, text, seed, cancelled, messages, special) for model, sampling in (left, right)
    ]
    borders = sorted({0} | (set(sides[0]) & set(sides[1])))
    for start, end in pairwise(borders):
        sums = [math.fsum(bits for at, bits in side.items() if start < at <= end) for side in sides]
        yield Span(start, end, sums[0], sums[1])


def _bits_by_end(
    model: LanguageModel,
    sampling: SamplingSettings | None,
    text: str,
    seed: int,
    cancelled: Callable[[], bool],
    messages: Sequence[Message],
    special: bool = False,
) -> dict[int, float]:
    """Surprisal of the tokens by where they end."""
    ids = model.vocabulary.encode(text, special)
    if not ids:
        return {}
    ends = utf16_ends(text, model.vocabulary.names(ids)).tolist()
    chain = chain_of(model, sampling)
    found: dict[int, float] = {}
    before = ids_before(model, messages)
    for target, row in _single_rows(model, before, ids, cancelled):
        p = distribution(row, chain, [*before, *ids[:target]], target, seed)
        found[ends[target]] = found.get(ends[target], 0.0) + _bits(p[ids[target]])
    return found


def _bits(p: float) -> float:
    return math.inf if p <= 0 else -math.log2(p)
