"""What is said about a load: devices, speed, and how to get a build that uses a graphics card. Translated, no widgets."""

import math
from collections.abc import Callable

from app.translation import QT_TRANSLATE_NOOP, translated
from app.widgets.formats import number
from engine.records.loading import LoadPlan, Prospect, Speed

_CONTEXT = "Loading"
_MEASURED = QT_TRANSLATE_NOOP("Loading", "{0} tokens/s, measured on this machine.")
_EXPECTED = QT_TRANSLATE_NOOP("Loading", "About {0} tokens/s expected, going by {1}.")
_ROUGH = QT_TRANSLATE_NOOP(
    "Loading", "Very roughly {0} tokens/s expected, going by {1}, which is of quite another size."
)
_BUILT_IN = QT_TRANSLATE_NOOP("Loading", "the built-in model")
_PROMPT = QT_TRANSLATE_NOOP("Loading", "It reads a prompt at about {0} tokens/s.")
_FULL = QT_TRANSLATE_NOOP("Loading", "At the end of a full context it is roughly {0} tokens/s.")
_UNKNOWN = QT_TRANSLATE_NOOP("Loading", "How fast it is will be known after its first load.")
_SHORT, _ABOUT = QT_TRANSLATE_NOOP("Loading", "{0} tokens/s"), QT_TRANSLATE_NOOP("Loading", "about {0} tokens/s")
_VERY_ROUGH = QT_TRANSLATE_NOOP("Loading", "very roughly {0} tokens/s")
_ON_CPU = QT_TRANSLATE_NOOP("Loading", "The processor computes all of it.")
_ON_BOTH = QT_TRANSLATE_NOOP("Loading", "{0} of {1} layers are computed on {2}, the others by the processor.")
_ON_CARD = QT_TRANSLATE_NOOP("Loading", "All of it is computed on {0}.")
_CARD_MEMORY = QT_TRANSLATE_NOOP("Loading", "{0} of its {1} are needed there.")
_BEYOND = QT_TRANSLATE_NOOP(
    "Loading",
    "A context of {0} tokens is longer than the {1} that the model was trained with: what lies beyond them it reads badly.",
)
_CROWDED = QT_TRANSLATE_NOOP(
    "Loading", "{0} threads are more than twice the {1} cores of this machine: that makes it slower."
)
_CORRECTED = QT_TRANSLATE_NOOP("Loading", "Corrected by what such models took here before (× {0}).")
_TOOK = QT_TRANSLATE_NOOP("Loading", "At its last load it took {0}; {1} were estimated for that, without buffers.")
#: Share of the speed at which a full context is worth a word.
_SLOWER = 0.95


def tokens_per_s(speed: Speed) -> str:
    """1,530; 12; 3.4; 0.21: digits that mean something, all of what was measured, one of what is no more than a rough guess."""
    value = speed.tokens_per_s
    if not speed.measured:
        return _about(value, 1 if speed.rough else 2)
    return number(value, 0 if value >= 10 else 1 if value >= 1 else 2)


def _about(value: float, digits: int) -> str:
    places = digits - 1 - math.floor(math.log10(value)) if value > 0 else 0
    return number(round(value, places), max(places, 0))


def speed_text(speed: Speed | None) -> str:
    if speed is None:
        return _said(_UNKNOWN)
    told = [_said(_MEASURED if speed.measured else _ROUGH if speed.rough else _EXPECTED)]
    if speed.prompt_tokens_per_s and speed.measured:
        told.append(_said(_PROMPT).format(_about(speed.prompt_tokens_per_s, 2)))
    if 0 < speed.full_tokens_per_s < _SLOWER * speed.tokens_per_s:
        told.append(_said(_FULL).format(_about(speed.full_tokens_per_s, 1)))
    return " ".join(told).format(tokens_per_s(speed), speed.source or _said(_BUILT_IN))


def short_speed_text(speed: Speed | None) -> str:
    """For where there is little room; "" where nothing is known."""
    if speed is None:
        return ""
    return _said(_SHORT if speed.measured else _VERY_ROUGH if speed.rough else _ABOUT).format(tokens_per_s(speed))


def brief_speed_text(speed: Speed) -> str:
    """Tokens a second for a cell; how sure it is tells speed_text."""
    return tokens_per_s(speed) if speed.measured else f"≈ {tokens_per_s(speed)}"


def device_text(plan: LoadPlan, size: Callable[[float], str]) -> str:
    """Which device computes what."""
    layers, card = plan.settings.gpu_layers, plan.memory.gpu
    if not layers or card is None:
        return _said(_ON_CPU)
    where = card.description or card.name
    if layers >= plan.layers:
        text = _said(_ON_CARD).format(where)
    else:
        text = _said(_ON_BOTH).format(number(layers), number(plan.layers), where)
    return f"{text} " + _said(_CARD_MEMORY).format(size(plan.estimate.gpu), size(card.free_bytes))


def beyond_text(plan: LoadPlan) -> str:
    """What a context means that is longer than the trained one."""
    return _said(_BEYOND).format(number(plan.settings.context_length), number(plan.trained_context))


def crowded_text(plan: LoadPlan) -> str:
    return _said(_CROWDED).format(number(plan.settings.threads), number(plan.cores))


def history_text(prospect: Prospect, size: Callable[[float], str]) -> str:
    """What earlier loads had to say; "" where there were none."""
    found = []
    if prospect.resident_bytes:
        found.append(_said(_TOOK).format(size(prospect.resident_bytes), size(prospect.expected_bytes)))
    if prospect.plan.correction != 1.0:
        found.append(_said(_CORRECTED).format(number(prospect.plan.correction, 2)))
    return " ".join(found)


def _said(text: str) -> str:
    return translated(_CONTEXT, text)
