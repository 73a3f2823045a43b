"""A link of a reply is opened only after its whole address was seen."""

from PySide6.QtCore import QCoreApplication, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QMessageBox, QWidget

from app.reading.markdown import safe_address


def ask_to_open(address: str, parent: QWidget, sentence: str = "") -> QMessageBox | None:
    """Show the address with Open, Copy and Cancel; nothing for one that may not be opened. sentence: what it is, of no reply."""
    if not safe_address(address):
        return None
    translate = QCoreApplication.translate
    box = QMessageBox(parent)
    box.setWindowTitle(translate("Links", "Open this address?"))
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(sentence or translate("Links", "The reply links to this address. It opens in your browser."))
    box.setInformativeText(address)
    box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    opening = box.addButton(translate("Links", "Open"), QMessageBox.ButtonRole.AcceptRole)
    copying = box.addButton(translate("Links", "Copy address"), QMessageBox.ButtonRole.ActionRole)
    cancel = box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(cancel)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def clicked(button: object) -> None:
        if button is opening:
            QDesktopServices.openUrl(QUrl(address))
        elif button is copying:
            QGuiApplication.clipboard().setText(address)

    box.buttonClicked.connect(clicked)
    box.open()
    return box
