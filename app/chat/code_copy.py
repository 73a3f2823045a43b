"""The copy button in the corner of a code block."""

from functools import partial

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QToolButton

from app.chat.text_view import TextView
from app.reading.block_writer import CODE_HEADER
from app.widgets.buttons import icon_button


def _name() -> str:
    return QCoreApplication.translate("CodeCopyButtons", "Copy code")


class CodeCopyButtons:
    """As many buttons as the view shows code blocks; they follow it as it grows."""

    def __init__(self, view: TextView) -> None:
        self._view = view
        self._buttons: list[QToolButton] = []

    def place(self) -> None:
        """Bring the buttons to where the code is now."""
        view = self._view
        while len(self._buttons) < len(view.code):
            button = icon_button(view, "copy", _name(), partial(self._copy, len(self._buttons)))
            button.setProperty("codeCopy", True)
            self._buttons.append(button)
        while len(self._buttons) > len(view.code):
            self._buttons.pop().deleteLater()
        for button, code in zip(self._buttons, view.code, strict=True):
            rect = view.code_rect(code)
            side = CODE_HEADER
            button.setGeometry(rect.right() - side - 6, rect.top() + 3, side, side)
            button.show()

    def _copy(self, index: int) -> None:
        QGuiApplication.clipboard().setText(self._view.code[index].text)
        button = self._buttons[index]
        button.setToolTip(QCoreApplication.translate("CodeCopyButtons", "Copied"))
        QTimer.singleShot(1500, button, lambda: button.setToolTip(_name()))
