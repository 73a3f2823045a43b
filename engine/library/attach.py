"""LoRA adapters and projectors, given to the models that they belong to."""

import re
from collections.abc import Sequence
from pathlib import Path

import msgspec

from engine.library.summary import Summary
from engine.records.library import Attached, LibraryModel

_WORD = re.compile(r"[a-z0-9.]+")
#: Words in a projector's name that say nothing about its model.
_PLAIN = {"mmproj", "model", "f16", "bf16", "f32", "q8", "0", "gguf", "projector", "vision", "clip", "fp16"}


class Beside(msgspec.Struct, frozen=True):
    """A file that is no model. base: the model that it was trained for, where that is known."""

    path: Path
    summary: Summary
    base: Path | None = None


def with_attached(model: LibraryModel, summary: Summary, beside: Sequence[Beside]) -> LibraryModel:
    """The model with the files that belong to it: adapters by the shape of the weights, projectors by folder and name."""
    attached = {
        one.path: Attached(one.summary.part, one.summary.title or one.path.stem, str(one.path), one.summary.size_bytes)
        for one in beside
        if _belongs(one, model, summary)
    }
    return msgspec.structs.replace(model, attached=tuple(attached.values())) if attached else model


def _belongs(one: Beside, model: LibraryModel, summary: Summary) -> bool:
    path = Path(model.path)
    if one.base is not None:
        return one.base == path.resolve()
    if one.summary.part == "projector":
        said = set(_WORD.findall(one.path.stem.lower())) - _PLAIN
        return one.path.parent == path.parent and said <= set(_WORD.findall(path.stem.lower()))
    same = one.summary.architecture == summary.architecture and one.summary.width == summary.width
    return path.is_file() and same and one.summary.layers <= summary.layers
