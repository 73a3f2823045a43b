"""The chain: stages in the user's order, then the draw."""

import math
import zlib
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.records import KEPT, SamplingSettings, StageTrace
from engine.sampling.candidates import Candidates, same_ids
from engine.sampling.dart import dart
from engine.sampling.grammar import Allowed
from engine.sampling.registry import GRAMMARS, stage
from engine.sampling.specification import StageContext, StageSpec, State

LN2 = math.log(2)
_SAME = 1e-6  # probabilities that differ by less are the same
_Stage = tuple[StageSpec, dict[str, float], dict[str, str], int]  # the last is its own number, see _own_number


class Outcome(msgspec.Struct, frozen=True):
    """What the chain did at one position.

    final and removed_by are for the ids that were asked about: probability after the chain, and index of the stage that
    removed it (KEPT for survivors). exact is false where a token that is not listed might change something.
    """

    id: int
    dart: float
    final_probability: float
    stages: tuple[StageTrace, ...]
    survivors: Candidates
    final: NDArray[np.float32]
    removed_by: NDArray[np.uint8]
    exact: bool


class Step(msgspec.Struct, frozen=True):
    """What is left after a stage, and what the stage knew; the first step is the candidates before any."""

    name: str
    after: Candidates
    cutoff: float | None = None
    state: State = ()


class Draw(msgspec.Struct, frozen=True):
    """The token that was picked, and the way there. states: what the stages that learn know after it, by name."""

    id: int
    dart: float
    final_probability: float
    steps: list[Step]
    states: dict[str, State]


class Chain:
    """An ordered list of stages, ready to run. Holds no state between positions.

    piece gives the bytes of a token, where they are known, for the stages that read texts.
    """

    def __init__(self, settings: SamplingSettings, piece: Callable[[int], bytes | None] = lambda id: None) -> None:
        self._piece = piece
        self._stages: list[_Stage] = []
        for item in settings.stages:
            spec = stage(item.name)
            values, texts = spec.values(item.values), spec.text_values(item.texts)
            if item.enabled and not spec.is_neutral(values, texts):
                self._stages.append((spec, values, texts, _own_number(spec.name)))
        self._stages.sort(key=lambda item: item[0].name not in GRAMMARS)
        self._grammars = sum(spec.name in GRAMMARS for spec, *_ in self._stages)
        self._start = {spec.name: spec.start(values) for spec, values, *_ in self._stages if spec.start is not None}

    @property
    def grammars(self) -> dict[str, str]:
        """The texts for which grammar engines are needed, by stage."""
        return {spec.name: next(iter(texts.values())) for spec, _, texts, _ in self._stages[: self._grammars]}

    @property
    def start(self) -> dict[str, State]:
        """What the stages that learn know before the first token, by name."""
        return dict(self._start)

    def draw(
        self,
        raw: Candidates,
        history: Sequence[int],
        position: int,
        seed: int,
        states: Mapping[str, State] | None = None,
        vocabulary_size: int = 0,
        allowed: Mapping[str, Allowed] | None = None,
    ) -> Draw:
        """Apply the stages to the raw candidates and throw the dart of this position.

        raw: every token (ids ascending), or what is known of them (the vocabulary's size is to be said then). states: what the
        stages that learn know by now, as the draw before told; without it they begin. allowed: the masks of the grammars, by
        stage. The grammars are asked about the drawn token first; only where they refuse it, they mask all candidates, before
        any other stage, and the draw is repeated. Raises NothingAllowedError where they refuse everything.
        """
        place = (history, position, seed)
        size = vocabulary_size or len(raw)
        entering = {**self._start, **(states or {})}
        grammars, others = self._stages[: self._grammars], self._stages[self._grammars :]
        masks = {spec.name: allowed[spec.name] for spec, *_ in grammars if allowed and spec.name in allowed}
        if len(masks) < len(grammars):
            raw = raw.inexact()
        idle = [Step("", raw), *[Step(spec.name, raw) for spec, *_ in grammars]]
        steps = self._apply(others, idle, place, size, entering)
        number = dart(seed, position)
        id, probability = _draw(steps[-1].after, raw, number)
        if not all(mask(np.array([id], dtype=np.int32))[0] for mask in masks.values()):
            # The second draw has a number of its own: the first one is known to have hit what is not allowed.
            steps = self._apply(self._stages, [Step("", raw)], place, size, entering, masks)
            number = dart(seed, position, _own_number("grammar"))
            id, probability = _draw(steps[-1].after, raw, number)
        return Draw(id, number, probability, steps, self.follow(steps, id) if self._start else {})

    def _apply(
        self,
        stages: Sequence[_Stage],
        steps: list[Step],
        place: tuple[Sequence[int], int, int],
        vocabulary_size: int,
        states: Mapping[str, State],
        masks: Mapping[str, Allowed] | None = None,
    ) -> list[Step]:
        """The steps with those of more stages after them. place: history, position, seed."""
        for spec, values, texts, number in stages:
            state = states[spec.name] if spec.follow is not None else ()
            allowed = None if masks is None else masks.get(spec.name)
            context = StageContext(*place, number, vocabulary_size, state, texts, self._piece, allowed)
            result = spec.apply(steps[-1].after, values, context)
            steps.append(Step(spec.name, result.candidates, result.cutoff, state))
        return steps

    def follow(self, steps: Sequence[Step], id: int) -> dict[str, State]:
        """What the stages that learn know after a token: the one that was drawn, or another that was put in its place.

        A token that a stage removed counts with the probability that it had before.
        """
        states = {}
        for (spec, values, *_), (before, step) in zip(self._stages, pairwise(steps), strict=True):
            if spec.follow is not None:
                p_before, p_after = before.after.p_of(id), step.after.p_of(id)
                states[spec.name] = spec.follow(step.state, values, p_before, p_after or p_before)
        return states

    def run(
        self,
        raw: Candidates,
        history: Sequence[int],
        position: int,
        seed: int,
        asked: NDArray[np.int32],
        states: Mapping[str, State] | None = None,
        vocabulary_size: int = 0,
        allowed: Mapping[str, Allowed] | None = None,
    ) -> Outcome:
        """Draw, and tell of everything that happened. asked: ids (m,) to tell the fate of."""
        return tell(self.draw(raw, history, position, seed, states, vocabulary_size, allowed), asked)

    def learns_like(self, other: "Chain") -> frozenset[str]:
        """The stages that learn and see and do the same in another chain, so that what they knew there is what they know here."""
        same: set[str] = set()
        for ours, theirs in zip(self._stages, other._stages, strict=False):
            if ours != theirs:
                break
            same.add(ours[0].name)
        return frozenset(same & self._start.keys())


