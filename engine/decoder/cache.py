"""Keys and values of the tokens that were evaluated already."""

import torch
from torch import Tensor

from engine.decoder.config import DecoderConfig


class KeyValueCache:
    """Room for context_length positions of every layer; ``length`` of them are filled. Rewinding only moves the mark."""

    def __init__(
        self, config: DecoderConfig, batch: int = 1, dtype: torch.dtype = torch.float32, length: int = 0
    ) -> None:
        room = length or config.context_length
        shape = (config.n_layers, batch, config.n_kv_heads, room, config.head_dim)
        self.keys = torch.zeros(shape, dtype=dtype)
        self.values = torch.zeros(shape, dtype=dtype)
        self.room = room
        self.length = 0

    def append(self, layer: int, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        """Store (B, Hkv, T, D) of new positions and return all of that layer, (B, Hkv, length + T, D).

        ``length`` moves only when the whole model has gone through: see advance().
        """
        end = self.length + keys.shape[2]
        self.keys[layer, :, :, self.length : end] = keys
        self.values[layer, :, :, self.length : end] = values
        return self.keys[layer, :, :, :end], self.values[layer, :, :, :end]

    def advance(self, count: int) -> None:
        self.length += count

    def rewind(self, length: int) -> None:
        """Keep the first ``length`` positions."""
        self.length = min(self.length, length)
