"""A whole reply under other sliders: what its darts would pick from its stored candidates. Pure; runs on any thread."""

import math
import time
from collections.abc import Callable, Sequence
from typing import Literal

import msgspec

from app.sampling.funnel import looks_further_back
from app.storage.rows import Kept
from engine.records import SamplingSettings, TokenRecord
from engine.sampling.chain import Chain
from engine.sampling.preview import MadeWith, previews

Doubt = Literal["", "candidates", "prompt"]
_ASKED_EVERY = 16  # tokens
_BREATH_S = 0.0005


class Superseded(Exception):  # noqa: N818 - nothing went wrong
    """A newer question is waiting."""


class Change(msgspec.Struct, frozen=True):
    """A token that another would come in place of. probability is that of the other, raw."""

    index: int
    id: int
    piece: bytes
    probability: float


class Rerun(msgspec.Struct, frozen=True):
    """Every token after those that really stood before it. drawn counts the tokens that a dart had picked, given the others,
    which somebody put there and which stay.

    doubt: why the first change may be another, "" where everything up to it is exact: "candidates" where more of them would
    have to be known, "prompt" where the ids of the prompt would.
    """

    changes: tuple[Change, ...]
    drawn: int
    doubt: Doubt
    given: int = 0

    @property
    def first(self) -> Change | None:
        return self.changes[0] if self.changes else None


def rerun(
    records: Sequence[TokenRecord],
    made_with: SamplingSettings,
    tried: SamplingSettings,
    seed: int,
    kept: Sequence[Kept] = (),
    prompt: tuple[int, ...] | None = None,
    superseded: Callable[[], bool] = lambda: False,
) -> Rerun:
    """Run another chain over a reply with the same darts.

    made_with and seed drew it, except for its first tokens where it kept those of another. prompt: its ids, None where they are
    not known.
    """
    pieces = {record.token.id: record.token.bytes for record in records}

    def piece(id: int) -> bytes | None:
        return pieces.get(id)

    changes: list[Change] = []
    drawn = 0
    doubt: Doubt = ""
    parts = [MadeWith(part.end, part.seed, Chain(part.settings.sampling, piece)) for part in kept]
    parts.append(MadeWith(None, seed, Chain(made_with, piece)))
    done = previews(records, Chain(tried, piece), prompt or (), parts)
    for index, (record, (outcome, _)) in enumerate(zip(records, done, strict=True)):
        if index % _ASKED_EVERY == 0:
            time.sleep(_BREATH_S)  # a long reply must not keep the window from painting
            if superseded():
                raise Superseded
        if outcome is None:
            continue
        drawn += 1
        if not changes and not doubt:
            if prompt is None and looks_further_back(tried, index):
                doubt = "prompt"
            elif not outcome.exact:
                doubt = "candidates"
        if outcome.id != record.token.id:
            stored = record.candidates
            place = stored.id_array().tolist().index(outcome.id)
            raw = math.exp(float(stored.logit_array()[place]) - record.log_sum_exp)
            changes.append(Change(index, outcome.id, stored.pieces[place], raw))
    return Rerun(tuple(changes), drawn, doubt, len(records) - drawn)
