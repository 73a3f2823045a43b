"""A saved reply, read from a copy of the database: the file itself may be open in a running window. No Qt."""

import shutil
import sqlite3
import tempfile
from pathlib import Path

from app.storage.opening import open_database
from app.storage.rows import MessageRow
from app.storage.store import Store
from engine.errors import UserError
from engine.records import Message, SavedReply


def read_reply(path: Path, message_id: int) -> SavedReply:
    """The reply of that number with what the model was shown. Raises UserError where there is none, or no reply of a model."""
    if not path.exists():
        raise UserError("database-missing", f"There are no conversations in {path.parent}.", "Check the data folder.")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        for suffix in ("", "-wal"):
            source = path.with_name(path.name + suffix)
            if source.exists():
                shutil.copyfile(source, copy.with_name(copy.name + suffix))
        connection = open_database(copy).connection
        try:
            return _read(Store(connection), message_id)
        finally:
            connection.close()


def _read(store: Store, message_id: int) -> SavedReply:
    try:
        row = store.message(message_id)
        conversation = store.conversation(row.conversation_id)
    except (KeyError, OverflowError, sqlite3.Error) as error:
        raise UserError("message-missing", f"There is no message {message_id}.", "Check its number.") from error
    if row.role != "assistant" or row.summary is None or row.settings is None:
        raise UserError(
            "message-no-reply",
            f"Message {message_id} is no reply that a model has ended.",
            "Choose a reply of a model.",
        )
    before = _path_to(store, row)
    system = [Message("system", conversation.system_prompt)] if conversation.system_prompt.strip() else []
    shown = [Message(m.role, m.content, m.token_ids, m.vocabulary_hash) for m in before if m.content]
    records, kept = tuple(store.records(message_id)), row.fork.kept_tokens if row.fork is not None else 0
    return SavedReply((*system, *shown), row.settings, row.summary, records, row.vocabulary_hash, kept)


def _path_to(store: Store, row: MessageRow) -> list[MessageRow]:
    """The messages before this one in its branch, oldest first."""
    path: list[MessageRow] = []
    while row.parent_id is not None:
        row = store.message(row.parent_id)
        path.append(row)
    return path[::-1]
