"""Folders in the layout of Hugging Face's Llama, Qwen2 and Qwen3 models, as the releases since 2023 write them."""

import math
from pathlib import Path
from typing import Any

import msgspec
import torch

from engine.decoder.checkpoint import decoder_from_state, read_safetensors
from engine.decoder.config import DecoderConfig, RopeScaling
from engine.decoder.folder_texts import FolderTexts, read_json, read_texts
from engine.decoder.memory import check_memory
from engine.decoder.model import Decoder
from engine.errors import UserError
from engine.header.safetensors import read_safetensors_header

_ARCHITECTURES = ("llama", "mistral", "qwen2", "qwen3")
_USE_GGUF = "Use the model as a GGUF file; llama.cpp opens more kinds."


class LoadedFolder(msgspec.Struct, frozen=True):
    """A decoder, and what the folder says about its texts."""

    decoder: Decoder
    texts: FolderTexts


def load_hugging_face(folder: Path) -> LoadedFolder:
    """Read config.json, the safetensors (one file or several with an index) and the tokenizer's settings.

    Raises UserError for another architecture, pickled weights, or files that are missing or do not fit.
    """
    raw = read_json(folder / "config.json")
    _check_kind(raw)
    state = {name.removeprefix("model."): tensor for name, tensor in _weights(folder).items()}
    state = {name: tensor for name, tensor in state.items() if not name.endswith("rotary_emb.inv_freq")}
    # Releases differ in what they leave out of config.json; a model without a head of its own can only be tied.
    tied = bool(raw.get("tie_word_embeddings", False)) or "lm_head.weight" not in state
    if tied:
        state.pop("lm_head.weight", None)
    return LoadedFolder(decoder_from_state(_config(raw, tied), state), read_texts(folder, raw))


def _config(raw: dict[str, Any], tied: bool) -> DecoderConfig:
    kind = raw["model_type"]
    heads = raw.get("num_attention_heads")
    head_dim = raw.get("head_dim") or (128 if kind == "qwen3" else 0)  # the default of that library for each
    window = raw.get("sliding_window") if raw.get("use_sliding_window", kind == "mistral") else None
    # Within the window attention sees everything, so up to there the model is an ordinary one.
    limits = [limit for limit in (raw.get("max_position_embeddings"), window) if isinstance(limit, int)]
    theta, scaling, stretch = _rotary(raw)
    fields = {
        "vocabulary_size": raw.get("vocab_size"),
        "d_model": raw.get("hidden_size"),
        "n_layers": raw.get("num_hidden_layers"),
        "n_heads": heads,
        "d_ff": raw.get("intermediate_size"),
        "n_kv_heads": raw.get("num_key_value_heads") or heads,
        "head_dim": head_dim,
        "context_length": min(limits, default=2048),
        "rope_theta": theta,
        "rope_scaling": scaling,
        "norm_eps": raw.get("rms_norm_eps", 1e-6),
        "qkv_bias": kind == "qwen2",
        "qk_norm": kind == "qwen3",
        "tied_embeddings": tied,
    }
    try:
        config = msgspec.convert(fields, DecoderConfig)
    except msgspec.ValidationError as error:
        raise UserError(
            "config-incomplete", "config.json does not describe a whole model.", "Fetch the folder again.", str(error)
        ) from error
    factors = () if stretch == 1 else (stretch,) * (config.head_dim // 2)
    return msgspec.structs.replace(config, rope_factors=factors)


def _rotary(raw: dict[str, Any]) -> tuple[float, RopeScaling | None, float]:
    """Base, Llama 3's rule, linear stretch: at the top level and in rope_scaling until 2025, in rope_parameters since."""
    try:
        rope: dict[str, Any] = {**(raw.get("rope_scaling") or {}), **(raw.get("rope_parameters") or {})}
        theta = float(rope.get("rope_theta") or raw.get("rope_theta") or 10_000.0)
        kind = rope.get("rope_type") or rope.get("type") or "default"
        if kind == "default":
            return theta, None, 1.0
        if kind == "linear":
            return theta, None, float(rope["factor"])
        if kind == "llama3":
            low, high = float(rope["low_freq_factor"]), float(rope["high_freq_factor"])
            original = int(rope["original_max_position_embeddings"])
            return theta, RopeScaling(float(rope["factor"]), low, high, original), 1.0
    except (KeyError, TypeError, ValueError) as error:
        raise UserError(
            "config-incomplete", "config.json gives no usable rotary settings.", "Fetch the folder again.", repr(error)
        ) from error
    raise UserError("architecture", f"The decoder does not know the rotary scaling {kind!r}.", _USE_GGUF)


def _check_kind(raw: dict[str, Any]) -> None:
    """Refuse what would load and then predict something else than the model does."""
    kind = raw.get("model_type")
    if kind not in _ARCHITECTURES:
        raise UserError(
            "architecture", f"The decoder cannot open a {kind} model.", f"It opens {', '.join(_ARCHITECTURES)}."
        )
    if raw.get("quantization_config"):
        raise UserError("architecture", "The weights of this folder are quantised already.", _USE_GGUF)
    if raw.get("hidden_act", "silu") not in ("silu", "swish"):
        raise UserError("architecture", f"The decoder has no {raw['hidden_act']} feed-forward.", _USE_GGUF)
    if (kind != "qwen2" and raw.get("attention_bias")) or raw.get("mlp_bias"):
        raise UserError("architecture", f"The decoder cannot open a {kind} model with these biases.", _USE_GGUF)
    if (raw.get("partial_rotary_factor") or 1) != 1:
        raise UserError("architecture", "The decoder turns whole heads only, this model a part of each.", _USE_GGUF)


def _weights(folder: Path) -> dict[str, torch.Tensor]:
    index = folder / "model.safetensors.index.json"
    if (folder / "model.safetensors").exists():
        names = ["model.safetensors"]
    elif index.exists():
        names = _shards(read_json(index))
    elif any(next(folder.glob(pattern), None) for pattern in ("*.bin", "*.pth", "*.pt", "*.ckpt")):
        raise UserError(
            "pickle-refused",
            "The weights in this folder are pickles, which can run any program when they are opened.",
            "Fetch the model as safetensors or GGUF.",
        )
    else:
        raise UserError("weights-missing", f"{folder} holds no weights.", "Fetch the folder again.")
    headers = [read_safetensors_header(folder / name) for name in names]
    check_memory(sum(math.prod(tensor.shape) for header in headers for tensor in header.tensors))
    state: dict[str, torch.Tensor] = {}
    for name in names:
        state.update(read_safetensors(folder / name))
    return state


def _shards(index: dict[str, Any]) -> list[str]:
    table = index.get("weight_map")
    names = set(table.values()) if isinstance(table, dict) else set()
    for name in names:
        if not isinstance(name, str) or Path(name).name != name or not name.endswith(".safetensors"):
            raise UserError("weights-path", f"The index names {name!r} as weights.", "Do not trust this folder.")
    if not names:
        raise UserError("folder-broken", "The index of the weights is empty.", "Fetch the folder again.")
    return sorted(names)
