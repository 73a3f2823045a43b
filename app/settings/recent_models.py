"""Which models were loaded lately, so that they can be picked again without looking for their files."""

from app.settings.memory import Memory

MOST = 8
_NAME = "recent_models"


def recent_models(memory: Memory) -> list[str]:
    """Their paths, the last one first; whether they still exist is not asked."""
    return [path for path in memory.get(_NAME, []) if isinstance(path, str)]


def remember_model(memory: Memory, path: str) -> None:
    """This one was loaded just now."""
    others = [known for known in recent_models(memory) if known != path]
    memory.set(_NAME, [path, *others][:MOST])
