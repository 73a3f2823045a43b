"""Jobs about a load before it: what it would take, and how it is to be done from now on."""

from pathlib import Path

import msgspec

from engine.errors import UserError
from engine.inference.devices import memory_now
from engine.inference.machine import resident_bytes
from engine.library.kept import keep_settings, kept_settings
from engine.library.opening import prospect
from engine.records.loading import LoadSettings, MachineMemory
from engine.worker.loading_messages import KeepLoading, LoadingJob, LoadPlanned, PlanLoad
from engine.worker.protocol import Done
from engine.worker.reporter import Reporter


def run(request: LoadingJob, reporter: Reporter) -> Done:
    """Raises UserError for what is no GGUF file, or where settings cannot be kept."""
    match request:
        case PlanLoad():
            _plan(request, reporter)
        case KeepLoading():
            keep_settings(Path(request.path), request.settings)
    return Done(request.job)


def ask_first(path: Path, settings: LoadSettings) -> None:
    """Raise UserError("memory-ask") where a model will not fit, or only with swap, after this process gave up what it holds."""
    try:
        plan = prospect(path, settings, with_held(memory_now(), "self")).plan
    except UserError:
        return  # what it will take cannot be worked out
    if plan.fit in ("fits", "tight"):
        return
    estimate, memory = plan.estimate, plan.memory
    if memory.gpu is not None and estimate.gpu > memory.gpu.free_bytes:
        free_gb = memory.gpu.free_bytes / 1e9
        raise UserError(
            "memory-ask",
            f"{path.name} needs {estimate.gpu / 1e9:.1f} GB on the graphics card, and {free_gb:.1f} GB are free.",
            "Fewer layers there would fit.",
        )
    raise UserError(
        "memory-ask",
        f"{path.name} needs {estimate.total / 1e9:.1f} GB of memory, and {memory.free_bytes / 1e9:.1f} GB are free.",
        "It would run from the disk, many times slower."
        if plan.fit == "swaps"
        else "Loading it may fail, and may slow down or end other programs.",
    )


def with_held(memory: MachineMemory, process: int | str) -> MachineMemory:
    """What would be free if a process gave back what it holds; pages of files count as free already."""
    held = resident_bytes(process, "RssAnon") if process else 0
    return msgspec.structs.replace(memory, free_bytes=min(memory.free_bytes + held, memory.total_bytes))


def _plan(request: PlanLoad, reporter: Reporter) -> None:
    path = Path(request.path)
    settings = kept_settings(path) if request.settings is None else request.settings
    found = prospect(path, settings.over(request.general), with_held(memory_now(), request.process))
    reporter.send(LoadPlanned(request.job, request.path, settings, found))
