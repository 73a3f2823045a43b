"""Load a model in place of the present one."""

from pathlib import Path

import msgspec

from engine.inference.adapter_file import check_adapters
from engine.inference.language_model import LanguageModel
from engine.inference.load import check_model, open_model
from engine.worker.protocol import Done, LoadModel, ModelUnloaded
from engine.worker.reporter import Reporter
from engine.worker.session import Session


def run(session: Session, request: LoadModel, reporter: Reporter) -> Done:
    """A file that cannot be a model, or an adapter of it, is refused before the present model is given up."""
    path = Path(request.path)
    check_model(path)
    check_adapters(path, [Path(adapter.path) for adapter in request.adapters])
    scales = [adapter.scale for adapter in request.adapters]
    if session.loaded is not None and _only_scales_differ(session.loaded, request):
        model = session.model
    else:
        if session.unload():
            reporter.send(ModelUnloaded(request.job))
        model = _open(path, request, reporter)
    if request.adapters:
        _switch(model, scales)
    session.take(model, request)
    return Done(request.job, model=model.info)


def _open(path: Path, request: LoadModel, reporter: Reporter) -> LanguageModel:
    return open_model(
        path,
        request.context_length,
        request.threads,
        request.gpu_layers,
        progress=lambda part: reporter.progress("load", int(1000 * part), 1000),
        cancelled=reporter.cancelled,
        adapters=[Path(adapter.path) for adapter in request.adapters],
    )


def _switch(model: LanguageModel, scales: list[float]) -> None:
    from engine.inference.llama_cpp import LlamaCppModel

    if isinstance(model, LlamaCppModel):  # nothing else was opened with adapters
        model.switch_adapters(scales)


def _only_scales_differ(before: LoadModel, now: LoadModel) -> bool:
    """Who asks for exactly the same again wants it loaded again: the file may be another one now."""
    return before.adapters != now.adapters and _but_for_scales(before) == _but_for_scales(now)


def _but_for_scales(request: LoadModel) -> LoadModel:
    alike = tuple(msgspec.structs.replace(adapter, scale=1.0) for adapter in request.adapters)
    return msgspec.structs.replace(request, job=0, adapters=alike)
