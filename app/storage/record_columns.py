"""The candidates of many tokens as columns that deflate well: together they are nine tenths of what a record takes on the disk.

Nothing is lost. Ids become places in a list of the tokens that occur, logits steps from one to the next, and of the final
probabilities only the difference to what the logits predict is kept.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.records import KEPT, Candidates

Bits = NDArray[np.uint32]
_SIGN = np.uint32(0x80000000)


class CandidateColumns(msgspec.Struct, frozen=True, array_like=True):
    """Candidates of n records. counts: of each record; tokens, pieces: those that occur, as planes of int32 and as they are;
    places in that list, steps of the logits, removed_by, and the final probabilities of those that were kept.
    """

    counts: list[int]
    tokens: bytes
    pieces: list[bytes]
    places: bytes
    steps: bytes
    removed_by: bytes
    scales: bytes
    shifts: bytes
    rest: bytes


def planes(values: NDArray[Any]) -> bytes:
    """All first bytes, then all second ones, and so on: like stands beside like."""
    return np.frombuffer(values.tobytes(), np.uint8).reshape(len(values), values.itemsize).T.tobytes()


def from_planes(data: bytes, kind: str) -> NDArray[Any]:
    """What planes() was given."""
    size = np.dtype(kind).itemsize
    columns = np.frombuffer(data, dtype=np.uint8).reshape(size, len(data) // size)
    return np.frombuffer(columns.T.tobytes(), dtype=kind)


def is_regular(all_candidates: Sequence[Candidates]) -> bool:
    """Whether every column is as long as it should be, and what was removed has no probability."""
    for one in all_candidates:
        count = len(one.pieces)
        if not len(one.ids) == len(one.logits) == len(one.final) == 4 * count or len(one.removed_by) != count:
            return False
        # By their bits: a negative 0 is none.
        if one.final and np.frombuffer(one.final, dtype="<u4")[one.removed_by_array() != KEPT].any():
            return False
    return True


def to_columns(all_candidates: Sequence[Candidates]) -> CandidateColumns:
    """Raises nothing for what is_regular()."""
    counts = [len(one) for one in all_candidates]
    ids = np.frombuffer(b"".join(one.ids for one in all_candidates), dtype="<i4")
    pieces = [piece for one in all_candidates for piece in one.pieces]
    pairs = sorted(set(zip(ids.tolist(), pieces, strict=True)))
    number = {pair: place for place, pair in enumerate(pairs)}
    places = np.array([number[pair] for pair in zip(ids.tolist(), pieces, strict=True)], dtype="<u4")
    logits = np.frombuffer(b"".join(one.logits for one in all_candidates), dtype="<f4")
    removed_by = np.frombuffer(b"".join(one.removed_by for one in all_candidates), dtype="u1")
    final = np.frombuffer(b"".join(one.final for one in all_candidates), dtype="<f4")
    kept, kept_counts = _kept(removed_by, counts)
    scales, shifts = _fits(logits[kept], final[kept], kept_counts)
    predicted = _predicted(logits[kept], scales, shifts, kept_counts)
    return CandidateColumns(
        counts,
        planes(np.diff(np.array([id for id, _ in pairs], dtype="<i4"), prepend=np.int32(0)).astype("<i4")),
        [piece for _, piece in pairs],
        planes(places),
        planes(_steps(_ordered(logits))),
        removed_by.tobytes(),
        planes(scales),
        planes(shifts),
        planes(_zigzag(final[kept].view("<u4") - predicted.view("<u4"))),
    )


def from_columns(columns: CandidateColumns) -> list[Candidates]:
    """The candidates of each record."""
    tokens = from_planes(columns.tokens, "<i4").cumsum(dtype="<i4")
    places = from_planes(columns.places, "<u4")
    ids = tokens[places] if len(places) else np.empty(0, "<i4")
    pieces = [columns.pieces[place] for place in places.tolist()]
    logits = _unordered(from_planes(columns.steps, "<u4").cumsum(dtype="<u4"))
    removed_by = np.frombuffer(columns.removed_by, dtype="u1")
    kept, kept_counts = _kept(removed_by, columns.counts)
    scales, shifts = from_planes(columns.scales, "<f4"), from_planes(columns.shifts, "<f8")
    predicted = _predicted(logits[kept], scales, shifts, kept_counts)
    final = np.zeros(len(logits), dtype="<f4")
    final[kept] = (predicted.view("<u4") + _unzigzag(from_planes(columns.rest, "<u4"))).view("<f4")
    borders = np.cumsum([0, *columns.counts]).tolist()
    return [
        Candidates(
            ids[start:end].tobytes(),
            logits[start:end].tobytes(),
            final[start:end].tobytes(),
            columns.removed_by[start:end],
            tuple(pieces[start:end]),
        )
        for start, end in pairwise(borders)
    ]


# --- logits: numbers that grow as they do, and the steps between them --------------------------------------------------


def _ordered(values: NDArray[np.float32]) -> Bits:
    """Integers in the order of the numbers."""
    raw = values.view("<u4")
    ordered: Bits = np.where(raw & _SIGN, ~raw, raw | _SIGN).astype("<u4")
    return ordered


def _unordered(ordered: Bits) -> NDArray[np.float32]:
    raw = np.where(ordered & _SIGN, ordered & ~_SIGN, ~ordered).astype("<u4")
    return raw.view("<f4")


def _steps(values: Bits) -> Bits:
    return np.diff(values, prepend=np.uint32(0)).astype("<u4")


# --- final probabilities: exp(scale * logit + shift), up to rounding --------------------------------------------------


def _kept(removed_by: NDArray[np.uint8], counts: Sequence[int]) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
    """Which candidates were kept, and how many of each record."""
    kept = removed_by == KEPT
    sums = np.concatenate(([0], kept.cumsum()))
    return kept, np.diff(sums[np.cumsum([0, *counts])])


def _fits(
    logits: NDArray[np.float32], final: NDArray[np.float32], counts: NDArray[np.intp]
) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """For each record by what its chain scaled and shifted most of the logits that it kept."""
    scales, shifts = np.ones(len(counts), dtype="<f4"), np.zeros(len(counts), dtype="<f8")
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        logarithms = np.log(final.astype("<f8"))
        start = 0
        for record, count in enumerate(counts.tolist()):
            x, y = logits[start : start + count].astype("<f8"), logarithms[start : start + count]
            start += count
            half = count // 2
            slopes = (y[half:] - y[: count - half]) / (x[half:] - x[: count - half]) if half else np.empty(0)
            slope = _middle(slopes)
            if slope > 0:
                # Most temperatures were written with a few figures.
                near = np.float32(1 / round(1 / slope, 4)) if slope < 1e4 else np.float32(slope)
                scales[record] = near if abs(near - slope) < 1e-3 * slope else np.float32(slope)
            shifts[record] = _middle(y - (logits[start - count : start] * scales[record]))
    return scales, shifts


def _middle(values: NDArray[np.float64]) -> float:
    """The middle one of the finite values; 0 where there is none."""
    finite = np.sort(values[np.isfinite(values)])
    return float(finite[len(finite) // 2]) if len(finite) else 0.0


def _predicted(
    logits: NDArray[np.float32], scales: NDArray[np.float32], shifts: NDArray[np.float64], counts: NDArray[np.intp]
) -> NDArray[np.float32]:
    """The probabilities that the survivors would have if the chain had only scaled and shifted the logits."""
    with np.errstate(invalid="ignore", over="ignore"):
        scaled = (logits * np.repeat(scales, counts)).astype("<f8")
        found = np.exp(np.minimum(scaled + np.repeat(shifts, counts), 0.0))
        return np.where(np.isnan(found), 0.0, found).astype("<f4")


def _zigzag(values: Bits) -> Bits:
    """Small steps both ways as small numbers."""
    signed = values.view("<i4")
    return ((signed << 1) ^ (signed >> 31)).view("<u4")


def _unzigzag(values: Bits) -> Bits:
    return ((values >> np.uint32(1)) ^ (~(values & np.uint32(1)) + np.uint32(1))).astype("<u4")
