"""What could not be added, and why: it stays below the list until it was read."""

from pathlib import PurePath

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.models.state import ModelsState
from app.translation import error_text
from app.widgets.buttons import icon_button
from app.widgets.formats import number
from app.widgets.theme import set_role

_MOST = 3


class RefusedFiles(QWidget):
    """Follows a ModelsState; not to be seen where everything was added."""

    def __init__(self, state: ModelsState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.title, self.reasons = QLabel(), QLabel()
        set_role(self.title, "section")
        self.title.setWordWrap(True)
        self.reasons.setWordWrap(True)
        self.reasons.setTextFormat(Qt.TextFormat.PlainText)
        self.reasons.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        set_role(self.reasons, "bad")
        self.close_button = icon_button(self, "x", self.tr("Close this message"), state.forget_refused)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        inner = QVBoxLayout()
        inner.setContentsMargins(12, 8, 8, 12)
        inner.setSpacing(4)
        inner.addLayout(head)
        inner.addWidget(self.reasons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(set_role(QFrame(), "line"))
        column.addLayout(inner)
        state.refused_changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        refused = self._state.refused
        self.setVisible(bool(refused))
        if not refused:
            return
        self.title.setText(
            self.tr("This file was not added")
            if len(refused) == 1
            else self.tr("{0} files were not added").format(number(len(refused)))
        )
        lines = [error_text(reason) for _, reason in refused[:_MOST]]
        if len(refused) > _MOST:
            names = ", ".join(PurePath(path).name for path, _ in refused[_MOST:])
            lines.append(self.tr("And: {0}").format(names))
        self.reasons.setText("\n".join(lines))
        self.reasons.setToolTip("\n".join(path for path, _ in refused))
        said = f"{self.title.text()}: {' '.join(lines)}"
        self.setAccessibleName(said)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, said))
