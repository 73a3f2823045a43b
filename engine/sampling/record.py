"""From a row of logits to the record of the token that was picked."""

import math
from collections.abc import Callable, Mapping, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.records import KEPT, Token, TokenRecord
from engine.records import Candidates as StoredCandidates
from engine.sampling.candidates import Candidates, whole_vocabulary
from engine.sampling.chain import LN2, Chain, Draw, Outcome, tell
from engine.sampling.grammar import Allowed
from engine.sampling.specification import State

Names = Callable[[Sequence[int]], tuple[bytes, ...]]


class Picked(msgspec.Struct, frozen=True):
    """A token that was drawn, before its record is made. It looks at the logits, which must stay until then.

    forced: somebody put it there, and the draw is what the chain would have done.
    """

    id: int
    position: int
    draw: Draw
    raw: Candidates
    top_ids: NDArray[np.int32]
    top_logits: NDArray[np.float32]
    forced: bool = False

    def record(self, token: Callable[[int], Token], names: Names | None = None) -> TokenRecord:
        """Everything about it. token: id -> Token; names: the bytes of many tokens at once, where that is faster than token."""
        outcome = tell(self.draw, self.top_ids)
        if self.forced:
            survivors = self.draw.steps[-1].after
            outcome = msgspec.structs.replace(outcome, final_probability=survivors.p_of(self.id))
        return _record(
            self.raw, self.top_ids, self.top_logits, self.id, self.position, token, names, outcome, self.forced
        )


def decide(
    chain: Chain,
    logits: NDArray[np.float32],
    history: Sequence[int],
    position: int,
    seed: int,
    candidates: int = 64,
    states: Mapping[str, State] | None = None,
    allowed: Mapping[str, Allowed] | None = None,
) -> Picked:
    """Pick the next token, and do only what must be known before the model can go on. Its record can be made meanwhile.

    logits float32 (V,); history: the tokens before, prompt and reply; position in the reply; states: those of the draw before;
    allowed: the masks of the grammars.
    """
    raw = _all_candidates(logits)
    top_ids, top_logits = _top(raw, candidates)
    draw = chain.draw(raw, history, position, seed, states, allowed=allowed)
    return Picked(draw.id, position, draw, raw, top_ids, top_logits)


def put(
    chain: Chain,
    logits: NDArray[np.float32],
    history: Sequence[int],
    position: int,
    seed: int,
    id: int,
    candidates: int = 64,
    states: Mapping[str, State] | None = None,
    allowed: Mapping[str, Allowed] | None = None,
) -> Picked:
    """Put a token there in place of the one that the chain draws: the stages that learn follow it as if it had been drawn.

    The other arguments are those of decide().
    """
    picked = decide(chain, logits, history, position, seed, candidates, states, allowed)
    learnt = chain.follow(picked.draw.steps, id) if chain.start else {}
    draw = msgspec.structs.replace(picked.draw, states=learnt)
    return msgspec.structs.replace(picked, id=id, draw=draw, forced=True)


def pick(
    chain: Chain,
    logits: NDArray[np.float32],
    history: Sequence[int],
    position: int,
    seed: int,
    token: Callable[[int], Token],
    candidates: int = 64,
    states: Mapping[str, State] | None = None,
    allowed: Mapping[str, Allowed] | None = None,
) -> TokenRecord:
    """Pick the next token and tell everything about it; the arguments are those of decide() and Picked.record()."""
    return decide(chain, logits, history, position, seed, candidates, states, allowed).record(token)


def observe(
    logits: NDArray[np.float32],
    id: int,
    position: int,
    token: Callable[[int], Token],
    candidates: int = 64,
    forced: bool = False,
    names: Names | None = None,
) -> TokenRecord:
    """The record of a token that was given, not picked: of a scored text, or put there by a person (forced) where the chain could
    draw nothing."""
    raw = _all_candidates(logits)
    top_ids, top_logits = _top(raw, candidates)
    return _record(raw, top_ids, top_logits, id, position, token, names, None, forced)


def _all_candidates(logits: NDArray[np.float32]) -> Candidates:
    return Candidates(whole_vocabulary(len(logits)), logits)


def _top(raw: Candidates, count: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    ids, logits = raw.head(max(count, 1))
    return ids[:count], logits[:count]


def _record(
    raw: Candidates,
    top_ids: NDArray[np.int32],
    top_logits: NDArray[np.float32],
    id: int,
    position: int,
    token: Callable[[int], Token],
    names: Names | None,
    outcome: Outcome | None,
    forced: bool = False,
) -> TokenRecord:
    logit = raw.logits[id]
    _, head_logits = raw.head(1)
    listed = head_logits if logit > head_logits[-1] else raw.logits
    rank = 1 + int(np.count_nonzero(listed > logit))
    entropy, squares = _entropy_and_squares(raw)
    top_p = raw.head_p(len(top_ids))
    none = np.zeros(len(top_ids), dtype=np.float32)
    listed_ids = top_ids.tolist()
    pieces = names(listed_ids) if names else tuple([token(listed_id).bytes for listed_id in listed_ids])
    return TokenRecord(
        token=token(id),
        position=position,
        logprob=float(logit) - raw.log_sum_exp,
        rank=rank,
        entropy_bits=entropy / LN2,
        log_sum_exp=raw.log_sum_exp,
        candidates=StoredCandidates(
            ids=top_ids.astype("<i4").tobytes(),
            logits=top_logits.astype("<f4").tobytes(),
            final=(none if outcome is None else outcome.final).astype("<f4").tobytes(),
            removed_by=(bytes([KEPT]) * len(top_ids) if outcome is None else outcome.removed_by.tobytes()),
            pieces=pieces,
        ),
        tail_mass=max(0.0, 1.0 - float(top_p.sum())),
        tail_square_mass=max(0.0, squares - float(np.dot(top_p, top_p))),
        vocabulary_size=len(raw),
        stages=() if outcome is None else outcome.stages,
        dart=None if outcome is None else outcome.dart,
        final_probability=None if outcome is None else outcome.final_probability,
        forced=forced,
    )


def _entropy_and_squares(raw: Candidates) -> tuple[float, float]:
    """Entropy in nats, and the sum of the squared probabilities."""
    # einsum, since dot wakes up a pool of threads for a vocabulary, which then fights llama.cpp's for the cores.
    weights, total = raw.weights, raw.weight_sum
    product = float(np.einsum("i,i->", weights, raw.shifted))
    if math.isnan(product):  # logits of -inf: their weight is 0, and 0 times anything finite is 0
        product = float(np.einsum("i,i->", weights, np.maximum(raw.shifted, np.float32(-1e4))))
    return math.log(total) - product / total, float(np.einsum("i,i->", weights, weights)) / total**2
