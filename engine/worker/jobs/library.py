"""Jobs about the library: headers are read here, and files that a person wants gone are set aside."""

from itertools import islice
from pathlib import Path

from engine.decoder.folder import newest_checkpoint
from engine.errors import UserError
from engine.library import changes
from engine.library.card import read_card
from engine.library.catalogue import library, models_below
from engine.library.checksums import checksums
from engine.library.parts import model_parts
from engine.library.places import find_elsewhere
from engine.library.summary import folder_header
from engine.records.library import FoundModel
from engine.resources import data_folder
from engine.worker.library_messages import (
    AddModels,
    ChangeModel,
    FoundElsewhere,
    HashModel,
    LibraryJob,
    ListModels,
    LookElsewhere,
    ModelHashed,
    ModelRead,
    ModelsListed,
    ReadModel,
)
from engine.worker.protocol import Done
from engine.worker.reporter import Reporter

_DEEPEST, _MOST_AT_ONCE = 4, 500


def run(request: LibraryJob, reporter: Reporter) -> Done:
    """Raises UserError for what is broken or cannot be changed, Cancelled."""
    match request:
        case ListModels(folder=folder):
            if request.empty:
                changes.empty(Path(folder))
            _send_list(request.job, folder, reporter)
        case AddModels():
            _add(request, reporter)
        case ChangeModel():
            _send_list(request.job, request.folder, reporter, _change(request))
        case ReadModel():
            reporter.send(ModelRead(request.job, read_card(Path(request.folder), Path(request.path))))
        case HashModel():
            sums = checksums(
                data_folder(),
                Path(request.path),
                lambda done, total: reporter.progress("load", 1000 * done // max(total, 1), 1000),
                reporter.cancelled,
            )
            reporter.send(ModelHashed(request.job, request.path, sums))
        case LookElsewhere():
            _look(request, reporter)
    return Done(request.job)


def _send_list(job: int, folder: str, reporter: Reporter, aside: str = "") -> None:
    reporter.send(ModelsListed(job, tuple(library(Path(folder), reporter.cancelled)), aside=aside))


def _add(request: AddModels, reporter: Reporter) -> None:
    folder = Path(request.folder)
    added, refused = [], []
    for path, program, name in request.paths:
        for one in _meant(Path(path)):
            try:
                added.append(changes.add(folder, one, program, name))
            except UserError as error:
                refused.append((str(one), error.text))
    models = tuple(library(folder, reporter.cancelled))
    reporter.send(ModelsListed(request.job, models, tuple(added), tuple(refused)))


def _meant(path: Path) -> list[Path]:
    """Itself; of a folder that is no model the models in it, as far as a person would look."""
    try:
        if path.is_dir():
            folder_header(newest_checkpoint(path) or path)
    except UserError:
        return list(islice(models_below(path, _DEEPEST), _MOST_AT_ONCE)) or [path]
    return [path]


def _change(request: ChangeModel) -> str:
    """Where deleted files lie, else ""."""
    folder, path = Path(request.folder), request.path
    match request.action:
        case "remove":
            changes.remove(folder, path)
        case "delete":
            return str(changes.delete(folder, path))
        case "undo" if request.aside:
            changes.restore(Path(request.aside), path)
        case "undo":
            changes.add(folder, Path(path))
        case what:
            changes.note(folder, path, what)
    return ""


def _look(request: LookElsewhere, reporter: Reporter) -> None:
    known = {Path(model.path).resolve() for model in library(Path(request.folder), reporter.cancelled)}
    found = []
    for one in find_elsewhere():
        size = sum(file.stat().st_size for file in model_parts(one.path) if file.exists())
        found.append(FoundModel(str(one.path), one.name, one.program, size, one.path.resolve() in known))
    reporter.send(FoundElsewhere(request.job, tuple(found)))
