"""What window and worker say to each other about loading a model before it is loaded; part of engine.worker.protocol."""

import msgspec

from engine.records.loading import Fit, LoadSettings, Prospect


class _Message(msgspec.Struct, frozen=True, tag=True):
    """Base of everything on the wire; the class name is the tag."""


class PlanLoad(_Message, frozen=True):
    """What a load of a GGUF file would take now, as ``LoadPlanned``.

    settings: those to try, None for those that are kept for the model; general: the program's, where these are auto.
    process: of a worker whose model would make room.
    """

    job: int
    path: str
    settings: LoadSettings | None = None
    general: LoadSettings = LoadSettings()
    process: int = 0


class KeepLoading(_Message, frozen=True):
    """Load this model so from now on."""

    job: int
    path: str
    settings: LoadSettings


class WeighModels(_Message, frozen=True):
    """How loads of several models would go into memory now, as ``ModelsWeighed``, some of them at a time.

    general and process: as in ``PlanLoad``.
    """

    job: int
    paths: tuple[str, ...]
    general: LoadSettings = LoadSettings()
    process: int = 0


LoadingJob = PlanLoad | KeepLoading | WeighModels


class LoadPlanned(_Message, frozen=True):
    """settings: those that were asked about, with their autos."""

    job: int
    path: str
    settings: LoadSettings
    prospect: Prospect


class ModelsWeighed(_Message, frozen=True):
    """By path; those that cannot be weighed are left out."""

    job: int
    fits: dict[str, Fit]


LoadingEvent = LoadPlanned | ModelsWeighed
