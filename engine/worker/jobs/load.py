"""Load a model in place of the present one."""

from pathlib import Path

from engine.inference.load import check_model, open_model
from engine.worker.protocol import Done, LoadModel, ModelUnloaded
from engine.worker.reporter import Reporter
from engine.worker.session import Session


def run(session: Session, request: LoadModel, reporter: Reporter) -> Done:
    """A file that cannot be a model is refused before the present model is given up."""
    path = Path(request.path)
    check_model(path)
    if session.unload():
        reporter.send(ModelUnloaded(request.job))
    model = open_model(
        path,
        request.context_length,
        request.threads,
        request.gpu_layers,
        progress=lambda part: reporter.progress("load", int(1000 * part), 1000),
        cancelled=reporter.cancelled,
    )
    session.take(model)
    return Done(request.job, model=model.info)
