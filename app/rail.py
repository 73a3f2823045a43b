"""The narrow column at the left of the window: one button a page, icon over word."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.widgets.icons import set_icon
from app.widgets.theme import set_role, theme
from app.widgets.tokens import RAIL_WIDTH


class Rail(QWidget):
    """``chosen`` brings the name of the page whose button was pressed."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "surface")
        self.buttons: dict[str, QToolButton] = {}
        self._group = QButtonGroup(self)
        self._top, self._foot = QVBoxLayout(), QVBoxLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 8, 2, 8)
        column.setSpacing(4)
        for part in (self._top, self._foot):
            part.setSpacing(4)
        column.addLayout(self._top)
        column.addStretch(1)
        column.addLayout(self._foot)
        theme().changed.connect(self._size)
        self._size()

    def add(self, name: str, title: str, icon_name: str, keys: str, at_foot: bool, short: str = "") -> None:
        """Add the button of a page; keys is its shortcut, shown in the tooltip; short is the word on it, the title by itself."""
        button = QToolButton()
        set_role(button, "rail")
        set_icon(button, icon_name, "muted", "accent")
        button.setText(short or title)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setIconSize(QSize(22, 22))
        button.setCheckable(True)
        button.setToolTip(f"{title} ({keys})" if keys else title)
        button.setAccessibleName(title)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda: self.chosen.emit(name))
        self._group.addButton(button)
        (self._foot if at_foot else self._top).addWidget(button)
        self.buttons[name] = button

    def show_chosen(self, name: str) -> None:
        self.buttons[name].setChecked(True)

    def _size(self) -> None:
        self.setFixedWidth(max(RAIL_WIDTH, theme().px(RAIL_WIDTH)))
