"""How fast a loaded model is: two seconds of reading and going on."""

from collections.abc import Callable
from time import perf_counter

import msgspec

from engine.errors import Cancelled
from engine.inference.language_model import LanguageModel

_PROMPT_S, _REPLY_S = 0.8, 1.2
_FEW, _MOST = 16, 512
_STEPS = 400


class Probe(msgspec.Struct, frozen=True):
    """Tokens a second; 0 where there was no time to tell."""

    tokens_per_s: float
    prompt_tokens_per_s: float


def probe_speed(model: LanguageModel, cancelled: Callable[[], bool] | None = None) -> Probe:
    """Measures with tokens from the middle of the vocabulary, which say nothing; the sequence is empty afterwards.

    Raises Cancelled as soon as cancelled() is true.
    """
    deadline = perf_counter() + _PROMPT_S
    try:
        prompt = _prompt(model, deadline, cancelled)
        return Probe(_reply(model, cancelled), prompt)
    finally:
        model.rewind(0)


def _prompt(model: LanguageModel, deadline: float, cancelled: Callable[[], bool] | None) -> float:
    """More tokens each time, until the time is over: the last that were read in time count."""
    found, size = 0.0, _FEW
    last = deadline + 2 * _PROMPT_S  # a slow model has three times as long for the first few tokens
    while size <= min(_MOST, model.context_length // 2):
        model.rewind(0)
        start = perf_counter()
        try:
            for _ in model.extend(_ids(model, size), cancelled=lambda: _stop(cancelled) or perf_counter() > last):
                pass
        except Cancelled:
            if _stop(cancelled):
                raise
            return found
        seconds = perf_counter() - start
        found = size / seconds
        if perf_counter() + 2 * seconds > deadline:
            break
        size *= 2
    return found


def _reply(model: LanguageModel, cancelled: Callable[[], bool] | None) -> float:
    model.rewind(min(_FEW, len(model.ids)))
    room = min(_STEPS, model.context_length - len(model.ids))
    deadline = perf_counter() + _REPLY_S
    start, done = perf_counter(), 0
    for place, id in enumerate(_ids(model, room)):
        if _stop(cancelled):
            raise Cancelled
        for _ in model.extend([id]):
            pass
        done = place
        if place == 0:  # it only warms up
            start = perf_counter()
        elif perf_counter() > deadline:
            break
    return done / (perf_counter() - start) if done else 0.0


def _ids(model: LanguageModel, size: int) -> list[int]:
    """Plain tokens: control tokens come first in most vocabularies, and last in others."""
    vocabulary = model.vocabulary.size
    return [vocabulary // 4 + place * 7 % max(1, vocabulary // 4) for place in range(size)]


def _stop(cancelled: Callable[[], bool] | None) -> bool:
    return cancelled is not None and cancelled()
