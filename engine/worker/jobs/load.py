"""Load a model in place of the present one."""

from pathlib import Path

from engine.header.gguf import read_gguf_header
from engine.inference.load import open_model
from engine.worker.protocol import Done, LoadModel
from engine.worker.reporter import Reporter
from engine.worker.session import Session


def run(session: Session, request: LoadModel, reporter: Reporter) -> Done:
    """A file that cannot be a model is refused before the present model is given up."""
    path = Path(request.path)
    if path.is_file():
        read_gguf_header(path)
    session.unload()
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
