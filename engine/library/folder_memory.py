"""How much memory a folder with weights will take in the decoder, from its config and the headers of its files."""

from pathlib import Path
from typing import Any

import msgspec

from engine.decoder.folder import ADAPTER_CONFIG, newest_checkpoint
from engine.errors import UserError
from engine.inference.machine import decode_threads, physical_cores
from engine.library.fit import fit
from engine.library.memory import ModelShape
from engine.library.parts import read_model_header
from engine.library.summary import folder_header, number, parameters_of, read_json
from engine.records.loading import LoadPlan, LoadSettings, MachineMemory, MemoryEstimate

#: Tokens that the decoder computes at once, and the context that it takes where nobody chose one.
_CHUNK, _LONGEST = 128, 8192
_FLOAT = 4
#: torch and what it holds of its own, once in a process; logits that are asked for at once when a text is scored.
_TORCH_BYTES, _ALL_ROWS_FLOATS = 285_000_000, 8_000_000
_MOST_BASES = 8


class FolderShape(msgspec.Struct, frozen=True):
    """The numbers that memory depends on."""

    parameters: int
    vocabulary: int
    width: int
    layers: int
    heads: int
    kv_heads: int
    head_dim: int
    feed_forward: int
    trained_context: int


def plan_folder(path: Path, settings: LoadSettings, memory: MachineMemory) -> LoadPlan:
    """Of a run, a checkpoint or a Hugging Face folder: 32-bit weights and cache, all on the processor.

    Raises UserError for what holds no model, or does not say how large it is.
    """
    shape = folder_shape(path)
    context = settings.context_length or min(shape.trained_context or _LONGEST, _LONGEST)
    rows = min(_CHUNK, context)
    scored = max(1, min(_CHUNK, _ALL_ROWS_FLOATS // shape.vocabulary))
    estimate = MemoryEstimate(
        weights=_FLOAT * shape.parameters,
        cache=2 * _FLOAT * shape.layers * shape.kv_heads * shape.head_dim * context,
        compute=_FLOAT * (rows * (3 * shape.feed_forward + 4 * shape.width) + 2 * scored * shape.vocabulary),
        other=_TORCH_BYTES,
    )
    threads = settings.threads or decode_threads(_FLOAT * shape.parameters)
    chosen = LoadSettings(context, threads, 0, rows, "f32", "auto", "copied")
    return LoadPlan(
        chosen,
        estimate,
        memory,
        fit(estimate, memory),
        shape.layers + 1,
        trained_context=shape.trained_context,
        backend="decoder",
        cores=physical_cores(),
    )


def folder_shape(path: Path) -> FolderShape:
    """Of its newest checkpoint; of an adapter that of the model below it. Raises UserError where it is not told."""
    for _ in range(_MOST_BASES):
        folder = newest_checkpoint(path) or path
        base = read_json(folder / ADAPTER_CONFIG).get("base")
        if path.is_file() or not isinstance(base, str) or not base:
            break
        path = Path(base)
    if path.is_file():
        return _of_gguf(path)
    header, config = folder_header(folder)
    tied = config.get("tie_word_embeddings") is True
    return _of_config(
        config, parameters_of(tuple(one for one in header.tensors if not (tied and "lm_head" in one.name)))
    )


def _of_gguf(path: Path) -> FolderShape:
    header = read_model_header(path)
    shape = ModelShape(header)
    return FolderShape(
        parameters_of(header.tensors),
        shape.vocabulary,
        shape.width,
        shape.layers,
        shape.heads,
        shape.kv_heads,
        shape.key_length,
        shape.feed_forward,
        shape.trained_context,
    )


def _of_config(config: dict[str, Any], parameters: int) -> FolderShape:
    def of(*keys: str) -> int:
        return next((found for key in keys if (found := number(config.get(key)))), 0)

    width, heads = of("d_model", "hidden_size"), of("n_heads", "num_attention_heads")
    shape = FolderShape(
        parameters,
        of("vocabulary_size", "vocab_size"),
        width,
        of("n_layers", "num_hidden_layers"),
        heads,
        of("n_kv_heads", "num_key_value_heads") or heads,
        of("head_dim") or width // max(heads, 1),
        of("d_ff", "intermediate_size"),
        of("context_length", "max_position_embeddings"),
    )
    if not (shape.vocabulary and shape.width and shape.layers and shape.heads):
        raise UserError("model-shape", "The folder does not say how large its model is.", "Choose another folder.")
    return shape
