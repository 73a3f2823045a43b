"""Opening a model as this machine can: planned before, measured afterwards."""

import contextlib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from engine.errors import Cancelled, UserError
from engine.inference.devices import memory_now
from engine.inference.language_model import LanguageModel
from engine.inference.load import Backend, check_model, open_model
from engine.inference.machine import resident_bytes
from engine.inference.probe import probe_speed
from engine.library.experience import correction
from engine.library.folder_memory import plan_folder
from engine.library.kept import (
    Measurement,
    keep_measurement,
    machine_name,
    measurement,
    measurements,
)
from engine.library.parts import read_model_header
from engine.library.plan import bytes_at_load, plan_load
from engine.library.speed import Work, bytes_per_token, expected_speed, same_speed, work_of
from engine.library.summary import quantisation_of
from engine.records import ModelHeader, Timing
from engine.records.loading import AUTO, LoadPlan, LoadSettings, MachineMemory, Prospect

_TELLING_TOKENS = 32
#: Of a correction: a smaller one is none worth telling.
_DIGITS = 2
_DECODER_TYPE = "F32"


class OpenedModel(msgspec.Struct, frozen=True):
    """A model that is loaded, and what is known of it on this machine: None for what cannot be estimated."""

    model: LanguageModel
    measured: Measurement | None = None


def prospect(
    path: Path, settings: LoadSettings = AUTO, memory: MachineMemory | None = None, header: ModelHeader | None = None
) -> Prospect:
    """Of a GGUF file from its header, of a folder from its config. memory: what there is, where that is not what is free now.

    Raises UserError for what is no model, or does not say how large it is.
    """
    memory = memory or memory_now()
    if header is None and path.is_dir():
        return _prospect_of_folder(path, settings, memory)
    header = header or read_model_header(path)
    path, known = path.resolve(), _measured_by("llama_cpp")
    quantisation, architecture = quantisation_of(header.tensors), header.metadata.get("general.architecture", "")
    plan = plan_load(header, settings, memory)
    at_load = bytes_at_load(header, plan.settings)
    ratio = correction(path, architecture, quantisation, at_load, plan.estimate.total, known)
    if round(ratio, _DIGITS) != 1.0:
        plan = plan_load(header, settings, memory, ratio)
    speed = expected_speed(path, work_of(header, plan.settings), quantisation, plan.settings, known)
    return Prospect(plan, speed, *_last_load(path, known))


def _prospect_of_folder(path: Path, settings: LoadSettings, memory: MachineMemory) -> Prospect:
    """The decoder computes with 32 bits throughout, so that folders differ in size alone."""
    plan, known = plan_folder(path, settings, memory), _measured_by("decoder")
    path = path.resolve()
    speed = expected_speed(path, Work(plan.estimate.weights), _DECODER_TYPE, plan.settings, known)
    return Prospect(plan, speed, *_last_load(path, known))


def _measured_by(backend: Backend) -> list[Measurement]:
    return [one for one in measurements() if one.backend == backend]


def _last_load(path: Path, known: Sequence[Measurement]) -> tuple[int, int]:
    """What it took, and what was expected; zeros where it never was measured."""
    last = next((one for one in known if one.path == str(path) and one.resident_bytes), None)
    return (last.resident_bytes, last.estimated_bytes) if last is not None else (0, 0)


