"""The same luck under other settings: run a chain again over what a record kept."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.records import TokenRecord
from engine.sampling.candidates import Candidates, whole_vocabulary
from engine.sampling.chain import Chain, Outcome


def preview(
    record: TokenRecord,
    chain: Chain,
    history: Sequence[int],
    seed: int,
    logits: NDArray[np.float32] | None = None,
) -> Outcome:
    """What the chain would do at the record's position with the same dart.

    With the full logits (V,) the answer is exact; from the stored candidates Outcome.exact says whether it is.
    """
    asked = record.candidates.id_array()
    if logits is not None:
        raw = Candidates(whole_vocabulary(len(logits)), logits)
    else:
        order = np.argsort(asked)
        # Rounding leaves a hair of tail even where everything is listed.
        tail = record.tail_mass if len(asked) < record.vocabulary_size else 0.0
        raw = Candidates(asked[order], record.candidates.logit_array()[order], tail_mass=min(tail, 1 - 1e-12))
    return chain.run(raw, history, record.position, seed, asked)
