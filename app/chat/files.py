"""Conversations to files and back, with the dialogs that ask where."""

from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from app.chat.export import conversation_markdown
from app.chat.record_export import reply_csv, reply_json
from app.chat.shown import Problem
from app.chat.state import ChatState
from app.chat.tree import ConversationTree
from app.storage.files import file_name, write_file
from app.storage.rows import ConversationRow
from app.storage.store import Store
from app.storage.transfer import export_conversation, import_conversation
from app.workers.deliver import deliver
from engine.errors import UserError


class ConversationFiles(QObject):
    """Reading and writing happen on the storage thread; a failure becomes a problem that the page shows."""

    def __init__(self, state: ChatState, parent: QWidget) -> None:
        super().__init__(parent)
        self._state = state
        self._storage = state.storage
        self._window = parent

    def ask_export(self, id: int, kind: str) -> None:
        """Ask where to, then export; kind is "md" or "json"."""
        row = self._state.shelf.row(id)
        title = (row.title if row else "") or self.tr("Conversation")
        filters = {"md": self.tr("Markdown (*.md)"), "json": self.tr("Conversation with all branches (*.json)")}
        dialog = QFileDialog(self._window, self.tr("Export the conversation"), _documents())
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(filters[kind])
        dialog.setDefaultSuffix(kind)
        dialog.selectFile(file_name(title, f".{kind}"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self.export(id, kind, Path(path)))
        dialog.open()

    def ask_import(self) -> None:
        dialog = QFileDialog(self._window, self.tr("Import a conversation"), _documents())
        dialog.setNameFilter(self.tr("Conversation (*.json)"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self.import_file(Path(path)))
        dialog.open()

    def export(self, id: int, kind: str, path: Path) -> None:
        """Write a conversation to a file: its shown branch as Markdown, or all of it as JSON."""
        names = (self.tr("You"), self.tr("Próxima"), self.tr("System prompt"))

        def write(store: Store) -> None:
            if kind == "json":
                data = export_conversation(store, id)
            else:
                row = store.conversation(id)
                shown = ConversationTree(store.messages(id), row.leaf_id).path()
                data = conversation_markdown(row, shown, *names).encode()
            write_file(path, data)

        self._state.runner.save_now()
        done = self.tr("Exported to {0}").format(path.name)
        deliver(self._storage.submit(write), self, lambda _: self._state.notice.emit(done), self._failed)

    def ask_export_reply(self, message_id: int) -> None:
        """Ask where to, then export a reply with its records, as JSON or as CSV by the file's name."""
        message = self._state.tree.get(message_id)
        if message is None or message.role != "assistant":
            self._state.notice.emit(self.tr("Only replies have records."))
            return
        dialog = QFileDialog(self._window, self.tr("Export the reply with its tokens"), _documents())
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(
            [self.tr("Everything about each token (*.json)"), self.tr("Table with a row for each token (*.csv)")]
        )
        dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix("csv" if "*.csv" in chosen else "json"))
        dialog.setDefaultSuffix("json")
        dialog.selectFile(file_name(message.content.strip()[:40] or self.tr("Reply"), ".json"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self.export_reply(message_id, Path(path)))
        dialog.open()

    def export_reply(self, message_id: int, path: Path) -> None:
        """Write a reply and the records of its tokens: a table where the name ends in .csv, else JSON."""

        def write(store: Store) -> None:
            records = store.records(message_id)
            table = path.suffix.lower() == ".csv"
            write_file(path, reply_csv(records) if table else reply_json(store.message(message_id), records))

        self._state.runner.save_now()
        done = self.tr("Exported to {0}").format(path.name)
        deliver(self._storage.submit(write), self, lambda _: self._state.notice.emit(done), self._failed)

    def import_file(self, path: Path) -> None:
        """Add the conversation of a file, and open it."""

        def arrived(row: ConversationRow) -> None:
            self._state.shelf.refresh()
            self._state.open(row.id)

        future = self._storage.submit(lambda store: import_conversation(store, path.read_bytes()))
        deliver(future, self, arrived, self._failed)

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, UserError):
            problem = Problem(error.text, error.hint, error.detail)
        else:
            problem = Problem(
                self.tr("The file could not be read or written."),
                self.tr("Check the folder, and that the disk is not full."),
                repr(error),
            )
        self._state.problem.emit(problem)


def _documents() -> str:
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation) or str(Path.home())
