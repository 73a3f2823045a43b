"""The same luck under other settings: run a chain again over what a record kept."""

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.records import TokenRecord
from engine.sampling.candidates import Candidates, whole_vocabulary
from engine.sampling.chain import Chain, Draw, Outcome, tell
from engine.sampling.grammar import Allowed
from engine.sampling.registry import GRAMMARS
from engine.sampling.specification import State
from engine.sampling.unlisted import Unlisted

_ROUNDING = 3e-7  # of the sum of the listed probabilities


def preview(
    record: TokenRecord,
    chain: Chain,
    history: Sequence[int],
    seed: int,
    logits: NDArray[np.float32] | None = None,
    states: Mapping[str, State] | None = None,
) -> Outcome:
    """What the chain would do at the record's position with the same dart.

    With the full logits (V,) the answer is exact; from the stored candidates Outcome.exact says whether it is. states is what
    the stages that learn know there: what they knew when the token was picked, or what previews() found for other settings.
    """
    raw = stored_candidates(record) if logits is None else Candidates(whole_vocabulary(len(logits)), logits)
    states = recorded_states(record) if states is None else states
    draw = chain.draw(raw, history, record.position, seed, states, record.vocabulary_size, recorded_masks(record))
    return _told(draw, record, chain)


class MadeWith(msgspec.Struct, frozen=True):
    """What drew the tokens of a reply up to the position ``end``, None to its end: the seed, and the chain where it is known."""

    end: int | None
    seed: int
    chain: Chain | None = None


def previews(
    records: Sequence[TokenRecord], chain: Chain, history: Sequence[int], parts: Sequence[MadeWith]
) -> Iterator[tuple[Outcome | None, dict[str, State]]]:
    """preview() for every record of a reply, each after the tokens that were really picked; None where nothing was drawn.

    history: the ids of the prompt. parts: what drew them, in order. The stages that learn follow the picked tokens from the first
    record on; what a stage knew then is taken as it was recorded where the chain of the part is the same up to the stage. With
    each outcome comes what they knew at that place.
    """
    ids, states, left = list(history), chain.start, list(parts)
    known: frozenset[str] | None = None
    for index, record in enumerate(records):
        while (end := left[0].end) is not None and end <= index:
            left, known = left[1:], None
        part = left[0]
        if known is None:
            known = chain.learns_like(part.chain) if part.chain is not None else frozenset()
        states |= {name: state for name, state in recorded_states(record).items() if name in known}
        size, masks = record.vocabulary_size, recorded_masks(record)
        draw = chain.draw(stored_candidates(record), ids, record.position, part.seed, states, size, masks)
        yield None if record.dart is None or record.forced else _told(draw, record, chain), states
        states = chain.follow(draw.steps, record.token.id)
        ids.append(record.token.id)


def recorded_states(record: TokenRecord, after: bool = False) -> dict[str, State]:
    """What the stages that learn knew when the token was picked, by name; or after it, for whoever goes on from there."""
    return {trace.name: trace.next_state if after else trace.state for trace in record.stages if trace.state}


def recorded_masks(record: TokenRecord) -> dict[str, Allowed]:
    """What is known of the grammars of a reply: those that had to be applied removed the listed tokens that they do not allow."""
    masks: dict[str, Allowed] = {}
    ids, removed_by = record.candidates.id_array(), record.candidates.removed_by_array()
    for number, trace in enumerate(record.stages):
        if trace.name in GRAMMARS:
            applied = trace.kept < record.vocabulary_size
            known = ids[removed_by != number] if applied else ids
            masks[trace.name] = partial(np.isin, test_elements=np.append(known, np.int32(record.token.id)))
    return masks


def _told(draw: Draw, record: TokenRecord, chain: Chain) -> Outcome:
    """What happened; without the engine a grammar is only known to allow the token that was picked, or those it left."""
    outcome = tell(draw, record.candidates.id_array())
    masked = any(trace.name in GRAMMARS and trace.kept < record.vocabulary_size for trace in record.stages)
    if not chain.grammars or (outcome.id == record.token.id and not masked):
        return outcome
    return msgspec.structs.replace(outcome, exact=False)


def stored_candidates(record: TokenRecord) -> Candidates:
    """What the record knows: its candidates and the token that was picked, the ids ascending, and what is proved of the others."""
    ids, logits = record.candidates.id_array(), record.candidates.logit_array()
    # The listed are the largest; of nothing listed it is only known that no logit is above that of all together.
    ceiling = float(logits.min()) if len(logits) else record.log_sum_exp
    tail, first = record.tail_mass, True
    if record.token.id not in ids:
        ids = np.append(ids, np.int32(record.token.id))
        logits = np.append(logits, np.float32(record.logprob + record.log_sum_exp))
        tail -= math.exp(record.logprob)
        first = float(logits[-1]) < ceiling  # else it is only one of those of that logit
    count = record.vocabulary_size - len(ids)
    order = np.argsort(ids)
    if count <= 0:
        return Candidates(ids[order], logits[order])
    largest = float(logits.max())
    listed = math.log(float(np.exp(logits - largest, dtype=np.float64).sum())) + largest
    # The sum of the listed probabilities was rounded: near 0 the rest is known up to that only.
    low, high = (max(0.0, tail + rounding) for rounding in (-_ROUNDING, _ROUNDING))
    weights = [listed + math.log(mass / (1 - mass)) if mass > 0 else -math.inf for mass in (low, min(high, 1 - 1e-9))]
    unlisted = Unlisted(count, ceiling, min(weights), min(max(weights), math.log(count) + ceiling), first)
    return Candidates(ids[order], logits[order], unlisted=unlisted)
