"""Whether what is still to come has room on the disk, asked before it comes."""

import shutil
from pathlib import Path

from engine.errors import UserError
from engine.records.sizes import size_text
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
    missing, spare, left = size_text(missing_bytes), size_text(SPARE_BYTES), size_text(free)
    if promised_bytes and missing_bytes + SPARE_BYTES <= free:
        raise UserError(
            "disk-full",
            f"{missing} are still to come, {size_text(promised_bytes)} of other downloads with them, and {spare} are to stay free; "
            f"the disk has {left} free.",
            "Make room, take one of the others out of the queue, or choose a smaller file.",
        )
    raise UserError(
        "disk-full",
        f"{missing} are still to come, and {spare} are to stay free; the disk has {left} free.",
        "Make room, or choose a smaller file.",
    )
