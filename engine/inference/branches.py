"""What a model might write next, as a tree: the likely continuations of a text, opened from the most likely one on."""

import heapq
import math
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from engine.inference.grammar_mask import masks_after
from engine.inference.language_model import LanguageModel
from engine.inference.reading import common_prefix, never, sequence_before
from engine.records import SamplingSettings
from engine.records.explore import Bounds, BranchNode
from engine.sampling.chain import Chain
from engine.sampling.record import Picked, decide
from engine.sampling.specification import State

_LN2 = math.log(2)


def grow(
    model: LanguageModel,
    ids: Sequence[int],
    bounds: Bounds,
    sampling: SamplingSettings,
    seed: int,
    cancelled: Callable[[], bool] = never,
) -> Iterator[list[BranchNode]]:
    """The nodes below a text, the children of one node at a time; the greedy and the sampled path first, then what is likely.

    The draw at depth d is that of position d - 1 of a reply, so that generating with the same seed goes the sampled path.
    """
    chain = Chain(sampling, lambda id: model.vocabulary.token(id).bytes)
    base = sequence_before(model, ids, len(ids), bounds.depth)
    paths: dict[int, tuple[int, ...]] = {-1: ()}
    root = BranchNode(-1, -1, -1, b"", True, 1.0, 0.0, 0, 0, True, True, False)
    waiting = [(False, 0.0, -1, root)]
    count = 0
    learnt: Mapping[str, State] | None = None
    while waiting and count < bounds.most_nodes:
        _, _, _, parent = heapq.heappop(waiting)
        path = paths[parent.id]
        children, picked = _children(model, base, path, parent, chain, seed, bounds, count, learnt, cancelled)
        if parent.sampled:
            learnt = picked.draw.states  # the draws of the path come one after the other
        count += len(children)
        for child in children:
            paths[child.id] = (*path, child.token_id)
            if child.depth < bounds.depth and not child.ends:
                heapq.heappush(waiting, (not (child.greedy or child.sampled), child.path_bits, child.id, child))
        yield children


def _children(
    model: LanguageModel,
    base: Sequence[int],
    path: Sequence[int],
    parent: BranchNode,
    chain: Chain,
    seed: int,
    bounds: Bounds,
    next_id: int,
    learnt: Mapping[str, State] | None,
    cancelled: Callable[[], bool],
) -> tuple[list[BranchNode], Picked]:
    """The likely tokens after a path, and what the chain draws there. learnt: what its stages that learn know by then."""
    sequence = [*base, *path]
    kept = model.rewind(min(common_prefix(model.ids, sequence), len(sequence) - 1))
    row = None
    for rows in model.extend(sequence[kept:], cancelled=cancelled):
        row = rows[-1] if len(rows) else None
    if row is None:
        raise RuntimeError("the model gave no logits")
    # Only where the chain draws it matters what its grammars allow there.
    masks = masks_after(model.vocabulary, chain.grammars, path) if parent.sampled else ()
    allowed = {name: tokens.__getitem__ for name, tokens in masks}
    picked = decide(chain, row, sequence, parent.depth, seed, bounds.width, learnt, allowed)
    log_sum_exp = picked.raw.log_sum_exp
    wanted: list[int] = []
    mass = 0.0
    for id, logit in zip(picked.top_ids.tolist(), picked.top_logits.tolist(), strict=True):
        if wanted and mass >= bounds.top_p:
            break
        wanted.append(id)
        mass += math.exp(logit - log_sum_exp)
    if parent.sampled and picked.id not in wanted:
        wanted.append(picked.id)
    vocabulary = model.vocabulary
    children = []
    for place, id in enumerate(wanted):
        token, logit = vocabulary.token(id), float(row[id])
        children.append(
            BranchNode(
                id=next_id + place,
                parent=parent.id,
                token_id=id,
                piece=token.bytes,
                control=token.control,
                probability=math.exp(logit - log_sum_exp),
                path_bits=parent.path_bits + (log_sum_exp - logit) / _LN2,
                rank=1 + int(np.count_nonzero(row > row[id])),
                depth=parent.depth + 1,
                greedy=parent.greedy and place == 0,
                sampled=parent.sampled and id == picked.id,
                ends=id in vocabulary.end_ids,
            )
        )
    return children, picked
