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
_CORRECTED = QT_TRANSLATE_NOOP("Loading", "Corrected by what such models took here before (× {0}).")
_TOOK = QT_TRANSLATE_NOOP("Loading", "At its last load it took {0}; {1} were estimated for that, without buffers.")


def tokens_per_s(speed: Speed) -> str:
    """1,530; 12; 3.4; 0.21: digits that mean something, all of what was measured, one of what is no more than a rough guess."""
    value = speed.tokens_per_s
    if not speed.measured and value > 0:
        places = (0 if speed.rough else 1) - math.floor(math.log10(value))
        return number(round(value, places), max(places, 0))
    return number(value, 0 if value >= 10 else 1 if value >= 1 else 2)


def speed_text(speed: Speed | None) -> str:
    if speed is None:
        return _said(_UNKNOWN)
    value = tokens_per_s(speed)
    if speed.measured:
        return _said(_MEASURED).format(value)
    return _said(_ROUGH if speed.rough else _EXPECTED).format(value, speed.source)


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
