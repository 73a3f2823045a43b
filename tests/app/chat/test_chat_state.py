"""The operations of the page, on a real database and a worker without a process."""

import json
from pathlib import Path

import msgspec

from app.chat.model_link import ModelChoice
from app.chat.status import current_status
from engine.records import GenerationSettings
from engine.worker.protocol import Failed
from tests.helpers.records import make_record


def test_a_message_is_answered_and_saved(desk):
    desk.send("Tell me a story about a fox, please")
    assert desk.contents() == ["Tell me a story about a fox, please", "One two three."]
    row = desk.state.conversation
    assert row.title == "Tell me a story about a fox, please"
    desk.saved()
    stored = desk.storage.submit(lambda store: store.messages(row.id)).result()
    assert [(m.role, m.content, m.state) for m in stored] == [
        ("user", "Tell me a story about a fox, please", "complete"),
        ("assistant", "One two three.", "complete"),
    ]
    assert stored[1].token_ids == (1, 2, 3) == desk.state.tree.path()[1].token_ids
    assert len(desk.storage.submit(lambda store: store.records(stored[1].id)).result()) == 3


def test_how_fast_a_reply_was_is_told_beside_the_model_that_wrote_it_alone(desk):
    desk.send("one")
    status = current_status(desk.state)
    assert status.tokens_per_s and status.first_token_s is not None
    desk.state.link.load("/models/other.gguf")
    desk.until(lambda: desk.worker.model.path == "/models/other.gguf")
    status = current_status(desk.state)
    assert (status.tokens_per_s, status.first_token_s) == (None, None) and status.context_used is None
    desk.state.link.load("/models/pretend.gguf")
    desk.until(lambda: desk.worker.model.path == "/models/pretend.gguf")
    assert current_status(desk.state).tokens_per_s and current_status(desk.state).context_used


def test_a_reply_is_headed_by_the_name_that_the_library_has_for_its_model(desk):
    desk.state.link.set_choices([ModelChoice("Fox-8M-F32", "/models/pretend.gguf")])
    desk.send("one")
    desk.state.link.set_choices([ModelChoice("", "/models/pretend.gguf", built_in=True)])
    desk.send("two")
    names = [row.model_name for row in desk.state.tree.path() if row.role == "assistant"]
    assert names == ["Fox-8M-F32", "Pretend"], "the built-in one's name would be kept in one language"


def test_the_next_prompt_carries_the_ids_of_the_reply_and_the_system_prompt(desk):
    desk.state.set_system_prompt("Be brief.")
    desk.send("one")
    desk.send("two")
    messages = desk.worker.requests[-1][1]
    assert [(m.role, m.content) for m in messages] == [
        ("system", "Be brief."),
        ("user", "one"),
        ("assistant", "One two three."),
        ("user", "two"),
    ]
    assert messages[2].token_ids == (1, 2, 3)
    assert messages[2].vocabulary_hash == "pretend"


def test_regenerate_keeps_both_and_moves_between_them(desk):
    desk.send("one")
    first = desk.state.tree.leaf_id
    desk.worker.replies.append("Another.")
    desk.state.regenerate(first)
    desk.until(lambda: desk.contents() == ["one", "Another."] and not desk.state.busy)
    shown = desk.state.shown()[-1]
    assert (shown.place, shown.places) == (2, 2)
    desk.state.step_version(shown.id, -1)
    assert desk.contents() == ["one", "One two three."]
    desk.state.step_version(first, -1)  # there is none before the first
    assert desk.state.tree.leaf_id == first


def test_an_edited_message_branches_and_is_answered(desk):
    desk.send("one")
    original = desk.state.tree.path()[0].id
    desk.worker.replies.append("Second.")
    desk.state.edit(original, "uno")
    desk.until(lambda: desk.contents() == ["uno", "Second."] and not desk.state.busy)
    desk.state.step_version(desk.state.tree.path()[0].id, -1)
    assert desk.contents() == ["one", "One two three."]


def test_an_edited_reply_is_kept_beside_the_original(desk):
    desk.send("one")
    reply = desk.state.tree.leaf_id
    asked = len(desk.worker.requests)
    desk.state.edit(reply, "My own words.")
    desk.until(lambda: desk.contents()[-1] == "My own words.")
    assert len(desk.worker.requests) == asked
    assert desk.state.tree.siblings(desk.state.tree.leaf_id)[0] == reply


def test_a_stopped_reply_goes_on_where_it_was(desk):
    desk.worker.token_ms = 20
    desk.worker.reply = "a b c d e f g h"
    assert desk.state.send("count")
    desk.until(lambda: desk.state.runner.reply is not None and len(desk.state.runner.reply.records) >= 2)
    desk.state.stop()
    desk.idle()
    message = desk.state.tree.path()[-1]
    part = message.content
    assert message.state == "interrupted" and message.summary.finish == "cancelled"
    assert "a b c d e f g h".startswith(part) and part
    desk.worker.token_ms = 0
    desk.worker.replies.append(" and on")
    desk.state.resume(message.id)
    desk.until(lambda: desk.contents()[-1] == part + " and on" and not desk.state.busy)
    desk.saved()
    assert desk.worker.requests[-1][1][-1].token_ids == message.token_ids
    stored = desk.storage.submit(lambda store: store.message(message.id)).result()
    assert (stored.content, stored.state) == (part + " and on", "complete")
    records = desk.storage.submit(lambda store: store.records(message.id)).result()
    assert b"".join(record.token.bytes for record in records).decode() == part + " and on"
    assert [record.position for record in records] == list(range(len(records)))


def test_a_crash_in_mid_reply_keeps_the_text_and_the_next_message_works(desk):
    desk.worker.reply = "a b c d e f"
    desk.worker.crash_after = 3
    assert desk.state.send("count")
    desk.until(lambda: bool(desk.problems) and not desk.state.busy)
    desk.saved()
    message = desk.state.tree.path()[-1]
    assert (message.content, message.state) == ("a b c", "interrupted")
    shown = desk.state.shown()[-1]
    assert "SIGSEGV" in shown.problem.text
    stored = desk.storage.submit(lambda store: store.message(message.id)).result()
    assert (stored.content, stored.state) == ("a b c", "interrupted")
    desk.send("still there?")
    assert desk.contents()[-1] == "a b c d e f"


def test_a_reply_that_cannot_begin_is_failed_and_can_be_tried_again(desk):
    desk.worker.fail_next = Failed(0, "context-full", "The prompt is too long.", "Shorten it.", "4097 > 4096")
    assert desk.state.send("long")
    desk.until(lambda: len(desk.state.tree) == 2 and not desk.state.busy)
    message = desk.state.tree.path()[-1]
    assert (message.state, message.content) == ("failed", "")
    assert desk.state.shown()[-1].problem.hint == "Shorten it."
    assert "4097" in desk.state.problem_details(message.id)
    changed = GenerationSettings(max_tokens=123)
    desk.state.set_settings(changed)
    desk.state.resume(message.id)
    desk.until(lambda: desk.contents()[-1] == "One two three." and not desk.state.busy)
    assert [m.role for m in desk.worker.requests[-1][1]] == ["user"]
    # What may have been the reason has been changed in between.
    assert desk.worker.requests[-1][2].max_tokens == 123
    desk.saved()
    stored = desk.storage.submit(lambda store: store.message(message.id)).result()
    assert stored.settings.max_tokens == 123 == desk.state.tree.path()[-1].settings.max_tokens


def test_a_branch_begins_with_the_tokens_before_and_the_candidate(desk):
    desk.send("one")
    reply = desk.state.tree.leaf_id
    desk.state.choice.choose(reply, 2)
    desk.state.branch(9)
    desk.until(lambda: len(desk.state.tree) == 3 and not desk.state.busy)
    assert desk.worker.requests[-1][3] == (1, 2, 9)
    fork = desk.state.tree.path()[-1].fork
    assert (fork.position, fork.piece) == (2, b"\xff")
    assert 0.26 < fork.probability < 0.28  # e / (e + e^2)
    assert desk.state.tree.siblings(desk.state.tree.leaf_id) == [reply, desk.state.tree.leaf_id]
    assert desk.state.choice.selected == (desk.state.tree.leaf_id, 2), "one sees what one did"


def test_a_token_that_is_selected_while_a_branch_is_written_stays_selected(desk):
    desk.send("one")
    reply = desk.state.tree.leaf_id
    desk.state.choice.expect(999, 0)
    desk.state.choice.choose(reply, 1)
    desk.state.choice.grown(999)
    desk.state.choice.expect(reply, 99)
    assert desk.state.choice.selected == (reply, 1), "what is not there yet changes nothing"


def test_a_token_that_is_not_recorded_makes_no_branch(desk):
    desk.send("one")
    desk.state.choice.choose(desk.state.tree.leaf_id, 0)
    asked = len(desk.worker.requests)
    desk.state.branch(123456)
    desk.saved()
    assert len(desk.worker.requests) == asked


def test_a_deleted_message_comes_back_with_what_followed(desk):
    desk.send("one")
    desk.send("two")
    before = desk.contents()
    desk.state.delete_message(desk.state.tree.path()[2].id)
    desk.until(lambda: len(desk.undo) == 1 and desk.contents() == before[:2])
    desk.undo[0]()
    desk.until(lambda: desk.contents() == before)


def test_a_deleted_conversation_comes_back(desk):
    desk.send("one")
    id = desk.state.conversation.id
    desk.state.delete(id)
    desk.until(lambda: len(desk.undo) == 1 and desk.state.shelf.rows == [])
    assert desk.state.conversation is None
    desk.undo[0]()
    desk.until(lambda: desk.state.conversation is not None and desk.state.conversation.id == id)
    assert desk.contents() == ["one", "One two three."]


def test_a_rename_can_be_undone(desk):
    desk.send("one")
    desk.until(lambda: len(desk.state.shelf.rows) == 1)
    id = desk.state.conversation.id
    desk.state.rename(id, "  A better  title ")
    desk.until(lambda: desk.state.shelf.row(id).title == "A better title")
    desk.undo[0]()
    desk.until(lambda: desk.state.shelf.row(id).title == "one")


def test_the_draft_is_kept_for_each_conversation(desk):
    desk.send("one")
    first = desk.state.conversation.id
    desk.state.draft.set("half a thou")
    desk.state.new_conversation()
    desk.state.draft.set("another")
    restored = []
    desk.state.draft_restored.connect(restored.append)
    desk.state.open(first)
    desk.until(lambda: restored == ["half a thou"])
    desk.until(lambda: len(desk.state.shelf.rows) == 2)
    other = next(row.id for row in desk.state.shelf.rows if row.id != first)
    desk.state.open(other)
    desk.until(lambda: restored[-1] == "another")


def test_a_draft_is_saved_even_when_the_program_ends_at_once(desk):
    desk.state.draft.set("not lost")
    desk.state.put_away()
    rows = desk.storage.submit(lambda store: store.conversations()).result(5)
    assert [row.draft for row in rows] == ["not lost"]


def test_settings_belong_to_the_conversation(desk):
    desk.send("one")
    first = desk.state.conversation.id
    changed = desk.state.settings.__class__(max_tokens=2)
    desk.state.set_settings(changed)
    desk.state.new_conversation()
    assert desk.state.settings.max_tokens == 0
    desk.state.open(first)
    desk.until(lambda: desk.state.conversation is not None and desk.state.settings.max_tokens == 2)
    desk.send("short")
    assert desk.contents()[-1] == "One two"


def test_what_is_written_while_another_conversation_is_open_is_not_lost(desk):
    desk.send("one")
    first = desk.state.conversation.id
    desk.worker.token_ms = 10
    desk.worker.reply = "a b c d e f g h i j k l"
    assert desk.state.send("again")
    desk.until(lambda: desk.state.runner.reply is not None and len(desk.state.runner.reply.records) > 2)
    desk.state.new_conversation()
    assert not desk.state.send("while busy")
    desk.state.open(first)
    desk.until(lambda: desk.state.writing_here)
    assert desk.state.content(desk.state.tree.leaf_id).startswith("a b")
    desk.idle()
    assert desk.contents()[-1] == "a b c d e f g h i j k l"


def test_a_message_waits_for_the_model(desk):
    desk.worker.crash(come_back=False)
    desk.problems.clear()
    assert desk.state.send("hello")
    desk.until(lambda: len(desk.state.tree) == 2 and not desk.state.busy)
    assert desk.contents() == ["hello", "One two three."]
    assert [call[0] for call in desk.worker.requests[-2:]] == ["load", "generate"]


