"""The conversation that lies open: which one, which branch of it, its draft; and what is done with whole conversations."""

from collections.abc import Callable
from typing import TypeVar

import msgspec
from PySide6.QtCore import QObject, Signal

from app.chat.drafts import Draft
from app.chat.shelf import Shelf
from app.chat.shown import Problem
from app.chat.tree import ConversationTree
from app.settings.store import SettingsStore
from app.storage.rows import ConversationRow, MessageRow
from app.storage.store import Store
from app.storage.thread import StorageThread
from app.workers.deliver import deliver
from engine.errors import UserError
from engine.records import GenerationSettings

T = TypeVar("T")


class BlankPage:
    """An empty conversation, which comes into being with the first thing that is saved of it.

    make() runs on the storage thread; there whoever comes first makes it, and the others find it.
    """

    def __init__(self, settings: GenerationSettings) -> None:
        self.settings = settings
        self.system_prompt = ""
        self._made: ConversationRow | None = None

    def make(self, store: Store) -> ConversationRow:
        if self._made is None:
            self._made = store.create_conversation(self.settings, self.system_prompt)
        return self._made


class Desk(QObject):
    """Every method that changes something is one operation; what can be undone announces how (``undoable``).

    The signals say what to look at again; the values are read from the properties.
    """

    conversation_changed = Signal()  # another one, or its title, settings, system prompt
    path_changed = Signal(bool)  # the shown messages; true: show their end
    draft_restored = Signal(str)
    status_changed = Signal()
    problem = Signal(object)  # Problem
    undoable = Signal(str, object)  # sentence, Callable[[], None]
    revealed = Signal(int, int)  # message, character of its content: bring it on the screen
    closing = Signal()  # another conversation is about to be shown

    def __init__(self, storage: StorageThread, settings: SettingsStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._storage = storage
        self._settings = settings
        self.shelf = Shelf(storage, self)
        self.shelf.failed.connect(self.report)
        self.conversation: ConversationRow | None = None
        self.tree = ConversationTree()
        self.draft = Draft(self)
        self.draft.due.connect(self._save_draft)
        self._blank = BlankPage(settings.value.generation())
        self._opening = 0  # number of the last call of open(): an older answer is not shown

    @property
    def storage(self) -> StorageThread:
        return self._storage

    @property
    def settings(self) -> GenerationSettings:
        return self.conversation.settings if self.conversation else self._blank.settings

    @property
    def system_prompt(self) -> str:
        return self.conversation.system_prompt if self.conversation else self._blank.system_prompt

    def start(self) -> None:
        """Read the list, and open the conversation that was used last."""

        def arrived(rows: list[ConversationRow]) -> None:
            self.shelf.rows = rows
            self.shelf.changed.emit()
            if rows and self.conversation is None and not self.draft.text:
                self.open(rows[0].id)

        self._ask(lambda store: store.conversations(), arrived)

    def new_conversation(self) -> None:
        """Show an empty page; the conversation is made when something is written on it."""
        if self.conversation is not None and not len(self.tree) and not self.draft.text:
            return
        self.put_away()
        self._opening += 1
        self._show_conversation(None, ConversationTree(), "")

    def open(self, id: int, message_id: int | None = None, offset: int = 0) -> None:
        """Show a conversation; with message_id the branch through that message, with it on the screen."""
        if self.conversation is not None and self.conversation.id == id:
            if message_id is not None:
                self.reveal(message_id, offset)
            return
        self.put_away()
        self._opening += 1
        number = self._opening

        def arrived(found: tuple[ConversationRow, list[MessageRow]]) -> None:
            if number != self._opening:
                return
            row, messages = found
            self._show_conversation(row, ConversationTree(messages, row.leaf_id), row.draft)
            if message_id is not None:
                self.reveal(message_id, offset)

        self._ask(lambda store: (store.conversation(id), store.messages(id)), arrived)

    def reveal(self, message_id: int, offset: int = 0) -> None:
        """Show the branch through a message, and bring a character of it on the screen."""
        if message_id not in self.tree:
            return
        if not self.tree.is_shown(message_id):
            self._choose(message_id)
        self.revealed.emit(message_id, offset)

    def rename(self, id: int, title: str) -> None:
        title = " ".join(title.split())
        row = self.shelf.row(id)
        if not title or (row is not None and row.title == title):
            return
        old = row.title if row else ""
        self._rename(id, title, False)
        if old:
            self.undoable.emit(self.tr("Renamed."), lambda: self._rename(id, old, False))

    def delete(self, id: int) -> None:
        """Delete a conversation; undo brings it back as it was."""
        if self.conversation is not None and self.conversation.id == id:
            self.put_away()
            self._opening += 1
            self._show_conversation(None, ConversationTree(), "")

        def restore() -> None:
            def restored(_: None) -> None:
                self.shelf.refresh()
                self.open(id)

            self._ask(lambda store: store.restore(id), restored)

        def deleted(_: None) -> None:
            self.shelf.refresh()
            self.undoable.emit(self.tr("Conversation deleted."), restore)

        self._ask(lambda store: store.delete(id), deleted)

    def set_system_prompt(self, text: str) -> None:
        if text == self.system_prompt:
            return
        if self.conversation is None:
            self._blank.system_prompt = text
        else:
            self._update(system_prompt=text)
        self.conversation_changed.emit()

    def set_settings(self, settings: GenerationSettings) -> None:
        """How replies of this conversation are generated from now on."""
        if settings == self.settings:
            return
        if self.conversation is None:
            self._blank.settings = settings
        else:
            self._update(settings=settings)

    def put_settings_back(self, id: int | None, settings: GenerationSettings) -> None:
        """Undo a change of settings, in the conversation in which it was made; None for one that has not begun."""
        if (self.conversation.id if self.conversation is not None else None) == id:
            self.set_settings(settings)
            self.conversation_changed.emit()
        elif id is not None:
            self._ask(lambda store: store.update_conversation(id, settings=settings), lambda _: None)

    def step_version(self, message_id: int, step: int) -> None:
        """Show the version before (-1) or after (1) this one."""
        siblings = self.tree.siblings(message_id)
        place = siblings.index(message_id) + step
        if 0 <= place < len(siblings):
            self._choose(siblings[place])

    def put_away(self) -> None:
        """Save what is not saved yet; for another conversation, and for the end of the program."""
        self.draft.save()
        self.closing.emit()

    def _ask(self, call: Callable[[Store], T], on_result: Callable[[T], object]) -> None:
        deliver(self._storage.submit(call), self, lambda result: (on_result(result), None)[1], self.report)

    def report(self, error: BaseException) -> None:
        """Say that storage failed, in the words of the error where it has some."""
        if isinstance(error, UserError):
            self.problem.emit(Problem(error.text, error.hint, error.detail))
        else:
            text = self.tr("This could not be saved.")
            hint = self.tr("Check that the disk is not full. What you wrote stays in the window and is tried again.")
            self.problem.emit(Problem(text, hint, repr(error)))
        self.status_changed.emit()

    def _show_conversation(self, row: ConversationRow | None, tree: ConversationTree, draft: str) -> None:
        if row is None:
            self._blank = BlankPage(self._settings.value.generation())
        self.conversation = row
        self.tree = tree
        self.draft.restore(draft)
        self.conversation_changed.emit()
        self.path_changed.emit(True)
        self.draft_restored.emit(draft)
        self.status_changed.emit()

    def _on_conversation(
        self,
        call: Callable[[Store, ConversationRow], T],
        on_result: Callable[[T], object],
        on_error: Callable[[BaseException], object] | None = None,
    ) -> None:
        """Do something with the open conversation on the storage thread; an empty page becomes one by it, in the same step."""
        row, blank = self.conversation, self._blank

        def run(store: Store) -> tuple[ConversationRow, T]:
            current = row or blank.make(store)
            return current, call(store, current)

        def arrived(result: tuple[ConversationRow, T]) -> None:
            if self.conversation is None and self._blank is blank:
                self.conversation = result[0]
                self.conversation_changed.emit()
            if row is None:
                self.shelf.refresh()
            on_result(result[1])

        def failed(error: BaseException) -> None:
            if on_error is not None:
                on_error(error)
            self.report(error)

        deliver(self._storage.submit(run), self, arrived, failed)

    def _choose(self, message_id: int) -> None:
        self.closing.emit()
        self.tree.choose(message_id)
        row, leaf = self.conversation, self.tree.leaf_id
        if row is not None and leaf is not None:
            self._ask(lambda store: store.update_conversation(row.id, leaf_id=leaf), lambda _: None)
        self.path_changed.emit(False)
        self.status_changed.emit()

    def _update(self, *, system_prompt: str | None = None, settings: GenerationSettings | None = None) -> None:
        row = self.conversation
        if row is None:
            return
        if system_prompt is not None:
            self.conversation = row = msgspec.structs.replace(row, system_prompt=system_prompt)
        if settings is not None:
            self.conversation = row = msgspec.structs.replace(row, settings=settings)
        id = row.id
        self._ask(
            lambda store: store.update_conversation(id, system_prompt=system_prompt, settings=settings), lambda _: None
        )

    def _rename(self, id: int, title: str, auto: bool) -> None:
        if self.conversation is not None and self.conversation.id == id:
            self.conversation = msgspec.structs.replace(self.conversation, title=title, title_is_auto=auto)
            self.conversation_changed.emit()
        self._ask(lambda store: store.rename(id, title, auto), lambda _: self.shelf.refresh())

    def _reload(self, id: int) -> None:
        """Read the tree of the shown conversation again, after something in it was deleted or brought back."""

        def arrived(found: tuple[ConversationRow, list[MessageRow]]) -> None:
            if self.conversation is not None and self.conversation.id == id:
                self.closing.emit()
                self.tree = ConversationTree(found[1], found[0].leaf_id)
                self.path_changed.emit(False)
                self.status_changed.emit()

        self._ask(lambda store: (store.conversation(id), store.messages(id)), arrived)

    def _save_draft(self, text: str) -> None:
        self._on_conversation(
            lambda store, row: store.update_conversation(row.id, draft=text),
            lambda _: None,
            lambda _: self.draft.not_saved(),
        )
