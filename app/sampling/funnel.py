"""What every stage does to the candidates of one token: the values that the cards draw. No widgets; runs on any thread."""

import math
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise

import msgspec
import numpy as np
from numpy.typing import NDArray

from app.sampling.subject import Subject as Subject
from engine.records import SamplingSettings, StageSettings
from engine.sampling.candidates import Candidates, whole_vocabulary
from engine.sampling.chain import Chain, tell
from engine.sampling.registry import GRAMMARS, stage

MOST_BARS, FEWEST_BARS = 64, 12
_BEYOND = 1.25  # of those that a cut-off lets through are drawn: it can be taken further out
_COVERED = 0.995  # of the probability that comes in is drawn as bars, where that many are enough


class Bar(msgspec.Struct, frozen=True):
    """A candidate as it comes in and as it leaves; after is 0 where the stage removed it."""

    id: int
    before: float
    after: float
    removed: bool


class StageView(msgspec.Struct, frozen=True):
    """One stage at this token. entering and leaving count tokens; at_least is true where more may be left than are known.

    cut: how many of the most likely stay, where those that stay are the most likely ones; None where the stage picks otherwise.
    """

    name: str
    works: bool  # it is on, and its values are not those at which it does nothing
    bars: tuple[Bar, ...]
    entering: int
    leaving: int
    at_least: bool
    mass: float
    divergence_bits: float
    cut: int | None


class Funnel(msgspec.Struct, frozen=True):
    """The whole chain at one token. chosen is what the dart would pick; draw holds the candidates between the stages."""

    subject: Subject
    stages: tuple[StageView, ...]
    chosen: int
    probability: float
    exact: bool
    entering: dict[str, Candidates]

    def stage(self, name: str) -> StageView | None:
        return next((view for view in self.stages if view.name == name), None)


def funnel(subject: Subject, sampling: SamplingSettings) -> Funnel:
    """Run the chain on the token of the subject, with its dart."""
    draw = subject.draw(sampling)
    outcome = tell(draw, subject.record.candidates.id_array())
    done = iter(zip(pairwise(draw.steps), outcome.stages, strict=True))
    coming = next(done, None)
    now = draw.steps[0].after
    views: list[StageView] = []
    entering: dict[str, Candidates] = {}
    for item in sorted(
        sampling.stages, key=lambda item: item.name not in GRAMMARS
    ):  # the order in which they are applied
        entering[item.name] = now
        if coming is None or coming[1].name != item.name:
            views.append(_view(item.name, False, now, now, 1.0, 0.0))
            continue
        (before, after), trace = coming
        views.append(_view(item.name, True, before.after, after.after, trace.mass, trace.divergence_bits))
        now = after.after
        coming = next(done, None)
    return Funnel(subject, tuple(views), draw.id, draw.final_probability, outcome.exact, entering)


def looks_further_back(sampling: SamplingSettings, known: int) -> bool:
    """Whether a stage that is on counts tokens further back than the ``known`` last ones."""
    for item in sampling.stages:
        spec = stage(item.name)
        values = spec.values(item.values)
        reach = values.get("last_n")
        if reach is not None and item.enabled and not spec.is_neutral(values) and (reach < 0 or reach > known):
            return True
    return False


def uses_grammar(sampling: SamplingSettings) -> bool:
    """Whether a grammar is on."""
    return any(item.enabled and item.name in GRAMMARS and any(item.texts.values()) for item in sampling.stages)


def _view(name: str, works: bool, before: Candidates, after: Candidates, mass: float, divergence: float) -> StageView:
    ids, _ = before.head(MOST_BARS)
    ids = ids[:MOST_BARS]
    p = before.head_p(len(ids))
    stay = math.ceil(_BEYOND * len(after)) if len(after) < len(before) else 0
    shown = min(max(int(np.searchsorted(p.cumsum(), _COVERED)) + 1, FEWEST_BARS, stay), len(ids))
    ids, p = ids[:shown], p[:shown]
    if after is before:
        stays, left = np.ones(shown, dtype=bool), p
    else:
        places, stays = _places(after, ids)
        left = np.zeros(shown)
        left[stays] = after.probabilities(after.logits[places])
    kept = int(np.count_nonzero(stays))
    first = bool(stays[:kept].all())
    cut = len(after) if first and (kept == shown or kept == len(after)) else None
    bars = tuple(
        Bar(id, was, now, not there)
        for id, was, now, there in zip(ids.tolist(), p.tolist(), left.tolist(), stays.tolist(), strict=True)
    )
    entering, leaving = _count(before), _count(after)
    at_least = after.unlisted is not None and not after.exact
    return StageView(name, works, bars, entering, leaving, at_least, mass, divergence, cut)


