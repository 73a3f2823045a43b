"""The line above the document: its title, the model, and the switches of the page."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QWidget

from app.widgets.elided_label import ElidedLabel
from app.widgets.theme import set_role


class Header(QWidget):
    """Shows the title and the buttons of the given actions."""

    renamed = Signal(str)

    def __init__(self, left: list[QAction], right: list[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept = ""
        self._title = QLineEdit(self)
        set_role(self._title, "plain")
        self._title.setAccessibleName(self.tr("Title of the document"))
        self._title.setPlaceholderText(self.tr("New document"))
        self._title.editingFinished.connect(self._finished)
        self._model = ElidedLabel("", Qt.TextElideMode.ElideMiddle, self)
        self._model.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        set_role(self._model, "muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 12, 6)
        row.setSpacing(4)
        for action in left:
            row.addWidget(self._button(action))
        row.addSpacing(4)
        row.addWidget(self._title, 1)
        row.addWidget(self._model)
        row.addSpacing(8)
        for action in right:
            row.addWidget(self._button(action))

    def show_title(self, title: str, editable: bool) -> None:
        self._kept = title
        self._title.setText(title)
        self._title.setCursorPosition(0)
        self._title.setReadOnly(not editable)
        self._title.setToolTip(self.tr("Click to rename") if editable else "")

    def show_model(self, text: str) -> None:
        self._model.setText(text)

    def edit_title(self) -> None:
        if not self._title.isReadOnly():
            self._title.setFocus()
            self._title.selectAll()

    def _finished(self) -> None:
        text = self._title.text().strip()
        if not text:
            self._title.setText(self._kept)
        elif text != self._kept:
            self._kept = text
            self.renamed.emit(text)

    def _button(self, action: QAction) -> QToolButton:
        button = QToolButton(self)
        button.setDefaultAction(action)
        button.setAccessibleName(action.text().replace("&", ""))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button
