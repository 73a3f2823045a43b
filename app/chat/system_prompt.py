"""The panel in which one tells the model how to behave in this conversation."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from app.widgets.theme import set_role

_AFTER_MS = 400


class SystemPromptPanel(QWidget):
    """Saved as it is typed; it holds for replies from then on."""

    changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "surface")
        label = QLabel(self.tr("System prompt: what the model is told before the conversation begins"), self)
        set_role(label, "caption")
        self._field = QPlainTextEdit(self)
        self._field.setAccessibleName(self.tr("System prompt"))
        self._field.setPlaceholderText(self.tr("For example: Answer in one short sentence."))
        self._field.setTabChangesFocus(True)
        self._field.setFixedHeight(96)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        column = QVBoxLayout()
        outer.addLayout(column)
        outer.addWidget(set_role(QFrame(self), "line"))
        column.setContentsMargins(16, 8, 16, 12)
        column.setSpacing(4)
        column.addWidget(label)
        column.addWidget(self._field)
        self._later = QTimer(self, singleShot=True, interval=_AFTER_MS)
        self._later.timeout.connect(self.save)
        self._field.textChanged.connect(self._later.start)
        self._saved = ""
        self.setFocusProxy(self._field)

    def set_text(self, text: str) -> None:
        """Show the prompt of a conversation, unless it is the one that is being typed."""
        if text != self._saved:
            self._saved = text
            self._field.setPlainText(text)
            self._later.stop()

    def save(self) -> None:
        """Hand on what was typed."""
        self._later.stop()
        if (text := self._field.toPlainText()) != self._saved:
            self._saved = text
            self.changed.emit(text)
