"""What a pane shows while it has nothing to show: what this is, and one action to begin."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.widgets.icons import IconLabel
from app.widgets.theme import set_role


class EmptyState(QWidget):
    """Icon, title, a sentence and at most one button, centred. ``acted`` is emitted when the button is pressed."""

    acted = Signal()

    def __init__(
        self, icon_name: str, title: str, sentence: str, action_text: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.title = QLabel(title)
        set_role(self.title, "title")
        self.title.setWordWrap(True)
        self.sentence = QLabel(sentence)
        set_role(self.sentence, "muted")
        self.sentence.setWordWrap(True)
        self.sentence.setMaximumWidth(420)
        self.button = QPushButton(action_text)
        set_role(self.button, "primary")
        self.button.clicked.connect(self.acted)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(8)
        column.addStretch(2)
        column.addWidget(IconLabel(icon_name, 32), 0, Qt.AlignmentFlag.AlignHCenter)
        for label in (self.title, self.sentence):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self.title)
        # A label that wraps gets the height of its text only in a row that is not aligned.
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.sentence, 8)
        row.addStretch(1)
        column.addLayout(row)
        column.addSpacing(8)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        self.button.setVisible(bool(action_text))  # in here by now: else it would be a window of its own for a moment
        column.addStretch(3)

    def set_texts(self, title: str, sentence: str, action_text: str = "") -> None:
        """Say something else; without action_text there is no button."""
        self.title.setText(title)
        self.sentence.setText(sentence)
        self.button.setText(action_text)
        self.button.setVisible(bool(action_text))
