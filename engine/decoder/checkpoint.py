"""A decoder on disk: ``model.safetensors`` and ``decoder.json`` in a folder."""

from pathlib import Path

import msgspec
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from engine.decoder.config import DecoderConfig
from engine.decoder.files import write_atomically
from engine.decoder.folder import CONFIG, WEIGHTS
from engine.decoder.model import Decoder
from engine.decoder.rotary import inverse_frequencies
from engine.errors import UserError
from engine.header.safetensors import read_safetensors_header


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
    except (OSError, msgspec.MsgspecError) as error:
        raise UserError(
            "checkpoint-broken",
            f"{folder} holds no decoder that can be read.",
            "Choose a checkpoint folder.",
            str(error),
        ) from error
    return decoder_from_state(config, read_safetensors(folder / WEIGHTS))


def read_safetensors(path: Path) -> dict[str, torch.Tensor]:
    """All tensors of a file in float32, in memory of their own: a file that changes later cannot pull pages from under us.

    Raises UserError for one that is damaged or no safetensors file.
    """
    read_safetensors_header(path)
    try:
        return {name: tensor.to(torch.float32, copy=True) for name, tensor in load_file(path).items()}
    except (SafetensorError, OSError, KeyError) as error:  # KeyError: a type of value that torch does not have
        raise UserError("model-broken", f"{path.name} cannot be read.", "Fetch the file again.", repr(error)) from error


def decoder_from_state(config: DecoderConfig, state: dict[str, torch.Tensor]) -> Decoder:
    """A decoder with the given weights, float32. Raises UserError where names or shapes do not fit the configuration."""
    with torch.device("meta"):  # shapes only: the weights are put in place below, not copied
        model = Decoder(config)
    if config.tied_embeddings:
        state = {**state, "lm_head.weight": state.get("embed_tokens.weight", torch.empty(0))}
    try:
        model.load_state_dict(state, assign=True)
    except RuntimeError as error:
        raise UserError(
            "weights-mismatch",
            "The weights do not fit the model's shape.",
            "The files may be of two models.",
            str(error),
        ) from error
    if config.tied_embeddings:
        model.lm_head.weight = model.embed_tokens.weight
    model.inverse_frequencies = inverse_frequencies(config)
    return model.eval()


def _write_bytes(path: Path, data: bytes) -> None:
    path.write_bytes(data)
