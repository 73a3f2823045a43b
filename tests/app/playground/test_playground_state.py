"""The playground without widgets: what is asked of the model and when, and what is kept of a document."""

import numpy as np

from app.playground.state import cut, well_formed
from app.storage.rows import DocumentRow
from engine.records import GenerationSettings, SamplingSettings
from engine.records.explore import Side
from engine.worker.protocol import Failed


def rows(ground) -> list[DocumentRow]:
    return ground.storage.submit(lambda store: store.documents.rows()).result(5)


def content(ground, id: int) -> str:
    return ground.storage.submit(lambda store: store.documents.get(id)).result(5).content


def test_what_is_typed_is_saved_under_its_first_line(ground):
    ground.type("The quick fox\nand more")
    ground.saved()
    assert [row.title for row in rows(ground)] == ["The quick fox"]
    assert ground.state.documents.title == "The quick fox"
    ground.type(" still")
    ground.state.put_away()
    assert content(ground, rows(ground)[0].id) == "The quick fox\nand more still"


def test_nothing_is_made_of_nothing(ground):
    ground.state.documents.new()
    ground.state.move_caret(0)
    ground.saved()
    assert rows(ground) == []


def test_keys_before_the_first_save_has_ended_stay_in_one_document(ground):
    for letter in "fox":
        ground.type(letter)
        ground.state.documents.save()
    ground.saved()
    assert len(rows(ground)) == 1 and content(ground, rows(ground)[0].id) == "fox"


def test_a_document_opens_where_it_was_left(ground):
    ground.type("one")
    ground.saved()
    first = rows(ground)[0].id
    ground.state.documents.new()
    ground.type("two")
    ground.state.documents.open(first)
    ground.until(lambda: ground.state.text == "one")
    assert ground.state.documents.caret == 3
    ground.saved()
    assert {row.title for row in rows(ground)} == {"one", "two"}


def test_deleting_can_be_undone(ground):
    ground.type("precious")
    ground.saved()
    id = rows(ground)[0].id
    ground.state.documents.delete(id)
    assert ground.state.text == ""
    ground.until(lambda: len(ground.undo) == 1)
    assert rows(ground) == []
    ground.undo[0]()
    ground.until(lambda: ground.state.text == "precious")
    ground.saved()
    assert [row.id for row in rows(ground)] == [id]


def test_renaming_can_be_undone_and_a_given_name_stays(ground):
    ground.type("text")
    ground.saved()
    id = rows(ground)[0].id
    ground.state.documents.rename(id, "  Mine  ")
    ground.type(" more")
    ground.saved()
    assert rows(ground)[0].title == "Mine"
    ground.undo[0]()
    ground.type(" again")
    ground.saved()
    assert rows(ground)[0].title == "text more again"


def test_search_finds_and_an_older_answer_is_not_shown(ground):
    ground.type("a fox by the river")
    ground.saved()
    found = []
    ground.state.documents.found.connect(lambda query, hits: found.append((query, len(hits))))
    ground.state.documents.search("fo")
    ground.state.documents.search("owl")
    ground.saved()
    assert found == [("owl", 0)]


def test_the_next_token_is_that_after_the_caret(ground):
    ground.type("one two")
    ground.until(lambda: ground.state.following.record is not None and not ground.state.following.stale)
    assert ground.asked("next_token")[-1][0] == "one two"
    ground.state.move_caret(3)
    ground.until(lambda: ground.asked("next_token")[-1][0] == "one")


def test_fast_keys_ask_once(ground):
    before = len(ground.asked("next_token"))
    for letter in "abcdef":
        ground.type(letter)
    ground.until(lambda: not ground.state.following.stale)
    assert len(ground.asked("next_token")) == before + 1


def test_a_question_that_is_overtaken_is_cancelled(ground):
    ground.worker.token_ms = 50
    ground.type("a")
    ground.state.following.ask()
    job = ground.state.following._question.job
    ground.type("b")
    assert ("cancel", job) in ground.worker.requests
    ground.until(lambda: not ground.state.following.stale)
    assert ground.state.following.text == "ab"


def test_reading_goes_on_from_the_first_change(ground):
    ground.type("one two three")
    ground.until(lambda: ground.state.reading.whole)
    assert ground.state.reading.scores.bits.tolist() == [1.0, 2.0, 3.0]
    ground.state.edited("one two threes", 14, 13, 0, 1)
    assert ground.state.reading.scores.valid == 2
    ground.until(lambda: ground.state.reading.whole)
    known = np.frombuffer(ground.asked("read_text")[-1][1], "<i4")
    assert known.tolist() == [3, 4]
    assert ground.state.reading.scores.ids.tolist() == [3, 4, 7]


def test_reading_can_be_stopped_and_taken_up_again(ground):
    ground.worker.token_ms = 100
    ground.type("one two")
    ground.until(lambda: ground.state.reading.running)
    ground.state.stop()
    assert not ground.state.reading.running and not ground.state.reading.wanted
    ground.type(" three")
    assert not ground.state.reading._later.isActive()
    ground.worker.token_ms = 0
    ground.state.reading.read()
    ground.until(lambda: ground.state.reading.whole)


def test_what_nobody_sees_is_not_asked(ground):
    ground.state.set_active(False)
    before = len(ground.worker.requests)
    ground.type("in the dark")
    ground.storage.submit(lambda store: None).result(5)
    ground._qtbot.wait(600)
    assert [call for call in ground.worker.requests[before:] if call[0] != "cancel"] == []
    ground.state.set_active(True)
    ground.until(lambda: ground.state.reading.whole and not ground.state.following.stale)


