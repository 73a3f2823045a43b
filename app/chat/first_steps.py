"""What an empty conversation shows: what this is, and three things to try."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.widgets.theme import set_role


class FirstSteps(QWidget):
    """Each suggestion is one click: ``tried`` carries the text to send."""

    tried = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "background")
        title = QLabel(self.tr("Talk to a model on your own machine"), self)
        title.setWordWrap(True)
        set_role(title, "title")
        sentence = QLabel(
            self.tr(
                "A language model does one thing: it gives every possible next token a probability. "
                "Write something, then click any word of the reply to see how it was picked."
            ),
            self,
        )
        sentence.setWordWrap(True)
        set_role(sentence, "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(8)
        column.addStretch(3)
        for label in (title, sentence):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(title)
        # A label that wraps takes its height from its width only where it may take all of the row.
        row = QHBoxLayout()
        sentence.setMaximumWidth(520)
        row.addStretch(1)
        row.addWidget(sentence, 8)
        row.addStretch(1)
        column.addLayout(row)
        column.addSpacing(16)
        box = QWidget(self)
        suggestions = QVBoxLayout(box)
        suggestions.setContentsMargins(0, 0, 0, 0)
        suggestions.setSpacing(8)
        column.addWidget(box, 0, Qt.AlignmentFlag.AlignHCenter)
        for shown, text in (
            (
                self.tr("Finish: “The quick brown fox jumps over the lazy”"),
                self.tr("Finish this sentence: The quick brown fox jumps over the lazy"),
            ),
            (self.tr("Ask it who it is"), self.tr("Who are you?")),
            (self.tr("A short story about a fox"), self.tr("Tell me a short story about a fox.")),
        ):
            suggestions.addWidget(self._button(shown, text))
        column.addStretch(4)

    def _button(self, shown: str, text: str) -> QPushButton:
        button = QPushButton(shown, self)
        button.setMinimumWidth(320)
        button.setAccessibleDescription(text)
        button.clicked.connect(lambda: self.tried.emit(text))
        return button
