"""Somebody's Llama, Qwen2 or Qwen3 GGUF file as a decoder of ours, dequantised to float32."""

from pathlib import Path
from typing import Any

import gguf
import msgspec
import numpy as np
import torch
from numpy.typing import NDArray

from engine.decoder.checkpoint import decoder_from_state
from engine.decoder.config import DecoderConfig
from engine.decoder.gguf_layout import ROPE_FACTORS, tensor_names, unpermute
from engine.decoder.memory import check_memory
from engine.decoder.model import Decoder
from engine.errors import UserError
from engine.header.gguf import read_gguf_header
from engine.records import TensorInfo

_ARCHITECTURES = ("llama", "qwen2", "qwen3")


def load_gguf(path: Path) -> Decoder:
    """Raises UserError for a damaged file, or for a model that has parts which the decoder does not have."""
    header = read_gguf_header(path)
    architecture = header.metadata["general.architecture"]
    if architecture not in _ARCHITECTURES:
        raise _unknown(f"a {architecture} model", f"It opens {', '.join(_ARCHITECTURES)}; llama.cpp opens the others.")
    tensors = {tensor.name: tensor for tensor in header.tensors}
    config = _config(architecture, header.metadata, tensors)
    if ROPE_FACTORS in tensors:
        factors = _dequantised(path, tensors[ROPE_FACTORS]).ravel().tolist()
        config = msgspec.structs.replace(config, rope_factors=tuple(factors))
    elif (stretch := _linear_stretch(architecture, header.metadata)) != 1:
        config = msgspec.structs.replace(config, rope_factors=(stretch,) * (config.head_dim // 2))
    names = tensor_names(config)
    missing = sorted(set(names.values()) - set(tensors))
    if missing:
        raise UserError("weights-missing", f"{path.name} lacks the tensor {missing[0]}.", "Fetch the file again.")
    unused = sorted(set(tensors) - set(names.values()) - {ROPE_FACTORS})
    if unused:  # to leave out a bias or an expert would give other predictions than the model's
        raise _unknown(f"a model with the tensor {unused[0]}", "llama.cpp opens this file.")
    with torch.device("meta"):  # shapes without memory
        shapes = {name: tuple(weights.shape) for name, weights in Decoder(config).state_dict().items()}
    check_memory(config.parameter_count)
    state = {}
    for ours, theirs in names.items():
        if tensors[theirs].shape != shapes[ours]:
            raise UserError(
                "weights-mismatch",
                f"The tensor {theirs} has the shape {tensors[theirs].shape}, and {shapes[ours]} would fit.",
                "Fetch the file again.",
            )
        weights = _dequantised(path, tensors[theirs])
        if architecture == "llama" and ".q_proj." in ours:
            weights = unpermute(weights, config.n_heads)
        if architecture == "llama" and ".k_proj." in ours:
            weights = unpermute(weights, config.n_kv_heads)
        state[ours] = torch.from_numpy(weights)
    return decoder_from_state(config, state)


def _dequantised(path: Path, tensor: TensorInfo) -> NDArray[np.float32]:
    """The values of one tensor, float32, in an array of its own."""
    kind = gguf.GGMLQuantizationType[tensor.type]
    stored = np.fromfile(path, dtype=np.uint8, count=tensor.size_bytes, offset=tensor.offset)
    rows = stored.reshape(*tensor.shape[:-1], -1)  # blocks never reach over the end of a row
    try:
        values = gguf.quants.dequantize(rows, kind)
    except NotImplementedError as error:
        raise _unknown(f"weights of the type {tensor.type}", "llama.cpp opens this file.") from error
    return np.ascontiguousarray(values, dtype=np.float32).reshape(tensor.shape)


def _config(architecture: str, metadata: dict[str, Any], tensors: dict[str, TensorInfo]) -> DecoderConfig:
    def value(key: str, kind: type, default: Any = None) -> Any:
        found = metadata.get(f"{architecture}.{key}", default)
        if isinstance(found, list) and found and all(item == found[0] for item in found):
            found = found[0]  # the same for every layer
        if found is None or isinstance(found, bool) or not isinstance(found, int | float):
            raise UserError(
                "model-broken",
                f"Its {key.replace('_', ' ')} is {found!r}, which is no number.",
                "Fetch the file again.",
            )
        return kind(found)

    if "token_embd.weight" not in tensors or len(tensors["token_embd.weight"].shape) != 2:
        raise UserError("weights-missing", "The file lacks the tensor token_embd.weight.", "Fetch the file again.")
    n_heads, d_model = value("attention.head_count", int), value("embedding_length", int)
    head_dim = value("attention.key_length", int, d_model // max(n_heads, 1))
    if value("rope.dimension_count", int, head_dim) != head_dim:
        raise _unknown("a model that turns a part of each head only", "llama.cpp opens this file.")
    window = value("attention.sliding_window", int, 0) or value("context_length", int)
    return DecoderConfig(
        vocabulary_size=tensors["token_embd.weight"].shape[0],
        d_model=d_model,
        n_layers=value("block_count", int),
        n_heads=n_heads,
        d_ff=value("feed_forward_length", int),
        n_kv_heads=value("attention.head_count_kv", int, n_heads),
        head_dim=head_dim,
        # Within the window attention sees everything, so up to there the model is an ordinary one.
        context_length=min(value("context_length", int), window),
        rope_theta=value("rope.freq_base", float, 10_000.0),
        norm_eps=value("attention.layer_norm_rms_epsilon", float),
        qkv_bias="blk.0.attn_q.bias" in tensors,
        qk_norm="blk.0.attn_q_norm.weight" in tensors,
        tied_embeddings="output.weight" not in tensors,
    )


def _linear_stretch(architecture: str, metadata: dict[str, Any]) -> float:
    """By how much all positions are squeezed together; llama.cpp takes a factor without a type as linear."""
    kind = metadata.get(f"{architecture}.rope.scaling.type", "linear")
    if kind == "none":
        return 1.0
    if kind != "linear":
        raise _unknown(f"rotary positions scaled by {kind!r}", "llama.cpp opens this file.")
    factor = metadata.get(f"{architecture}.rope.scaling.factor") or metadata.get(f"{architecture}.rope.scale_linear")
    return float(factor) if isinstance(factor, int | float) and factor > 0 else 1.0


def _unknown(what: str, hint: str) -> UserError:
    return UserError("architecture", f"The decoder cannot open {what}.", hint)
