"""Documents of the playground on disk: saved as typed, found, deleted and brought back; and older files become new ones."""

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.storage.migrations import STEPS, VERSION, schema_version
from app.storage.opening import open_database
from app.storage.store import Store
from engine.records import GenerationSettings


def test_a_text_is_saved_as_it_was_typed(store):
    row = store.documents.create("A fox", caret=5)
    store.documents.write(row.id, "A fox\n\tand\u00a0an owl 🦊", 9, "A fox")
    read = store.documents.get(row.id)
    assert (read.content, read.caret, read.title) == ("A fox\n\tand\u00a0an owl 🦊", 9, "A fox")
    assert read.updated_at >= row.updated_at


@given(st.text())
def test_any_text_comes_back(text):
    documents = Store(_memory()).documents
    row = documents.create()
    documents.write(row.id, text, 0)
    assert documents.get(row.id).content == text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _memory():
    db = sqlite3.connect(":memory:")
    for step in STEPS:
        db.executescript(step)
    return db


def test_a_given_title_stays(store):
    row = store.documents.create("One")
    store.documents.write(row.id, "Two", 0, "Two")
    assert store.documents.get(row.id).title == "Two"
    store.documents.rename(row.id, "Mine")
    store.documents.write(row.id, "Three", 0, "Three")
    assert store.documents.get(row.id).title == "Mine"


def test_a_moved_caret_does_not_make_it_newer(store):
    first, second = store.documents.create("a"), store.documents.create("b")
    store.documents.write(first.id, "a", 1)
    assert [row.id for row in store.documents.rows()] == [second.id, first.id]
    store.documents.write(first.id, "a!", 1)
    assert [row.id for row in store.documents.rows()] == [first.id, second.id]
    assert all(row.content == "" for row in store.documents.rows())


def test_deleting_can_be_undone_until_the_next_start(store):
    row = store.documents.create("The fox")
    store.documents.delete(row.id)
    assert store.documents.rows() == [] and store.documents.search("fox") == []
    store.documents.restore(row.id)
    assert [hit.document_id for hit in store.documents.search("fox")] == [row.id]
    store.documents.delete(row.id)
    store.recover()
    with pytest.raises(KeyError):
        store.documents.get(row.id)


def test_search_finds_what_stands_in_the_text_now(store):
    row = store.documents.create("Era uma vez uma raposa perto do rio")
    named = store.documents.create("nothing", title="A raposa")
    hits = {hit.document_id: hit for hit in store.documents.search("rapo rio")}
    assert list(hits) == [row.id] and "\x02raposa\x03" in hits[row.id].snippet
    assert {hit.document_id for hit in store.documents.search("RAPOSA")} == {row.id, named.id}
    store.documents.write(row.id, "Era uma vez uma coruja", 0)
    assert [hit.document_id for hit in store.documents.search("raposa")] == [named.id]
    assert store.documents.search("água agua") == [] and store.documents.search('"') == []
    store.documents.write(row.id, "A água era fria", 0)
    assert [hit.document_id for hit in store.documents.search("agua")] == [row.id]


def test_whether_control_tokens_count_is_kept(store):
    row = store.documents.create("<|user|>Hello")
    assert not row.special
    store.documents.write(row.id, row.content, 3, "", True)
    assert store.documents.get(row.id).special and store.documents.rows()[0].special
    store.documents.write(row.id, row.content, 3)
    assert not store.documents.get(row.id).special


def test_a_file_of_the_first_release_keeps_its_conversations(tmp_path):
    path = tmp_path / "proxima.db"
    old = sqlite3.connect(path)
    old.executescript(f"BEGIN;{STEPS[0]};PRAGMA user_version = 1;COMMIT;")
    Store(old).create_conversation(GenerationSettings(), title="Kept")
    old.close()
    opened = open_database(path).connection
    store = Store(opened)
    assert schema_version(opened) == VERSION
    assert [row.title for row in store.conversations()] == ["Kept"] and store.documents.rows() == []
    store.documents.create("new")
    opened.close()
    assert (tmp_path / "proxima.db.before-schema-2").exists()
