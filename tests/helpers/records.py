"""Token records for tests."""

import numpy as np

from engine.records import KEPT, Candidates, StageTrace, Token, TokenRecord


def make_record(position: int, piece: bytes = b" word", id: int = 7) -> TokenRecord:
    """A record with two candidates whose numbers agree with each other."""
    logits = np.array([2.0, 1.0], dtype="<f4")
    p = np.exp(logits) / np.exp(logits).sum()
    return TokenRecord(
        token=Token(id, piece),
        position=position,
        logprob=float(np.log(p[0])),
        rank=1,
        entropy_bits=float(-(p * np.log2(p)).sum()),
        log_sum_exp=float(np.log(np.exp(logits).sum())),
        candidates=Candidates(
            np.array([id, 9], dtype="<i4").tobytes(),
            logits.tobytes(),
            np.array([1.0, 0.0], dtype="<f4").tobytes(),
            bytes([KEPT, 0]),
            (piece, b"\xff"),
        ),
        tail_mass=0.0,
        tail_square_mass=0.0,
        vocabulary_size=2,
        stages=(StageTrace("top_k", 1, float(p[0])),),
        dart=0.25,
        final_probability=1.0,
        time_ms=1.5,
    )
