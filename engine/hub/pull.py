"""A model from the Hub into a folder: all of its files, each resumed and checked."""

import time
from collections.abc import Callable
from pathlib import Path

from engine.errors import UserError
from engine.hub.download import download, received_bytes
from engine.hub.names import safe_path
from engine.hub.repositories import Hub
from engine.hub.room import check_room
from engine.records.hub import PREFERRED, WEIGHTS_SUFFIX, HubModel


def choose(models: list[HubModel], wanted: str = "") -> HubModel:
    """The model of that file name or quantisation; where nothing is said, the one that most people want.

    Raises UserError with what there is, where it is not there.
    """
    if not models:
        raise UserError("hub-no-gguf", "The repository holds no GGUF model.", "Search for one whose name ends in GGUF.")
    if not wanted:
        ranks = {quantisation: rank for rank, quantisation in enumerate(PREFERRED)}
        return min(models, key=lambda model: ranks.get(model.quantisation, len(ranks)))
    for model in models:
        names = {model.name, Path(model.name).name, model.quantisation, *(file.name for file in model.files)}
        if wanted.lower() in {name.lower() for name in names if name}:
            return model
    there = ", ".join(model.quantisation or model.name for model in models)
    raise UserError("hub-not-found", f"The repository has no {wanted}.", f"It has: {there}.")


def model_paths(repository: str, model: HubModel, models_folder: Path) -> list[Path]:
    """Where the files of a model go; the first is the one to load. Raises UserError for names that lead elsewhere."""
    folder = safe_path(models_folder, repository + (WEIGHTS_SUFFIX if model.is_folder else ""))
    return [safe_path(folder, file.name) for file in model.files]


def missing_bytes(repository: str, model: HubModel, models_folder: Path) -> int:
    """What of a model has not arrived yet. Raises UserError as model_paths does."""
    targets = model_paths(repository, model, models_folder)
    return sum(
        max(file.remote.size_bytes - received_bytes(target), 0)
        for file, target in zip(model.files, targets, strict=True)
        if not target.exists()
    )


def pull(
    hub: Hub,
    repository: str,
    model: HubModel,
    models_folder: Path,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    cancelled: Callable[[], bool] = lambda: False,
    wait: Callable[[float], None] = time.sleep,
    promised_bytes: int = 0,
) -> Path:
    """Fetch all files of a model below ``OWNER/NAME`` in the models folder; returns the one to load.

    progress gets bytes done and in all. Raises UserError and Cancelled as download does; what is there already is not fetched.
    promised_bytes: what other downloads will still take of the disk.
    """
    targets = model_paths(repository, model, models_folder)
    here = [target.exists() for target in targets]
    missing = missing_bytes(repository, model, models_folder)
    models_folder.mkdir(parents=True, exist_ok=True)
    check_room(models_folder, missing, promised_bytes)
    before = 0
    for file, target, there in zip(model.files, targets, here, strict=True):
        if not there:

            def told(done: int, _total: int, before: int = before) -> None:
                progress(before + done, model.size_bytes)

            download(file.remote, target, headers=hub.headers, progress=told, cancelled=cancelled, wait=wait)
        before += file.remote.size_bytes
    progress(model.size_bytes, model.size_bytes)
    return targets[0]
