"""What a reader of headers raises, and how it becomes a sentence for the user."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.errors import UserError


class BrokenError(Exception):
    """What is wrong, in words that fit after "This file is damaged: "."""


class OtherKindError(BrokenError):
    """It is something else from its first bytes on; damaged only where its name says what it should be."""


@contextmanager
def clear_errors(path: Path) -> Iterator[None]:
    """Turn what goes wrong while a file is read into UserError."""
    try:
        yield
    except BrokenError as error:
        if isinstance(error, OtherKindError) and path.suffix.lower() != ".gguf":
            raise UserError(
                "model-kind", f"{path.name} is no GGUF file.", "Choose a file whose name ends in .gguf."
            ) from error
        raise UserError("model-broken", f"{path.name} is damaged: {error}.", "Fetch the file again.") from error
    except OSError as error:
        raise UserError(
            "model-file", f"{path} cannot be read.", "Check the file and its rights.", str(error)
        ) from error


def shown(name: str) -> str:
    """A name out of an untrusted file, quoted and short enough for a message."""
    return repr(name if len(name) <= 60 else name[:57] + "...")
