"""What "auto" comes to: context length and layers on the graphics card from the estimate and what is free now."""

import math
from collections.abc import Iterator

import msgspec

from engine.inference.machine import decode_threads, physical_cores, prompt_batch
from engine.library.fit import COMFORTABLE, fit
from engine.library.memory import ModelShape, estimate_memory
from engine.records import ModelHeader
from engine.records.loading import FITS, LoadPlan, LoadSettings, MachineMemory, MemoryEstimate

#: What a context is long at most, and what it is not made shorter than, where nobody chose.
LONGEST, SHORTEST = 8192, 2048


def plan_load(header: ModelHeader, settings: LoadSettings, memory: MachineMemory, correction: float = 1.0) -> LoadPlan:
    """The settings without any auto, and what they take.

    The context is the longest, halved from LONGEST, with which the model fits; where it fits with none, the one that fits best.
    As many layers go to the graphics card as its free memory holds. correction: what estimates of such models are multiplied with.
    Raises UserError for a header without the model's shape.
    """
    shape = ModelShape(header)
    size = sum(tensor.size_bytes for tensor in header.tensors)
    parameters = sum(math.prod(tensor.shape) for tensor in header.tensors)
    plans = []
    for length in _lengths(settings, shape):
        for layers in _gpu_layers(settings, shape, memory):
            sensible = LoadSettings(length, decode_threads(size), layers, prompt_batch(parameters, layers > 0), "f16")
            chosen = msgspec.structs.replace(settings.over(sensible), gpu_layers=layers)
            estimate = _estimate(header, chosen, layers, correction)
            card = memory.gpu
            if settings.gpu_layers < 0 and layers and card and estimate.gpu > COMFORTABLE * card.free_bytes:
                continue
            plans.append(
                LoadPlan(
                    chosen,
                    estimate,
                    memory,
                    fit(estimate, memory),
                    shape.layers + 1,
                    round(correction, 4),
                    shape.trained_context,
                    cores=physical_cores(),
                )
            )
            break
        if plans[-1].fit == "fits":
            return plans[-1]
    return min(plans, key=lambda plan: FITS.index(plan.fit))


def bytes_at_load(header: ModelHeader, settings: LoadSettings) -> int:
    """What a load with these settings touches, uncorrected: buffers to compute in are touched by the first words.

    settings: without any auto.
    """
    estimate = _estimate(header, settings, settings.gpu_layers, 1.0)
    return estimate.total - estimate.compute


def _lengths(settings: LoadSettings, shape: ModelShape) -> Iterator[int]:
    if settings.context_length:
        yield settings.context_length
        return
    length = min(shape.trained_context or LONGEST, LONGEST)
    yield length
    while (length := length // 2) >= SHORTEST:
        yield length


def _gpu_layers(settings: LoadSettings, shape: ModelShape, memory: MachineMemory) -> Iterator[int]:
    """Numbers to try, the largest first; 0 is the last of them."""
    most = shape.layers + 1 if memory.gpu is not None else 0
    if settings.gpu_layers >= 0:
        yield min(settings.gpu_layers, most)
        return
    yield from range(most, -1, -1)


def _estimate(header: ModelHeader, chosen: LoadSettings, layers: int, correction: float) -> MemoryEstimate:
    found = estimate_memory(
        header,
        chosen.context_length,
        chosen.batch,
        chosen.cache_type,
        chosen.flash_attention != "off",
        gpu_layers=layers,
        from_file=chosen.weights != "copied",
    )
    return _corrected(found, round((correction - 1) * found.total))


def _corrected(estimate: MemoryEstimate, more: int) -> MemoryEstimate:
    """What is more or less than expected is so in what is known least, weights last."""
    values = {
        "other": estimate.other,
        "compute": estimate.compute,
        "cache": estimate.cache,
        "weights": estimate.weights,
    }
    for name, value in values.items():
        values[name] = max(value + more, 0)
        more -= values[name] - value
    return msgspec.structs.replace(estimate, **values, mapped=min(estimate.mapped, values["weights"]))