@lru_cache
def _own_number(stage_name: str) -> int:
    """The number by which a stage's own darts are counted: whatever else is in the chain, its luck stays."""
    return zlib.crc32(stage_name.encode()) << 16


def tell(draw: Draw, asked: NDArray[np.int32]) -> Outcome:
    """What each stage did, and what became of the asked ids (m,). Apart from the draw, so that the model need not wait for it."""
    traces: list[StageTrace] = []
    removed_by = np.empty(len(asked), dtype=np.uint8)
    removed_by.fill(KEPT)
    for number, (step_before, step) in enumerate(pairwise(draw.steps)):
        before, after = step_before.after, step.after
        if len(after) < len(before):
            _mark_removed(removed_by, asked, after, number)
            mass = after.share
            divergence = -math.log2(mass) if mass > 0 else 0.0
        else:
            mass, divergence = 1.0, 0.0 if after is before else _divergence_bits(after, before)
        next_state = draw.states.get(step.name, ())
        kept = len(after) if after.unlisted is None or not after.exact else len(after) + after.unlisted.count
        traces.append(StageTrace(step.name, kept, mass, divergence, step.cutoff, step.state, next_state))
    survivors = draw.steps[-1].after
    return Outcome(
        id=draw.id,
        dart=draw.dart,
        final_probability=draw.final_probability,
        stages=tuple(traces),
        survivors=survivors,
        final=_final(survivors, asked, removed_by),
        removed_by=removed_by,
        exact=survivors.exact and (survivors.unlisted is None or _is_sure(draw)),
    )


