"""Models that other programs have fetched, used where they lie.

Folders as the programs' own documentation gives them: LM Studio, Ollama (manifests that name blobs by digest), GPT4All, Jan, and
the cache of huggingface_hub. Nothing is copied and nothing is written there.
"""

import contextlib
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import msgspec

from engine.hub.names import CONVERTIBLE
from engine.library.summary import read_json
from engine.records.library import Part

_OLLAMA_MODEL = "application/vnd.ollama.image.model"
_OLLAMA_BESIDE: Mapping[str, Part] = {
    "application/vnd.ollama.image.projector": "projector",
    "application/vnd.ollama.image.adapter": "adapter",
}
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_MANIFEST_BYTES, _MOST_PATH = 1_000_000, 4096
#: A model's files that are no model by themselves.
_BESIDE = ("mmproj", "imatrix", "ggml-vocab")
_LATER_PART = re.compile(r"-(?!00001)\d{5}-of-\d{5}$")


class Found(msgspec.Struct, frozen=True):
    """A model of another program: the file, what that program calls it, and which program it is."""

    path: Path
    name: str
    program: str


def find_elsewhere(home: Path | None = None, environment: Mapping[str, str] = os.environ) -> list[Found]:
    """Everything that the known programs have on this machine, each file once."""
    home = home or Path.home()
    found: dict[Path, Found] = {}
    for program, folders, look in _programs(home, environment):
        for folder in folders:
            for name, path in look(folder):
                found.setdefault(path.resolve(), Found(path, name, program))
    return sorted(found.values(), key=lambda one: (one.program, one.name.lower()))


Look = Callable[[Path], Iterator[tuple[str, Path]]]


def _programs(home: Path, environment: Mapping[str, str]) -> list[tuple[str, list[Path], Look]]:
    share, cache = _folders(home, environment)
    hugging_face = Path(environment.get("HF_HOME") or cache / "huggingface")
    hub = Path(environment.get("HF_HUB_CACHE") or hugging_face / "hub")
    ollama = [Path(environment["OLLAMA_MODELS"])] if environment.get("OLLAMA_MODELS") else []
    ollama += [home / ".ollama/models", Path("/usr/share/ollama/.ollama/models")]
    return [
        ("LM Studio", _lm_studio(home, environment), _gguf_files),
        ("Ollama", ollama, _ollama),
        ("GPT4All", [share / "nomic.ai/GPT4All"], _gguf_files),
        ("Jan", [share / "Jan/data", home / ".config/Jan/data", home / "jan"], _gguf_files),
        ("Hugging Face", [hub], _hub_cache),
    ]


def _lm_studio(home: Path, environment: Mapping[str, str]) -> list[Path]:
    """Its home may lie elsewhere, as a file says, and its models elsewhere again, as its settings say."""
    homes = [home / ".lmstudio", home / ".cache/lm-studio"]
    with contextlib.suppress(OSError, ValueError, IndexError):
        pointed = (home / ".lmstudio-home-pointer").read_text(encoding="utf-8")[:_MOST_PATH].splitlines()[0].strip()
        homes.insert(0, Path(pointed))
    roaming = Path(environment.get("XDG_CONFIG_HOME") or environment.get("APPDATA") or home / ".config")
    chosen = [read_json(place / "settings.json").get("downloadsFolder") for place in (*homes, roaming / "LM Studio")]
    folders = [Path(folder) for folder in chosen if isinstance(folder, str) and Path(folder).is_absolute()]
    return [one for one in dict.fromkeys([*folders, *(place / "models" for place in homes)]) if one.is_absolute()]


def _folders(home: Path, environment: Mapping[str, str]) -> tuple[Path, Path]:
    """Where programs keep data, and what can be fetched again."""
    if sys.platform == "darwin":
        return home / "Library/Application Support", home / ".cache"
    if sys.platform == "win32":
        return Path(environment.get("LOCALAPPDATA") or home / "AppData/Local"), home / ".cache"
    share = Path(environment.get("XDG_DATA_HOME") or home / ".local/share")
    return share, Path(environment.get("XDG_CACHE_HOME") or home / ".cache")


