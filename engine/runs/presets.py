"""Shapes of models by name, and what it takes to train one: parameters, memory, arithmetic. No torch."""

import msgspec

from engine.decoder.config import DecoderConfig
from engine.errors import UserError


class Shape(msgspec.Struct, frozen=True):
    """A decoder's shape with the vocabulary that suits it."""

    d_model: int
    n_layers: int
    n_heads: int
    d_ff: int
    vocabulary_size: int


#: From what learns in a minute on any machine to what wants a graphics processor for days; named after their parameters.
PRESETS = {
    "1m": Shape(128, 4, 4, 352, 2048),
    "3m": Shape(192, 5, 6, 512, 4096),
    "12m": Shape(384, 6, 6, 1024, 4096),
    "30m": Shape(512, 8, 8, 1408, 8192),
    "55m": Shape(640, 10, 10, 1728, 8192),
    "100m": Shape(768, 12, 12, 2048, 16384),
    "350m": Shape(1024, 24, 16, 2752, 32768),
}


def preset(name: str) -> Shape:
    """Raises UserError for an unknown name."""
    try:
        return PRESETS[name.lower()]
    except KeyError as error:
        raise UserError(
            "preset-unknown",
            f"There is no shape of a model called {name!r}.",
            f"Known ones are: {', '.join(PRESETS)}.",
        ) from error


def flops_per_token(shape: DecoderConfig) -> float:
    """Floating-point operations of a training step for each token (Chowdhery et al. 2022, appendix B).

    6 for each weight that is multiplied by, twelve times the width of the queries for each token looked at in each layer. Half of
    what attention looks at is in the future and may be left out by the machine; it is counted all the same, as elsewhere.
    """
    multiplied = shape.parameter_count - (0 if shape.tied_embeddings else shape.vocabulary_size * shape.d_model)
    attention = 12 * shape.n_layers * shape.n_heads * shape.head_dim * shape.context_length
    return 6.0 * multiplied + attention


def memory_bytes(shape: DecoderConfig, tokens: int) -> float:
    """About what training takes: weights, gradients, two averages, and the activations of a step of so many tokens in 32 bits."""
    a_token = shape.n_layers * (14 * shape.d_model + 4 * shape.d_ff) + 3 * shape.vocabulary_size
    return 16.0 * shape.parameter_count + 4.0 * tokens * a_token + 3e8