def test_tokens_of_old_messages_are_fetched_when_they_are_asked_for(desk):
    desk.send("one")
    id, reply = desk.state.conversation.id, desk.state.tree.leaf_id
    desk.state.texts.forget(reply)
    desk.state.new_conversation()
    desk.state.open(id)
    desk.until(lambda: reply in desk.state.tree)
    chosen = []
    desk.state.choice.chosen.connect(chosen.append)
    desk.state.choice.choose_at(reply, 5)  # "One two three.": inside " two"
    desk.until(lambda: bool(chosen) and chosen[-1] is not None)
    assert chosen[-1].token.bytes == b" two"
    desk.state.choice.step(1)
    assert chosen[-1].token.bytes == b" three."
    desk.state.choice.step(1)  # there is none after the last
    assert desk.state.choice.selected == (reply, 2)


def test_text_without_records_says_so(desk):
    desk.send("one")
    desk.state.edit(desk.state.tree.leaf_id, "typed by hand")
    desk.until(lambda: desk.contents()[-1] == "typed by hand")
    desk.state.choice.choose_at(desk.state.tree.leaf_id, 2)
    desk.until(lambda: bool(desk.notices))


def test_search_finds_titles_and_texts(desk):
    desk.send("the quick brown fox")
    found = []
    desk.state.shelf.found.connect(lambda query, hits: found.append((query, hits)))
    desk.state.shelf.search("brown")
    desk.until(lambda: bool(found))
    assert {hit.message_id is None for hit in found[-1][1]} == {True, False}
    desk.state.delete(desk.state.conversation.id)
    desk.until(lambda: found[-1] == ("brown", []))
    desk.undo[-1]()
    desk.until(lambda: len(found[-1][1]) > 0)
    desk.state.shelf.search("")
    assert found[-1] == ("", [])


def test_saving_that_fails_is_said_and_tried_again(desk, monkeypatch):
    """A full disk in mid-reply: nothing is lost once there is room again."""
    from app.storage.store import Store

    whole = Store.append_reply
    failing = [True]

    def append(self, message_id, text, records):
        if failing[0]:
            raise OSError("no space left on device")
        whole(self, message_id, text, records)

    monkeypatch.setattr(Store, "append_reply", append)
    monkeypatch.setattr("app.chat.reply_runner._RETRY_MS", 20)
    assert desk.state.send("one")
    desk.until(lambda: bool(desk.problems))
    failing[0] = False
    reply = desk.state.tree.leaf_id
    desk.until(lambda: desk.storage.submit(lambda store: store.message(reply)).result().state == "complete")
    assert desk.storage.submit(lambda store: store.message(reply)).result().content == "One two three."


def test_a_message_that_cannot_be_saved_is_not_taken(desk, monkeypatch):
    from app.storage.store import Store

    def refuse(self, *args, **kwargs):
        raise OSError("no space left on device")

    monkeypatch.setattr(Store, "add_message", refuse)
    sent = []
    desk.state.sent.connect(lambda: sent.append(True))
    assert desk.state.send("precious")
    desk.until(lambda: bool(desk.problems))
    assert not sent and not desk.state.busy


def test_export_and_import(desk, qtbot, tmp_path: Path):
    from PySide6.QtWidgets import QWidget

    from app.chat.files import ConversationFiles

    desk.state.set_system_prompt("Be brief.")
    desk.send("one")
    window = QWidget()
    qtbot.addWidget(window)
    files = ConversationFiles(desk.state, window)
    id = desk.state.conversation.id
    files.export(id, "md", tmp_path / "a.md")
    desk.until(lambda: len(desk.notices) == 1)
    text = (tmp_path / "a.md").read_text()
    assert "# one" in text and "Be brief." in text and "One two three." in text
    files.export(id, "json", tmp_path / "a.json")
    desk.until(lambda: len(desk.notices) == 2)
    reply = desk.state.tree.path()[-1].id
    for number, name in enumerate(("r.json", "r.csv"), 3):
        files.export_reply(reply, tmp_path / name)
        desk.until(lambda number=number: len(desk.notices) == number)
    exported = json.loads((tmp_path / "r.json").read_text())
    assert "".join(token["text"] for token in exported["tokens"]) == exported["text"] == "One two three."
    assert len((tmp_path / "r.csv").read_text("utf-8-sig").splitlines()) == 1 + len(exported["tokens"])
    files.import_file(tmp_path / "a.json")
    desk.until(lambda: desk.state.conversation.id != id)
    assert desk.contents() == ["one", "One two three."]
    (tmp_path / "bad.json").write_text("{}")
    files.import_file(tmp_path / "bad.json")
    desk.until(lambda: bool(desk.problems))
    files.import_file(tmp_path / "missing.json")
    desk.until(lambda: len(desk.problems) == 2)


