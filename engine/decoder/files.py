"""Files that are whole or not there: written beside their place, flushed to the disk, then moved."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

from safetensors import SafetensorError


def write_atomically(path: Path, write: Callable[[Path], None]) -> None:
    """Call write(temporary) and put what it wrote at path; a failure or a kill leaves what was there before.

    Raises OSError where there is no room, by whatever library that was found out.
    """
    temporary = path.with_name(path.name + ".part")
    try:
        try:
            write(temporary)
        except SafetensorError as error:
            raise OSError(errno.ENOSPC if is_full(error) else errno.EIO, str(error)) from error
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    if os.name == "posix":  # elsewhere a folder cannot be opened, and the move is durable by itself
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def is_full(error: BaseException) -> bool:
    """Whether the disk, or what a person may take of it, is full."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    return f"os error {errno.ENOSPC}" in str(error)
