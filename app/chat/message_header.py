"""The line above a message: who speaks, which of several versions it is, and what can be done with it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from app.chat.shown import Command, ShownMessage
from app.widgets.buttons import icon_button
from app.widgets.theme import set_role

HEIGHT = 30


class MessageHeader(QWidget):
    """The actions show under the pointer and on the current message; the counter of versions always."""

    command = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._name = QLabel(self)
        set_role(self._name, "section")
        self._note = QLabel(self)
        set_role(self._note, "caption")
        self._actions: dict[Command, QToolButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(self._name)
        row.addSpacing(6)
        row.addWidget(self._note, 1, Qt.AlignmentFlag.AlignVCenter)
        for command, name, text in (
            (Command.COPY, "copy", self.tr("Copy message")),
            (Command.EDIT, "edit", self.tr("Edit message")),
            (Command.REGENERATE, "refresh", self.tr("Write another reply")),
            (Command.DELETE, "trash", self.tr("Delete message")),
        ):
            self._actions[command] = self._button(command, name, text)
            row.addWidget(self._actions[command])
        self._previous = self._button(Command.PREVIOUS, "chevron-left", self.tr("Previous version"))
        self._place = QLabel(self)
        set_role(self._place, "caption")
        self._next = self._button(Command.NEXT, "chevron-right", self.tr("Next version"))
        row.addSpacing(4)
        for widget in (self._previous, self._place, self._next):
            row.addWidget(widget)
        self._active = False
        self._shown: ShownMessage | None = None

    def show_message(self, shown: ShownMessage, name: str, note: str) -> None:
        self._shown = shown
        self._name.setText(name)
        self._note.setText(note)
        several = shown.places > 1
        self._place.setText(f"{shown.place}/{shown.places}")
        self._place.setAccessibleName(self.tr("Version {0} of {1}").format(shown.place, shown.places))
        for widget in (self._previous, self._place, self._next):
            widget.setVisible(several)
        self._previous.setEnabled(shown.place > 1)
        self._next.setEnabled(shown.place < shown.places)
        self._show_actions()

    def set_active(self, active: bool) -> None:
        if active != self._active:
            self._active = active
            self._show_actions()

    def _show_actions(self) -> None:
        busy = self._shown is None or self._shown.writing or self._shown.waiting
        for command, button in self._actions.items():
            wanted = self._active and (not busy or command is Command.COPY)
            if command is Command.REGENERATE and self._shown is not None and self._shown.row.role != "assistant":
                wanted = False
            button.setVisible(wanted)

    def _button(self, command: Command, name: str, text: str) -> QToolButton:
        button = icon_button(self, name, text, lambda: self.command.emit(command))
        button.setFixedSize(28, 28)
        return button
