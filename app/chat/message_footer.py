"""The line below a message: how it ended where it did not simply end, and the way on."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.chat.shown import Command, ShownMessage
from app.widgets.buttons import text_button
from app.widgets.theme import set_role


class MessageFooter(QWidget):
    """Words and at most two buttons. Hidden where there is nothing to say; its parts are made when there first is something."""

    command = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._action: Command = Command.CONTINUE
        self._column: QVBoxLayout | None = None

    def _make_parts(self) -> QVBoxLayout:
        self._text = QLabel(self)
        self._text.setWordWrap(True)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._hint = QLabel(self.tr("Click any word to see how likely it was, and what else it could have been."), self)
        self._hint.setWordWrap(True)
        set_role(self._hint, "caption")
        self._button: QPushButton = text_button(self, "", lambda: self.command.emit(self._action), "")
        self._details = text_button(self, self.tr("Copy details"), lambda: self.command.emit(Command.DETAILS))
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._text, 1)
        row.addWidget(self._details)
        row.addWidget(self._button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self._hint)
        return column

    def height_for(self, width: int) -> int:
        """Height at a width. Parts that are hidden take no room."""
        if self._column is None:
            return 0
        self._column.invalidate()
        wraps = self._column.hasHeightForWidth()
        return self._column.heightForWidth(width) if wraps else self._column.sizeHint().height()

    def show_message(self, shown: ShownMessage) -> bool:
        """Say what there is to say; returns whether there is anything."""
        text, action, button = self._ending(shown)
        anything = bool(text or button or shown.hint)
        if self._column is None and not anything:
            return False
        self._column = self._column or self._make_parts()
        self._text.setText(text)
        set_role(self._text, "bad" if shown.row.state == "failed" else "muted")
        self._text.setVisible(bool(text))
        self._action = action
        self._button.setText(button)
        self._button.setVisible(bool(button))
        self._details.setVisible(bool(shown.problem and shown.problem.detail))
        self._hint.setVisible(shown.hint)
        return anything

    def _ending(self, shown: ShownMessage) -> tuple[str, Command, str]:
        row, empty = shown.row, not shown.row.content.strip()
        resume = (Command.CONTINUE, self.tr("Try again") if empty else self.tr("Continue"))
        if not shown.last:
            resume = (Command.CONTINUE, "")  # what follows was written as an answer to this text
        if shown.waiting:
            return self.tr("Waiting for the model…"), Command.STOP_WAITING, self.tr("Cancel")
        if shown.writing:
            return "", Command.CONTINUE, ""
        if shown.unanswered:
            return self.tr("No reply yet."), Command.REGENERATE, self.tr("Reply")
        if row.role != "assistant":
            return "", Command.CONTINUE, ""
        if shown.problem is not None:
            return f"{shown.problem.text} {shown.problem.hint}".strip(), *resume
        if row.state == "failed":
            return self.tr("The reply could not be written."), *resume
        finish = row.summary.finish if row.summary else None
        if finish == "cancelled":
            return self.tr("Stopped."), *resume
        if row.state == "interrupted":
            return self.tr("This reply was interrupted. What had arrived is kept."), *resume
        if finish == "length":
            return self.tr("The reply reached its maximum length."), *resume
        if finish == "context":
            text = self.tr("The context is full: the model cannot see any more text.")
            if not shown.full:
                return text, *resume
            way_on = self.tr("Begin a new conversation, or load the model with a longer context (Settings).")
            return (f"{text} {way_on}" if shown.last else text), Command.CONTINUE, ""
        return "", Command.CONTINUE, ""