def _mark_removed(removed_by: NDArray[np.uint8], asked: NDArray[np.int32], survivors: Candidates, number: int) -> None:
    """Note the stage for the asked ids that were there before it and are no longer."""
    n = min(len(asked), len(survivors))
    if same_ids(asked[:n], survivors.ids[:n]):  # the usual case: both in the same order, the survivors come first
        gone = removed_by[n:]
        gone[gone == KEPT] = number
    else:
        removed_by[(removed_by == KEPT) & ~survivors.find(asked)[1]] = number


def _divergence_bits(after: Candidates, before: Candidates) -> float:
    """KL(after || before) over the listed tokens, in bits; both list the same tokens."""
    if after.changed_at is not None and after.changed_at[0] is before and after.tail_mass == 0:
        places = after.changed_at[1]  # few, where all would take as long as all else together
        logits = after.logits[places]
        possible = logits > -math.inf
        gains = (logits - before.logits[places])[possible]
        nats = float(after.probabilities(logits[possible]) @ gains)
        return max(0.0, nats + before.log_sum_exp - after.log_sum_exp) / LN2
    p = after.p
    change = after.logits - before.logits_at(after.ids)
    shift = before.log_sum_exp - after.log_sum_exp
    nats = float(np.vdot(p, change))
    if math.isnan(nats):  # a logit of -inf, whose probability is 0
        nats = float(np.vdot(p[p > 0], change[p > 0]))
    return max(0.0, nats + shift * float(np.add.reduce(p))) / LN2


def _draw(survivors: Candidates, raw: Candidates, number: float) -> tuple[int, float]:
    """The token at ``number`` of the cumulative final distribution, in the order raw logit descending, then id."""
    if len(survivors) == 1:
        return int(survivors.ids[0]), 1.0 - survivors.tail_mass
    by_raw = raw if survivors.ids is raw.ids else _in_raw_order(survivors, raw)
    count = 1
    while True:
        ids, _ = by_raw.head(count)
        p = survivors.p if ids is survivors.ids else survivors.probabilities(survivors.logits_at(ids))
        sums = p.cumsum()
        place = int(sums.searchsorted(number, side="right"))
        if place < len(ids) or len(ids) == len(survivors):
            break
        count = 4 * len(ids)
    if place >= len(ids):  # the dart hit the rounding error at the end, or what is not listed
        place = int(np.flatnonzero(p > 0)[-1])
    return int(ids[place]), float(p[place])


def _is_sure(draw: Draw) -> bool:
    """Whether the same token is drawn, with the same probability, however likely the tokens are that are not listed."""
    raw, survivors = draw.steps[0].after, draw.steps[-1].after
    unlisted, [logit] = raw.unlisted, raw.logits_at(np.array([draw.id], dtype=np.int32))
    # In the order of the draw nothing that is not listed may stand before it.
    if unlisted is None or not unlisted.come_after(float(logit)):
        return False
    ids, _ = _in_raw_order(survivors, raw).head(len(survivors))
    logits, found = survivors.logits_at(ids).astype(np.float64), []
    for bound in survivors.log_sum_exp_bounds:
        p = np.exp(logits - bound)
        place = int(p.cumsum().searchsorted(draw.dart, side="right"))
        if place == len(ids) or ids[place] != draw.id:
            return False
        found.append(float(p[place]))
    return abs(found[0] - found[-1]) <= _SAME


def _in_raw_order(survivors: Candidates, raw: Candidates) -> Candidates:
    """The survivors in the order of their raw logits; the same where that is their own."""
    ids, _ = raw.head(1)
    if survivors.is_ordered and same_ids(ids[: len(survivors)], survivors.ids):  # the usual case
        return survivors
    return Candidates(survivors.ids, raw.logits_at(survivors.ids))


def _final(survivors: Candidates, asked: NDArray[np.int32], removed_by: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The probability after the chain of each asked id; 0 where it was removed."""
    final = np.zeros(len(asked), dtype=np.float32)
    n = min(len(asked), len(survivors))
    if same_ids(asked[:n], survivors.ids[:n]):
        final[:n] = survivors.p[:n] if n == len(survivors) else survivors.probabilities(survivors.logits[:n])
    else:
        kept = removed_by == KEPT
        final[kept] = survivors.probabilities(survivors.logits_at(asked[kept]))
    return final
