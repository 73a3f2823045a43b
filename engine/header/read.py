"""One door to the headers of model files."""

from pathlib import Path

from engine.header.broken import clear_errors
from engine.header.gguf import read_gguf_header
from engine.header.safetensors import read_safetensors_header
from engine.records import ModelHeader


def read_header(path: Path) -> ModelHeader:
    """The header of a GGUF or safetensors file, told apart by how it begins.

    Raises UserError for anything else, and for files that are damaged.
    """
    with clear_errors(path), path.open("rb") as file:
        start = file.read(4)
    if start != b"GGUF" and path.suffix.lower() == ".safetensors":
        return read_safetensors_header(path)
    return read_gguf_header(path)
