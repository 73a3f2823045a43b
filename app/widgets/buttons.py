"""Small buttons as the pages use them."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from app.widgets.icons import set_icon
from app.widgets.theme import set_role


def icon_button(parent: QWidget, name: str, text: str, slot: Callable[[], object], shortcut: str = "") -> QToolButton:
    """A flat button with an icon; text is its tooltip and its accessible name."""
    button = QToolButton(parent)
    set_icon(button, name)
    button.setToolTip(f"{text} ({shortcut})" if shortcut else text)
    button.setAccessibleName(text)
    button.setCursor(Qt.CursorShape.ArrowCursor)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.clicked.connect(lambda: slot())
    return button


def text_button(parent: QWidget, text: str, slot: Callable[[], object], role: str = "quiet") -> QPushButton:
    """A button with words on it."""
    button = QPushButton(text, parent)
    button.setCursor(Qt.CursorShape.ArrowCursor)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setAutoDefault(False)
    set_role(button, role)
    button.clicked.connect(lambda: slot())
    return button
