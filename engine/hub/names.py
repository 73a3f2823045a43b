"""Names from elsewhere: what they say, and whether they may become names of files here."""

import re
from pathlib import Path, PurePosixPath

from engine.errors import UserError

#: Families whose weights are read and converted here, as config.json calls them.
CONVERTIBLE = ("llama", "mistral", "qwen2", "qwen3")
_QUANTISATION = re.compile(
    r"(?:^|[-._/])((?:UD-)?(?:I?Q\d(?:_[A-Z0-9]+)*|MXFP4(?:_MOE)?|TQ\d_\d|BF16|F16|F32))(?=[-._/]|$)", re.IGNORECASE
)
_RESERVED = {"con", "prn", "aux", "nul", *(f"{name}{number}" for name in ("com", "lpt") for number in range(1, 10))}


def safe_path(folder: Path, name: str) -> Path:
    """Where a file of a repository goes below a folder.

    Raises UserError for a name that would lead out of it, or that some system does not take.
    """
    if not is_safe(name):
        raise UserError(
            "unsafe-name",
            f"A file is called {name!r}, which is no name that can be used here.",
            "Do not trust this source.",
        )
    return folder.joinpath(*PurePosixPath(name).parts)


def is_safe(name: str) -> bool:
    """Whether safe_path takes it."""
    return bool(name) and all(map(_is_safe_part, name.split("/")))


def quantisation_of(name: str) -> str:
    """Such as Q4_K_M, from a file's name; "" where it does not say."""
    found = _QUANTISATION.findall(PurePosixPath(name).name.removesuffix(".gguf")) or _QUANTISATION.findall(name)
    return str(found[-1]).upper() if found else ""


def _is_safe_part(part: str) -> bool:
    plain = part.strip() == part and part not in ("", ".", "..") and not part.endswith(".")
    printable = all(character.isprintable() and character not in '\\:*?"<>|' for character in part)
    return plain and printable and len(part.encode()) <= 240 and part.split(".")[0].lower() not in _RESERVED
