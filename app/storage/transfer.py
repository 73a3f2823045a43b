"""Conversations as JSON files: export with every branch and record, and the way back."""

import time

import msgspec

from app.storage.record_codec import encode_records
from app.storage.rows import ConversationRow, ExportedConversation, ExportedMessage
from app.storage.sql_text import new_id
from app.storage.store import Store
from engine.errors import UserError

VERSION = 1


def export_conversation(store: Store, id: int) -> bytes:
    """The file's bytes, UTF-8 JSON."""
    conversation = store.conversation(id)
    messages = store.messages(id)
    index = {message.id: place for place, message in enumerate(messages)}
    exported = tuple(
        ExportedMessage(
            parent=None if message.parent_id is None else index[message.parent_id],
            role=message.role,
            content=message.content,
            created_at=message.created_at,
            state="interrupted" if message.state == "streaming" else message.state,
            summary=message.summary,
            settings=message.settings,
            model_name=message.model_name,
            vocabulary_hash=message.vocabulary_hash,
            token_ids=message.token_ids,
            fork=message.fork,
            records=tuple(store.records(message.id)),
        )
        for message in messages
    )
    leaf = None if conversation.leaf_id is None else index.get(conversation.leaf_id)
    return msgspec.json.encode(
        ExportedConversation(
            format="proxima-conversation",
            version=VERSION,
            title=conversation.title,
            created_at=conversation.created_at,
            system_prompt=conversation.system_prompt,
            settings=conversation.settings,
            leaf=leaf,
            messages=exported,
        )
    )


def import_conversation(store: Store, data: bytes) -> ConversationRow:
    """Add an exported conversation as a new one, in one transaction."""
    try:
        exported = msgspec.json.decode(data, type=ExportedConversation)
    except msgspec.MsgspecError as error:
        raise UserError(
            "import-format",
            "This file is not a conversation that Próxima exported.",
            "Choose a .json file that was made with Export.",
            str(error),
        ) from error
    if exported.version > VERSION:
        raise UserError(
            "import-newer",
            "This conversation was exported by a newer version of Próxima.",
            "Update Próxima to open it.",
        )
    for place, message in enumerate(exported.messages):
        if message.parent is not None and not 0 <= message.parent < place:
            raise UserError(
                "import-tree",
                "This conversation file is damaged: a message comes before the one that it answers.",
                "Export the conversation again.",
                f"message {place} has parent {message.parent}",
            )
    if exported.leaf is not None and not 0 <= exported.leaf < len(exported.messages):
        raise UserError(
            "import-tree", "This conversation file is damaged: its last message is missing.", "Export it again."
        )
    return _insert(store, exported)


def _insert(store: Store, exported: ExportedConversation) -> ConversationRow:
    def encoded(value: object) -> bytes | None:
        return None if value is None else msgspec.json.encode(value)

    with store.connection as db:
        cursor = db.execute(
            "INSERT INTO conversation (title, title_is_auto, created_at, updated_at, system_prompt, settings, model_path)"
            " VALUES (?, 0, ?, ?, ?, ?, '')",
            (exported.title, exported.created_at, time.time(), exported.system_prompt, encoded(exported.settings)),
        )
        conversation_id = new_id(cursor)
        ids: list[int] = []
        for message in exported.messages:
            row = db.execute(
                "INSERT INTO message (conversation_id, parent_id, role, content, created_at, state, summary, settings,"
                " model_name, vocabulary_hash, token_ids, fork) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    conversation_id,
                    None if message.parent is None else ids[message.parent],
                    message.role,
                    message.content,
                    message.created_at,
                    "interrupted" if message.state == "streaming" else message.state,
                    encoded(message.summary),
                    encoded(message.settings),
                    message.model_name,
                    message.vocabulary_hash,
                    None if message.token_ids is None else ",".join(map(str, message.token_ids)),
                    encoded(message.fork),
                ),
            )
            ids.append(new_id(row))
            if message.records:
                db.execute(
                    "INSERT INTO record_chunk (message_id, sequence, data) VALUES (?, 0, ?)",
                    (ids[-1], encode_records(message.records, ended=True)),
                )
        leaf = None if exported.leaf is None else ids[exported.leaf]
        db.execute("UPDATE conversation SET leaf_id = ? WHERE id = ?", (leaf, conversation_id))
    return store.conversation(conversation_id)
