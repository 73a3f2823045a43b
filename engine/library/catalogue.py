"""Everything on this machine that can be chatted with: bundled, fetched, trained here, and files that are referred to."""

import contextlib
import difflib
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec

from engine.decoder.folder import ADAPTER_CONFIG, CONFIG, newest_checkpoint
from engine.errors import Cancelled, UserError
from engine.hub.names import quantisation_of
from engine.library.attach import Beside, with_attached
from engine.library.parts import model_parts
from engine.library.places import ollama_layers, ollama_store
from engine.library.shelf import Entry, Shelf, key_of, read_shelf
from engine.library.summary import Summaries, Summary
from engine.records.library import LibraryModel, Origin
from engine.resources import bundled_model, data_folder, find_model
from engine.runs.about import read_about
from engine.runs.named import named_run
from engine.runs.recipe import read_recipe
from engine.runs.status import find_runs

MODELS, RUNS = "models", "runs"
_MOST_CLOSE = 3
_FIRST_PART = "-00001-of-"
#: What makes a folder a model, or a run that may become one.
_OF_A_FOLDER = ("recipe.json", "ngram.json", CONFIG, ADAPTER_CONFIG)


def library(folder: Path, cancelled: Callable[[], bool] = lambda: False) -> list[LibraryModel]:
    """All models of a data folder. LoRA adapters and projectors are attached to theirs. Raises UserError, Cancelled."""
    shelf, summaries = read_shelf(folder), Summaries(folder)
    found: dict[str, LibraryModel] = {}
    summaries_of: dict[str, Summary] = {}
    beside: list[Beside] = []
    for origin, path, name in _places(folder, shelf):
        if cancelled():
            raise Cancelled
        key = key_of(path)
        if key in found:
            continue
        summary = summaries.of(path) if path.exists() else Summary(problem=_gone(path).text)
        if summary.part == "model":
            summaries_of[key] = summary
            found[key] = _line(key, path, name, origin, summary, shelf.models.get(key, Entry()))
        else:
            beside.append(Beside(path, summary, _trained_on(path) if origin == "run" else None))
    beside += _ollama_beside(found.values(), summaries)
    summaries.keep()
    return [with_attached(model, summaries_of[model.path], beside) for model in found.values()]


def listed_name(path: Path) -> str:
    """What the library calls a model, without a look at its file; "" for the bundled one."""
    with contextlib.suppress(UserError):
        if path.resolve() == bundled_model().resolve():
            return ""
    if path.parent == (data_folder() / RUNS).resolve():
        return _run_title(path)
    return read_shelf(data_folder()).models.get(key_of(path), Entry()).name or _file_name(path)


def named_model(name: str) -> Path:
    """The model that a person names: "bundled", a path, what it is called in the library, a repository, OWNER/NAME, or a run.

    A folder with one GGUF file in it is that file. Raises UserError where there is no model, or several are called so.
    """
    try:
        path = find_model(name)
    except UserError as error:
        models = library(data_folder()) if name.strip() else []
        found = [Path(model.path) for model in models if name.strip().lower() in _names(model)]
        if not found:
            with contextlib.suppress(UserError):  # the beginning of a run's name, or one that is an adapter
                found = [named_run(name)]
        if not found and (close := _close_names(name, models)):
            raise UserError(error.code, error.text, f"Did you mean {close}?") from error
        if not found:
            raise
    else:
        found = _models_in(path)
    if len(found) > 1:
        ours = all(path.is_relative_to(data_folder() / MODELS) for path in found)
        alone = ours and len({path.stem for path in found}) == len(found)
        names = ", ".join(path.stem if alone else str(path) for path in found)
        paths = ", ".join(str(path) for path in found)
        raise UserError("model-ambiguous", f"{name} may be {len(found)} models.", f"Name one: {names}.", paths)
    return found[0]


def _close_names(name: str, models: list[LibraryModel]) -> str:
    """What may have been meant, "" where nothing is near."""
    known = {model.name.lower(): model.name for model in models} | {"bundled": "bundled"}
    wanted = name.strip().lower()
    near = [one for one in known if wanted in one] or difflib.get_close_matches(wanted, known, _MOST_CLOSE)
    return ", ".join(known[one] for one in near[:_MOST_CLOSE])


