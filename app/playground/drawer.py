"""The pane below the text: one of several things at a time, with its title and a way to close it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from app.widgets.buttons import icon_button
from app.widgets.theme import set_role


class Drawer(QWidget):
    """``closed`` by its button or Escape."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "surface")
        self.setMinimumHeight(180)
        self._title = QLabel()
        set_role(self._title, "section")
        self._stack = QStackedWidget()
        self._titles: dict[QWidget, str] = {}
        row = QHBoxLayout()
        row.setContentsMargins(12, 6, 8, 0)
        row.addWidget(self._title, 1)
        row.addWidget(icon_button(self, "x", self.tr("Close"), self.close_pane))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self._stack, 1)
        self.hide()

    def add(self, pane: QWidget, title: str) -> None:
        self._titles[pane] = title
        self._stack.addWidget(pane)

    def open(self, pane: QWidget, title: str = "") -> None:
        """Show a pane, under its own title or another one."""
        self._title.setText(title or self._titles[pane])
        self._stack.setCurrentWidget(pane)
        self.show()

    @property
    def pane(self) -> QWidget | None:
        """What is shown, None while it is closed."""
        return None if self.isHidden() else self._stack.currentWidget()

    def close_pane(self) -> None:
        self.hide()
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_pane()
        else:
            super().keyPressEvent(event)
