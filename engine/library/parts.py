"""A model in several files, as gguf-split writes them: read as the one that it is."""

import re
from pathlib import Path

import msgspec

from engine.errors import UserError
from engine.header.gguf import read_gguf_header
from engine.records import ModelHeader

_PART = re.compile(r"-(\d{5})-of-(\d{5})\.gguf$")
_MOST_PARTS = 512


def model_parts(path: Path) -> list[Path]:
    """The files of the model that begins with this one; itself where it is whole. Whether all are there is not asked."""
    found = _PART.search(path.name)
    if not found or not 1 <= int(found[2]) <= _MOST_PARTS:
        return [path]
    stem = path.name[: found.start()]
    return [path.with_name(f"{stem}-{number:05}-of-{found[2]}.gguf") for number in range(1, int(found[2]) + 1)]


def read_model_header(path: Path) -> ModelHeader:
    """Metadata of the first part, tensors and size of all. Raises UserError for what is missing or damaged."""
    headers = []
    for part in model_parts(path):
        if not part.exists():
            raise UserError("model-part", f"{part.name} is missing.", "All parts of a model lie in one folder.")
        headers.append(read_gguf_header(part))
    tensors = tuple(tensor for header in headers for tensor in header.tensors)
    return msgspec.structs.replace(headers[0], tensors=tensors, size_bytes=sum(header.size_bytes for header in headers))
