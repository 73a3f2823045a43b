"""What can be done with one message: the actions of the menus, and the one place in which each is carried out."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QGuiApplication

from app.chat.files import ConversationFiles
from app.chat.shown import Command, ShownMessage
from app.chat.state import ChatState
from app.chat.transcript import Transcript
from app.widgets.page_actions import PageActions

_LOOKING = (Command.COMPARE, Command.EXPORT, Command.REPLAY)
_OF_REPLIES = (
    Command.REGENERATE,
    Command.CONTINUE,
    Command.THOUGHTS,
    Command.COPY_CODE,
    Command.EXPORT,
    Command.REPLAY,
)


class MessageCommands(QObject):
    """``actions`` in the order of the menu. serve() says whom they are for, once the parts of the page are made."""

    def __init__(self, state: ChatState, actions: PageActions, parent: QObject) -> None:
        super().__init__(parent)
        self._state = state
        self._transcript: Transcript
        self._files: ConversationFiles
        self._compare: Callable[[int], None]
        listed = (
            (Command.COPY, self.tr("Copy message"), "Ctrl+Shift+C", "copy"),
            (Command.EDIT, self.tr("Edit message"), "Ctrl+E", "edit"),
            (Command.REGENERATE, self.tr("Write another reply"), "Ctrl+R", "refresh"),
            (Command.CONTINUE, self.tr("Continue the reply"), "Ctrl+Shift+R", "play"),
            (Command.PREVIOUS, self.tr("Previous version"), "Alt+Left", "chevron-left"),
            (Command.NEXT, self.tr("Next version"), "Alt+Right", "chevron-right"),
            (Command.COMPARE, self.tr("Compare with another version"), "Ctrl+D", "branch"),
            (Command.THOUGHTS, self.tr("Show or hide the thoughts"), "Ctrl+H", "eye"),
            (Command.COPY_CODE, self.tr("Copy the code"), "Ctrl+Shift+K", "copy"),
            (Command.REPLAY, self.tr("Check that it comes out the same"), "Ctrl+Shift+Y", "check"),
            (Command.EXPORT, self.tr("Export the reply with its tokens…"), "", "export"),
            (Command.DELETE, self.tr("Delete message"), "Ctrl+Shift+Backspace", "trash"),
        )
        self.actions_in_order: list[QAction] = [
            actions.add("edit", text, partial(self._act, command), keys, icon) for command, text, keys, icon in listed
        ]

    def serve(self, transcript: Transcript, files: ConversationFiles, compare: Callable[[int], None]) -> None:
        self._transcript, self._files, self._compare = transcript, files, compare

    def run(self, message_id: int, command: Command) -> None:
        """Do it to this message."""
        state = self._state
        match command:
            case Command.COPY:
                if not self._transcript.copy_selection():
                    QGuiApplication.clipboard().setText(state.content(message_id))
                    state.notice.emit(self.tr("Copied."))
            case Command.EDIT:
                self._transcript.edit(message_id)
            case Command.REGENERATE:
                state.regenerate(message_id)
            case Command.CONTINUE:
                state.resume(message_id)
            case Command.DELETE:
                state.delete_message(message_id)
            case Command.PREVIOUS:
                state.step_version(message_id, -1)
            case Command.NEXT:
                state.step_version(message_id, 1)
            case Command.THOUGHTS:
                if not self._transcript.toggle_thoughts(message_id):
                    state.notice.emit(self.tr("There are no thoughts in this message."))
            case Command.COPY_CODE:
                code = self._transcript.code_of(message_id)
                if code:
                    QGuiApplication.clipboard().setText(code)
                state.notice.emit(self.tr("Copied.") if code else self.tr("There is no code in this message."))
            case Command.COMPARE:
                self._compare(message_id)
            case Command.REPLAY:
                state.check_again(message_id)
            case Command.EXPORT:
                self._files.ask_export_reply(message_id)
            case Command.STOP_WAITING:
                state.stop()
            case Command.DETAILS:
                QGuiApplication.clipboard().setText(state.problem_details(message_id))

    def _act(self, command: Command) -> None:
        target = self._target(command)
        if target is not None:
            self.run(target, command)

    def _target(self, command: Command) -> int | None:
        """The message that an action of the menu is for: the current one, or the last that it makes sense for."""
        if self._transcript.current is not None:
            return self._transcript.current
        items: list[ShownMessage] = self._state.shown()
        selected = self._state.choice.selected  # a token, of whose reply something is to be known
        if command in _LOOKING and selected is not None:
            items = [item for item in items if item.id == selected[0]] or items
        wanted = [
            item
            for item in items
            if command in (Command.COPY, Command.DELETE)
            or (command is Command.EDIT and item.row.role == "user")
            or (command in _OF_REPLIES and item.row.role == "assistant")
            or (command in (Command.PREVIOUS, Command.NEXT, Command.COMPARE) and item.places > 1)
        ]
        return wanted[-1].id if wanted else None
