"""How what a repository offers goes into this machine's memory, before any of it is fetched, and which of it to take."""

import contextlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec

from engine.errors import UserError
from engine.hub.remote_header import read_remote_header
from engine.library.fit import fit
from engine.library.kept import measurements
from engine.library.opening import prospect
from engine.library.quantised import main_type, recommend, resized
from engine.library.speed import Work, expected_speed
from engine.records import ModelHeader
from engine.records.hub import HubModel
from engine.records.loading import AUTO, Fit, MachineMemory, MemoryEstimate, Speed

#: Beside weights of unknown shape: the cache and buffers of a common one, as a share and as bytes.
_BESIDE_SHARE, _BESIDE_BYTES = 0.1, 300_000_000
#: What is left of 16-bit weights when they are quantised to about 4.8 bits, the usual choice; and bytes of a parameter then.
_CONVERTED, _PARAMETER_BYTES = 0.31, 0.61
#: How many files of a repository are asked for their header before sizes have to do.
_TRIED = 2


class Offers(msgspec.Struct, frozen=True):
    """By the names of the models: how they fit, and the bytes that they take. recommended: the one to take, "" for none.

    speeds: what to expect, going by what was measured here of other models; without those of which nothing is known.
    exact: from a model's header, else from sizes alone.
    """

    fits: Mapping[str, Fit]
    bytes: Mapping[str, int]
    recommended: str
    exact: bool
    speeds: Mapping[str, Speed] = {}


def weigh(
    models: Sequence[HubModel], memory: MachineMemory, headers: dict[str, str], cancelled: Callable[[], bool]
) -> Offers:
    """Look at the header of the smallest by a few requests. headers: those of a download. Raises Cancelled."""
    header = _header(models, headers, cancelled)
    estimates = {model.name: _estimate(model, header, memory) for model in models}
    fits = {name: one[0] for name, one in estimates.items()}
    speeds = {name: one[2] for name, one in estimates.items() if one[2] is not None}
    recommended = recommend([model for model in models if not model.is_folder], fits, speeds)
    return Offers(fits, {name: one[1] for name, one in estimates.items()}, recommended, header is not None, speeds)


def by_parameters(parameters: int, memory: MachineMemory) -> tuple[Fit, int, int]:
    """Of a model in its usual quantisation: how it fits, and roughly the bytes of its file and in memory."""
    size = round(parameters * _PARAMETER_BYTES)
    how, needed = _by_size(size, memory)
    return how, size, needed


def _header(models: Sequence[HubModel], headers: dict[str, str], cancelled: Callable[[], bool]) -> ModelHeader | None:
    """Of the smallest model, or the next; None where they cannot be read. The first part of several tells the shape of all."""
    for model in [model for model in models if not model.is_folder][:_TRIED]:
        with contextlib.suppress(UserError):  # gated, damaged, or no ranges: sizes have to do
            return read_remote_header(model.files[0].remote, headers, cancelled)
    return None


def _estimate(model: HubModel, header: ModelHeader | None, memory: MachineMemory) -> tuple[Fit, int, Speed | None]:
    """How it fits, the bytes that it takes, and how fast it will be."""
    if header is not None and not model.is_folder:
        try:
            other = resized(header, model.size_bytes, model.quantisation)
            found = prospect(Path(model.name), memory=memory, header=other)
            return found.plan.fit, found.plan.estimate.total + found.plan.estimate.gpu, found.speed
        except UserError:  # a shape that the estimate does not know
            pass
    if model.is_folder:
        return *_by_size(round(model.size_bytes * _CONVERTED), memory), None
    return *_by_size(model.size_bytes, memory), _speed_by_size(model, memory)


def _speed_by_size(model: HubModel, memory: MachineMemory) -> Speed | None:
    """Rough, as if every weight were read for each token; None where a graphics card may take an unknown share of them."""
    if memory.gpu is not None:
        return None
    known = [one for one in measurements() if one.backend == "llama_cpp"]
    speed = expected_speed(Path(model.name), Work(model.size_bytes), main_type(model.quantisation), AUTO, known)
    return msgspec.structs.replace(speed, rough=True) if speed is not None else None


def _by_size(weights: int, memory: MachineMemory) -> tuple[Fit, int]:
    estimate = MemoryEstimate(weights, round(_BESIDE_SHARE * weights), 0, _BESIDE_BYTES, mapped=weights)
    return fit(estimate, memory), estimate.total
