"""The state of a run on disk, so that a resumed run goes on as if it had not been broken."""

import shutil
from pathlib import Path

import msgspec
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from engine.decoder.checkpoint import save_decoder
from engine.decoder.files import write_atomically
from engine.decoder.model import Decoder
from engine.errors import UserError
from engine.training.optimisers import Optimisers

_LATEST = "latest"


class Progress(msgspec.Struct, frozen=True):
    """Where a run stands: the number of steps done and the seconds spent on them."""

    step: int
    seconds: float


def save_checkpoint(run: Path, model: Decoder, optimisers: Optimisers, progress: Progress, tokenizer: Path) -> Path:
    """Write ``checkpoint-STEP`` whole, point ``latest`` at it, and remove the ones before the last two."""
    folder = run / f"checkpoint-{progress.step:07d}"
    temporary = run / "checkpoint.part"
    shutil.rmtree(temporary, ignore_errors=True)
    save_decoder(model, temporary)
    shutil.copyfile(tokenizer, temporary / "tokenizer.json")
    tensors, numbers = _flatten(optimisers)
    write_atomically(temporary / "optimiser.safetensors", lambda path: save_file(tensors, path))
    (temporary / "optimiser.json").write_bytes(msgspec.json.encode(numbers))
    (temporary / "progress.json").write_bytes(msgspec.json.encode(progress))
    shutil.rmtree(folder, ignore_errors=True)
    temporary.rename(folder)
    write_atomically(run / _LATEST, lambda path: _write_text(path, folder.name))
    for old in sorted(run.glob("checkpoint-???????"))[:-2]:
        shutil.rmtree(old, ignore_errors=True)
    return folder


def latest_checkpoint(run: Path) -> Path | None:
    """The folder of the last whole checkpoint of a run, None where there is none."""
    pointer = run / _LATEST
    if not pointer.exists():
        return None
    folder = run / pointer.read_text().strip()
    if not folder.is_dir():
        raise UserError(
            "checkpoint-missing", f"The last checkpoint of {run} is gone.", "Start the run anew.", str(folder)
        )
    return folder


def load_progress(folder: Path, optimisers: Optimisers) -> Progress:
    """Bring the optimisers to where the checkpoint left them."""
    tensors = load_file(folder / "optimiser.safetensors")
    numbers = msgspec.json.decode((folder / "optimiser.json").read_bytes())
    states = optimisers.state_dict()
    for place, state in enumerate(states):
        state["state"] = {}
        for name, tensor in tensors.items():
            owner, parameter, key = name.split("/")
            if int(owner) == place:
                state["state"].setdefault(int(parameter), {})[key] = tensor
        for group, stored in zip(state["param_groups"], numbers[place], strict=True):
            group["lr"] = stored
    optimisers.load_state_dict(states)
    return msgspec.json.decode((folder / "progress.json").read_bytes(), type=Progress)


def _flatten(optimisers: Optimisers) -> tuple[dict[str, Tensor], list[list[float]]]:
    tensors: dict[str, Tensor] = {}
    numbers: list[list[float]] = []
    for place, state in enumerate(optimisers.state_dict()):
        for parameter, values in state["state"].items():
            for key, value in values.items():
                tensors[f"{place}/{parameter}/{key}"] = torch.as_tensor(value).contiguous()
        numbers.append([group["lr"] for group in state["param_groups"]])
    return tensors, numbers


def _write_text(path: Path, text: str) -> None:
    path.write_text(text)
