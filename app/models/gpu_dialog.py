"""How to get a build of llama.cpp that uses a graphics card."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.widgets.buttons import icon_button
from app.widgets.theme import set_role
from engine.records.loading import GPU_BUILDS, GPU_INSTALL


class GpuDialog(QDialog):
    """A command for each kind of card, to be copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Use a graphics card"))
        words = QLabel(
            self.tr(
                "Models are computed by llama.cpp, which is built for the processor alone unless told otherwise. To use a "
                "graphics card, install it anew with the line for the card, in the environment in which Próxima is installed. "
                "It is compiled then: that takes some minutes, a C++ compiler, and the tools of the card's maker. Próxima "
                "finds the card at its next start."
            )
        )
        words.setWordWrap(True)
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        for row, (card, build) in enumerate(GPU_BUILDS):
            command = f"{build} {GPU_INSTALL}"
            field = QLineEdit(command)
            field.setReadOnly(True)
            field.setCursorPosition(0)
            field.setAccessibleName(card)
            copy = icon_button(self, "copy", self.tr("Copy"), partial(QGuiApplication.clipboard().setText, command))
            grid.addWidget(QLabel(card), row, 0)
            grid.addWidget(field, row, 1)
            grid.addWidget(copy, row, 2)
        more = QLabel(
            self.tr("On Windows, set CMAKE_ARGS first and then run pip. “proxima doctor” says what was found.")
        )
        more.setWordWrap(True)
        set_role(more, "caption")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(16)
        column.addWidget(words)
        column.addLayout(grid)
        column.addWidget(more)
        column.addWidget(buttons, 0, Qt.AlignmentFlag.AlignRight)
        self.setMinimumWidth(620)
