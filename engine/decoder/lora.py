"""Low-rank adapters (Hu et al. 2021): the weights stay as they are, and learn the product of two thin matrices beside them."""

import hashlib
import math
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import msgspec
import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import Tensor, nn

from engine.decoder.checkpoint import read_safetensors
from engine.decoder.files import write_atomically
from engine.decoder.folder import ADAPTER, ADAPTER_CONFIG
from engine.decoder.lora_config import LoraConfig
from engine.decoder.model import Decoder
from engine.errors import UserError


class AdapterConfig(msgspec.Struct, frozen=True):
    """What an adapter folder says of itself: its shape, and the model that it belongs to."""

    lora: LoraConfig
    base: str
    base_fingerprint: str


class LoraLinear(nn.Module):
    """base(x) + scale * b(a(x)): a (r, in), b (out, r) starts at zero, so that nothing changes before the first step."""

    def __init__(self, base: nn.Linear, config: LoraConfig, generator: torch.Generator) -> None:
        super().__init__()
        self.base = base
        self.lora_a = nn.Parameter(torch.empty(config.rank, base.in_features))
        self.lora_b = nn.Parameter(torch.zeros(base.out_features, config.rank))
        nn.init.kaiming_uniform_(self.lora_a, a=math.sqrt(5), generator=generator)
        self.scale = config.scale

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.base(x) + F.linear(F.linear(x, self.lora_a), self.lora_b) * self.scale
        return out


def add_lora(model: Decoder, config: LoraConfig, seed: int = 0) -> None:
    """Put a pair beside every target, in place; all other weights no longer learn."""
    generator = torch.Generator().manual_seed(seed)
    model.requires_grad_(False)
    for name, module in list(model.named_modules()):
        parent, _, child = name.rpartition(".")
        if child in config.targets:
            pair = LoraLinear(cast(nn.Linear, module), config, generator)
            setattr(model.get_submodule(parent), child, pair)


def merge_lora(model: Decoder) -> Decoder:
    """The pairs multiplied out into the weights, in place: a decoder like any other."""
    for name, pair in list(_pairs(model)):
        with torch.no_grad():
            pair.base.weight += pair.scale * (pair.lora_b @ pair.lora_a)
        parent, _, child = name.rpartition(".")
        setattr(model.get_submodule(parent), child, pair.base)
    return model.requires_grad_(True)


def adapter_state(model: Decoder) -> dict[str, Tensor]:
    """The pairs alone: ``layers.0.self_attn.q_proj.lora_a`` and the like."""
    return {
        f"{name}.{part}": getattr(pair, part).detach().contiguous()
        for name, pair in _pairs(model)
        for part in ("lora_a", "lora_b")
    }


def save_adapter(model: Decoder, config: AdapterConfig, folder: Path) -> None:
    """Write the pairs; the weights that they stand beside are not written."""
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(folder / ADAPTER_CONFIG, lambda path: _write_bytes(path, msgspec.json.encode(config)))
    write_atomically(folder / ADAPTER, lambda path: save_file(adapter_state(model), path))


def read_adapter_config(folder: Path) -> AdapterConfig:
    """Raises UserError for a folder without an adapter."""
    try:
        return msgspec.json.decode((folder / ADAPTER_CONFIG).read_bytes(), type=AdapterConfig)
    except (OSError, msgspec.MsgspecError) as error:
        raise UserError(
            "adapter-broken",
            f"{folder} holds no adapter that can be read.",
            "Choose a folder that a training with LoRA wrote.",
            str(error),
        ) from error


def load_adapter(folder: Path, base: Decoder) -> AdapterConfig:
    """Put what save_adapter wrote beside the weights of base, in place. Raises UserError where it belongs to another model."""
    config = read_adapter_config(folder)
    if fingerprint(base) != config.base_fingerprint:
        raise UserError(
            "adapter-base",
            f"The adapter in {folder.name} was made for another model than {Path(config.base).name} is now.",
            "Use the model that it was trained on.",
        )
    state = read_safetensors(folder / ADAPTER)
    add_lora(base, config.lora)
    expected = adapter_state(base)
    if {name: tensor.shape for name, tensor in state.items()} != {name: t.shape for name, t in expected.items()}:
        raise UserError("adapter-broken", f"The adapter in {folder} is damaged.", "Train it again.")
    base.load_state_dict(state, strict=False)
    return config


def fingerprint(model: Decoder) -> str:
    """A digest that changes with the weights, from the beginning of each tensor: all of a large model would take minutes."""
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(f"{name} {tuple(tensor.shape)}".encode())
        digest.update(tensor.detach().flatten()[:256].float().numpy().tobytes())
    return digest.hexdigest()


def _pairs(model: Decoder) -> Iterator[tuple[str, LoraLinear]]:
    for name, module in model.named_modules():
        if isinstance(module, LoraLinear):
            yield name, module


def _write_bytes(path: Path, data: bytes) -> None:
    path.write_bytes(data)
