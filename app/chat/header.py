"""The line above the conversation: its title, the model, and the switches of the page."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QColor, QFocusEvent, QKeyEvent, QLinearGradient, QPainter, QPaintEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QWidget

from app.chat.model_link import ModelLink
from app.chat.model_picker import ModelPicker
from app.widgets.plain import plain_tip
from app.widgets.theme import set_role, theme

_FADE = 32  # px in which a title that is too long runs out


class _Title(QLineEdit):
    """Looks like a heading until it is clicked; Escape puts the old title back."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.kept = ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.setText(self.kept)
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


class Header(QWidget):
    """Shows the title and the buttons of the given actions."""

    renamed = Signal(str)

    def __init__(
        self, link: ModelLink, left: list[QAction], right: list[QAction], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        first = [self._button(action) for action in left]  # Tab goes in the order of making
        self._title = _Title(self)
        set_role(self._title, "plain")
        self._title.setAccessibleName(self.tr("Title of the conversation"))
        self._title.editingFinished.connect(self._finished)
        self.picker = ModelPicker(link, self)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 12, 6)
        row.setSpacing(4)
        for button in first:
            row.addWidget(button)
        row.addSpacing(4)
        row.addWidget(self._title, 1)
        row.addWidget(self.picker)
        for action in right:
            row.addWidget(self._button(action))

    def set_title(self, title: str, editable: bool) -> None:
        self._title.kept = title
        self._title.setText(title)
        self._title.setCursorPosition(0)
        self._title.setReadOnly(not editable)
        self._title.setPlaceholderText(self.tr("New conversation"))
        tip = self.tr("Click to rename")
        self._title.setToolTip(plain_tip(f"{title}\n{tip}") if editable else "")

    def edit_title(self) -> None:
        if not self._title.isReadOnly():
            self._title.setFocus()
            self._title.selectAll()

    def _finished(self) -> None:
        text = self._title.text().strip()
        if not text:
            self._title.setText(self._title.kept)
        elif text != self._title.kept:
            self._title.kept = text
            self.renamed.emit(text)

    def _button(self, action: QAction) -> QToolButton:
        button = QToolButton(self)
        button.setDefaultAction(action)
        button.setAccessibleName(action.text().replace("&", ""))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button