def test_writing_goes_on_after_the_caret_with_the_dart_that_is_shown(ground):
    ground.type("Once upon")
    seed, grown = ground.state.seed, []
    ground.state.writing.grew.connect(grown.append)
    ground.state.go_on()
    ground.state.go_on()
    ground.until(lambda: not ground.state.writing.running)
    ((text, settings),) = ground.asked("complete")
    assert (text, settings.sampling.seed, settings.max_tokens) == ("Once upon", seed, 256)
    assert "".join(grown) == "One two three."
    assert ground.state.seed != seed


def test_a_fixed_seed_stays(ground):
    ground.state.set_settings(GenerationSettings(SamplingSettings((), 9)))
    ground.state.new_luck()
    assert ground.state.seed == 9


def test_writing_can_be_stopped(ground):
    ground.worker.token_ms = 20
    ground.type("Once")
    ground.state.go_on()
    ground.until(lambda: ground.state.writing.tokens > 0)
    ground.state.stop()
    ground.until(lambda: not ground.state.writing.running)


def test_without_a_model_it_is_said_and_another_model_is_asked_anew(ground):
    ground.type("one two")
    ground.until(lambda: ground.state.reading.whole)
    ground.worker.crash(come_back=False)
    ground.state.go_on()
    assert ground.notices and ground.state.following.record is None and len(ground.state.reading.scores) == 0
    ground.worker.load("/models/other.gguf")
    ground.until(lambda: ground.state.reading.whole and not ground.state.following.stale)
    assert np.frombuffer(ground.asked("read_text")[-1][1], "<i4").size == 0


def test_a_failure_is_told_once(ground):
    ground.worker.fail_next = Failed(0, "context-short", "Too short.", "Less.")
    ground.type("a")
    ground.until(lambda: len(ground.failures) == 1)
    assert ground.state.following.record is None or ground.state.reading.wanted is False


def test_a_token_is_explained(ground):
    ground.type("one two three")
    ground.state.explain_at(5)
    assert ground.notices
    ground.until(lambda: ground.state.reading.whole)
    records = []
    ground.state.explained.connect(records.append)
    ground.state.explain_at(5)
    ground.until(lambda: len(records) == 1)
    assert ground.asked("explain_token")[-1] == ("one two three", 1) and records[0].record.token.bytes == b" two"


def test_a_long_reading_makes_way_for_what_is_asked_in_between(ground):
    ground.type("one two three")
    ground.until(lambda: ground.state.reading.whole and not ground.state.following.stale)
    ground.worker.token_ms = 400
    ground.state.reading.restart(ground.state.text)
    ground.state.reading.read()
    ground.state.move_caret(3)
    ground.until(lambda: ground.asked("next_token")[-1][0] == "one")
    kinds = [call[0] for call in ground.worker.requests][-4:]
    assert kinds == ["read_text", "cancel", "next_token", "read_text"]
    ground.until(lambda: ground.state.reading.whole and not ground.state.following.stale)
    ground.state.move_caret(7)
    ground.until(lambda: not ground.state.following.stale)
    assert ground.worker.requests[-1][0] == "next_token", "what is read is not read again"


def test_a_text_is_put_into_the_template_and_control_tokens_count_from_then_on(ground):
    ground.type("one two")
    ground.until(lambda: ground.state.reading.whole and not ground.state.following.stale)
    laid = []
    ground.state.laid_out.connect(laid.append)
    ground.state.lay_out()
    ground.until(lambda: laid == ["<user>one two<end><reply>"])
    assert ground.state.documents.special
    ground.until(lambda: ground.asked("read_text")[-1][2:] == (True,) and ground.asked("next_token")[-1][3:] == (True,))
    ground.until(lambda: ground.state.reading.whole)
    ground.state.explain_at(1)
    ground.state.grow_tree()
    ground.state.compare(Side(""), Side("", SamplingSettings()))
    ground.state.go_on()
    for kind in ("explain_token", "grow_tree", "complete"):
        assert ground.asked(kind)[-1][-1] is True, kind
    ground.saved()
    assert ground.storage.submit(lambda store: store.documents.rows()[0].special).result(5)
    ground.state.documents.new()
    assert not ground.state.documents.special


def test_parts_of_a_text_count_as_qt_does():
    assert cut("a🦊b", 0, 3) == "a🦊" and cut("a🦊b", 3, 4) == "b" and cut("abc", 1, 2) == "b"


def test_half_a_pair_can_be_sent() -> None:
    assert well_formed("a\ud83eb") == "a\ufffdb" and well_formed("a🦊b") == "a🦊b"


def test_a_new_page_may_come_before_the_old_one_goes(ground):
    ground.state.set_active(True, "new")
    ground.state.set_active(False)
    assert ground.state.active
    ground.state.set_active(False, "new")
    assert not ground.state.active


def test_a_text_that_ended_the_process_is_not_read_again_by_itself(ground):
    ground.worker.token_ms = 100
    ground.type("one two")
    ground.until(lambda: ground.state.reading.running)
    ground.worker.token_ms = 0
    ground.worker.crash()
    ground.until(lambda: ground.worker.model is not None and not ground.state.following.stale)
    assert not ground.state.reading.wanted and not ground.state.reading.running
    ground.state.reading.read()
    ground.until(lambda: ground.state.reading.whole)
