"""What earlier loads on this machine say of the next one: how far estimates are off, and how fast a model will be."""

import math
import statistics
from collections.abc import Sequence
from pathlib import Path

from engine.library.kept import Measurement
from engine.library.memory import ModelShape
from engine.records import ModelHeader, TensorInfo
from engine.records.loading import LoadSettings, Speed

#: How far an estimate is corrected at most: what is further off was disturbed, as by weights that had to leave memory.
LEAST, MOST = 0.8, 1.25
_EXPERTS = "_exps."
#: Another kind of weights counts as much as a model twice as large when the nearest measured one is sought.
_OTHER_KIND = 1.0
_ROUGH = 8.0
_SIZES = 3


def correction(
    path: Path, architecture: str, quantisation: str, estimated_bytes: int, known: Sequence[Measurement]
) -> float:
    """Measured over estimated: of this very file, else the median of its architecture, quantisation and size; 1 without either."""
    ratios = {
        one.path: one.resident_bytes / one.estimated_bytes
        for one in known
        if one.resident_bytes > 0 and one.estimated_bytes > 0 and one.architecture == architecture
        if one.quantisation == quantisation and _near(one.estimated_bytes, estimated_bytes)
    }
    if not ratios:
        return 1.0
    return min(max(ratios.get(str(path)) or statistics.median(ratios.values()), LEAST), MOST)


def _near(one: int, other: int) -> bool:
    """What a small model takes beside its weights says nothing about a large one."""
    return other <= _SIZES * one and one <= _SIZES * other


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
    path: Path, read_bytes: int, quantisation: str, settings: LoadSettings, known: Sequence[Measurement]
) -> Speed | None:
    """As it was measured, else from the bandwidth of the model that is nearest in bytes read for a token. None where none was.

    A small model is slower than its bytes say, and held in a cache; so what is worked out from a very different one is rough.
    """
    measured = [one for one in known if one.tokens_per_s > 0 and one.bytes_per_token > 0]
    for one in measured:
        if one.path == str(path) and same_speed(one.settings, settings):
            return Speed(one.tokens_per_s, one.prompt_tokens_per_s, True, one.name)
    others = [one for one in measured if bool(one.settings.gpu_layers) == bool(settings.gpu_layers)]
    if not others or read_bytes <= 0:
        return None

    def distance(one: Measurement) -> float:
        return abs(math.log2(one.bytes_per_token / read_bytes)) + _OTHER_KIND * (one.quantisation != quantisation)

    nearest = min(others, key=distance)
    ratio = nearest.bytes_per_token / read_bytes
    rough = not 1 / _ROUGH <= ratio <= _ROUGH
    return Speed(nearest.tokens_per_s * ratio, nearest.prompt_tokens_per_s * ratio, False, nearest.name, rough)


def main_quantisation(header: ModelHeader) -> str:
    """The type that most of the weights have."""
    sizes: dict[str, int] = {}
    for tensor in header.tensors:
        sizes[tensor.type] = sizes.get(tensor.type, 0) + tensor.size_bytes
    return max(sizes, key=lambda kind: sizes[kind], default="")


def same_speed(one: LoadSettings, other: LoadSettings) -> bool:
    """Whether nothing differs that speed depends on much."""
    return (one.threads, one.gpu_layers) == (other.threads, other.gpu_layers)
