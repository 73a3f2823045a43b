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

#: Tokens that are not listed exist even where their probability was rounded to nothing; some stages ask for their logits.
_LEAST_TAIL = 1e-12


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
    raw = _candidates(record) if logits is None else Candidates(whole_vocabulary(len(logits)), logits)
    states = recorded_states(record) if states is None else states
    draw = chain.draw(raw, history, record.position, seed, states, record.vocabulary_size, _recorded_masks(record))
    return _told(draw, record, chain)


def previews(
    records: Sequence[TokenRecord], chain: Chain, history: Sequence[int], seed: int, made_with: Chain | None = None
) -> Iterator[tuple[Outcome | None, dict[str, State]]]:
    """preview() for every record of a reply, each after the tokens that were really picked; None where nothing was drawn.

    history: the ids of the prompt. The stages that learn follow the picked tokens from the first record on; made_with is the
    chain of the reply: what a stage knew then is taken as it was recorded where that chain is the same up to the stage. With
    each outcome comes what they knew at that place.
    """
    ids, states = list(history), chain.start
    as_recorded = chain.learns_like(made_with) if made_with is not None else frozenset()
    for record in records:
        states |= {name: state for name, state in recorded_states(record).items() if name in as_recorded}
        size, masks = record.vocabulary_size, _recorded_masks(record)
        draw = chain.draw(_candidates(record), ids, record.position, seed, states, size, masks)
        yield None if record.dart is None else _told(draw, record, chain), states
        states = chain.follow(draw.steps, record.token.id)
        ids.append(record.token.id)


def recorded_states(record: TokenRecord, after: bool = False) -> dict[str, State]:
    """What the stages that learn knew when the token was picked, by name; or after it, for whoever goes on from there."""
    return {trace.name: trace.next_state if after else trace.state for trace in record.stages if trace.state}


def _recorded_masks(record: TokenRecord) -> dict[str, Allowed]:
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


def _candidates(record: TokenRecord) -> Candidates:
    """What the record knows: its candidates and the token that was picked, the ids ascending."""
    ids, logits, tail = record.candidates.id_array(), record.candidates.logit_array(), record.tail_mass
    if record.token.id not in ids:
        ids = np.append(ids, np.int32(record.token.id))
        logits = np.append(logits, np.float32(record.logprob + record.log_sum_exp))
        tail = max(0.0, tail - math.exp(record.logprob))
    order = np.argsort(ids)
    # Rounding leaves a hair of tail even where everything is listed.
    tail = min(max(tail, _LEAST_TAIL), 1 - _LEAST_TAIL) if len(ids) < record.vocabulary_size else 0.0
    return Candidates(ids[order], logits[order], tail_mass=tail)
