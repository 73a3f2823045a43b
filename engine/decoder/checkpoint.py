"""A decoder on disk: ``model.safetensors`` and ``decoder.json`` in a folder."""

from pathlib import Path

import msgspec
import torch
from safetensors.torch import load_file, save_file

from engine.decoder.config import DecoderConfig
from engine.decoder.files import write_atomically
from engine.decoder.model import Decoder
from engine.errors import UserError

WEIGHTS, CONFIG = "model.safetensors", "decoder.json"


def save_decoder(model: Decoder, folder: Path) -> None:
    """Write weights and shape; a tied head is written once."""
    folder.mkdir(parents=True, exist_ok=True)
    state = {name: tensor.detach().contiguous() for name, tensor in model.state_dict().items()}
    if model.config.tied_embeddings:
        del state["lm_head.weight"]
    write_atomically(folder / CONFIG, lambda path: _write_bytes(path, msgspec.json.encode(model.config)))
    write_atomically(folder / WEIGHTS, lambda path: save_file(state, path))


def load_decoder(folder: Path) -> Decoder:
    """Read what save_decoder wrote, in float32. Raises UserError for what is no such folder."""
    try:
        config = msgspec.json.decode((folder / CONFIG).read_bytes(), type=DecoderConfig)
        state = load_file(folder / WEIGHTS)
    except (OSError, msgspec.MsgspecError, Exception) as error:
        if isinstance(error, UserError):
            raise
        raise UserError(
            "checkpoint-broken",
            f"{folder} holds no decoder that can be read.",
            "Choose a checkpoint folder.",
            str(error),
        ) from error
    return decoder_from_state(config, state)


def decoder_from_state(config: DecoderConfig, state: dict[str, torch.Tensor]) -> Decoder:
    """A decoder with the given weights, float32. Raises UserError where names or shapes do not fit the configuration."""
    model = Decoder(config)
    if config.tied_embeddings:
        state = {**state, "lm_head.weight": state.get("embed_tokens.weight", torch.empty(0))}
    try:
        model.load_state_dict({name: tensor.float() for name, tensor in state.items()})
    except RuntimeError as error:
        raise UserError(
            "weights-mismatch",
            "The weights do not fit the model's shape.",
            "The files may be of two models.",
            str(error),
        ) from error
    return model.eval()


def _write_bytes(path: Path, data: bytes) -> None:
    path.write_bytes(data)
