"""The job that tells of many models how their loads would go into memory now."""

import time
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from engine.errors import Cancelled, UserError
from engine.inference.devices import memory_now
from engine.library.kept import kept_settings
from engine.library.opening import prospect
from engine.library.parts import model_parts, read_model_header
from engine.records import ModelHeader
from engine.records.loading import Fit
from engine.worker.jobs.loading import with_held
from engine.worker.loading_messages import ModelsWeighed, WeighModels
from engine.worker.protocol import Done
from engine.worker.reporter import Reporter

_TELL_S = 0.3  # between two answers about a long list


def run(request: WeighModels, reporter: Reporter) -> Done:
    """Raises Cancelled."""
    memory, told = with_held(memory_now(), request.process), time.monotonic()
    fits: dict[str, Fit] = {}
    for name in request.paths:
        if reporter.cancelled():
            raise Cancelled
        path = Path(name)
        with suppress(UserError, OSError):  # a shape that is not known, or gone
            header = _header(path, _state(path)) if path.is_file() else None
            fits[name] = prospect(path, kept_settings(path).over(request.general), memory, header).plan.fit
        if time.monotonic() - told > _TELL_S:
            reporter.send(ModelsWeighed(request.job, fits))
            fits, told = {}, time.monotonic()
    reporter.send(ModelsWeighed(request.job, fits))
    return Done(request.job)


def _state(path: Path) -> tuple[tuple[int, int], ...]:
    """Size and time of each part."""
    stats = [part.stat() for part in model_parts(path)]
    return tuple((one.st_size, one.st_mtime_ns) for one in stats)


@lru_cache(maxsize=256)
def _header(path: Path, state: tuple[tuple[int, int], ...]) -> ModelHeader:
    """Of a file as it is now: those with large vocabularies take a while to read."""
    return read_model_header(path)
