"""How one candidate's final probability comes about, step by step, as values: logit, exp, / sum, each stage, renormalised."""

from itertools import pairwise

import msgspec
import numpy as np

from app.sampling.subject import Subject
from engine.records import SamplingSettings
from engine.sampling.candidates import Candidates
from engine.sampling.chain import Outcome, Step, tell

_LOOKED_AT = 8  # candidates by which a stage that divides every logit is known


class Explained(msgspec.Struct, frozen=True):
    """A chain run on a token: what came of it, and the candidates between its stages. tried: not the chain of the reply."""

    subject: Subject
    tried: bool
    outcome: Outcome
    steps: list[Step]


class StageStep(msgspec.Struct, frozen=True):
    """What one stage did to one candidate; probabilities are among the candidates before and after it.

    share: what those that stayed had together, 1 where all stayed; divisor: what every logit was divided by, None where the
    stage did something else.
    """

    name: str
    removed: bool
    logit_before: float
    logit_after: float
    p_before: float
    p_after: float
    share: float
    divisor: float | None

    @property
    def changed(self) -> bool:
        return self.removed or self.share < 1 or self.logit_before != self.logit_after or self.divisor is not None


class Working(msgspec.Struct, frozen=True):
    """The whole way of one candidate. raw is over the full vocabulary; final is 0 for one that was removed."""

    id: int
    logit: float
    log_sum_exp: float
    raw: float
    stages: tuple[StageStep, ...]
    final: float


def explain(subject: Subject, sampling: SamplingSettings, tried: bool) -> Explained:
    """Run a chain on the subject; safe on any thread."""
    draw = subject.draw(sampling)
    return Explained(subject, tried, tell(draw, subject.record.candidates.id_array()), draw.steps)


def working(explained: Explained, id: int) -> Working | None:
    """The way of one candidate; None for one that is not among those that the chain was run on."""
    steps, record = explained.steps, explained.subject.record
    logit = _logit(steps[0].after, id)
    if logit is None:
        return None
    stages: list[StageStep] = []
    for before, after in pairwise(steps):
        was, now = _logit(before.after, id), _logit(after.after, id)
        if was is None:
            break
        share = after.after.share if len(after.after) < len(before.after) else 1.0
        p_before = _p(before.after, was)
        p_after = 0.0 if now is None else _p(after.after, now)
        divisor = _divisor(before.after, after.after)
        if divisor is not None and (now is None or abs(was / divisor - now) > 1e-4 * max(1.0, abs(now))):
            divisor = None
        stages.append(
            StageStep(after.name, now is None, was, was if now is None else now, p_before, p_after, share, divisor)
        )
    final = stages[-1].p_after if stages else float(np.exp(logit - record.log_sum_exp))
    raw = float(np.exp(logit - record.log_sum_exp))
    return Working(id, logit, record.log_sum_exp, raw, tuple(stages), final)


def _logit(candidates: Candidates, id: int) -> float | None:
    if candidates.is_whole:
        return float(candidates.logits[id])
    places = np.flatnonzero(candidates.ids == id)
    return float(candidates.logits[places[0]]) if len(places) else None


def _p(candidates: Candidates, logit: float) -> float:
    return float(candidates.probabilities(np.array([logit], dtype=np.float32))[0])


def _divisor(before: Candidates, after: Candidates) -> float | None:
    """What the stage divided every logit by, None if it did not do just that."""
    if len(after) != len(before) or after is before:
        return None
    ids, logits = after.head(_LOOKED_AT)
    ids, logits = ids[:_LOOKED_AT], logits[:_LOOKED_AT].astype(np.float64)
    was = before.logits_at(ids).astype(np.float64)
    if len(was) < 2 or not np.all(np.abs(was) > 1e-6) or not np.all(np.abs(logits) > 1e-9):
        return None
    ratios = was / logits
    ratio = float(ratios.mean())
    alike = float(np.ptp(ratios)) < 1e-5 * abs(ratio)
    return ratio if alike and abs(ratio - 1) > 1e-6 else None
