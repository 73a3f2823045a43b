"""DRY, "don't repeat yourself" (p-e-w 2024, text-generation-webui pull request 5677; llama.cpp, src/llama-sampler.cpp)."""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from engine.sampling.candidates import Candidates
from engine.sampling.specification import ParameterSpec, StageContext, StageResult, StageSpec, TextSpec

_LONGEST_BREAKER = 40  # bytes
_FLOAT32_MAX_LOG = 88.7228391


def apply(candidates: Candidates, values: Mapping[str, float], context: StageContext) -> StageResult:
    """l -= multiplier * base^(match length - allowed) for a token that would extend a sequence that occurred before.

    The match is what the end of the history has in common with the tokens before an earlier occurrence of that token; it ends
    at the last token in which a sequence breaker ends.
    """
    multiplier, base, allowed = values["multiplier"], values["base"], int(values["allowed"])
    history = _recent(context.history, int(values["last_n"]))
    if multiplier == 0 or base < 1 or len(history) <= allowed:
        return StageResult(candidates)
    breakers = _breakers(context.texts.get("breakers", ""))
    # A power beyond this would not fit into a float32, and longer matches count no more.
    highest = int(_FLOAT32_MAX_LOG / math.log(base)) if base > 1.000001 else 0
    longest = min(len(history), allowed + highest) if highest or base == 1 else len(history)
    lengths = _extensions(np.array(history, dtype=np.int32), allowed, longest)
    if not lengths:
        return StageResult(candidates)
    limit, known = _since_breaker(history, max(lengths.values()), breakers, context.piece)
    if limit < allowed:
        return StageResult(candidates if known else candidates.inexact())
    known = known and all(context.piece(id) is not None for id in lengths)
    lengths = {id: min(length, limit) for id, length in lengths.items() if not _breaks(context.piece(id), breakers)}
    ids = np.fromiter(lengths.keys(), dtype=np.int32, count=len(lengths))
    powers = np.fromiter(lengths.values(), dtype=np.float64, count=len(lengths)) - allowed
    places, listed = candidates.find(ids)
    penalties = (multiplier * base ** powers[listed]).astype(np.float32)
    fall = float(multiplier * base ** powers.max(initial=0.0))
    result = candidates.changed(places, candidates.logits[places] - penalties, len(ids) - len(places), fall)
    return StageResult(result if known or not breakers else result.inexact())


def _recent(history: Sequence[int], last_n: int) -> Sequence[int]:
    return history if last_n < 0 else history[max(0, len(history) - last_n) :]


@lru_cache(maxsize=8)
def _breakers(text: str) -> tuple[bytes, ...]:
    r"""One a line; \n stands for a line break, \t for a tab, \\ for a backslash."""
    plain = (
        line.replace("\\\\", "\0").replace("\\n", "\n").replace("\\t", "\t").replace("\0", "\\")
        for line in text.split("\n")
    )
    return tuple(line.encode()[:_LONGEST_BREAKER] for line in plain if line)


def _breaks(piece: bytes | None, breakers: Sequence[bytes]) -> bool:
    return piece is not None and any(breaker in piece for breaker in breakers)


def _since_breaker(
    history: Sequence[int], longest: int, breakers: Sequence[bytes], piece: Callable[[int], bytes | None]
) -> tuple[int, bool]:
    """How many tokens came after the one in which a breaker ends last, ``longest`` at most; whether all of them are known."""
    if not breakers:
        return longest, True
    known, after = True, b""
    reach = max(map(len, breakers)) - 1
    for count in range(longest + 1):
        if count == len(history):
            return count, known
        text = piece(history[-1 - count])
        if text is None:
            known, text = False, b""
        # A breaker that begins in this token may end in one of those after it, which were looked at already.
        joined = text + after
        ends = [place + len(breaker) for breaker in breakers if 0 <= (place := joined.rfind(breaker)) < len(text)]
        if ends:
            return max(0, count - _tokens_in(history, count, max(ends) - len(text), piece)), known
        after = joined[:reach]
    return longest, known


def _tokens_in(history: Sequence[int], count: int, size: int, piece: Callable[[int], bytes | None]) -> int:
    """How many of the last ``count`` tokens it takes for ``size`` bytes."""
    taken = 0
    while size > 0 and taken < count:
        size -= len(piece(history[len(history) - count + taken]) or b"")
        taken += 1
    return taken


def _extensions(history: NDArray[np.int32], allowed: int, limit: int) -> dict[int, int]:
    """For each token that followed a match of at least ``allowed`` tokens: the length of the longest, ``limit`` at most."""
    last = len(history) - 1
    ends = np.arange(last) if allowed <= 0 else np.array([], dtype=np.intp)
    lengths = dict.fromkeys(history[ends + 1].tolist(), 0)
    ends = (history[:-1] == history[-1]).nonzero()[0]
    for length in range(1, limit + 1):
        if len(ends) == 0:
            break
        if length >= allowed:
            lengths.update(dict.fromkeys(history[ends + 1].tolist(), length))
        ends = ends[ends >= length]
        ends = ends[history[ends - length] == history[last - length]]
    return lengths


SPEC = StageSpec(
    name="dry",
    title="DRY",
    sentence="Makes a token less likely that would go on with a sequence that occurred before, the more the longer it is.",
    parameters=(
        ParameterSpec(
            "multiplier",
            "Multiplier",
            "The strength; 0 turns the stage off.",
            default=0.0,
            neutral=0.0,
            minimum=0.0,
            maximum=5.0,
            limit=100.0,
        ),
        ParameterSpec(
            "base",
            "Base",
            "The penalty grows by this factor with each further token.",
            default=1.75,
            neutral=None,
            minimum=1.0,
            maximum=4.0,
            limit=10.0,
        ),
        ParameterSpec(
            "allowed",
            "Allowed length",
            "Repetitions shorter than this cost nothing.",
            default=2,
            neutral=None,
            minimum=1,
            maximum=20,
            integer=True,
            step=1,
            limit=1000,
        ),
        ParameterSpec(
            "last_n",
            "Look back",
            "How many tokens count as recent; -1 means all.",
            default=-1,
            neutral=None,
            minimum=-1,
            maximum=2048,
            scale="log",
            integer=True,
            step=1,
            limit=1_000_000,
        ),
    ),
    texts=(
        TextSpec(
            "breakers",
            "Breakers",
            "No repetition goes on across these; one a line, \\n stands for a line break.",
            default='\\n\n:\n"\n*',
        ),
    ),
    apply=apply,
)