def _gguf_files(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in _walk(folder):
        if _is_model(path):
            # Jan calls every file "model"; its folder says which.
            yield (path.parent.name if path.stem == "model" else path.stem), path


def _hub_cache(folder: Path) -> Iterator[tuple[str, Path]]:
    for repository in _listed(folder):
        if repository.name.startswith("models--"):
            for path in _walk(repository / "snapshots"):
                if _is_model(path) and path.exists():
                    yield path.stem, path
                elif path.name == "config.json" and _is_decoder(path.parent):
                    yield repository.name.rpartition("--")[2], path.parent


def _is_decoder(folder: Path) -> bool:
    """Whether a snapshot has whole weights of a family that the decoder loads."""
    weights = [path for path in folder.glob("*.safetensors") if path.exists()]
    kind = read_json(folder / "config.json").get("model_type")
    return bool(weights) and (folder / "tokenizer.json").exists() and kind in CONVERTIBLE


def _ollama(folder: Path) -> Iterator[tuple[str, Path]]:
    manifests = folder / "manifests"
    for manifest in _walk(manifests):
        for media, blob in _layers(manifest, folder / "blobs"):
            if media == _OLLAMA_MODEL:
                yield _ollama_name(manifest.relative_to(manifests).parts), blob
                break


class Layer(msgspec.Struct, frozen=True):
    """A file that goes with a model of Ollama's store. model: the file with the weights; name: what Ollama calls the whole."""

    model: Path
    part: Part
    path: Path
    name: str


def ollama_layers(store: Path) -> Iterator[Layer]:
    """The projectors and adapters of all models in a store, the folder with ``manifests`` and ``blobs``."""
    manifests = store / "manifests"
    for manifest in _walk(manifests):
        layers = list(_layers(manifest, store / "blobs"))
        weights = next((blob for media, blob in layers if media == _OLLAMA_MODEL), None)
        for media, blob in layers:
            if weights is not None and media in _OLLAMA_BESIDE:
                yield Layer(weights, _OLLAMA_BESIDE[media], blob, _ollama_name(manifest.relative_to(manifests).parts))


def ollama_store(path: Path) -> Path | None:
    """The store that a file is a blob of; None where it is no such file."""
    folder = path.parent.parent
    is_blob = path.parent.name == "blobs" and path.name.startswith("sha256-")
    return folder if is_blob and (folder / "manifests").is_dir() else None


def _ollama_name(place: tuple[str, ...]) -> str:
    """Of a manifest: registry, owner, model and tag."""
    *_, owner, model, tag = place
    return f"{model if owner == 'library' else f'{owner}/{model}'}:{tag}"


def _layers(manifest: Path, blobs: Path) -> Iterator[tuple[str, Path]]:
    """Kind and file of each layer that is there; nothing of what is no manifest."""
    try:
        if manifest.stat().st_size > _MANIFEST_BYTES or len(manifest.parts) < 3:
            return
        layers = msgspec.json.decode(manifest.read_bytes(), type=dict)["layers"]
        found = [(layer["mediaType"], layer["digest"]) for layer in layers]
    except (OSError, msgspec.MsgspecError, KeyError, TypeError):
        return
    for media, digest in found:
        if isinstance(media, str) and isinstance(digest, str) and _DIGEST.fullmatch(digest):
            blob = blobs / digest.replace(":", "-")
            if blob.is_file():
                yield media, blob


def _is_model(path: Path) -> bool:
    name = path.name.lower()
    return name.endswith(".gguf") and not name.startswith(_BESIDE) and not _LATER_PART.search(path.stem)


def _walk(folder: Path) -> Iterator[Path]:
    """Files below a folder, without following links to folders; what may not be read is passed over."""
    for parent, _, names in os.walk(folder):
        for name in sorted(names):
            yield Path(parent) / name


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []
