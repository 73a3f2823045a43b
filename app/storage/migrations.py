"""The schema, as numbered steps. A step is never changed once it was released; a new one is added at the end."""

import sqlite3
from collections.abc import Callable

from engine.errors import UserError

_FIRST = """
CREATE TABLE conversation (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL, title_is_auto INTEGER NOT NULL,
    created_at REAL NOT NULL, updated_at REAL NOT NULL,
    system_prompt TEXT NOT NULL, settings BLOB NOT NULL,
    leaf_id INTEGER, model_path TEXT NOT NULL, draft TEXT NOT NULL DEFAULT '',
    deleted_at REAL
);
CREATE TABLE message (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation_id INTEGER NOT NULL REFERENCES conversation(id) ON DELETE CASCADE,
    parent_id INTEGER REFERENCES message(id) ON DELETE CASCADE,
    role TEXT NOT NULL, content TEXT NOT NULL, created_at REAL NOT NULL, state TEXT NOT NULL,
    summary BLOB, settings BLOB, model_name TEXT NOT NULL, vocabulary_hash TEXT NOT NULL,
    token_ids BLOB, fork BLOB, deleted_at REAL
);
CREATE INDEX message_of_conversation ON message(conversation_id);
CREATE INDEX message_of_parent ON message(parent_id);
CREATE TABLE record_chunk (
    message_id INTEGER NOT NULL REFERENCES message(id) ON DELETE CASCADE,
    sequence INTEGER NOT NULL, data BLOB NOT NULL,
    PRIMARY KEY (message_id, sequence)
) WITHOUT ROWID;
CREATE TABLE preset (name TEXT PRIMARY KEY, sampling BLOB NOT NULL);
CREATE VIRTUAL TABLE message_words USING fts5(content, content='message', content_rowid='id',
    tokenize="unicode61 remove_diacritics 2");
CREATE TRIGGER message_added AFTER INSERT ON message WHEN new.state <> 'streaming' BEGIN
    INSERT INTO message_words(rowid, content) VALUES (new.id, new.content);
END;
-- A reply is indexed once, when it ends: not at each chunk that arrives.
CREATE TRIGGER message_ended AFTER UPDATE OF state ON message
    WHEN old.state = 'streaming' AND new.state <> 'streaming' BEGIN
    INSERT INTO message_words(rowid, content) VALUES (new.id, new.content);
END;
CREATE TRIGGER message_reopened AFTER UPDATE OF state ON message
    WHEN old.state <> 'streaming' AND new.state = 'streaming' BEGIN
    INSERT INTO message_words(message_words, rowid, content) VALUES ('delete', old.id, old.content);
END;
CREATE TRIGGER message_removed AFTER DELETE ON message WHEN old.state <> 'streaming' BEGIN
    INSERT INTO message_words(message_words, rowid, content) VALUES ('delete', old.id, old.content);
END;
"""

_DOCUMENTS = """
CREATE TABLE document (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL, title_is_auto INTEGER NOT NULL,
    content TEXT NOT NULL, caret INTEGER NOT NULL,
    created_at REAL NOT NULL, updated_at REAL NOT NULL, deleted_at REAL
);
CREATE VIRTUAL TABLE document_words USING fts5(content, content='document', content_rowid='id',
    tokenize="unicode61 remove_diacritics 2");
CREATE TRIGGER document_added AFTER INSERT ON document BEGIN
    INSERT INTO document_words(rowid, content) VALUES (new.id, new.content);
END;
CREATE TRIGGER document_changed AFTER UPDATE OF content ON document WHEN old.content <> new.content BEGIN
    INSERT INTO document_words(document_words, rowid, content) VALUES ('delete', old.id, old.content);
    INSERT INTO document_words(rowid, content) VALUES (new.id, new.content);
END;
CREATE TRIGGER document_removed AFTER DELETE ON document BEGIN
    INSERT INTO document_words(document_words, rowid, content) VALUES ('delete', old.id, old.content);
END;
"""

# Records are written in columns from here on: nothing changes in the tables, but an older release cannot read them.
_RECORD_COLUMNS = "SELECT 1"
# The same of those of ended replies, in LZMA.
_RECORD_LZMA = "SELECT 1"

# Whether names of control tokens in a document are meant as such.
_DOCUMENT_SPECIAL = "ALTER TABLE document ADD COLUMN special INTEGER NOT NULL DEFAULT 0"

STEPS = (_FIRST, _DOCUMENTS, _RECORD_COLUMNS, _RECORD_LZMA, _DOCUMENT_SPECIAL)
VERSION = len(STEPS)


def schema_version(db: sqlite3.Connection) -> int:
    """The number of steps that this file has been through."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def migrate(db: sqlite3.Connection, backup: Callable[[int], None]) -> None:
    """Bring the schema up to date, each step in a transaction; backup(version) is called before the first one.

    Raises UserError("database-newer") for a file that a later release wrote; nothing is written to it then.
    """
    version = schema_version(db)
    if version > VERSION:
        raise UserError(
            "database-newer",
            "Your conversations were saved by a newer version of Próxima.",
            "Install that version again, or choose another data folder.",
            f"schema {version}, this program knows {VERSION}",
        )
    if 0 < version < VERSION:
        backup(version)
    for number in range(version, VERSION):
        # One transaction with the version in it: a kill in the middle leaves the old schema, whole.
        db.executescript(f"BEGIN;{STEPS[number]};PRAGMA user_version = {number + 1};COMMIT;")
