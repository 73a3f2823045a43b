"""The line above a message: who speaks, which of several versions it is, and what can be done with it."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from app.chat.shown import Command, ShownMessage
from app.widgets.buttons import icon_button
from app.widgets.plain import PlainLabel, plain_tip
from app.widgets.theme import set_role

HEIGHT = 30
_BEFORE_ACTIONS = 3  # name, space and note


class MessageHeader(QWidget):
    """The actions show under the pointer and on the current message; the counter of versions always.

    Buttons are made when they are first to be seen: a message that is only scrolled past costs none.
    """

    command = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._name = PlainLabel(parent=self)
        set_role(self._name, "section")
        self._note = PlainLabel(parent=self)
        set_role(self._note, "caption")
        self._actions: dict[Command, QToolButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(self._name)
        row.addSpacing(6)
        row.addWidget(self._note, 1, Qt.AlignmentFlag.AlignVCenter)
        self._row = row
        self._versions: _Versions | None = None
        self._active = False
        self._shown: ShownMessage | None = None

    def show_message(self, shown: ShownMessage, name: str, note: str, facts: str = "") -> None:
        """facts: what the message was made with, for whoever points at its head."""
        self._shown = shown
        self._name.setText(name)
        self._note.setText(note)
        for label in (self._name, self._note):
            label.setToolTip(plain_tip(facts))
        if shown.places > 1 and self._versions is None:
            self._versions = _Versions(self)
            self._versions.command.connect(self.command)
            self._row.addWidget(self._versions)
        if self._versions is not None:
            self._versions.show_message(shown)
        self._show_actions()

    def set_active(self, active: bool) -> None:
        if active != self._active:
            self._active = active
            self._show_actions()

    def _show_actions(self) -> None:
        if self._active and not self._actions:
            self._make_actions()
        busy = self._shown is None or self._shown.writing or self._shown.waiting
        for command, button in self._actions.items():
            wanted = self._active and (not busy or command is Command.COPY)
            if command is Command.REGENERATE and self._shown is not None and self._shown.row.role != "assistant":
                wanted = False
            button.setVisible(wanted)

    def _make_actions(self) -> None:
        for place, (command, name, text) in enumerate(
            (
                (Command.COPY, "copy", self.tr("Copy message")),
                (Command.EDIT, "edit", self.tr("Edit message")),
                (Command.REGENERATE, "refresh", self.tr("Write another reply")),
                (Command.DELETE, "trash", self.tr("Delete message")),
            )
        ):
            button = _button(self, name, text, partial(self.command.emit, command))
            self._actions[command] = button
            self._row.insertWidget(_BEFORE_ACTIONS + place, button)


class _Versions(QWidget):
    """Which of several versions is shown, and the ways to the others."""

    command = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._previous = _button(
            self, "chevron-left", self.tr("Previous version"), partial(self.command.emit, Command.PREVIOUS)
        )
        self._place = QLabel(self)
        set_role(self._place, "caption")
        self._next = _button(self, "chevron-right", self.tr("Next version"), partial(self.command.emit, Command.NEXT))
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 0, 0)
        row.setSpacing(2)
        for widget in (self._previous, self._place, self._next):
            row.addWidget(widget)

    def show_message(self, shown: ShownMessage) -> None:
        self._place.setText(f"{shown.place}/{shown.places}")
        self._place.setAccessibleName(self.tr("Version {0} of {1}").format(shown.place, shown.places))
        self._previous.setEnabled(shown.place > 1)
        self._next.setEnabled(shown.place < shown.places)
        self.setVisible(shown.places > 1)


def _button(parent: QWidget, name: str, text: str, act: Callable[[], object]) -> QToolButton:
    button = icon_button(parent, name, text, act)
    button.setFixedSize(28, 28)
    return button
