"""A title that can be edited in its place."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from app.widgets.plain import plain_tip
from app.widgets.theme import set_role, theme

_FADE = 32  # px in which a title that is too long runs out


class TitleField(QLineEdit):
    """Looks like a heading until it is clicked; Escape puts the old title back. ``renamed`` with another one, never an empty."""

    renamed = Signal(str)

    def __init__(self, name: str, placeholder: str, parent: QWidget) -> None:
        """name: what a screen reader calls it; placeholder: what stands there without a title."""
        super().__init__(parent)
        self._kept = ""
        set_role(self, "plain")
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        self.editingFinished.connect(self._finished)

    def show_title(self, title: str, editable: bool) -> None:
        self._kept = title
        self.setText(title)
        self.setCursorPosition(0)
        self.setReadOnly(not editable)
        tip = self.tr("Click to rename")
        self.setToolTip(plain_tip(f"{title}\n{tip}") if editable else "")

    def edit(self) -> None:
        """Begin to write another one."""
        if not self.isReadOnly():
            self.setFocus()
            self.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.setText(self._kept)
            self.clearFocus()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.setCursorPosition(0)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus() or self.fontMetrics().horizontalAdvance(self.text()) <= self.width():
            return
        ground = theme().colour("background")
        fade = QLinearGradient(self.width() - _FADE, 0, self.width() - 4, 0)
        clear = QColor(ground)
        clear.setAlpha(0)
        fade.setColorAt(0, clear)
        fade.setColorAt(1, ground)
        painter = QPainter(self)
        painter.fillRect(self.width() - _FADE, 0, _FADE, self.height(), fade)
        painter.end()

    def _finished(self) -> None:
        text = self.text().strip()
        if not text:
            self.setText(self._kept)
        elif text != self._kept:
            self._kept = text
            self.renamed.emit(text)
