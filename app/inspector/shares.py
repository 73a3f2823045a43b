"""What each token of one position has, and what a token that is not listed there has at most."""

import math
from collections.abc import Hashable
from typing import Generic, TypeVar

import msgspec

from engine.records import KEPT, TokenRecord

_ROUNDING = 1e-6  # of sums of 32-bit numbers
K = TypeVar("K", bound=Hashable)


class Share(msgspec.Struct, frozen=True):
    """A probability; at_most: what it is not above, since the token is not among those that are listed."""

    value: float
    at_most: bool = False


class Shares(msgspec.Struct, Generic[K], frozen=True):
    """Of one position. bound: what no token beyond the listed ones is above; 0 where there is none."""

    listed: dict[K, float]
    bound: float

    def of(self, key: K) -> Share:
        if key in self.listed:
            return Share(self.listed[key])
        return Share(self.bound, self.bound > 0)


def raw_shares(record: TokenRecord) -> Shares[int]:
    """By id, over the full vocabulary before any sampler."""
    stored = record.candidates
    listed = {
        id: math.exp(logit - record.log_sum_exp)
        for id, logit in zip(stored.id_array().tolist(), stored.logit_array().tolist(), strict=True)
    }
    rest = record.vocabulary_size - len(listed)
    # Those that are listed are the likeliest, and the others share what is left.
    bound = min([record.tail_mass + _ROUNDING, *listed.values()]) if rest > 0 else 0.0
    if not math.isnan(record.logprob):
        listed.setdefault(record.token.id, math.exp(record.logprob))
    return Shares(listed, bound)


def final_shares(record: TokenRecord) -> Shares[int]:
    """By id, after the chain."""
    stored = record.candidates
    finals = stored.final_array().tolist()
    listed = dict(zip(stored.id_array().tolist(), finals, strict=True))
    kept = record.stages[-1].kept if record.stages else record.vocabulary_size
    all_listed = kept <= sum(remover == KEPT for remover in stored.removed_by_array().tolist())
    left = 0.0 if all_listed else max(0.0, 1.0 - math.fsum(finals)) + _ROUNDING
    if record.final_probability is not None:
        listed.setdefault(record.token.id, record.final_probability)
    return Shares(listed, left)


def by_piece(shares: Shares[int], record: TokenRecord) -> Shares[bytes]:
    """By the bytes of the tokens, which vocabularies have in common; of several with the same the likeliest."""
    pieces = dict(zip(record.candidates.id_array().tolist(), record.candidates.pieces, strict=True))
    pieces.setdefault(record.token.id, record.token.bytes)
    listed: dict[bytes, float] = {}
    for id, piece in pieces.items():
        if id in shares.listed:
            listed.setdefault(piece, shares.listed[id])
    return Shares(listed, shares.bound)
