"""What stands in the composer and is not sent: saved shortly after the last key, so that nothing typed is lost."""

from PySide6.QtCore import QObject, QTimer, Signal

_AFTER_MS = 400


class Draft(QObject):
    """The draft of the conversation that is shown. ``due`` asks the owner to save the text."""

    due = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.text = ""
        self._saved = ""
        self._timer = QTimer(self, singleShot=True, interval=_AFTER_MS)
        self._timer.timeout.connect(self.save)

    def restore(self, text: str) -> None:
        """This text came from storage, or storage knows that there is none."""
        self._timer.stop()
        self.text = self._saved = text

    def set(self, text: str) -> None:
        if text != self.text:
            self.text = text
            self._timer.start()

    def save(self) -> None:
        self._timer.stop()
        if self.text != self._saved:
            self._saved = self.text
            self.due.emit(self.text)

    def hold(self) -> None:
        """The text is about to become a message: no save in between."""
        self._timer.stop()

    def not_saved(self) -> None:
        """The last save failed: the next one writes again."""
        self._saved = "" if self.text else self._saved
