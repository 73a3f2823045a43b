"""How much memory a model will take, from its header alone, before anything of it is loaded."""

import platform
import re
from collections.abc import Iterable, Mapping
from typing import Any

from engine.errors import UserError
from engine.inference.machine import has_amx
from engine.records import ModelHeader, TensorInfo
from engine.records.loading import MemoryEstimate

#: Bytes of an element in the key-value cache, by the names that llama.cpp has for them; blocks of 32 share a scale.
CACHE_BYTES: Mapping[str, float] = {
    "auto": 2,
    "f32": 4,
    "f16": 2,
    "bf16": 2,
    "q8_0": 34 / 32,
    "q5_1": 24 / 32,
    "q5_0": 22 / 32,
    "q4_1": 20 / 32,
    "q4_0": 18 / 32,
    "iq4_nl": 18 / 32,
}
#: Types of which the processor backend keeps a second copy in an order that suits its instructions, beside the mapped file.
REPACKED: Mapping[str, frozenset[str]] = {
    "x86_64": frozenset({"Q4_0", "Q2_K", "Q4_K", "IQ4_NL"}),
    "arm64": frozenset({"Q4_0", "Q4_K", "Q5_K", "Q6_K", "Q8_0", "IQ4_NL"}),
}
_MACHINES = {"amd64": "x86_64", "aarch64": "arm64"}
_TOKENS, _OUTPUT = "token_embd.weight", "output"
_LAYER = re.compile(r"blk\.(\d+)\.")
_ALL_ROWS_FLOATS = 8_000_000  # logits that are asked for at once when a text is scored
#: What a process takes besides: threads and graphs; and for each token of the vocabulary its text and where to find it. Measured.
_FIXED_BYTES, _TOKEN_BYTES = 8_000_000, 230


def estimate_memory(
    header: ModelHeader,
    context_length: int,
    batch: int = 256,
    cache_type: str = "f16",
    flash_attention: bool = True,
    machine: str = "",
    gpu_layers: int = 0,
    from_file: bool = True,
) -> MemoryEstimate:
    """What a model takes. Raises UserError for a header that lacks the model's shape.

    batch: tokens of a prompt that are computed at once. Without flash attention the scores of every head over the whole context
    are held for a batch. machine: as platform.machine() calls it; this one where it is empty. gpu_layers: as llama.cpp counts
    them, from the last: the first of them gives the logits. from_file: the weights stay mapped from the file.
    """
    shape = ModelShape(header)
    per_token = shape.layers * shape.kv_heads * (shape.key_length + shape.value_length)
    rows = min(batch, context_length)
    widest = rows * max(2 * shape.feed_forward + 2 * shape.width, 4 * shape.width)  # floats
    if not flash_attention:
        widest = max(widest, rows * shape.heads * context_length)
    mask = rows * context_length * (2 if flash_attention else 4)
    scored = min(rows, max(1, _ALL_ROWS_FLOATS // shape.vocabulary))
    logits = 2 * 4 * scored * shape.vocabulary  # where they are computed, and where they are handed over
    # Layers with a sliding window hold the whole context as well: else the sequence could not be rewound.
    cache = int(per_token * context_length * CACHE_BYTES[cache_type])
    compute = 4 * widest + mask + logits

    first = shape.layers + 1 - gpu_layers if gpu_layers else shape.layers + 2
    here = [tensor for tensor in header.tensors if _place(tensor, shape.layers) < first]
    on_gpu = [tensor for tensor in header.tensors if _place(tensor, shape.layers) >= first]
    cache_on_gpu = int(cache * min(max(gpu_layers - 1, 0), shape.layers) / max(shape.layers, 1))
    copies = _size(_repacked(here, machine)) if from_file else 0
    gpu = _size(on_gpu) + cache_on_gpu + compute if gpu_layers else 0
    if gpu_layers and not any(tensor.name.startswith(_OUTPUT + ".") for tensor in header.tensors):
        gpu += _size([tensor for tensor in header.tensors if tensor.name == _TOKENS])  # the embeddings once more
    return MemoryEstimate(
        weights=_size(here) + copies,
        cache=cache - cache_on_gpu,
        compute=compute,
        other=_FIXED_BYTES + _TOKEN_BYTES * shape.vocabulary,
        gpu=gpu,
        mapped=_size(here) if from_file else 0,
    )


def _place(tensor: TensorInfo, layers: int) -> int:
    """The layer of a tensor; what gives the logits comes after the last, embeddings are always the processor's."""
    if found := _LAYER.match(tensor.name):
        return int(found[1])
    return layers if tensor.name.startswith(_OUTPUT) else -1


def _repacked(tensors: Iterable[TensorInfo], machine: str) -> list[TensorInfo]:
    if not machine and has_amx():
        return []  # the models are loaded without it there
    machine = machine or platform.machine()
    copied = REPACKED.get(_MACHINES.get(machine.lower(), machine.lower()), frozenset())
    # Embeddings are looked up row by row, which needs no other order.
    return [tensor for tensor in tensors if tensor.type in copied and tensor.name != _TOKENS]


def _size(tensors: Iterable[TensorInfo]) -> int:
    return sum(tensor.size_bytes for tensor in tensors)


class ModelShape:
    """The numbers of a header that memory depends on."""

    def __init__(self, header: ModelHeader) -> None:
        self._metadata, self._kind = header.metadata, header.metadata.get("general.architecture", "")
        tokens = next((tensor for tensor in header.tensors if tensor.name == _TOKENS), None)
        if tokens is None or len(tokens.shape) != 2:
            raise UserError("model-shape", "The file does not say how large its model is.", "Choose another file.")
        self.vocabulary, self.width = tokens.shape
        self.layers = self._number("block_count")
        self.heads = self._number("attention.head_count")
        self.kv_heads = self._number("attention.head_count_kv", self.heads)
        self.key_length = self._number("attention.key_length", self.width // max(self.heads, 1))
        self.value_length = self._number("attention.value_length", self.key_length)
        self.feed_forward = self._number("feed_forward_length", 4 * self.width)
        self.trained_context = self._number("context_length", 0)
        self.experts, self.experts_used = self._number("expert_count", 0), self._number("expert_used_count", 0)

    def _number(self, key: str, default: int | None = None) -> int:
        value: Any = self._metadata.get(f"{self._kind}.{key}", default)
        if isinstance(value, list) and value and all(isinstance(item, int) for item in value):
            value = -(-sum(value) // len(value))  # one for each layer: their mean serves where they are summed
        if value is None:  # such as a state space model, which has no attention
            raise UserError(
                "model-shape",
                f"What memory it takes cannot be worked out: the file gives no {key.replace('_', ' ')}.",
                "It may load all the same.",
            )
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise UserError("model-shape", f"The file's {key.replace('_', ' ')} is {value!r}.", "Choose another file.")
        return value
