"""A card between the conversation and the composer: a sentence, what can be done about it, and the way to be rid of it."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.widgets.elided_label import ElidedLabel
from app.widgets.flow import FlowLayout
from app.widgets.icons import set_icon
from app.widgets.theme import set_role


class NoticeCard(QWidget):
    """Words above, buttons below, a cross at the right."""

    def __init__(
        self, close_text: str, on_close: Callable[[], object], parent: QWidget | None = None, *, wraps: bool = False
    ) -> None:
        """wraps: the words may take several lines."""
        super().__init__(parent)
        self.text = QLabel() if wraps else ElidedLabel()
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setWordWrap(wraps)
        self.close_button = QToolButton()
        set_icon(self.close_button, "x", "muted")
        self.close_button.setIconSize(QSize(16, 16))
        self.close_button.setToolTip(close_text)
        self.close_button.setAccessibleName(close_text)
        self.close_button.clicked.connect(lambda: on_close())
        card = QFrame()
        set_role(card, "card")
        self._inside = QVBoxLayout(card)
        self._inside.setContentsMargins(12, 8, 8, 8)
        self._inside.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(self.text, 1)
        head.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self._inside.addLayout(head)
        self.buttons = QWidget()
        self._flow = FlowLayout(self.buttons)
        self._inside.addWidget(self.buttons)
        self.setSizePolicy(
            QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum
        )  # it is the conversation that gives way
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 0, 16, 8)
        column.addWidget(card)

    def add_button(self, text: str, slot: Callable[[], object], tip: str = "", role: str = "") -> QPushButton:
        """Another button at the end of the row."""
        button = QPushButton(text)
        button.setToolTip(tip)
        if role:
            set_role(button, role)
        button.clicked.connect(lambda: slot())
        self._flow.addWidget(button)
        return button

    def insert_below(self, widget: QWidget) -> None:
        """Something between the words and the buttons."""
        self._inside.insertWidget(1, widget)
