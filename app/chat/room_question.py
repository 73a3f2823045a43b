"""What a person is asked before a model is loaded that will not fit into memory."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from app.chat.shown import Problem
from app.translation import error_text


def ask_for_room(problem: Problem, load: Callable[[], None], parent: QWidget) -> QMessageBox:
    """A dialog that says what is missing; load is called where the person wants it all the same."""

    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle(QCoreApplication.translate("RoomQuestion", "Not enough free memory"))
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(error_text(problem.text))
    advice = QCoreApplication.translate(
        "RoomQuestion",
        "A shorter context, fewer bits for its key-value cache, or a smaller quantisation needs less: see the Models page.",
    )
    box.setInformativeText(f"{error_text(problem.hint)} {advice}")
    loading = box.addButton(
        QCoreApplication.translate("RoomQuestion", "Load anyway"), QMessageBox.ButtonRole.AcceptRole
    )
    cancel = box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(cancel)
    box.setEscapeButton(cancel)
    loading.clicked.connect(lambda: load())
    box.open()
    return box
