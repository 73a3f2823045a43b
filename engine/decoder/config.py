"""The shape of a decoder, checked when it is made: what no model file can carry is refused here, not at export."""

import math
from typing import Literal

import msgspec

from engine.errors import UserError

Architecture = Literal["llama", "qwen2", "qwen3"]
MAX_LAYERS = 512  # llama.cpp holds no more
#: Far beyond any model; a file that announces more is damaged, and must not be believed when memory is set aside.
_MAX_COUNT, _MAX_PARAMETERS = 1 << 24, 1 << 42
_COUNTS = ("vocabulary_size", "d_model", "n_layers", "n_heads", "d_ff", "n_kv_heads", "head_dim", "context_length")


class RopeScaling(msgspec.Struct, frozen=True):
    """Llama 3's stretching of the rotary frequencies (Grattafiori et al. 2024, section 3.4.2).

    Wavelengths beyond original_context / low_freq_factor are stretched by factor, those under original_context /
    high_freq_factor are kept, between them the two are blended.
    """

    factor: float
    low_freq_factor: float = 1.0
    high_freq_factor: float = 4.0
    original_context: int = 8192


class DecoderConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that defines a decoder but its weights. head_dim 0 means d_model / n_heads; n_kv_heads 0 means n_heads.

    rope_factors (head_dim / 2 numbers) divide the rotary frequencies, for models whose file gives the result of a scaling
    instead of the rule. Raises UserError for a shape that no GGUF architecture carries.
    """

    vocabulary_size: int
    d_model: int
    n_layers: int
    n_heads: int
    d_ff: int
    n_kv_heads: int = 0
    head_dim: int = 0
    context_length: int = 512
    rope_theta: float = 10_000.0
    rope_scaling: RopeScaling | None = None
    rope_factors: tuple[float, ...] = ()
    norm_eps: float = 1e-5
    qkv_bias: bool = False
    qk_norm: bool = False
    tied_embeddings: bool = True

    def __post_init__(self) -> None:
        if self.n_kv_heads == 0:
            msgspec.structs.force_setattr(self, "n_kv_heads", self.n_heads)
        if self.head_dim == 0 and self.n_heads > 0:
            if self.d_model % self.n_heads:
                raise _refused(f"A width of {self.d_model} cannot be shared by {self.n_heads} heads evenly.")
            msgspec.structs.force_setattr(self, "head_dim", self.d_model // self.n_heads)
        for name in _COUNTS:
            if getattr(self, name) < 1:
                raise _refused(f"{name} is {getattr(self, name)}; it must be at least 1.")
            if getattr(self, name) > _MAX_COUNT and name != "context_length":
                raise _refused(f"{name} is {getattr(self, name)}; no model is that large.")
        if self.n_layers > MAX_LAYERS:
            raise _refused(f"{self.n_layers} layers are more than the {MAX_LAYERS} that llama.cpp can hold.")
        if self.n_heads % self.n_kv_heads:
            raise _refused(f"{self.n_heads} heads cannot share {self.n_kv_heads} key-value heads evenly.")
        if self.head_dim % 2:
            raise _refused(f"The head dimension is {self.head_dim}; rotary positions turn pairs, so it must be even.")
        if not (self.rope_theta > 0 and self.norm_eps >= 0):
            raise _refused(f"rope_theta is {self.rope_theta} and norm_eps {self.norm_eps}; they must be positive.")
        if self.parameter_count > _MAX_PARAMETERS:
            raise _refused(f"The model would have {self.parameter_count:.3g} parameters.")
        self._check_architecture()

    def _check_architecture(self) -> None:
        if self.qkv_bias and self.qk_norm:
            raise _refused("Biases on q, k, v together with QK-norm: no model file format carries both.")
        if self.architecture == "qwen2" and self.n_heads * self.head_dim != self.d_model:
            raise _refused("With biases on q, k, v the heads together must be as wide as the model.")
        if self.rope_scaling is None and not self.rope_factors:
            return
        if self.architecture != "llama":
            raise _refused("Scaled rotary positions go with the plain llama architecture only.")
        if self.rope_scaling is not None and self.rope_factors:
            raise _refused("Rotary positions are scaled by a rule or by factors, not by both.")
        usable = len(self.rope_factors) == self.head_dim // 2 and all(
            0 < factor < math.inf for factor in self.rope_factors
        )
        if self.rope_factors and not usable:
            raise _refused(f"rope_factors must be {self.head_dim // 2} positive numbers, one for each pair of a head.")

    @property
    def architecture(self) -> Architecture:
        """The name under which this combination is exported."""
        if self.qk_norm:
            return "qwen3"
        return "qwen2" if self.qkv_bias else "llama"

    @property
    def parameter_count(self) -> int:
        """Weights of the whole model; a tied embedding is counted once."""
        q, kv = self.n_heads * self.head_dim, self.n_kv_heads * self.head_dim
        attention = self.d_model * (q + 2 * kv) + q * self.d_model
        attention += (q + 2 * kv) * self.qkv_bias + 2 * self.head_dim * self.qk_norm
        layer = attention + 3 * self.d_model * self.d_ff + 2 * self.d_model
        embeddings = self.vocabulary_size * self.d_model * (1 if self.tied_embeddings else 2)
        return embeddings + self.n_layers * layer + self.d_model


def _refused(text: str) -> UserError:
    return UserError("decoder-shape", text, "Change the model's shape.")
