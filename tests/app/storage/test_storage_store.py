"""The conversation tree, its records, search and presets, on a real database file."""

import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.storage.record_codec import decode_records, encode_records
from app.storage.rows import Fork, Kept
from engine.records import GenerationSettings, ReplySummary, SamplingSettings, StageSettings, Timing
from tests.helpers.records import make_record

SUMMARY = ReplySummary("hello", "stop", 5, Timing(3, 1, 2, 0.1, 0.2), 4, 6, 512)
CHAIN = SamplingSettings(stages=(StageSettings("top_k", True, {"k": 5.0}),), seed=3)


def test_a_conversation_comes_back_as_it_was_saved(store):
    made = store.create_conversation(GenerationSettings(sampling=CHAIN, max_tokens=9), "be brief", "/models/x.gguf")
    store.update_conversation(made.id, draft="half a thou")
    store.rename(made.id, "A fox", auto=True)
    row = store.conversation(made.id)
    assert (row.title, row.title_is_auto, row.system_prompt, row.draft) == ("A fox", True, "be brief", "half a thou")
    assert row.settings == GenerationSettings(sampling=CHAIN, max_tokens=9)
    assert row.model_path == "/models/x.gguf"


def test_a_draft_can_be_emptied(store):
    made = store.create_conversation(GenerationSettings())
    store.update_conversation(made.id, draft="x")
    store.update_conversation(made.id, draft="")
    assert store.conversation(made.id).draft == ""


def test_the_conversation_used_last_stands_first(store):
    first, second = store.create_conversation(GenerationSettings()), store.create_conversation(GenerationSettings())
    assert [row.id for row in store.conversations()] == [second.id, first.id]
    store.add_message(first.id, None, "user", "again")
    assert [row.id for row in store.conversations()] == [first.id, second.id]


def test_a_reply_is_streamed_closed_and_explains_itself(store):
    conversation = store.create_conversation(GenerationSettings())
    question = store.add_message(conversation.id, None, "user", "hi")
    reply = store.add_message(
        conversation.id, question.id, "assistant", "", state="streaming", fork=Fork(2, b" a", 0.5)
    )
    store.append_reply(reply.id, "hel", [make_record(0, b"hel", 4)])
    store.append_reply(reply.id, "lo", [make_record(1, b"lo", 5)])
    store.finish_reply(reply.id, "complete", SUMMARY)
    row = store.message(reply.id)
    assert (row.content, row.state, row.token_ids, row.summary) == ("hello", "complete", (4, 5), SUMMARY)
    assert row.fork == Fork(2, b" a", 0.5)
    assert store.records(reply.id) == [make_record(0, b"hel", 4), make_record(1, b"lo", 5)]
    chunks = store.connection.execute("SELECT count(*) FROM record_chunk").fetchone()[0]
    assert chunks == 1  # compacted
    assert store.conversation(conversation.id).leaf_id == reply.id


def test_a_fork_is_named_by_the_token_that_came(store):
    conversation = store.create_conversation(GenerationSettings())
    kept = (Kept(1, GenerationSettings(max_tokens=9), 7),)
    forks = (Fork(1, b"another", 0.5, kept), Fork(1, b"lo", 0.25, kept), Fork(5, b"not there", 0.5))
    found = []
    for fork in forks:
        reply = store.add_message(conversation.id, None, "assistant", "", state="streaming", fork=fork)
        store.append_reply(reply.id, "hello", [make_record(0, b"hel", 4), make_record(1, b"lo", 5)])
        store.finish_reply(reply.id, "complete", SUMMARY)
        found.append(store.message(reply.id).fork)
    assert found[0] == Fork(1, b"lo", pytest.approx(math.exp(make_record(1, b"lo", 5).logprob)), kept)
    assert found[1:] == list(forks[1:]) and found[1].kept_tokens == 1


def test_a_reply_can_be_continued(store):
    conversation = store.create_conversation(GenerationSettings())
    reply = store.add_message(conversation.id, None, "assistant", "", state="streaming")
    store.append_reply(reply.id, "one", [make_record(0, b"one", 1)])
    store.finish_reply(reply.id, "interrupted", None)
    store.reopen_reply(reply.id)
    store.append_reply(reply.id, " two", [make_record(1, b" two", 2)])
    store.finish_reply(reply.id, "complete", SUMMARY)
    row = store.message(reply.id)
    assert (row.content, row.token_ids) == ("one two", (1, 2))
    assert [hit.message_id for hit in store.search("one two")] == [reply.id]


