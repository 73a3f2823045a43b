"""Causal self-attention with grouped key-value heads (Ainslie et al. 2023), rotary positions, optional bias and QK-norm."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.decoder.cache import KeyValueCache
from engine.decoder.config import DecoderConfig
from engine.decoder.rotary import rotate

_BLOCK = 64
_LONGEST = 512  # the weights of each layer are kept for the way back: 0.6 H T^2 of them for a row


class Attention(nn.Module):
    """Names follow Hugging Face's Llama, so that its files load without renaming."""

    def __init__(self, config: DecoderConfig, layer: int) -> None:
        super().__init__()
        self.layer = layer
        self.n_heads, self.n_kv_heads, self.head_dim = config.n_heads, config.n_kv_heads, config.head_dim
        q_width, kv_width = config.n_heads * config.head_dim, config.n_kv_heads * config.head_dim
        self.q_proj = nn.Linear(config.d_model, q_width, bias=config.qkv_bias)
        self.k_proj = nn.Linear(config.d_model, kv_width, bias=config.qkv_bias)
        self.v_proj = nn.Linear(config.d_model, kv_width, bias=config.qkv_bias)
        self.o_proj = nn.Linear(q_width, config.d_model, bias=False)
        if config.qk_norm:
            self.q_norm = nn.RMSNorm(config.head_dim, eps=config.norm_eps)
            self.k_norm = nn.RMSNorm(config.head_dim, eps=config.norm_eps)
        self.qk_norm = config.qk_norm

    def forward(
        self, x: Tensor, cos: Tensor, sin: Tensor, cache: KeyValueCache | None = None, mask: Tensor | None = None
    ) -> Tensor:
        """x (B, T, C) -> (B, T, C). Without a mask attention is causal over the T positions.

        mask: boolean, True where a query may look, broadcastable to (B, H, T, S).
        """
        B, T, _ = x.shape
        q = self.q_proj(x).view(B, T, self.n_heads, self.head_dim).transpose(1, 2)  # (B, H, T, D)
        k = self.k_proj(x).view(B, T, self.n_kv_heads, self.head_dim).transpose(1, 2)  # (B, Hkv, T, D)
        v = self.v_proj(x).view(B, T, self.n_kv_heads, self.head_dim).transpose(1, 2)  # (B, Hkv, T, D)
        if self.qk_norm:
            q, k = self.q_norm(q), self.k_norm(k)
        q, k = rotate(q, cos, sin).to(v.dtype), rotate(k, cos, sin).to(v.dtype)
        if cache is not None:
            k, v = cache.append(self.layer, k, v)  # (B, Hkv, S, D)
        if mask is None and cache is not None and k.shape[2] != T:
            # Query t stands at position S - T + t and may look at all before it and itself.
            S = k.shape[2]
            mask = torch.ones(T, S, dtype=torch.bool, device=x.device).tril(S - T)
        if mask is None and T <= _LONGEST and self.training and x.device.type == "cpu":
            y = blockwise_attention(q, k, v)
        else:
            y = F.scaled_dot_product_attention(
                q, k, v, attn_mask=mask, is_causal=mask is None, enable_gqa=self.n_kv_heads != self.n_heads
            )
        out: Tensor = self.o_proj(y.transpose(1, 2).reshape(B, T, self.n_heads * self.head_dim))
        return out


def blockwise_attention(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Causal attention, a block of queries at a time, each over the keys up to its last query.

    q (B, H, T, D), k and v (B, Hkv, T, D) -> (B, H, T, D). torch's own kernel for processors takes a third of a step of 256
    positions in training; these few matrix products and what is between them, compiled, take half of that.
    """
    if k.shape[1] != q.shape[1]:
        k, v = (x.repeat_interleave(q.shape[1] // k.shape[1], dim=1) for x in (k, v))
    T, scale = q.shape[2], q.shape[3] ** -0.5
    found = []
    for start in range(0, T, _BLOCK):
        end = min(start + _BLOCK, T)
        scores = (q[:, :, start:end] @ k[:, :, :end].transpose(-2, -1)).float() * scale  # (B, H, block, end)
        future = torch.ones(end - start, end, dtype=torch.bool, device=q.device).triu(start + 1)
        weights = torch.softmax(scores.masked_fill(future, -torch.inf), dim=-1).to(v.dtype)
        found.append(weights @ v[:, :, :end])
    return torch.cat(found, dim=2)
