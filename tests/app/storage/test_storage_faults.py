"""What must never cost a word: kills, damage, newer files, and the thread that owns the database."""

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time

import pytest

from app.storage import migrations
from app.storage.opening import backup_if_due, backup_path, open_database
from app.storage.store import Store
from app.storage.thread import StorageThread
from app.storage.transfer import export_conversation, import_conversation
from engine.errors import UserError
from engine.records import GenerationSettings

WRITER = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from app.storage.opening import open_database
    from app.storage.store import Store
    from engine.records import GenerationSettings
    store = Store(open_database(Path(sys.argv[1])).connection)
    conversation = store.create_conversation(GenerationSettings())
    parent = None
    for number in range(100_000):
        parent = store.add_message(conversation.id, parent, "user", f"message {number}").id
        print(number, flush=True)
    """
)


def test_every_acknowledged_message_survives_kill_9(tmp_path):
    path = tmp_path / "proxima.db"
    for pause_s in (0.0, 0.02, 0.05):
        process = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True)
        process.stdout.readline()
        time.sleep(pause_s)
        os.kill(process.pid, signal.SIGKILL)
        rest = process.stdout.read().split()
        process.wait()
        last = int(rest[-1]) if rest else 0
        opened = open_database(path)
        assert opened.set_aside is None
        store = Store(opened.connection)
        texts = [message.content for message in store.messages(store.conversations()[0].id)]
        assert f"message {last}" in texts
        assert opened.connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        store.close()


def test_a_damaged_file_is_set_aside_and_the_backup_takes_its_place(tmp_path):
    path = tmp_path / "proxima.db"
    store = Store(open_database(path).connection)
    store.create_conversation(GenerationSettings(), title="kept")
    assert backup_if_due(store.connection, path)
    assert not backup_if_due(store.connection, path)
    store.close()
    data = bytearray(path.read_bytes())
    data[4096:12288] = os.urandom(8192)
    path.write_bytes(data)
    opened = open_database(path)
    assert opened.restored and opened.set_aside is not None and opened.set_aside.exists()
    assert [row.title for row in Store(opened.connection).conversations()] == ["kept"]
    opened.connection.close()


def test_without_a_backup_damage_leads_to_an_empty_start_and_the_file_is_kept(tmp_path):
    path = tmp_path / "proxima.db"
    path.write_bytes(b"this is no database at all" * 100)
    opened = open_database(path)
    assert not opened.restored
    assert opened.set_aside.read_bytes().startswith(b"this is no database")
    assert Store(opened.connection).conversations() == []
    opened.connection.close()


def test_a_newer_file_is_refused_and_not_written_to(tmp_path):
    path = tmp_path / "proxima.db"
    open_database(path).connection.close()
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA user_version = {migrations.VERSION + 1}")
    db.close()
    with pytest.raises(UserError) as caught:
        open_database(path)
    assert caught.value.code == "database-newer"


def test_a_migration_is_whole_or_not_at_all_and_leaves_a_backup(tmp_path, monkeypatch):
    path = tmp_path / "proxima.db"
    store = Store(open_database(path).connection)
    store.create_conversation(GenerationSettings(), title="before")
    store.close()
    broken = "ALTER TABLE preset ADD COLUMN extra TEXT; SELECT * FROM no_such_table"
    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, broken))
    monkeypatch.setattr(migrations, "VERSION", migrations.VERSION + 1)
    with pytest.raises(sqlite3.OperationalError):
        open_database(path)
    with sqlite3.connect(path) as db:
        assert db.execute("PRAGMA user_version").fetchone()[0] == migrations.VERSION - 1
        assert "extra" not in [row[1] for row in db.execute("PRAGMA table_info(preset)")]
    db.close()
    backup = path.with_name(f"proxima.db.before-schema-{migrations.VERSION}")
    with sqlite3.connect(backup) as db:
        assert db.execute("SELECT title FROM conversation").fetchall() == [("before",)]
    db.close()


def test_the_thread_runs_calls_in_order_and_brings_errors(tmp_path):
    thread = StorageThread(tmp_path / "proxima.db")
    thread.start()
    made = thread.submit(lambda store: store.create_conversation(GenerationSettings(), title="a"))
    titles = thread.submit(lambda store: [row.title for row in store.conversations()])
    missing = thread.submit(lambda store: store.conversation(999))
    assert made.result(10).title == "a" and titles.result(10) == ["a"]
    with pytest.raises(KeyError):
        missing.result(10)
    last = thread.submit(lambda store: store.rename(made.result().id, "b"))
    thread.close()
    assert last.done()
    assert backup_path(tmp_path / "proxima.db").exists()


def test_after_a_failed_opening_every_call_says_why(tmp_path):
    path = tmp_path / "proxima.db"
    open_database(path).connection.close()
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA user_version = {migrations.VERSION + 5}")
    db.close()
    thread = StorageThread(path)
    thread.start()
    with pytest.raises(UserError):
        thread.opened.result(10)
    with pytest.raises(UserError):
        thread.submit(lambda store: store.conversations()).result(10)
    thread.close()


def test_export_and_import_keep_the_tree(store):
    conversation = store.create_conversation(GenerationSettings(max_tokens=5), "sys", title="T")
    question = store.add_message(conversation.id, None, "user", "q")
    store.add_message(conversation.id, question.id, "assistant", "one")
    store.add_message(conversation.id, question.id, "assistant", "two")
    data = export_conversation(store, conversation.id)
    copy = import_conversation(store, data)
    assert copy.id != conversation.id
    assert (copy.title, copy.system_prompt, copy.settings.max_tokens) == ("T", "sys", 5)
    rows = store.messages(copy.id)
    assert [row.content for row in rows] == ["q", "one", "two"]
    assert rows[1].parent_id == rows[2].parent_id == rows[0].id
    assert copy.leaf_id == rows[2].id


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not json",
        b"{}",
        b'{"format":"other"}',
        b'{"format":"proxima-conversation","version":1,"title":"","created_at":0,"system_prompt":"","settings":{},"leaf":null,'
        b'"messages":[{"parent":3,"role":"user","content":"x","created_at":0}]}',
        b'{"format":"proxima-conversation","version":99,"title":"","created_at":0,"system_prompt":"","settings":{},'
        b'"leaf":null,"messages":[]}',
        b'{"format":"proxima-conversation","version":1,"title":"","created_at":0,"system_prompt":"","settings":{},"leaf":4,'
        b'"messages":[]}',
    ],
)
def test_what_is_no_export_is_refused_and_nothing_is_added(store, data):
    with pytest.raises(UserError):
        import_conversation(store, data)
    assert store.conversations() == []
