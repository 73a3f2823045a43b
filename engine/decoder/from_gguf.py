"""Somebody's Llama, Qwen2 or Qwen3 GGUF file as a decoder of ours, dequantised to float32."""

from pathlib import Path
from typing import Any

import gguf
import numpy as np
import torch

from engine.decoder.checkpoint import decoder_from_state
from engine.decoder.config import DecoderConfig
from engine.decoder.gguf_layout import tensor_names, unpermute
from engine.decoder.model import Decoder
from engine.errors import UserError
from engine.header.gguf import read_gguf_header


def load_gguf(path: Path) -> Decoder:
    """Raises UserError for a damaged file or an architecture that the decoder does not have."""
    header = read_gguf_header(path)
    metadata = header.metadata
    architecture = metadata["general.architecture"]
    if architecture not in ("llama", "qwen2", "qwen3"):
        raise UserError(
            "architecture",
            f"The decoder cannot open a {architecture} model.",
            "It opens Llama, Qwen2 and Qwen3 models; llama.cpp opens the others.",
        )
    tensors = {tensor.name: tensor for tensor in header.tensors}
    reader = gguf.GGUFReader(path)
    config = _config(architecture, metadata, {name: tensor.shape for name, tensor in tensors.items()})
    data = {tensor.name: tensor for tensor in reader.tensors}
    state = {}
    for ours, theirs in tensor_names(config).items():
        if theirs not in data:
            raise UserError("weights-missing", f"{path.name} lacks the tensor {theirs}.", "Fetch the file again.")
        stored = data[theirs]
        weights = np.asarray(gguf.quants.dequantize(stored.data, stored.tensor_type), dtype=np.float32)
        weights = weights.reshape(tensors[theirs].shape)
        if architecture == "llama" and ".q_proj." in ours:
            weights = unpermute(weights, config.n_heads)
        if architecture == "llama" and ".k_proj." in ours:
            weights = unpermute(weights, config.n_kv_heads)
        state[ours] = torch.from_numpy(np.ascontiguousarray(weights))
    model = decoder_from_state(config, state)
    if "rope_freqs.weight" in data:
        factors = torch.from_numpy(np.array(data["rope_freqs.weight"].data, dtype=np.float32))
        model.inverse_frequencies = model.inverse_frequencies / factors
    return model


def _config(architecture: str, metadata: dict[str, Any], shapes: dict[str, tuple[int, ...]]) -> DecoderConfig:
    def value(key: str, default: Any = None) -> Any:
        found = metadata.get(f"{architecture}.{key}", default)
        if found is None:
            raise UserError(
                "model-broken", f"The file does not say its {key.replace('_', ' ')}.", "Fetch the file again."
            )
        return found

    if metadata.get(f"{architecture}.expert_count"):
        raise UserError("architecture", "The decoder cannot open a mixture of experts yet.", "llama.cpp opens it.")
    scaling = metadata.get(f"{architecture}.rope.scaling.type")
    if scaling not in (None, "none"):
        raise UserError(
            "architecture", f"The decoder does not know the rotary scaling {scaling!r}.", "llama.cpp opens this file."
        )
    n_heads, d_model = int(value("attention.head_count")), int(value("embedding_length"))
    return DecoderConfig(
        vocabulary_size=shapes["token_embd.weight"][0],
        d_model=d_model,
        n_layers=int(value("block_count")),
        n_heads=n_heads,
        d_ff=int(value("feed_forward_length")),
        n_kv_heads=int(value("attention.head_count_kv", n_heads)),
        head_dim=int(value("attention.key_length", d_model // n_heads)),
        context_length=int(value("context_length")),
        rope_theta=float(value("rope.freq_base", 10_000.0)),
        norm_eps=float(value("attention.layer_norm_rms_epsilon")),
        qkv_bias="blk.0.attn_q.bias" in shapes,
        qk_norm="blk.0.attn_q_norm.weight" in shapes,
        tied_embeddings="output.weight" not in shapes,
    )
