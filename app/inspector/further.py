"""Candidates beyond those that a record keeps, out of the whole row of logits."""

import math

import msgspec
import numpy as np

from app.inspector.rows import Row
from app.sampling.subject import Subject
from engine.records import KEPT, SamplingSettings
from engine.sampling.candidates import Candidates, whole_vocabulary
from engine.sampling.chain import tell

STEP = 64  # rows that are added each time


class Further(msgspec.Struct, frozen=True):
    """Rows in the order of their logits, without their names; sampling is the chain that they went through, None for none."""

    subject: Subject
    sampling: SamplingSettings | None
    rows: tuple[Row, ...]


def further(subject: Subject, sampling: SamplingSettings | None, count: int) -> Further:
    """The ``count`` most likely tokens that the record does not list; safe on any thread. The subject has its logits."""
    record, logits = subject.record, subject.logits
    if logits is None:
        raise ValueError("the subject has no logits")
    whole = Candidates(whole_vocabulary(len(logits)), logits)
    listed = {*record.candidates.id_array().tolist(), record.token.id}
    head, _ = whole.head(min(count + len(listed), len(logits)))
    ids = np.array([id for id in head.tolist() if id not in listed][:count], dtype=np.int32)
    final: list[float] = [0.0] * len(ids)
    removed: list[int] = [KEPT] * len(ids)
    names, chosen = list[str](), -1
    if sampling is not None:
        outcome = tell(subject.draw(sampling), ids)
        final, removed, chosen = outcome.final.tolist(), outcome.removed_by.tolist(), outcome.id
        names = [stage.name for stage in outcome.stages]
    columns = zip(ids.tolist(), logits[ids].tolist(), final, removed, strict=True)
    rows = tuple(
        Row(
            id=id,
            piece=b"",
            logit=logit,
            raw=math.exp(logit - record.log_sum_exp),
            final=p,
            removed_by="" if remover == KEPT else names[remover],
            chosen=id == chosen,
        )
        for id, logit, p, remover in columns
    )
    return Further(subject, sampling, rows)
