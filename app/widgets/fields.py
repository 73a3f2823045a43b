"""Small things that every one-line field does alike."""

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit

from app.widgets.icons import set_icon


def add_clear_button(field: QLineEdit) -> None:
    """A cross at the end of what was typed, with an icon of ours in the place of Qt's."""
    field.setClearButtonEnabled(True)
    for action in field.findChildren(QAction):
        if action.objectName() == "_q_qlineeditclearaction":
            set_icon(action, "x", "muted")
