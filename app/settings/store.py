"""The settings of the running program: one value, a signal when it changes, written as it changes."""

from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import QObject, Signal

from app.paths import config_folder, default_data_folder
from app.settings.file import load, save
from app.settings.schema import Settings, checked
from engine.errors import UserError


class SettingsStore(QObject):
    """``value`` is immutable; set() replaces it, writes the file and emits ``changed`` with the new value."""

    changed = Signal(object)  # Settings

    def __init__(self, path: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path = path or config_folder() / "settings.json"
        loaded = load(self.path)
        self.value: Settings = loaded.settings
        self.kept, self.rejected = loaded.kept, loaded.rejected  # see file.Loaded: the window says it at the start

    def set(self, **changes: Any) -> None:
        """Change values. Raises UserError("invalid-setting") and changes nothing if one is not allowed."""
        for name, value in changes.items():
            try:
                changes[name] = checked(name, value)
            except (msgspec.ValidationError, KeyError) as error:
                raise UserError("invalid-setting", self.tr("This value is not possible."), detail=str(error)) from error
        wanted = msgspec.structs.replace(self.value, **changes)
        if wanted == self.value:
            return
        try:
            save(self.path, wanted)
        except OSError as error:
            raise UserError(
                "settings-not-saved",
                self.tr("The settings could not be saved."),
                self.tr("Check that the disk is not full and that the folder can be written to."),
                f"{self.path}: {error}",
            ) from error
        self.value = wanted
        self.changed.emit(wanted)

    def reset(self, name: str) -> None:
        """Back to the default of one setting."""
        self.set(**{name: getattr(Settings(), name)})

    @property
    def data_folder(self) -> Path:
        """Where conversations lie with the present settings."""
        return Path(self.value.data_folder) if self.value.data_folder else default_data_folder()
