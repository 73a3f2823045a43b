"""Everything that is asked of the database. Used on the storage thread only."""

import sqlite3
import time
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import msgspec

from app.storage.documents import Documents
from app.storage.record_codec import decode_records, encode_records
from app.storage.rows import ConversationRow, Fork, MessageRow, MessageState, SearchHit
from app.storage.sql_text import new_id, search_terms, storable
from engine.errors import UserError
from engine.records import GenerationSettings, ReplySummary, Role, SamplingSettings, TokenRecord
from engine.sampling.preset_file import Preset

_CONVERSATION = (
    "id, title, title_is_auto, created_at, updated_at, system_prompt, settings, leaf_id, model_path, draft"
    " FROM conversation"
)
_MESSAGE = (
    "id, conversation_id, parent_id, role, content, created_at, state, summary, settings, model_name, vocabulary_hash, "
    "token_ids, fork FROM message"
)
_SEARCH_LIMIT = 200


class Store:
    """The operations on one open database. Each is one transaction; what a method returned from is on the disk."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.documents = Documents(connection)

    def close(self) -> None:
        self.connection.close()

    def recover(self) -> None:
        """After a crash: replies that were being written are marked interrupted. Deleted things are purged."""
        with self.connection as db:
            db.execute("UPDATE message SET state = 'interrupted' WHERE state = 'streaming'")
        self.purge_deleted()

    def purge_deleted(self) -> None:
        """Remove for good what was deleted; there is no undo after this."""
        with self.connection as db:
            db.execute("DELETE FROM conversation WHERE deleted_at IS NOT NULL")
            db.execute("DELETE FROM message WHERE deleted_at IS NOT NULL")
            db.execute("DELETE FROM document WHERE deleted_at IS NOT NULL")

    # --- conversations --------------------------------------------------------------------------------------------

    def conversations(self) -> list[ConversationRow]:
        """All that are not deleted, the one used last first."""
        rows = self.connection.execute(
            f"SELECT {_CONVERSATION} WHERE deleted_at IS NULL ORDER BY updated_at DESC, id DESC"
        )
        return [_conversation(row) for row in rows]

    def conversation(self, id: int) -> ConversationRow:
        """Raises KeyError for one that does not exist."""
        row = self.connection.execute(f"SELECT {_CONVERSATION} WHERE id = ?", (id,)).fetchone()
        if row is None:
            raise KeyError(id)
        return _conversation(row)

    def create_conversation(
        self, settings: GenerationSettings, system_prompt: str = "", model_path: str = "", title: str = ""
    ) -> ConversationRow:
        now = time.time()
        with self.connection as db:
            cursor = db.execute(
                "INSERT INTO conversation (title, title_is_auto, created_at, updated_at, system_prompt, settings, model_path)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    storable(title),
                    not title,
                    now,
                    now,
                    storable(system_prompt),
                    msgspec.json.encode(settings),
                    model_path,
                ),
            )
        return self.conversation(new_id(cursor))

    def rename(self, id: int, title: str, auto: bool = False) -> None:
        """Give a conversation a title; auto says that it was made from the first message, so a better one may replace it."""
        with self.connection as db:
            db.execute("UPDATE conversation SET title = ?, title_is_auto = ? WHERE id = ?", (storable(title), auto, id))

    def update_conversation(
        self,
        id: int,
        *,
        system_prompt: str | None = None,
        settings: GenerationSettings | None = None,
        model_path: str | None = None,
        leaf_id: int | None = None,
        draft: str | None = None,
    ) -> None:
        """Change the fields that are given; what is None stays."""
        encoded = None if settings is None else msgspec.json.encode(settings)
        with self.connection as db:
            db.execute(
                "UPDATE conversation SET system_prompt = coalesce(?, system_prompt), settings = coalesce(?, settings),"
                " model_path = coalesce(?, model_path), leaf_id = coalesce(?, leaf_id), draft = coalesce(?, draft)"
                " WHERE id = ?",
                (_or_none(system_prompt), encoded, model_path, leaf_id, _or_none(draft), id),
            )

    def delete(self, id: int) -> None:
        """Hide a conversation; restore() brings it back until the next start of the program."""
        with self.connection as db:
            db.execute("UPDATE conversation SET deleted_at = ? WHERE id = ?", (time.time(), id))

    def restore(self, id: int) -> None:
        with self.connection as db:
            db.execute("UPDATE conversation SET deleted_at = NULL WHERE id = ?", (id,))

    # --- messages -------------------------------------------------------------------------------------------------

    def messages(self, conversation_id: int) -> list[MessageRow]:
        """The whole tree, parents before children, without records. Branches under a deleted message are left out."""
        rows = self.connection.execute(
            f"SELECT {_MESSAGE} WHERE conversation_id = ? AND deleted_at IS NULL ORDER BY id", (conversation_id,)
        )
        shown: dict[int, MessageRow] = {}
        for row in rows:
            message = _message(row)
            if message.parent_id is None or message.parent_id in shown:
                shown[message.id] = message
        return list(shown.values())

    def message(self, id: int) -> MessageRow:
        """Raises KeyError for one that does not exist."""
        row = self.connection.execute(f"SELECT {_MESSAGE} WHERE id = ?", (id,)).fetchone()
        if row is None:
            raise KeyError(id)
        return _message(row)

    def add_message(
        self,
        conversation_id: int,
        parent_id: int | None,
        role: Role,
        content: str,
        *,
        state: MessageState = "complete",
        settings: GenerationSettings | None = None,
        model_name: str = "",
        vocabulary_hash: str = "",
        fork: Fork | None = None,
    ) -> MessageRow:
        """Add a node under parent_id and make it the leaf that is shown."""
        now = time.time()
        with self.connection as db:
            cursor = db.execute(
                "INSERT INTO message (conversation_id, parent_id, role, content, created_at, state, settings, model_name,"
                " vocabulary_hash, fork) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    conversation_id,
                    parent_id,
                    role,
                    storable(content),
                    now,
                    state,
                    None if settings is None else msgspec.json.encode(settings),
                    model_name,
                    vocabulary_hash,
                    None if fork is None else msgspec.json.encode(fork),
                ),
            )
            id = new_id(cursor)
            db.execute("UPDATE conversation SET leaf_id = ?, updated_at = ? WHERE id = ?", (id, now, conversation_id))
        return self.message(id)

    def reopen_reply(self, message_id: int, settings: GenerationSettings | None = None) -> None:
        """A reply that ended goes on, with other settings where some are given: what is appended from now on belongs to it."""
        encoded = None if settings is None else msgspec.json.encode(settings)
        with self.connection as db:
            db.execute(
                "UPDATE message SET state = 'streaming', settings = coalesce(?, settings) WHERE id = ?",
                (encoded, message_id),
            )

    def append_reply(self, message_id: int, text: str, records: Sequence[TokenRecord]) -> None:
        """Add what arrived to a streaming reply. A power failure may cost the last chunks, a crash of the program none."""
        self.connection.execute("PRAGMA synchronous = NORMAL")
        try:
            with self.connection as db:
                db.execute("UPDATE message SET content = content || ? WHERE id = ?", (storable(text), message_id))
                if records:
                    self._add_chunk(message_id, encode_records(records))
        finally:
            self.connection.execute("PRAGMA synchronous = FULL")

    def rewrite_reply(self, message_id: int, text: str, records: Sequence[TokenRecord]) -> None:
        """A streaming reply becomes this: for tokens that are taken back. As safe as append_reply."""
        self.connection.execute("PRAGMA synchronous = NORMAL")
        try:
            with self.connection as db:
                db.execute("UPDATE message SET content = ? WHERE id = ?", (storable(text), message_id))
                db.execute("DELETE FROM record_chunk WHERE message_id = ?", (message_id,))
                if records:
                    self._add_chunk(message_id, encode_records(records))
        finally:
            self.connection.execute("PRAGMA synchronous = FULL")

    def finish_reply(self, message_id: int, state: MessageState, summary: ReplySummary | None) -> None:
        """Close a reply: its chunks become one, its token ids are kept for the next turn, its fork is the token that came."""
        records = self.records(message_id)
        row = self.connection.execute("SELECT fork FROM message WHERE id = ?", (message_id,)).fetchone()
        fork = None if row is None or row[0] is None else msgspec.json.decode(row[0], type=Fork)
        ids = ",".join(str(record.token.id) for record in records)
        with self.connection as db:
            db.execute(
                "UPDATE message SET state = ?, summary = ?, token_ids = ?, fork = ? WHERE id = ?",
                (
                    state,
                    None if summary is None else msgspec.json.encode(summary),
                    ids or None,
                    None if fork is None else msgspec.json.encode(fork.as_it_came(records)),
                    message_id,
                ),
            )
            if records:
                db.execute("DELETE FROM record_chunk WHERE message_id = ?", (message_id,))
                self._add_chunk(message_id, encode_records(records, ended=True))

    def records(self, message_id: int) -> list[TokenRecord]:
        """The record of every token of a reply, in order."""
        chunks = self.connection.execute(
            "SELECT data FROM record_chunk WHERE message_id = ? ORDER BY sequence", (message_id,)
        )
        return [record for (data,) in chunks for record in decode_records(data)]

    def delete_message(self, id: int) -> None:
        """Hide a message and all that follows it; the branch beside or above it is shown instead."""
        with self.connection as db:
            db.execute("UPDATE message SET deleted_at = ? WHERE id = ?", (time.time(), id))
        message = self.message(id)
        shown = self.messages(message.conversation_id)
        siblings = [other.id for other in shown if other.parent_id == message.parent_id]
        self._show(message.conversation_id, _deepest(shown, siblings[-1]) if siblings else message.parent_id)

    def restore_message(self, id: int) -> None:
        with self.connection as db:
            db.execute("UPDATE message SET deleted_at = NULL WHERE id = ?", (id,))
        message = self.message(id)
        self._show(message.conversation_id, _deepest(self.messages(message.conversation_id), id))

    def _show(self, conversation_id: int, leaf_id: int | None) -> None:
        with self.connection as db:
            db.execute("UPDATE conversation SET leaf_id = ? WHERE id = ?", (leaf_id, conversation_id))

    def _add_chunk(self, message_id: int, data: bytes) -> None:
        self.connection.execute(
            "INSERT INTO record_chunk (message_id, sequence, data)"
            " SELECT ?, coalesce(max(sequence) + 1, 0), ? FROM record_chunk WHERE message_id = ?",
            (message_id, data, message_id),
        )

    # --- search and presets ---------------------------------------------------------------------------------------

    def search(self, query: str) -> list[SearchHit]:
        """Places where all words of the query stand (the last may be unfinished), accents and case apart; newest first."""
        match, pattern = search_terms(query)
        if not match:
            return []
        titles = self.connection.execute(
            "SELECT id, NULL, title, title FROM conversation WHERE deleted_at IS NULL AND title LIKE ? ESCAPE '\\'"
            " ORDER BY updated_at DESC LIMIT ?",
            (pattern, _SEARCH_LIMIT),
        ).fetchall()
        texts = self.connection.execute(
            "SELECT c.id, m.id, c.title, snippet(message_words, 0, char(2), char(3), '…', 12)"
            " FROM message_words JOIN message m ON m.id = message_words.rowid JOIN conversation c ON c.id = m.conversation_id"
            " WHERE message_words MATCH ? AND m.deleted_at IS NULL AND c.deleted_at IS NULL"
            " ORDER BY m.id DESC LIMIT ?",
            (match, _SEARCH_LIMIT),
        ).fetchall()
        return [SearchHit(*row) for row in titles + texts]

    def presets(self) -> list[Preset]:
        rows = self.connection.execute("SELECT name, sampling FROM preset ORDER BY name COLLATE NOCASE")
        return [Preset(name, msgspec.json.decode(data, type=SamplingSettings)) for name, data in rows]

    def save_preset(self, name: str, sampling: SamplingSettings) -> None:
        """Keep a chain under a name; one of the same name is replaced."""
        with self.connection as db:
            db.execute("INSERT OR REPLACE INTO preset VALUES (?, ?)", (name, msgspec.json.encode(sampling)))

    def rename_preset(self, old: str, new: str) -> None:
        """Another name for a preset. Raises UserError if one has it already."""
        try:
            with self.connection as db:
                db.execute("UPDATE preset SET name = ? WHERE name = ?", (new, old))
        except sqlite3.IntegrityError as error:
            raise UserError("preset-exists", "Another preset has this name.", "Choose another name.") from error

    def delete_preset(self, name: str) -> None:
        with self.connection as db:
            db.execute("DELETE FROM preset WHERE name = ?", (name,))


def _conversation(row: Sequence[Any]) -> ConversationRow:
    id, title, auto, created_at, updated_at, system_prompt, settings, leaf_id, model_path, draft = row
    decoded = msgspec.json.decode(settings, type=GenerationSettings)
    return ConversationRow(
        id, title, bool(auto), created_at, updated_at, system_prompt, decoded, leaf_id, model_path, draft
    )


@lru_cache(maxsize=64)
def _settings(data: bytes) -> GenerationSettings:
    """Most replies of a conversation have the same; they are read once."""
    return msgspec.json.decode(data, type=GenerationSettings)


_ids = msgspec.json.Decoder(tuple[int, ...])


def _message(row: Sequence[Any]) -> MessageRow:
    id, conversation_id, parent_id, role, content, created_at, state, *rest = row
    summary, settings, model_name, vocabulary_hash, ids, fork = rest
    return MessageRow(
        id=id,
        conversation_id=conversation_id,
        parent_id=parent_id,
        role=role,
        content=content,
        created_at=created_at,
        state=state,
        summary=None if summary is None else msgspec.json.decode(summary, type=ReplySummary),
        settings=None if settings is None else _settings(settings),
        model_name=model_name,
        vocabulary_hash=vocabulary_hash,
        token_ids=None if ids is None else _ids.decode(f"[{ids}]"),  # many times faster than int() of each
        fork=None if fork is None else msgspec.json.decode(fork, type=Fork),
    )


def _deepest(messages: list[MessageRow], id: int) -> int:
    """The last message of the branch that the newest children of id make."""
    newest_child = {message.parent_id: message.id for message in messages}
    while id in newest_child:
        id = newest_child[id]
    return id


def _or_none(text: str | None) -> str | None:
    return None if text is None else storable(text)
