"""What the window remembers without being asked: geometry, page, folded panes. A lost file costs nothing but that."""

import json
from pathlib import Path
from typing import Any

from app.paths import config_folder


class Memory:
    """Named JSON values, written when ``save`` is called."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or config_folder() / "window.json"
        self._values: dict[str, Any] = {}
        try:
            read = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return
        if isinstance(read, dict):
            self._values = read

    def get(self, name: str, default: Any = None) -> Any:
        """The remembered value, if it is of the type of the default."""
        value = self._values.get(name, default)
        return value if default is None or isinstance(value, type(default)) else default

    def set(self, name: str, value: Any) -> None:
        self._values[name] = value

    def save(self) -> None:
        """Write the file; a disk that refuses is no reason to bother anyone."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            temporary = self._path.with_name(self._path.name + ".part")
            temporary.write_text(json.dumps(self._values, indent=1), encoding="utf-8")
            temporary.replace(self._path)
        except OSError:
            return
