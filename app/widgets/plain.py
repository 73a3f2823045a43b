"""Texts that hold what a model or a person wrote: shown to the letter, where Qt would read HTML or the mark of a shortcut."""

from PySide6.QtGui import Qt
from PySide6.QtWidgets import QLabel, QWidget


class PlainLabel(QLabel):
    """A label for a text that may hold anything, such as a token "<br>"; a number and its % stay in one line."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)

    def setText(self, text: str) -> None:
        super().setText(text.replace(" %", "\N{NO-BREAK SPACE}%"))


def plain_tip(text: str) -> str:
    """The text of a tooltip, which Qt takes for HTML if there is a tag in it."""
    return Qt.convertFromPlainText(text) if Qt.mightBeRichText(text) else text


def plain_action(text: str) -> str:
    """The text of a button or of an entry of a menu, in which a single & marks a key."""
    return text.replace("&", "&&")
