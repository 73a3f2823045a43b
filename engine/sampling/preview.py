"""The same luck under other settings: run a chain again over what a record kept."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from engine.records import TokenRecord
from engine.sampling.candidates import Candidates, whole_vocabulary
from engine.sampling.chain import Chain, Outcome, tell
from engine.sampling.specification import State


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
    asked = record.candidates.id_array()
    return chain.run(raw, history, record.position, seed, asked, states, record.vocabulary_size)


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
        if record.dart is None:
            yield None, states
        else:
            draw = chain.draw(_candidates(record), ids, record.position, seed, states, record.vocabulary_size)
            yield tell(draw, record.candidates.id_array()), states
            states = chain.follow(draw.steps, record.token.id)
        ids.append(record.token.id)


def recorded_states(record: TokenRecord, after: bool = False) -> dict[str, State]:
    """What the stages that learn knew when the token was picked, by name; or after it, for whoever goes on from there."""
    return {trace.name: trace.next_state if after else trace.state for trace in record.stages if trace.state}


def _candidates(record: TokenRecord) -> Candidates:
    """What the record kept, the ids ascending."""
    ids = record.candidates.id_array()
    order = np.argsort(ids)
    # Rounding leaves a hair of tail even where everything is listed.
    tail = record.tail_mass if len(ids) < record.vocabulary_size else 0.0
    return Candidates(ids[order], record.candidates.logit_array()[order], tail_mass=min(tail, 1 - 1e-12))