def test_recover_marks_what_was_being_written(store):
    conversation = store.create_conversation(GenerationSettings())
    reply = store.add_message(conversation.id, None, "assistant", "", state="streaming")
    store.append_reply(reply.id, "par", [make_record(0, b"par")])
    store.recover()
    row = store.message(reply.id)
    assert (row.state, row.content) == ("interrupted", "par")
    assert len(store.records(reply.id)) == 1
    assert store.search("par")


def test_deleting_a_message_hides_its_branch_and_can_be_undone(store):
    conversation = store.create_conversation(GenerationSettings())
    question = store.add_message(conversation.id, None, "user", "q")
    left = store.add_message(conversation.id, question.id, "assistant", "left")
    right = store.add_message(conversation.id, question.id, "assistant", "right")
    below = store.add_message(conversation.id, right.id, "user", "below")
    store.delete_message(right.id)
    assert [row.id for row in store.messages(conversation.id)] == [question.id, left.id]
    assert store.conversation(conversation.id).leaf_id == left.id
    store.restore_message(right.id)
    assert {row.id for row in store.messages(conversation.id)} == {question.id, left.id, right.id, below.id}
    assert store.conversation(conversation.id).leaf_id == below.id
    store.delete_message(question.id)
    assert store.conversation(conversation.id).leaf_id is None


def test_a_deleted_conversation_comes_back_until_it_is_purged(store):
    made = store.create_conversation(GenerationSettings(), title="Secret fox")
    store.add_message(made.id, None, "user", "the fox")
    store.delete(made.id)
    assert store.conversations() == [] and store.search("fox") == []
    store.restore(made.id)
    assert [row.id for row in store.conversations()] == [made.id]
    store.delete(made.id)
    store.purge_deleted()
    with pytest.raises(KeyError):
        store.conversation(made.id)
    assert store.connection.execute("SELECT count(*) FROM message").fetchone()[0] == 0


def test_search_finds_titles_and_texts_without_accents_or_case(store):
    made = store.create_conversation(GenerationSettings(), title="Recife é uma cidade")
    message = store.add_message(made.id, None, "user", "A água do rio Capibaribe")
    assert [hit.message_id for hit in store.search("agua CAPI")] == [message.id]
    assert [hit.message_id for hit in store.search("recife")] == [None]
    assert "\x02" in store.search("agua")[0].snippet
    assert store.search("   ") == []


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(max_size=30))
def test_any_query_is_only_a_query(store, query):
    for hit in store.search(query):
        assert hit.title is not None


def test_half_a_surrogate_pair_is_stored_as_a_replacement_character(store):
    made = store.create_conversation(GenerationSettings(), title="a\ud800")
    store.update_conversation(made.id, draft="\udc00")
    message = store.add_message(made.id, None, "user", "x\ud83d y")
    assert store.message(message.id).content == "x\ufffd y"
    assert store.conversation(made.id).draft == "\ufffd"
    assert store.search("\ud800") != [] and store.search("\0") == []


def test_presets_are_replaced_by_name(store):
    store.save_preset("Mine", SamplingSettings())
    store.save_preset("Mine", CHAIN)
    assert [(preset.name, preset.sampling) for preset in store.presets()] == [("Mine", CHAIN)]
    store.delete_preset("Mine")
    assert store.presets() == []


@given(pieces=st.lists(st.binary(max_size=6), max_size=5), ended=st.booleans())
def test_records_survive_the_codec(pieces, ended):
    records = [make_record(position, piece) for position, piece in enumerate(pieces)]
    assert decode_records(encode_records(records, ended)) == records


def test_a_streaming_reply_is_rewritten_when_tokens_are_taken_back(store):
    conversation = store.create_conversation(GenerationSettings())
    reply = store.add_message(conversation.id, None, "assistant", "", state="streaming")
    store.append_reply(reply.id, "one two", [make_record(0, b"one", 4), make_record(1, b" two", 5)])
    store.rewrite_reply(reply.id, "one", [make_record(0, b"one", 4)])
    assert store.message(reply.id).content == "one"
    assert store.records(reply.id) == [make_record(0, b"one", 4)]
    store.append_reply(reply.id, " fox", [make_record(1, b" fox", 6)])
    store.rewrite_reply(reply.id, "", [])
    assert (store.message(reply.id).content, store.records(reply.id)) == ("", [])
    assert [hit.message_id for hit in store.search("fox")] == []  # the search forgets it too
