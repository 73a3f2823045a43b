"""Where things lie: shipped files, and the folders that belong to the person. Nothing heavy is imported here."""

import os
from pathlib import Path

import platformdirs

from engine import resources
from engine.errors import UserError
from engine.resources import resource_path


def config_folder() -> Path:
    """Where the settings file lies: PROXIMA_HOME where that is set, else the platform's place."""
    home = os.environ.get("PROXIMA_HOME")
    return Path(home) if home else platformdirs.user_config_path("proxima", appauthor=False)


def default_data_folder() -> Path:
    """Where conversations lie unless the settings say otherwise."""
    return resources.data_folder()


def bundled_model() -> Path | None:
    """The model that comes with the program; None in a checkout that has none."""
    try:
        return resources.bundled_model()
    except UserError:
        return None


__all__ = ["bundled_model", "config_folder", "default_data_folder", "resource_path"]