def open_planned(
    path: Path,
    settings: LoadSettings = AUTO,
    *,
    backend: Backend | None = None,
    exact: bool = False,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    adapters: Sequence[Path] = (),
    told: Callable[[LoadPlan], None] = lambda _: None,
) -> OpenedModel:
    """open_model() with what "auto" comes to now, and how much more memory the process holds afterwards.

    told gets the plan before anything is loaded, where one can be made.
    """
    check_model(path)
    planned, header = None, None
    if path.is_dir():
        planned = _planned(path, settings, None)
    elif backend != "decoder":
        header = read_model_header(path)
        planned = _planned(path, settings, header)
        settings = planned.settings if planned is not None else settings
    if planned is not None:
        told(planned)
    before, torch_was_there = resident_bytes(), "torch" in sys.modules
    model = open_model(
        path,
        settings=settings,
        backend=backend,
        exact=exact,
        progress=progress,
        cancelled=cancelled,
        adapters=adapters,
    )
    if planned is None:
        return OpenedModel(model)
    # Another cache or weights of adapters are not what was estimated; pages that had to leave again are not there to be counted.
    comparable = not (exact or adapters or planned.settings.gpu_layers) and planned.fit in ("fits", "tight")
    comparable = comparable and not (path.is_dir() and torch_was_there)  # it is part of the estimate
    measured = _measured(path, header, model, planned, max(resident_bytes() - before, 0) if comparable else 0)
    _keep(measured)
    return OpenedModel(model, measured)


def _planned(path: Path, settings: LoadSettings, header: ModelHeader | None) -> LoadPlan | None:
    """None for a kind of model whose memory cannot be worked out: llama.cpp may know it all the same."""
    try:
        return prospect(path, settings, header=header).plan
    except UserError:
        return None


def measure_speed(opened: OpenedModel, cancelled: Callable[[], bool] | None = None) -> Measurement | None:
    """The two seconds that tell how fast the model is, once for each model and way of loading; None where it is known, or failed.

    Raises Cancelled as soon as cancelled() is true; it is tried again at the next load then.
    """
    measured = opened.measured
    if measured is None or measured.probed:
        return None
    # Kept before: what ends the process here must not do so at each start.
    _keep(msgspec.structs.replace(measured, probed=True))
    try:
        found = probe_speed(opened.model, cancelled)
    except Cancelled:
        _keep(measured)
        raise
    fastest = max(found.tokens_per_s, measured.tokens_per_s)
    measured = msgspec.structs.replace(
        measured, probed=True, tokens_per_s=fastest, prompt_tokens_per_s=found.prompt_tokens_per_s
    )
    _keep(measured)
    return measured


def learn_speed(measured: Measurement, timing: Timing) -> Measurement:
    """What a reply adds to what is known: another load on the machine makes a model slower, never faster, so the best counts."""
    if timing.generated_tokens < _TELLING_TOKENS or timing.tokens_per_s <= measured.tokens_per_s:
        return measured
    better = msgspec.structs.replace(measured, tokens_per_s=timing.tokens_per_s)
    _keep(better)
    return better


def _measured(
    path: Path, header: ModelHeader | None, model: LanguageModel, plan: LoadPlan, resident: int
) -> Measurement:
    """What this load showed, and of the one before what is still true. header: None for a folder."""
    estimate = plan.estimate
    found = Measurement(
        path=str(path.resolve()),
        name=model.info.name,
        machine=machine_name(),
        architecture=model.info.architecture if header is None else header.metadata.get("general.architecture", ""),
        quantisation=_DECODER_TYPE if header is None else quantisation_of(header.tensors),
        file_size=model.info.size_bytes if header is None else header.size_bytes,
        settings=plan.settings if header is None else model.info.settings,
        estimated_bytes=estimate.total - estimate.compute if header is None else bytes_at_load(header, plan.settings),
        resident_bytes=resident,
        bytes_per_token=estimate.weights if header is None else bytes_per_token(header),
        layers=plan.layers,
        backend=plan.backend,
    )
    earlier = measurement(path)
    if earlier is None or (earlier.file_size, earlier.quantisation) != (found.file_size, found.quantisation):
        return found
    if not resident:
        found = msgspec.structs.replace(
            found, resident_bytes=earlier.resident_bytes, estimated_bytes=earlier.estimated_bytes
        )
    if not same_speed(earlier.settings, found.settings):
        return found
    return msgspec.structs.replace(
        found,
        probed=earlier.probed,
        tokens_per_s=earlier.tokens_per_s,
        prompt_tokens_per_s=earlier.prompt_tokens_per_s,
    )


def _keep(measured: Measurement) -> None:
    """A disk that refuses is no reason not to use a model."""
    with contextlib.suppress(UserError):
        keep_measurement(measured)
