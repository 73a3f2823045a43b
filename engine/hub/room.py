"""Whether what is still to come has room on the disk, asked before it comes."""

import shutil
from pathlib import Path

from engine.errors import UserError
from engine.runs.removal import purge

#: Room that is left on the disk beside the files.
SPARE_BYTES = 200_000_000


def check_room(folder: Path, missing_bytes: int, promised_bytes: int = 0) -> None:
    """Raises UserError where it does not fit, though what was deleted in the folder made room.

    promised_bytes: what other downloads will still take of the same disk.
    """
    free = shutil.disk_usage(folder).free
    if missing_bytes and missing_bytes + promised_bytes + SPARE_BYTES > free:
        purge(folder, days=0)
        free = shutil.disk_usage(folder).free
    if not missing_bytes or missing_bytes + promised_bytes + SPARE_BYTES <= free:
        return
    if promised_bytes and missing_bytes + SPARE_BYTES <= free:
        raise UserError(
            "disk-full",
            f"{_gb(missing_bytes)} GB are still to come, {_gb(promised_bytes)} GB of other downloads with them, and the disk has "
            f"{_gb(free)} GB free.",
            "Make room, take one of the others out of the queue, or choose a smaller file.",
        )
    raise UserError(
        "disk-full",
        f"{_gb(missing_bytes)} GB are still to come, and the disk has {_gb(free)} GB free.",
        "Make room, or choose a smaller file.",
    )


def _gb(size_bytes: int) -> str:
    return f"{size_bytes / 1e9:.1f}"
