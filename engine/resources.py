"""Where things lie: the files that are shipped with the program, and the folder that belongs to the person."""

import glob
import os
import sys
from pathlib import Path

import platformdirs

from engine.errors import UserError

_INSTALLED = Path(__file__).parent / "_resources"
_SOURCE_TREE = Path(__file__).parent.parent / "resources"


def resource_path(*parts: str) -> Path:
    """Path of a shipped file or folder; the same call works in a source tree, a wheel and a frozen build."""
    root = _INSTALLED if _INSTALLED.is_dir() else _SOURCE_TREE
    return root.joinpath(*parts)


def is_packaged() -> bool:
    """Whether this is the built program, which brings its own Python: no package can be added to it."""
    return bool(getattr(sys, "frozen", False))


def data_folder() -> Path:
    """Where conversations and models lie: PROXIMA_HOME where that is set, else the platform's place."""
    home = os.environ.get("PROXIMA_HOME")
    return Path(home) if home else platformdirs.user_data_path("proxima", appauthor=False)


def bundled_model() -> Path:
    """The model that comes with the program. Raises UserError in a checkout that has none."""
    path = resource_path("models", "proxima-chat.gguf")
    if not path.is_file():
        raise UserError(
            "no-bundled-model",
            "This copy of Próxima came without its built-in model.",
            "Name a GGUF file instead.",
            str(path),
        )
    return path


_HOW_TO_NAME = 'Give a path, a name from the library, or "bundled".'


def find_model(name: str) -> Path:
    """The model that a person names: "bundled", a path, or the name of a file in the models folder of the data folder."""
    if not name.strip():
        raise UserError("model-not-found", "No model is named.", _HOW_TO_NAME)
    if name == "bundled":
        return bundled_model()
    path = Path(name).expanduser()
    if path.exists():
        return path
    models = data_folder() / "models"
    for candidate in (models / name, models / f"{name}.gguf", *sorted(models.glob(f"*/*/{glob.escape(name)}.gguf"))):
        if candidate.exists():
            return candidate
    raise UserError("model-not-found", f"There is no model {name}.", _HOW_TO_NAME)