def test_a_reply_in_the_background_of_a_deleted_conversation_is_stopped(desk):
    desk.worker.token_ms = 10
    desk.worker.reply = " ".join("abcdefghij" * 10)
    assert desk.state.send("one")
    desk.until(lambda: desk.state.writing_here)
    desk.state.delete(desk.state.conversation.id)
    desk.idle()
    assert desk.state.conversation is None and desk.state.runner.reply is None


def test_half_a_character_waits_for_its_other_half():
    from app.chat.token_text import TokenText

    text = TokenText([make_record(0, b"ol\xc3"), make_record(1, b"\xa1"), make_record(2, " 😀!".encode())])
    assert text.text == "olá 😀!"
    assert [text.at(offset) for offset in range(len(text.text))] == [0, 0, 1, 2, 2, 2]
    assert text.at(6) is None


def test_messages_that_did_not_fit_are_marked(desk):
    desk.send("one")
    desk.send("two")
    replied = desk.state.tree.path()[-1]
    summary = msgspec.structs.replace(replied.summary, left_out=2)
    desk.state.tree.replace(msgspec.structs.replace(replied, summary=summary))
    assert [shown.left_out for shown in desk.state.shown()] == [True, True, False, False]


def test_a_loading_that_is_cancelled_leaves_the_message_without_a_reply(desk):
    desk.worker.crash(come_back=False)
    desk.worker.token_ms = 200
    assert desk.state.send("hello")
    desk.until(lambda: desk.state.link.can_cancel and desk.state.link.waits)
    assert desk.state.shown()[-1].waiting
    desk.state.link.cancel_load()
    desk.until(lambda: not desk.state.busy)
    assert desk.state.shown()[-1].unanswered
    desk.worker.token_ms = 0
    desk.state.regenerate(desk.state.tree.leaf_id)
    desk.until(lambda: desk.contents() == ["hello", "One two three."] and not desk.state.busy)


def test_stop_before_the_model_is_there_takes_the_wish_back(desk):
    desk.worker.crash(come_back=False)
    desk.worker.token_ms = 50
    assert desk.state.send("hello")
    desk.until(lambda: desk.state.link.waits)
    desk.state.stop()
    assert not desk.state.busy
    desk.until(lambda: desk.worker.model is not None)
    assert desk.contents() == ["hello"]


def test_a_complete_reply_is_not_continued(desk):
    desk.send("one")
    asked = len(desk.worker.requests)
    desk.state.resume(desk.state.tree.leaf_id)
    assert desk.notices and len(desk.worker.requests) == asked


def test_the_origin_of_a_token_names_settings_seed_and_the_ids_before(desk):
    desk.send("one")
    desk.state.choice.choose(desk.state.tree.leaf_id, 2)
    origin = desk.state.origin_of_choice()
    assert (origin.seed, origin.before) == (7, (1, 2))
    assert origin.settings == desk.state.tree.path()[-1].settings


def test_a_full_context_offers_to_go_on_only_where_there_is_room_again(desk):
    desk.send("hello")
    last = desk.state.tree.path()[-1]
    summary = msgspec.structs.replace(last.summary, finish="context", context_length=4096)
    desk.state.tree.replace(msgspec.structs.replace(last, summary=summary))
    assert desk.state.shown()[-1].full
    desk.state.tree.replace(
        msgspec.structs.replace(last, summary=msgspec.structs.replace(summary, context_length=2048))
    )
    assert not desk.state.shown()[-1].full  # the model was loaded with a longer one since
    stopped = msgspec.structs.replace(last.settings, when_full="stop")
    desk.state.tree.replace(msgspec.structs.replace(last, summary=summary, settings=stopped))
    assert not desk.state.shown()[-1].full  # the oldest messages may be left out now


def test_a_model_that_cannot_be_loaded_is_not_offered_again(desk):
    desk.worker.fail_next = Failed(0, "model-damaged", "This file is damaged.")
    desk.state.link.load("/models/broken.gguf")
    desk.until(lambda: bool(desk.problems))
    assert [choice.path for choice in desk.state.link.choices] == ["/models/pretend.gguf"]
