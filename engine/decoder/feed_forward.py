"""The feed-forward half of a layer: SwiGLU (Shazeer 2020)."""

import torch.nn.functional as F
from torch import Tensor, nn

from engine.decoder.config import DecoderConfig


class FeedForward(nn.Module):
    """down(silu(gate(x)) * up(x)), (B, T, C) -> (B, T, C)."""

    def __init__(self, config: DecoderConfig) -> None:
        super().__init__()
        self.gate_proj = nn.Linear(config.d_model, config.d_ff, bias=False)
        self.up_proj = nn.Linear(config.d_model, config.d_ff, bias=False)
        self.down_proj = nn.Linear(config.d_ff, config.d_model, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))
        return out
