"""Load a model in place of the present one."""

from pathlib import Path

import msgspec

from engine.inference.adapter_file import check_adapters
from engine.inference.load import check_model, switch_adapters
from engine.library.kept import kept_settings
from engine.library.opening import OpenedModel, open_planned
from engine.records.loading import LoadSettings
from engine.worker.jobs.loading import ask_first
from engine.worker.protocol import Done, LoadModel, ModelUnloaded
from engine.worker.reporter import Reporter
from engine.worker.session import Session


def run(session: Session, request: LoadModel, reporter: Reporter) -> Done:
    """A file that cannot be a model, or an adapter of it, is refused before the present model is given up."""
    path = Path(request.path)
    check_model(path)
    check_adapters(path, [Path(adapter.path) for adapter in request.adapters])
    settings = kept_settings(path).over(LoadSettings(request.context_length, request.threads, request.gpu_layers))
    if request.ask:
        ask_first(path, settings)
    if session.loaded is not None and _only_scales_differ(session.loaded, request):
        opened = OpenedModel(session.model)
    else:
        if session.unload():
            reporter.send(ModelUnloaded(request.job))
        opened = _open(path, settings, request, reporter)
    switch_adapters(opened.model, request.adapters)
    session.open(opened, request)
    return Done(request.job, model=opened.model.info)


def _open(path: Path, settings: LoadSettings, request: LoadModel, reporter: Reporter) -> OpenedModel:
    return open_planned(
        path,
        settings,
        progress=lambda part: reporter.progress("load", int(1000 * part), 1000),
        cancelled=reporter.cancelled,
        adapters=[Path(adapter.path) for adapter in request.adapters],
    )


def _only_scales_differ(before: LoadModel, now: LoadModel) -> bool:
    """Who asks for exactly the same again wants it loaded again: the file may be another one now."""
    return before.adapters != now.adapters and _but_for_scales(before) == _but_for_scales(now)


def _but_for_scales(request: LoadModel) -> LoadModel:
    alike = tuple(msgspec.structs.replace(adapter, scale=1.0) for adapter in request.adapters)
    return msgspec.structs.replace(request, job=0, ask=False, adapters=alike)
