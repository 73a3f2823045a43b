"""Find in the conversation: a field, a counter, before and after."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.widgets.buttons import icon_button
from app.widgets.fields import add_clear_button
from app.widgets.theme import set_role


class FindBar(QWidget):
    """Says what is looked for and where to go; who searches answers with set_count()."""

    query_changed = Signal(str)
    stepped = Signal(int)  # -1, 1
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "surface")
        self._field = QLineEdit(self)
        self._field.setPlaceholderText(self.tr("Find in this conversation"))
        self._field.setAccessibleName(self.tr("Find in this conversation"))
        add_clear_button(self._field)
        self._field.textChanged.connect(self.query_changed)
        self._count = QLabel(self)
        set_role(self._count, "caption")
        self._count.setMinimumWidth(88)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        row = QHBoxLayout()
        column.addLayout(row)
        column.addWidget(set_role(QFrame(self), "line"))
        row.setContentsMargins(16, 6, 16, 6)
        row.setSpacing(8)
        row.addWidget(self._field, 1)
        row.addWidget(self._count)
        row.addWidget(icon_button(self, "chevron-up", self.tr("Previous place"), lambda: self.stepped.emit(-1)))
        row.addWidget(icon_button(self, "chevron-down", self.tr("Next place"), lambda: self.stepped.emit(1)))
        row.addWidget(icon_button(self, "x", self.tr("Close"), self.close_bar))
        self.setFocusProxy(self._field)

    @property
    def query(self) -> str:
        return self._field.text()

    def open_bar(self) -> None:
        self.show()
        self._field.setFocus()
        self._field.selectAll()
        if self.query:
            self.query_changed.emit(self.query)

    def close_bar(self) -> None:
        self.hide()
        self.closed.emit()

    def set_count(self, place: int, count: int) -> None:
        """place counts from 1; 0 of 0 is nothing found."""
        if not self.query:
            self._count.setText("")
        elif not count:
            self._count.setText(self.tr("Nothing found"))
        else:
            self._count.setText(self.tr("{0} of {1}").format(place, count))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self.stepped.emit(-1 if back else 1)
        else:
            super().keyPressEvent(event)
