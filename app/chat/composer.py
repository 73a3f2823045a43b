"""Where one writes: grows with the text, Enter sends, and in the place of Send stands Stop while a reply is written."""

from PySide6.QtCore import QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QWidget

from app.reading.style import COLUMN_WIDTH
from app.widgets.icons import set_icon
from app.widgets.theme import set_role, theme

_MOST_LINES = 12


class _Field(QPlainTextEdit):
    entered = Signal()
    escaped = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.insertPlainText("\n")
            self.ensureCursorVisible()
        else:
            super().keyPressEvent(event)

    def insertFromMimeData(self, source: QMimeData) -> None:
        if source.hasText():
            self.insertPlainText(source.text())


class Composer(QWidget):
    """Text in, ``sent`` out. It clears itself only when it is told that the text is saved."""

    sent = Signal(str)
    stopped = Signal()
    text_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._busy = False
        self._elsewhere = ""
        self._on_its_way = ""
        self._one_line = 0
        self._field = _Field(self)
        self._field.setPlaceholderText(self.tr("Write a message…"))
        self._field.setAccessibleName(self.tr("Message"))
        self._field.setTabChangesFocus(True)
        self._field.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._field.entered.connect(self._send)
        self._field.escaped.connect(self._stop)
        self._field.textChanged.connect(self._changed)
        self._button = QPushButton(self)
        self._button.setMinimumWidth(88)
        self._button.clicked.connect(self._press)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._field, 1)
        row.addWidget(self._button, 0, Qt.AlignmentFlag.AlignBottom)
        column = QWidget(self)
        column.setLayout(row)
        column.setMaximumWidth(COLUMN_WIDTH)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(16, 8, 16, 12)
        outer.addStretch(0)
        outer.addWidget(column, 1)
        outer.addStretch(0)
        self.setFocusProxy(self._field)
        theme().changed.connect(self._dress)
        self._dress()

    @property
    def text(self) -> str:
        return self._field.toPlainText()

    def set_text(self, text: str) -> None:
        """Put a draft in the field."""
        if text != self.text:
            self._field.setPlainText(text)
            self._field.moveCursor(self._field.textCursor().MoveOperation.End)

    def accepted(self) -> None:
        """What was sent is saved: only what was typed since stays in the field."""
        text, self._on_its_way = self.text.removeprefix(self._on_its_way), ""
        self._field.setPlainText(text)

    def set_busy(self, busy: bool, elsewhere: str = "") -> None:
        """Whether a reply is being written here; elsewhere is the reason why nothing can be sent now, if there is one."""
        if (busy, elsewhere) != (self._busy, self._elsewhere):
            self._busy, self._elsewhere = busy, elsewhere
            self._update_button()

    def insert_line(self) -> None:
        self._field.insertPlainText("\n")

    def _dress(self) -> None:
        self._field.setFont(theme().font("reading"))
        self._field.viewport().setFont(theme().font("reading"))  # what is written in the empty field is of its font
        self._grow()
        self._update_button()

    def _changed(self) -> None:
        self._grow()
        self._update_button()
        self.text_changed.emit(self.text)

    def _grow(self) -> None:
        line = self._field.fontMetrics().lineSpacing()
        lines = int(self._field.document().size().height())  # of a plain document: counted in lines
        most = max(3, min(_MOST_LINES, self.window().height() * 2 // 5 // line))
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if lines > most else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self._field.setVerticalScrollBarPolicy(policy)
        margins = 2 * int(self._field.document().documentMargin()) + 16
        self._field.setFixedHeight(max(1, min(lines, most)) * line + margins)
        self._one_line = line + margins
        self._button.setFixedHeight(self._one_line)

    def sizeHint(self) -> QSize:
        return QSize(480, super().sizeHint().height())

    def resizeEvent(self, event: object) -> None:
        self._grow()

    def _update_button(self) -> None:
        self._show_button()
        # A stylesheet that is polished anew sets its own least height.
        self._button.setFixedHeight(self._one_line)

    def _show_button(self) -> None:
        button = self._button
        if self._busy:
            button.setText(self.tr("Stop"))
            button.setToolTip(self.tr("Stop writing (Esc)"))
            button.setEnabled(True)
            set_icon(button, "stop")
            set_role(button, "")
            return
        button.setText(self.tr("Send"))
        set_role(button, "primary")
        if self._elsewhere:
            button.setToolTip(self._elsewhere)
        elif not self.text.strip():
            button.setToolTip(self.tr("Write something first"))
        else:
            button.setToolTip(self.tr("Send (Enter); Shift+Enter begins a new line"))
        enabled = bool(self.text.strip()) and not self._elsewhere
        button.setEnabled(enabled)
        set_icon(button, "send", "accent_text" if enabled else "muted")

    def _press(self) -> None:
        if self._busy:
            self._stop()
        else:
            self._send()

    def _send(self) -> None:
        if not self._busy and not self._elsewhere and not self._on_its_way and self.text.strip():
            self._on_its_way = self.text
            self.sent.emit(self.text)

    def refused(self) -> None:
        """What was sent could not be taken; it stays in the field."""
        self._on_its_way = ""

    def _stop(self) -> None:
        if self._busy:
            self.stopped.emit()
