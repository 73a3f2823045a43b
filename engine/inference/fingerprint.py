"""What tells one model file from another without reading gigabytes, and one prompt from another without keeping it."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

_BLOCKS, _BLOCK_BYTES = 64, 65_536
_OF_A_FOLDER = ("*.safetensors", "config.json", "tokenizer.json", "*.bin")


def fingerprint(path: Path) -> str:
    """Hex SHA-256 over the size and 64 blocks spread evenly over a file, or over the files that make a folder's model.

    Another quantisation, another training step or another header give another one; "" where nothing can be read.
    """
    digest = hashlib.sha256()
    files = [path] if path.is_file() else sorted({file for kind in _OF_A_FOLDER for file in path.rglob(kind)})
    try:
        for file in files:
            size = file.stat().st_size
            digest.update(f"{file.name if file != path else ''}:{size}:".encode())
            with file.open("rb") as opened:
                for number in range(_BLOCKS):
                    opened.seek(number * max(0, size - _BLOCK_BYTES) // (_BLOCKS - 1))
                    digest.update(opened.read(_BLOCK_BYTES))
                    if size <= _BLOCK_BYTES:
                        break
    except OSError:
        return ""
    return digest.hexdigest() if files else ""


def ids_hash(ids: Sequence[int]) -> str:
    """Hex digest that tells one sequence of tokens from another."""
    return hashlib.blake2b(np.asarray(ids, dtype="<i4").tobytes(), digest_size=16).hexdigest()
