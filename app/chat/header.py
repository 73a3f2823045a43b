"""The line above the conversation: its title, the model, and the switches of the page."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from app.chat.model_link import ModelLink
from app.chat.model_picker import ModelPicker
from app.widgets.title_field import TitleField


class Header(QWidget):
    """Shows the title and the buttons of the given actions."""

    renamed = Signal(str)

    def __init__(
        self, link: ModelLink, left: list[QAction], right: list[QAction], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        first = [self._button(action) for action in left]  # Tab goes in the order of making
        self._title = TitleField(self.tr("Title of the conversation"), self.tr("New conversation"), self)
        self._title.renamed.connect(self.renamed)
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
        self._title.show_title(title, editable)

    def edit_title(self) -> None:
        self._title.edit()

    def _button(self, action: QAction) -> QToolButton:
        button = QToolButton(self)
        button.setDefaultAction(action)
        button.setAccessibleName(action.text().replace("&", ""))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button
