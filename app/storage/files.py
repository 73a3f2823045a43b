"""Files that the person asked for: their names, and how they are written."""

import re
from pathlib import Path

from engine.errors import UserError


def file_name(title: str, suffix: str) -> str:
    """A file name that every system accepts, made from a title."""
    cleaned = re.sub(r'[\\/:*?"<>|\x00-\x1f]+', " ", title)
    cleaned = re.sub(r"\s+", " ", cleaned).strip(" .")[:80] or "conversation"
    return f"{cleaned}{suffix}"


def write_file(path: Path, data: bytes) -> None:
    """Write through a temporary file beside it, so that a full disk leaves no half of a file under the name.

    Raises UserError where it cannot be written.
    """
    temporary = path.with_name(path.name + ".part")
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    except OSError as error:
        raise UserError(
            "file-write",
            f"{path.name} cannot be written.",
            "Check the folder, and that the disk is not full.",
            str(error),
        ) from error
    finally:
        temporary.unlink(missing_ok=True)