def _count(candidates: Candidates) -> int:
    """How many tokens there are: what is not listed is there too, as long as no stage may have removed some of it."""
    unlisted = candidates.unlisted
    return len(candidates) + (unlisted.count if unlisted is not None and candidates.exact else 0)


def _places(after: Candidates, ids: NDArray[np.int32]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Where some tokens (n,) stand in the candidates (m,), and which of them (n,) are there."""
    if after.is_whole:
        return ids.astype(np.intp), np.ones(len(ids), dtype=bool)
    order = np.argsort(after.ids, kind="stable")
    at = np.minimum(np.searchsorted(after.ids, ids, sorter=order), len(order) - 1)
    there = after.ids[order[at]] == ids
    return order[at[there]], there


# --- moving a cut-off -------------------------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def cut_parameter(name: str) -> str | None:
    """The parameter that moves the cut-off of a stage, found by trying; None for a stage that cuts nothing off."""
    spec = stage(name)
    probe = Candidates(whole_vocabulary(64), np.linspace(4, -6, 64, dtype=np.float32))
    best, most = None, 4  # a number that only switches between one, some and all is no cut-off
    for parameter in spec.parameters:
        others = [{}, {p.name: p.maximum for p in spec.parameters if p is not parameter}]
        for values in others:
            tried = np.linspace(parameter.minimum, parameter.maximum, 41)
            counts = {_kept(name, {**values, parameter.name: float(value)}, {}, probe, None) for value in tried}
            if len(counts) > most:
                best, most = parameter.name, len(counts)
    return best


def solve_cut(item: StageSettings, candidates: Candidates, target: int, subject: Subject) -> tuple[str, float] | None:
    """The roundest value of its cut parameter at which a stage keeps ``target`` of the candidates, or as near as it gets.

    None for a stage without a cut-off.
    """
    name, parameter_name = item.name, cut_parameter(item.name)
    if parameter_name is None:
        return None
    spec = stage(name)
    parameter = next(p for p in spec.parameters if p.name == parameter_name)

    def kept(value: float) -> int:
        return _kept(name, {**item.values, parameter_name: value}, item.texts, candidates, subject)

    if target >= len(candidates) and parameter.neutral is not None:
        return parameter_name, parameter.neutral
    smallest = 1.0 if parameter.integer else 1e-4
    low, high = parameter.minimum, parameter.maximum
    if parameter.limit is not None and parameter.integer:
        high = min(parameter.limit, max(high, float(len(candidates))))
    # At the value at which a stage does nothing it may keep all, whatever its neighbours do: it is left out.
    low, high = (
        (low + smallest if low == parameter.neutral else low),
        (high - smallest if high == parameter.neutral else high),
    )
    grows = kept(high) >= kept(low)
    few, many = (low, high) if grows else (high, low)
    if kept(few) >= target:
        many = few
    for _ in range(40):
        middle = (few + many) / 2
        if parameter.integer:
            middle = float(round(middle))
        if middle in (few, many):
            break
        if kept(middle) < target:
            few = middle
        else:
            many = middle
    return parameter_name, _roundest(many, kept, parameter.integer, (parameter.minimum, parameter.maximum))


def _roundest(value: float, kept: Callable[[float], int], integer: bool, bounds: tuple[float, float]) -> float:
    """The value with the fewest decimals near this one that keeps as many."""
    if integer:
        return float(round(value))
    wanted = kept(value)
    for decimals in (2, 3, 4):
        step = 10.0**-decimals
        for near in (round(value, decimals), round(value + step, decimals), round(value - step, decimals)):
            if bounds[0] <= near <= bounds[1] and kept(near) == wanted:
                return near
    return round(value, 4)


def _kept(
    name: str, values: dict[str, float], texts: dict[str, str], candidates: Candidates, subject: Subject | None
) -> int:
    """How many candidates a stage alone lets through."""
    item = StageSettings(name, True, stage(name).values(values), texts)
    if subject is None:
        return len(Chain(SamplingSettings((item,))).draw(candidates, (), 0, 0).steps[-1].after)
    return len(subject.draw(SamplingSettings((item,)), candidates).steps[-1].after)
