"""The decoder: embeddings, layers, head."""

import math
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from engine.decoder.attention import Attention
from engine.decoder.cache import KeyValueCache
from engine.decoder.config import DecoderConfig
from engine.decoder.feed_forward import FeedForward
from engine.decoder.rotary import inverse_frequencies, rotation


class DecoderLayer(nn.Module):
    """Pre-norm residual layer: x + attention(norm(x)), then x + feed-forward(norm(x)); in training each sum with dropout."""

    def __init__(self, config: DecoderConfig, layer: int) -> None:
        super().__init__()
        self.input_layernorm = nn.RMSNorm(config.d_model, eps=config.norm_eps)
        self.self_attn = Attention(config, layer)
        self.post_attention_layernorm = nn.RMSNorm(config.d_model, eps=config.norm_eps)
        self.mlp = FeedForward(config)

    def forward(
        self,
        x: Tensor,
        cos: Tensor,
        sin: Tensor,
        cache: KeyValueCache | None = None,
        mask: Tensor | None = None,
        dropout: float = 0.0,
    ) -> Tensor:
        attended = self.self_attn(self.input_layernorm(x), cos, sin, cache, mask)
        x = x + F.dropout(attended, dropout, self.training)
        out: Tensor = x + F.dropout(self.mlp(self.post_attention_layernorm(x)), dropout, self.training)
        return out


class Decoder(nn.Module):
    """A Llama-family decoder. State dictionary names are those of Hugging Face's ``LlamaModel`` without the ``model.`` prefix."""

    def __init__(self, config: DecoderConfig) -> None:
        super().__init__()
        self.config = config
        #: In training, whether activations inside layers are computed again instead of kept (Chen et al. 2016).
        self.recompute = False
        #: In training, the share of what layers add that is left out (Srivastava et al. 2014).
        self.dropout = 0.0
        self.embed_tokens = nn.Embedding(config.vocabulary_size, config.d_model)
        self.layers = nn.ModuleList(DecoderLayer(config, layer) for layer in range(config.n_layers))
        self.norm = nn.RMSNorm(config.d_model, eps=config.norm_eps)
        self.lm_head = nn.Linear(config.d_model, config.vocabulary_size, bias=False)
        if config.tied_embeddings:
            self.lm_head.weight = self.embed_tokens.weight
        self.inverse_frequencies: Tensor
        self.register_buffer("inverse_frequencies", inverse_frequencies(config), persistent=False)

    def initialise(self, seed: int = 0) -> None:
        """Fresh weights: normal with deviation 0.02, output projections scaled down by depth (Radford et al. 2019)."""
        generator = torch.Generator().manual_seed(seed)
        residual = 0.02 / math.sqrt(2 * self.config.n_layers)
        for name, parameter in self.named_parameters():
            if parameter.ndim < 2:
                nn.init.zeros_(parameter) if name.endswith("bias") else nn.init.ones_(parameter)
            else:
                deviation = residual if name.endswith(("o_proj.weight", "down_proj.weight")) else 0.02
                nn.init.normal_(parameter, 0.0, deviation, generator=generator)

    def hidden(
        self,
        ids: Tensor,
        cache: KeyValueCache | None = None,
        mask: Tensor | None = None,
        positions: Tensor | None = None,
    ) -> Tensor:
        """ids (B, T) -> normalised hidden states (B, T, C). With a cache, ids follow what it holds.

        positions (T,) replaces the count from the start, for sequences that were packed side by side.
        """
        start = 0 if cache is None else cache.length
        if positions is None:
            positions = torch.arange(start, start + ids.shape[1], device=ids.device)
        cos, sin = rotation(positions, self.inverse_frequencies)  # (T, D) each
        x: Tensor = self.embed_tokens(ids)  # (B, T, C)
        for layer in self.layers:
            if self.recompute and self.training:
                x = checkpoint(layer, x, cos, sin, None, mask, self.dropout, use_reentrant=False)
            else:
                x = layer(x, cos, sin, cache, mask, self.dropout)
        if cache is not None:
            cache.advance(ids.shape[1])
        out: Tensor = self.norm(x)
        return out

    def forward(self, ids: Tensor, cache: KeyValueCache | None = None, rows: Literal["last", "all"] = "all") -> Tensor:
        """ids (B, T) -> logits (B, T, V), or (B, 1, V) of the last position."""
        x = self.hidden(ids, cache)
        out: Tensor = self.lm_head(x[:, -1:] if rows == "last" else x)
        return out
