"""Folders in the layout of Hugging Face's Llama, Qwen2 and Qwen3 models, as the releases since 2023 write them."""

import json
from pathlib import Path
from typing import Any

import msgspec
import torch
from safetensors.torch import load_file

from engine.decoder.checkpoint import decoder_from_state
from engine.decoder.config import DecoderConfig, RopeScaling
from engine.decoder.model import Decoder
from engine.errors import UserError

_ARCHITECTURES = ("llama", "mistral", "qwen2", "qwen3")


class LoadedFolder(msgspec.Struct, frozen=True):
    """A decoder, and what the folder says about its texts: names of control tokens, the chat template."""

    decoder: Decoder
    bos: str | None
    ends: tuple[str, ...]
    chat_template: str | None


def load_hugging_face(folder: Path) -> LoadedFolder:
    """Read config.json, the safetensors (one file or several with an index) and the tokenizer's settings.

    Raises UserError for another architecture, pickled weights, or files that are missing or do not fit.
    """
    raw = _json(folder / "config.json")
    config = _config(raw)
    state = {name.removeprefix("model."): tensor for name, tensor in _weights(folder).items()}
    state = {name: tensor for name, tensor in state.items() if not name.endswith("rotary_emb.inv_freq")}
    if config.tied_embeddings:
        state.pop("lm_head.weight", None)
    bos, ends, template = _texts(folder, raw)
    return LoadedFolder(decoder_from_state(config, state), bos, ends, template)


def _config(raw: dict[str, Any]) -> DecoderConfig:
    kind = raw.get("model_type")
    if kind not in _ARCHITECTURES:
        raise UserError(
            "architecture", f"The decoder cannot open a {kind} model.", f"It opens {', '.join(_ARCHITECTURES)}."
        )
    # Rotary settings: at the top level and in rope_scaling until 2025, in rope_parameters since.
    rope = {**(raw.get("rope_scaling") or {}), **(raw.get("rope_parameters") or {})}
    rope_kind = rope.get("rope_type", rope.get("type", "default"))
    scaling = None
    if rope_kind == "llama3":
        scaling = RopeScaling(
            float(rope["factor"]),
            float(rope["low_freq_factor"]),
            float(rope["high_freq_factor"]),
            int(rope["original_max_position_embeddings"]),
        )
    elif rope_kind != "default":
        raise UserError(
            "architecture", f"The decoder does not know the rotary scaling {rope_kind!r}.", "Use the model as GGUF."
        )
    try:
        return DecoderConfig(
            vocabulary_size=raw["vocab_size"],
            d_model=raw["hidden_size"],
            n_layers=raw["num_hidden_layers"],
            n_heads=raw["num_attention_heads"],
            d_ff=raw["intermediate_size"],
            n_kv_heads=raw.get("num_key_value_heads") or raw["num_attention_heads"],
            head_dim=raw.get("head_dim") or raw["hidden_size"] // raw["num_attention_heads"],
            context_length=raw["max_position_embeddings"],
            rope_theta=float(rope.get("rope_theta", raw.get("rope_theta", 10_000.0))),
            rope_scaling=scaling,
            norm_eps=raw["rms_norm_eps"],
            qkv_bias=kind == "qwen2" or bool(raw.get("attention_bias")),
            qk_norm=kind == "qwen3",
            tied_embeddings=bool(raw.get("tie_word_embeddings", False)),
        )
    except KeyError as error:
        raise UserError("config-incomplete", f"config.json does not say {error}.", "Fetch the folder again.") from error


def _weights(folder: Path) -> dict[str, torch.Tensor]:
    index = folder / "model.safetensors.index.json"
    if index.exists():
        names = sorted(set(_json(index).get("weight_map", {}).values()))
    elif (folder / "model.safetensors").exists():
        names = ["model.safetensors"]
    elif list(folder.glob("*.bin")) or list(folder.glob("*.pth")):
        raise UserError(
            "pickle-refused",
            "The weights in this folder are pickles, which can run any program when they are opened.",
            "Fetch the model as safetensors or GGUF.",
        )
    else:
        raise UserError("weights-missing", f"{folder} holds no weights.", "Fetch the folder again.")
    state: dict[str, torch.Tensor] = {}
    for name in names:
        if Path(name).name != name:
            raise UserError(
                "weights-path", f"The index names a file outside the folder: {name}.", "Do not trust this folder."
            )
        try:
            state.update(load_file(folder / name))
        except Exception as error:  # safetensors raises an exception type of its own, and OSError
            raise UserError("weights-broken", f"{name} cannot be read.", "Fetch the file again.", str(error)) from error
    return state


def _texts(folder: Path, raw: dict[str, Any]) -> tuple[str | None, tuple[str, ...], str | None]:
    settings = _json(folder / "tokenizer_config.json") if (folder / "tokenizer_config.json").exists() else {}
    template = settings.get("chat_template")
    if (folder / "chat_template.jinja").exists():
        template = (folder / "chat_template.jinja").read_text(encoding="utf-8")
    if isinstance(template, list):  # several templates by name
        template = next((item.get("template") for item in template if item.get("name") == "default"), None)
    bos = (
        _token_text(settings.get("bos_token"))
        if settings.get("add_bos_token", raw.get("model_type") == "llama")
        else None
    )
    ends = {_token_text(settings.get("eos_token"))}
    generation = _json(folder / "generation_config.json") if (folder / "generation_config.json").exists() else {}
    decoder = {int(id): value.get("content") for id, value in (settings.get("added_tokens_decoder") or {}).items()}
    for source in (raw, generation):
        ids = source.get("eos_token_id")
        for id in ids if isinstance(ids, list) else [ids]:
            if id is not None:
                ends.add(decoder.get(int(id)))
    return bos, tuple(sorted(end for end in ends if end)), template


def _token_text(value: Any) -> str | None:
    return value.get("content") if isinstance(value, dict) else value


def _json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UserError(
            "folder-broken", f"{path.name} cannot be read.", "Fetch the folder again.", str(error)
        ) from error
    if not isinstance(value, dict):
        raise UserError("folder-broken", f"{path.name} is not what it should be.", "Fetch the folder again.")
    return value
