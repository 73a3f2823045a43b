"""What a person says of a run: its title, notes and tags, in a file of its own beside what the run writes."""

from pathlib import Path

import msgspec

from engine.errors import UserError

_ABOUT = "about.json"


class About(msgspec.Struct, frozen=True):
    title: str = ""
    notes: str = ""
    tags: tuple[str, ...] = ()


def read_about(run: Path) -> About:
    """What was said; nothing where the file is not there or cannot be read."""
    try:
        return msgspec.json.decode((run / _ABOUT).read_bytes(), type=About)
    except (OSError, msgspec.MsgspecError):
        return About()


def write_about(run: Path, about: About) -> None:
    """Raises UserError where the folder cannot be written to."""
    part = run / f"{_ABOUT}.part"
    try:
        part.write_bytes(msgspec.json.encode(about))
        part.replace(run / _ABOUT)
    except OSError as error:
        raise UserError(
            "run-about", "The notes could not be saved.", "Check that there is room on the disk.", str(error)
        ) from error


def tags_from(text: str) -> tuple[str, ...]:
    """Words between commas, each once, without blanks around them."""
    return tuple(dict.fromkeys(tag for part in text.split(",") if (tag := " ".join(part.split()))))
