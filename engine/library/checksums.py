"""SHA-256 of models, remembered by place, size and time of each file: a large one takes minutes to read."""

import contextlib
import hashlib
from collections.abc import Callable
from pathlib import Path

import msgspec

from engine.errors import Cancelled
from engine.library.parts import model_parts

_FILE, _MOST_BYTES, _BLOCK_BYTES = "library-sums.json", 8_000_000, 4_000_000
Sums = tuple[tuple[str, str], ...]


class _Sum(msgspec.Struct, frozen=True):
    size_bytes: int
    changed_ns: int
    sha256: str


def checksums(
    folder: Path,
    model: Path,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Sums:
    """Name and SHA-256 of each file of a model; progress gets bytes done and in all. Raises OSError, Cancelled."""
    files = _files(model)
    kept, total, done, found = _read(folder), sum(file.stat().st_size for file in files), 0, []
    for file in files:
        known = _known(kept, file)
        if not known:
            known = _computed(file, lambda more, before=done: progress(before + more, total), cancelled)  # type: ignore[misc]
            remember(folder, file, known)
        done += file.stat().st_size
        found.append((file.name, known))
    progress(total, total)
    return tuple(found)


def known_checksums(folder: Path, model: Path) -> Sums:
    """Those that need no computing: of all files of a model, or none."""
    with contextlib.suppress(OSError):
        kept = _read(folder)
        found = tuple((file.name, _known(kept, file)) for file in _files(model))
        return found if all(value for _, value in found) else ()
    return ()


def remember(folder: Path, file: Path, sha256: str) -> None:
    """What a file has as it lies there now. A disk that refuses costs only the knowledge."""
    with contextlib.suppress(OSError):
        stat, kept = file.stat(), {path: one for path, one in _read(folder).items() if Path(path).exists()}
        kept[str(file.resolve())] = _Sum(stat.st_size, stat.st_mtime_ns, sha256.lower())
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f"{_FILE}.part"
        part.write_bytes(msgspec.json.encode(kept))
        part.replace(folder / _FILE)


def _files(model: Path) -> list[Path]:
    return model_parts(model) if model.is_file() else sorted(model.glob("*.safetensors"))


def _known(kept: dict[str, _Sum], file: Path) -> str:
    one, stat = kept.get(str(file.resolve())), file.stat()
    return (
        one.sha256 if one is not None and (one.size_bytes, one.changed_ns) == (stat.st_size, stat.st_mtime_ns) else ""
    )


def _computed(file: Path, progress: Callable[[int], None], cancelled: Callable[[], bool]) -> str:
    digest, done = hashlib.sha256(), 0
    with file.open("rb", buffering=0) as opened:
        while data := opened.read(_BLOCK_BYTES):
            if cancelled():
                raise Cancelled
            digest.update(data)
            done += len(data)
            progress(done)
    return digest.hexdigest()


def _read(folder: Path) -> dict[str, _Sum]:
    with contextlib.suppress(OSError, msgspec.MsgspecError):
        file = folder / _FILE
        if file.stat().st_size <= _MOST_BYTES:
            return msgspec.json.decode(file.read_bytes(), type=dict[str, _Sum])
    return {}
