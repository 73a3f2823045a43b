"""Keys and values of the tokens that were evaluated already."""

import torch
from torch import Tensor

from engine.decoder.config import DecoderConfig
from engine.errors import UserError


class KeyValueCache:
    """Room for context_length positions of every layer; ``length`` of them are filled. Rewinding only moves the mark."""

    def __init__(
        self,
        config: DecoderConfig,
        batch: int = 1,
        dtype: torch.dtype = torch.float32,
        length: int = 0,
        device: torch.device | str = "cpu",
    ) -> None:
        self.room = length or config.context_length
        shape = (config.n_layers, batch, config.n_kv_heads, self.room, config.head_dim)
        self.keys = torch.zeros(shape, dtype=dtype, device=device)
        self.values = torch.zeros(shape, dtype=dtype, device=device)
        self.length = 0

    def append(self, layer: int, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        """Store (B, Hkv, T, D) of new positions and return all of that layer, (B, Hkv, length + T, D).

        ``length`` moves only when the whole model has gone through: see advance(). Raises UserError when the room is used up.
        """
        end = self.length + keys.shape[2]
        if end > self.room:
            raise UserError(
                "context-full",
                f"The context holds {self.room:,} tokens and {end:,} would be needed.",
                "Choose a longer context.",
            )
        self.keys[layer, :, :, self.length : end] = keys
        self.values[layer, :, :, self.length : end] = values
        return self.keys[layer, :, :, :end], self.values[layer, :, :, :end]

    def advance(self, count: int) -> None:
        self.length += count

    def rewind(self, length: int) -> None:
        """Keep the first ``length`` positions."""
        self.length = max(0, min(self.length, length))
