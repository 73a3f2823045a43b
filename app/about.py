"""About: what this is, its versions, and the licences of what it is made of."""

import platform

from PySide6.QtCore import QSize, Qt, qVersion
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.paths import resource_path
from app.widgets.theme import set_role
from engine import __version__

#: Distributions that the window or its workers stand on, with their licences.
_PARTS = (
    ("PySide6-Essentials", "LGPL-3.0"),
    ("llama-cpp-python", "MIT"),
    ("torch", "BSD-3-Clause"),
    ("tokenizers", "Apache-2.0"),
    ("numpy", "BSD-3-Clause"),
    ("safetensors", "Apache-2.0"),
    ("gguf", "MIT"),
    ("huggingface-hub", "Apache-2.0"),
    ("msgspec", "BSD-3-Clause"),
    ("markdown-it-py", "MIT"),
    ("Pygments", "BSD-2-Clause"),
    ("Jinja2", "BSD-3-Clause"),
    ("platformdirs", "MIT"),
    ("typer", "MIT"),
    ("rich", "MIT"),
)


def _version(distribution: str) -> str:
    from importlib import metadata  # brings the parser for mail along; the window can start without

    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return ""


class AboutDialog(QDialog):
    """Not modal to anything but the window; Esc closes it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About Próxima"))
        mark = QLabel()
        picture = QIcon(str(resource_path("icons", "proxima.svg")))
        mark.setPixmap(picture.pixmap(QSize(56, 56), self.devicePixelRatio()))
        name = QLabel(f"Próxima {__version__}")
        set_role(name, "title")
        sentence = QLabel(
            self.tr("A language model on your own machine, and the probability of every next token. MIT licence.")
        )
        sentence.setWordWrap(True)
        set_role(sentence, "muted")
        head = QVBoxLayout()
        head.addWidget(name)
        head.addWidget(sentence)
        top = QHBoxLayout()
        top.setSpacing(16)
        top.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(head, 1)
        heading = QLabel(self.tr("Made with"))
        set_role(heading, "section")
        copy = QPushButton(self.tr("Copy versions"))
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(versions_text()))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
        card = QPushButton(self.tr("Use a graphics card…"))
        card.clicked.connect(self._explain_gpu)
        buttons.addButton(card, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(16)
        column.addLayout(top)
        column.addWidget(heading)
        column.addLayout(_parts_grid())
        column.addWidget(buttons)
        self.setMinimumWidth(600)

    def _explain_gpu(self) -> None:
        from app.models.gpu_dialog import GpuDialog

        dialog = GpuDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()


def _parts_grid() -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(4)
    rows = [("Python", platform.python_version(), "PSF-2.0"), ("Qt", qVersion(), "LGPL-3.0")]
    rows += [(part, _version(part), licence) for part, licence in _PARTS]
    rows = [row for row in rows if row[1]]
    half = (len(rows) + 1) // 2
    for place, (part, version, licence) in enumerate(rows):
        column = 0 if place < half else 3
        for offset, text in enumerate((part, version, licence)):
            label = QLabel(text)
            if offset:
                set_role(label, "caption")
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(label, place % half, column + offset)
    return grid


def versions_text() -> str:
    """All versions as text, for a report."""
    lines = [
        f"Próxima {__version__}",
        f"Python {platform.python_version()}",
        f"Qt {qVersion()}",
        platform.platform(),
    ]
    return "\n".join(lines + [f"{part} {_version(part)}" for part, _ in _PARTS if _version(part)])
