"""The field in which a message is edited where it stands."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from app.widgets.theme import set_role, theme


class _Field(QPlainTextEdit):
    accepted = Signal()
    cancelled = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and (
            event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self.accepted.emit()
        else:
            super().keyPressEvent(event)


class MessageEditor(QWidget):
    """Text and two buttons. The original always stays: accepting makes a branch beside it."""

    accepted = Signal(str)
    cancelled = Signal()

    def __init__(self, text: str, is_user: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field = _Field(text, self)
        self._field.setAccessibleName(self.tr("Text of the message"))
        self._field.setFont(theme().font("reading"))
        self._field.accepted.connect(self._accept)
        self._field.cancelled.connect(self.cancelled)
        note = QLabel(self.tr("The original is kept as a branch."), self)
        set_role(note, "caption")
        accept = QPushButton(self.tr("Send") if is_user else self.tr("Save"), self)
        accept.setToolTip(self.tr("Ctrl+Enter"))
        set_role(accept, "primary")
        accept.clicked.connect(self._accept)
        cancel = QPushButton(self.tr("Cancel"), self)
        cancel.clicked.connect(self.cancelled)
        row = QHBoxLayout()
        row.addWidget(note, 1)
        row.addWidget(cancel)
        row.addWidget(accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._field, 1)
        column.addLayout(row)

    def wanted_height(self) -> int:
        """Enough for the text, within reason."""
        lines = min(max(self._field.document().blockCount(), 3), 16)
        return lines * self._field.fontMetrics().lineSpacing() + 24 + 48

    def start(self) -> None:
        self._field.setFocus()
        self._field.moveCursor(self._field.textCursor().MoveOperation.End)

    def _accept(self) -> None:
        if text := self._field.toPlainText().strip():
            self.accepted.emit(text)
