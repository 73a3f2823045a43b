"""How GGUF names and lays out what our state dictionary holds."""

import numpy as np
from numpy.typing import NDArray

from engine.decoder.config import DecoderConfig

ROPE_FACTORS = "rope_freqs.weight"
_LAYER_NAMES = {
    "input_layernorm.weight": "attn_norm.weight",
    "self_attn.q_proj.weight": "attn_q.weight",
    "self_attn.k_proj.weight": "attn_k.weight",
    "self_attn.v_proj.weight": "attn_v.weight",
    "self_attn.q_proj.bias": "attn_q.bias",
    "self_attn.k_proj.bias": "attn_k.bias",
    "self_attn.v_proj.bias": "attn_v.bias",
    "self_attn.q_norm.weight": "attn_q_norm.weight",
    "self_attn.k_norm.weight": "attn_k_norm.weight",
    "self_attn.o_proj.weight": "attn_output.weight",
    "post_attention_layernorm.weight": "ffn_norm.weight",
    "mlp.gate_proj.weight": "ffn_gate.weight",
    "mlp.up_proj.weight": "ffn_up.weight",
    "mlp.down_proj.weight": "ffn_down.weight",
}
_TOP_NAMES = {
    "embed_tokens.weight": "token_embd.weight",
    "norm.weight": "output_norm.weight",
    "lm_head.weight": "output.weight",
}


def tensor_names(config: DecoderConfig) -> dict[str, str]:
    """State dictionary name -> GGUF tensor name, for every tensor that a file of this shape holds."""
    left_out = {
        name
        for name in _LAYER_NAMES
        if (name.endswith("bias") and not config.qkv_bias) or ("_norm." in name and not config.qk_norm)
    }
    table = {
        name: theirs for name, theirs in _TOP_NAMES.items() if name != "lm_head.weight" or not config.tied_embeddings
    }
    for layer in range(config.n_layers):
        for name, theirs in _LAYER_NAMES.items():
            if name not in left_out:
                table[f"layers.{layer}.{name}"] = f"blk.{layer}.{theirs}"
    return table


def permute(weights: NDArray[np.float32], heads: int) -> NDArray[np.float32]:
    """Rows of q or k from the half-split rotary layout to the interleaved one that GGUF's ``llama`` has.

    weights (H * D, ...) -> the same shape.
    """
    shape = weights.shape
    split = weights.reshape(heads, 2, shape[0] // heads // 2, *shape[1:])  # (H, 2, D/2, ...)
    return np.ascontiguousarray(split.swapaxes(1, 2)).reshape(shape)


def unpermute(weights: NDArray[np.float32], heads: int) -> NDArray[np.float32]:
    """The reverse of permute."""
    shape = weights.shape
    split = weights.reshape(heads, shape[0] // heads // 2, 2, *shape[1:])  # (H, D/2, 2, ...)
    return np.ascontiguousarray(split.swapaxes(1, 2)).reshape(shape)
