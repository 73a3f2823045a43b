"""Rotary positions (Su et al. 2021) in the half-split layout that Hugging Face's Llama uses."""

import math

import torch
from torch import Tensor

from engine.decoder.config import DecoderConfig, RopeScaling


def inverse_frequencies(config: DecoderConfig) -> Tensor:
    """Angle per position of each pair of a head, float32 (D / 2,)."""
    frequencies = _plain_frequencies(config)
    factors = frequency_factors(config)
    return (frequencies if factors is None else frequencies / factors).float()


def frequency_factors(config: DecoderConfig) -> Tensor | None:
    """By how much each frequency is divided, float64 (D / 2,); what GGUF stores as ``rope_freqs.weight``."""
    if config.rope_factors:
        return torch.tensor(config.rope_factors, dtype=torch.float64)
    if config.rope_scaling is not None:
        return _stretching(_plain_frequencies(config), config.rope_scaling)
    return None


def _plain_frequencies(config: DecoderConfig) -> Tensor:
    exponents = torch.arange(0, config.head_dim, 2, dtype=torch.float64) / config.head_dim
    frequencies: Tensor = config.rope_theta**-exponents
    return frequencies


def _stretching(frequencies: Tensor, scaling: RopeScaling) -> Tensor:
    """Llama 3's rule: long wavelengths are stretched, short ones kept, between them the two are blended."""
    wavelengths = 2 * math.pi / frequencies
    low = scaling.original_context / scaling.low_freq_factor
    high = scaling.original_context / scaling.high_freq_factor
    span = scaling.high_freq_factor - scaling.low_freq_factor
    smooth = (scaling.original_context / wavelengths - scaling.low_freq_factor) / span
    blended = 1 / ((1 - smooth) / scaling.factor + smooth)
    factors = torch.where(wavelengths > low, torch.full_like(frequencies, scaling.factor), blended)
    return torch.where(wavelengths < high, torch.ones_like(frequencies), factors)


def rotation(positions: Tensor, inverse: Tensor) -> tuple[Tensor, Tensor]:
    """Cosine and sine for positions (T,), each (T, D)."""
    angles = positions.float()[:, None] * inverse[None, :]  # (T, D/2)
    angles = torch.cat((angles, angles), dim=-1)  # (T, D)
    return angles.cos(), angles.sin()


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Turn the pairs (i, i + D/2) of x (B, H, T, D) by their position's angles."""
    first, second = x.chunk(2, dim=-1)
    return x * cos + torch.cat((-second, first), dim=-1) * sin
