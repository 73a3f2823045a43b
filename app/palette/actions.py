"""Entries made from the real actions of the window, so that neither list can say what is not so."""

from collections.abc import Iterable

from PySide6.QtGui import QAction, QKeySequence

from app.palette.entries import Entry


def command_entries(actions: Iterable[tuple[str, QAction]]) -> list[Entry]:
    """Every action that can be done now; pairs of menu title and action."""
    return [
        Entry(group, text_of(action), keys_of(action), action.trigger)
        for group, action in actions
        if action.isEnabled() and action.isVisible() and text_of(action)
    ]


def shortcut_entries(actions: Iterable[tuple[str, QAction]]) -> list[Entry]:
    """Every action that has keys, to be read."""
    return [Entry(group, text_of(action), keys_of(action)) for group, action in actions if keys_of(action)]


def text_of(action: QAction) -> str:
    """The text without the mark of its mnemonic and without the dots that announce a dialog."""
    return action.text().replace("&&", "\0").replace("&", "").replace("\0", "&").rstrip("…").strip()


def keys_of(action: QAction) -> str:
    """Its shortcuts as the platform writes them."""
    return ", ".join(keys.toString(QKeySequence.SequenceFormat.NativeText) for keys in action.shortcuts())