def _names(model: LibraryModel) -> set[str]:
    """As the library shows it, by file, or by repository: OWNER/NAME, OWNER/NAME:Q4_K_M."""
    path = Path(model.path)
    repository = "/".join(path.parts[-3:-1])
    by_type = f"{repository}:{quantisation_of(path.name)}"
    return {name.lower() for name in (model.name, path.name, path.stem, repository, by_type)}


def _models_in(path: Path) -> list[Path]:
    """Itself, but of a folder that holds nothing else that could be loaded its GGUF files."""
    if not path.is_dir() or newest_checkpoint(path) is not None or any((path / name).exists() for name in _OF_A_FOLDER):
        return [path]
    if any(path.glob("*.safetensors")):
        return [path]
    files = [file for file in sorted(path.glob("*.gguf")) if model_parts(file)[0] == file]
    return [file for file in files if not file.name.lower().startswith(("mmproj", "imatrix"))] or [path]


def _places(folder: Path, shelf: Shelf) -> Iterator[tuple[Origin, Path, str]]:
    """Where something may lie, and what it is called where not by its header or file."""
    with contextlib.suppress(UserError):
        yield "bundled", bundled_model(), ""
    for path in models_below(folder / MODELS):
        yield "downloaded", path, ""
    for run in find_runs(folder / RUNS):
        if newest_checkpoint(run) is not None:
            yield "run", run, _run_title(run)
        for path in sorted(run.glob("*.gguf")):
            yield "run", path, ""
    for key, entry in shelf.models.items():
        if entry.added:
            yield "file", Path(key), entry.name
            with contextlib.suppress(OSError):  # a folder that may not be read has nothing for us
                for path in sorted(Path(key).parent.glob("*mmproj*.gguf")):
                    yield "file", path, ""


def models_below(folder: Path, deepest: int = 1000) -> Iterator[Path]:
    """GGUF files, the first of several, and folders with weights and a config; in folders within folders as often as deepest."""
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        if len(Path(parent).parts) - len(folder.parts) >= deepest:
            folders.clear()
        if ("config.json" in names or CONFIG in names) and any(name.endswith(".safetensors") for name in names):
            yield Path(parent)
        for name in sorted(names):
            path = Path(parent, name)
            if name.lower().endswith(".gguf") and model_parts(path)[0] == path:
                yield path


def _ollama_beside(models: Iterable[LibraryModel], summaries: Summaries) -> Iterator[Beside]:
    """What Ollama's manifests give to those of the models that lie in its store: blobs have no name that tells."""
    paths = {Path(model.path).resolve() for model in models}
    for store in sorted({store for path in paths if (store := ollama_store(path)) is not None}):
        for layer in ollama_layers(store):
            if layer.model.resolve() in paths:
                summary = summaries.of(layer.path)
                if not summary.problem:
                    named = msgspec.structs.replace(summary, part=layer.part, title=summary.title or layer.name)
                    yield Beside(layer.path, named, layer.model.resolve())


def _gone(path: Path) -> UserError:
    return UserError("model-gone", f"{path} is not there any more.", "Take it off the list, or put the file back.")


def _run_title(run: Path) -> str:
    with contextlib.suppress(UserError):
        return read_about(run).title or read_recipe(run).title or run.name
    return run.name


def _trained_on(run: Path) -> Path | None:
    """The model that an adapter of our own was trained for."""
    with contextlib.suppress(UserError):
        start = read_recipe(run).start_from if run.is_dir() else ""
        return Path(start).resolve() if start else None
    return None


def _line(key: str, path: Path, name: str, origin: Origin, summary: Summary, entry: Entry) -> LibraryModel:
    return LibraryModel(
        key,
        name or _file_name(path),
        origin,
        summary.size_bytes,
        summary.parameters,
        summary.architecture,
        summary.quantisation,
        summary.context_length,
        entry.program,
        entry.favourite,
        entry.used,
        entry.added,
        summary.files,
        problem=summary.problem,
        missing=not path.exists(),
        failures=entry.failures,
        template_changed=bool(entry.template) and entry.template != summary.template,
    )


def _file_name(path: Path) -> str:
    """Without its ending, and of several files without their number."""
    stem = path.stem if path.suffix.lower() == ".gguf" else path.name
    return stem.partition(_FIRST_PART)[0]
