"""Where things lie: shipped files, and the folders that belong to the person. Nothing heavy is imported here."""

import os
from pathlib import Path

import platformdirs

_INSTALLED = Path(__file__).parent.parent / "engine" / "_resources"
_SOURCE_TREE = Path(__file__).parent.parent / "resources"


def resource_path(*parts: str) -> Path:
    """Path of a shipped file; the same call works in a source tree, a wheel and a frozen build."""
    root = _INSTALLED if _INSTALLED.is_dir() else _SOURCE_TREE
    return root.joinpath(*parts)


def config_folder() -> Path:
    """Where the settings file lies: PROXIMA_HOME where that is set, else the platform's place."""
    home = os.environ.get("PROXIMA_HOME")
    return Path(home) if home else platformdirs.user_config_path("proxima", appauthor=False)


def default_data_folder() -> Path:
    """Where conversations lie unless the settings say otherwise: PROXIMA_HOME, else the platform's place."""
    home = os.environ.get("PROXIMA_HOME")
    return Path(home) if home else platformdirs.user_data_path("proxima", appauthor=False)


def bundled_model() -> Path | None:
    """The model that comes with the program, as ``engine.resources`` names it; None in a checkout that has none."""
    path = resource_path("models", "proxima-chat.gguf")
    return path if path.is_file() else None
