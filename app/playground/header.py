"""The line above the document: its title, the model, and the switches of the page."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from app.widgets.elided_label import ElidedLabel
from app.widgets.theme import set_role
from app.widgets.title_field import TitleField


class Header(QWidget):
    """Shows the title and the buttons of the given actions."""

    renamed = Signal(str)

    def __init__(self, left: list[QAction], right: list[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = TitleField(self.tr("Title of the document"), self.tr("New document"), self)
        self._title.renamed.connect(self.renamed)
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
        self._title.show_title(title, editable)

    def show_model(self, text: str) -> None:
        self._model.setText(text)

    def edit_title(self) -> None:
        self._title.edit()

    def _button(self, action: QAction) -> QToolButton:
        button = QToolButton(self)
        button.setDefaultAction(action)
        button.setAccessibleName(action.text().replace("&", ""))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button
