"""Where the files live that are shipped with the program: the bundled model, recipes, presets, icons, translations."""

from pathlib import Path

_INSTALLED = Path(__file__).parent / "_resources"
_SOURCE_TREE = Path(__file__).parent.parent / "resources"


def resource_path(*parts: str) -> Path:
    """Path of a shipped file or folder; the same call works in a source tree, a wheel and a frozen build."""
    root = _INSTALLED if _INSTALLED.is_dir() else _SOURCE_TREE
    return root.joinpath(*parts)
