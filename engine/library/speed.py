"""How fast a model will be with some settings, from what was measured on this machine."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from engine.inference.machine import SMALL_MODEL_BYTES, physical_cores
from engine.library.catalogue import listed_name
from engine.library.kept import Measurement
from engine.library.memory import CACHE_BYTES, ModelShape
from engine.records import ModelHeader, TensorInfo
from engine.records.loading import LoadSettings, Speed

_EXPERTS = "_exps."
#: Another kind of weights counts as much as a model twice as large when the nearest measured one is sought.
_OTHER_KIND = 1.0
_ROUGH = 8.0
#: Threads from which more of them wait for memory, not for each other, when a reply is written.
_BANDWIDTH_THREADS = 4
#: How many bytes of weights take a processor as long as one number of keys or values of one head, by the type of the cache.
#: Measured with two models (Q8_0, one thread, x86 with AVX-512): types other than f16 are unpacked for each head.
_ATTENTION_BYTES: Mapping[str, float] = {
    "f16": 4,
    "bf16": 8,
    "f32": 11,
    "q8_0": 6,
    "q4_0": 12,
    "q4_1": 12,
    "q5_0": 17,
    "q5_1": 17,
    "iq4_nl": 12,
}


class Work(msgspec.Struct, frozen=True):
    """What a token of a reply costs: bytes of weights that are read, and what a full context adds, counted in such bytes.

    on_card: share of the layers on the graphics card.
    """

    weights: int
    full_context: int = 0
    on_card: float = 0.0


def work_of(header: ModelHeader, settings: LoadSettings) -> Work:
    """Of a model loaded so; settings without any auto. Raises UserError for a header without the model's shape."""
    shape = ModelShape(header)
    share = min(max(settings.gpu_layers, 0) / (shape.layers + 1), 1.0)
    numbers = shape.layers * (shape.key_length + shape.value_length) * settings.context_length
    here = numbers * shape.heads * _ATTENTION_BYTES.get(settings.cache_type, _ATTENTION_BYTES["f16"])
    there = numbers * shape.kv_heads * CACHE_BYTES[settings.cache_type]
    return Work(bytes_per_token(header), round((1 - share) * here + share * there), share)


def bytes_per_token(header: ModelHeader) -> int:
    """Weights that are read for one token of a reply: of experts those in use, of embeddings that give no logits one row."""
    shape = ModelShape(header)
    tied = not any(tensor.name.startswith("output.") for tensor in header.tensors)

    def share(tensor: TensorInfo) -> float:
        if _EXPERTS in tensor.name and shape.experts:
            return shape.experts_used / shape.experts
        return float(tied or tensor.name != "token_embd.weight")

    return round(sum(share(tensor) * tensor.size_bytes for tensor in header.tensors))


def expected_speed(
    path: Path, work: Work, quantisation: str, settings: LoadSettings, known: Sequence[Measurement]
) -> Speed | None:
    """As it was measured, else from the bandwidth of the model that is nearest in bytes read for a token. None where none was.

    A small model is slower than its bytes say, and held in a cache; so what is worked out from a very different one is rough.
    Layers on a graphics card and on the processor each take their share of the time, as far as both were measured.
    """
    measured = [one for one in known if one.tokens_per_s > 0 and one.bytes_per_token > 0]
    for one in measured:
        if one.path == str(path) and same_speed(one.settings, settings):
            return _speed(work, 1 / one.tokens_per_s, one.prompt_tokens_per_s, one, True)
    if work.weights <= 0:
        return None

    def distance(one: Measurement) -> float:
        ratio = abs(math.log2(one.bytes_per_token / work.weights))
        return ratio + _OTHER_KIND * (one.quantisation != quantisation) + 0.1 * (one.path != str(path))

    here = min((one for one in measured if not on_card(one)), key=distance, default=None)
    there = min((one for one in measured if on_card(one)), key=distance, default=None)
    on_processor = _seconds(here, settings.threads) if here is not None else None
    if work.on_card == 0:
        if here is None or on_processor is None:
            return None
        reply, prompt = on_processor
        return _speed(work, reply * work.weights, _per_second(prompt, work), here)
    if there is None:
        return None
    reply, prompt = _on_card(there, on_processor)
    if work.on_card < 1:
        if on_processor is None:
            return None
        reply = work.on_card * reply + (1 - work.on_card) * on_processor[0]
        prompt = work.on_card * prompt + (1 - work.on_card) * on_processor[1]
    return _speed(work, reply * work.weights, _per_second(prompt, work), there)


def same_speed(one: LoadSettings, other: LoadSettings) -> bool:
    """Whether nothing differs that the speed of a short text depends on."""
    return (one.threads, one.gpu_layers) == (other.threads, other.gpu_layers)


def on_card(one: Measurement) -> float:
    """Share of its layers there; all where there are some and how many it has is not known."""
    layers = max(one.settings.gpu_layers, 0)
    return min(layers / one.layers, 1.0) if one.layers else float(layers > 0)


def _seconds(one: Measurement, threads: int) -> tuple[float, float]:
    """For each byte of weights on the processor, with that many threads: of a token of a reply, and of a prompt (0: unknown)."""
    prompt = 1 / (one.prompt_tokens_per_s * one.bytes_per_token) if one.prompt_tokens_per_s > 0 else 0.0
    reply = 1 / (one.tokens_per_s * one.bytes_per_token)
    cores, before = physical_cores(), one.settings.threads
    if not threads or not before:
        return reply, prompt
    prompt *= min(before, cores) / min(threads, cores)
    if one.bytes_per_token >= SMALL_MODEL_BYTES:  # threads of a smaller one wait for each other
        reply *= min(before, cores, _BANDWIDTH_THREADS) / min(threads, cores, _BANDWIDTH_THREADS)
    return reply, prompt


def _on_card(one: Measurement, on_processor: tuple[float, float] | None) -> tuple[float, float]:
    """Seconds for each byte on the card: what was measured without the share of the processor."""
    share = on_card(one)
    reply, prompt = _seconds(one, 0)
    if share == 1 or on_processor is None:
        return reply, prompt
    left = 1 - share
    # Never less than a twentieth: what is so far off comes from a machine that was busy.
    return (
        max(reply - left * on_processor[0], reply / 20) / share,
        max(prompt - left * on_processor[1], prompt / 20) / share,
    )


def _per_second(prompt: float, work: Work) -> float:
    return 1 / (prompt * work.weights) if prompt > 0 else 0.0


def _speed(work: Work, seconds: float, prompt: float, source: Measurement, measured: bool = False) -> Speed:
    full = seconds * (1 + work.full_context / work.weights) if work.weights else seconds
    ratio = source.bytes_per_token / work.weights if work.weights else 1.0
    rough = not measured and not 1 / _ROUGH <= ratio <= _ROUGH
    reply = source.tokens_per_s if measured else 1 / seconds
    return Speed(reply, prompt, measured, listed_name(Path(source.path)), rough, 1 / full if work.full_context else 0.0)
