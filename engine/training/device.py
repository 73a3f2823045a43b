"""What a run computes on."""

import torch

from engine.errors import UserError
from engine.runs.recipe import Device


def choose_device(wanted: Device) -> torch.device:
    """The device of that name; auto takes a graphics processor where there is one. Raises UserError where it is not there."""
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if wanted == "auto":
        return torch.device(next(name for name, found in there.items() if found))
    if not there[wanted]:
        raise UserError(
            "device",
            f"This machine, or the installed build of torch, has no {wanted}.",
            "Choose the device cpu or auto.",
        )
    return torch.device(wanted)
