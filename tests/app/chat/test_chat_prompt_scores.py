"""The prompt scored from the window's side: when it is asked for, which message shows which token, and what is told of each."""

import math

import msgspec
import pytest

from app.chat.prompt_scores import ScoredPrompt, _texts
from app.chat.reply_numbers import ReplyNumbers
from app.chat.token_bar import TokenBar
from app.chat.token_tint import TokenLook
from engine.records import GenerationSettings, Message
from engine.sampling.registry import default_settings, with_values
from engine.worker.protocol import Failed
from tests.helpers.records import make_record


@pytest.fixture
def replied(desk):
    desk.state.set_system_prompt("Be brief.")
    desk.send("hello there")
    desk.saved()
    return desk


def asked(desk):
    return [request for request in desk.worker.requests if request[0] == "score_prompt"]


def scored(desk):
    desk.state.scores.set_on(True)
    desk.until(lambda: desk.state.scores.scored is not None)
    return desk.state.scores.text_of(desk.state.tree.path()[0].id)


def test_it_is_asked_once_for_what_the_model_read_before_the_last_reply(replied):
    state = replied.state
    replied.saved()
    assert not asked(replied), "nobody wanted it"
    text = scored(replied)
    ((_, messages, left_out),) = asked(replied)
    assert [message.content for message in messages] == ["Be brief.", "hello there"] and left_out == 0
    assert text.text == "<system>Be brief.<end><user>hello there<end><reply>"
    assert [run.template for run in text.runs] == [True, False, False, True, True, False, False, True, True]
    state.path_changed.emit(False)
    replied._qtbot.wait(300)
    assert len(asked(replied)) == 1


def test_a_character_of_the_message_leads_to_its_token_and_back(replied):
    text, state = scored(replied), replied.state
    id = state.tree.path()[0].id
    chosen = []
    state.choice.chosen.connect(chosen.append)
    state.choice.choose_at(id, 0)
    assert chosen[-1].token.bytes == b"hello" and state.choice.selected == (id, 5)
    state.choice.choose_at(id, -1)  # just before it: what the template wrote
    assert chosen[-1].token.bytes == b"<user>" and state.origin_of_choice().given == "template"
    state.choice.choose(id, 6)
    assert state.origin_of_choice().given == "text" and state.origin_of_choice().settings is None
    assert text.shift_within("hello there") == len("<system>Be brief.<end><user>")


def test_what_stands_before_a_token_of_the_prompt_is_asked_by_its_place(replied):
    scored(replied)
    state = replied.state
    state.choice.choose(state.tree.path()[0].id, 6)
    question = state.question_of_choice()
    assert question.place == 6 and question.before == () and len(question.messages) == 2
    assert question.vocabulary_hash == "pretend"
    state.choice.choose(state.tree.path()[0].id, 0)
    assert state.question_of_choice() is None, "nothing stands before the first"


def test_no_branch_begins_in_what_was_given(replied):
    scored(replied)
    state = replied.state
    state.choice.choose(state.tree.path()[0].id, 6)
    state.branch(9)
    assert len(replied.notices) == 1 and len(state.tree) == 2


def test_another_message_asks_again_and_switching_off_forgets(replied):
    state = replied.state
    text = scored(replied)
    id = state.tree.path()[0].id
    replied.send("and now")
    replied.until(lambda: len(asked(replied)) == 2 and state.scores.progress is None)
    second = state.tree.path()[2].id
    replied.until(lambda: state.scores.text_of(second) is not None)
    assert state.scores.text_of(id) is not text and state.scores.text_of(id).text.endswith("<end><assistant>")
    assert state.scores.text_of(second).text == "<end><user>and now<end><reply>", "the reply has its own records"
    assert state.token_text(state.tree.path()[1].id).text == "One two three."
    gone = []
    state.scores.changed.connect(gone.append)
    state.choice.choose(id, 5)
    state.scores.set_on(False)
    assert gone == [frozenset({id, second})] and state.choice.selected is None
    assert len(state.token_text(id)) == 0


def test_a_reply_that_was_never_recorded_is_scored_too(replied):
    state = replied.state
    replied.until(lambda: not state.busy)
    row = state.tree.path()[1]
    state.tree.replace(msgspec.structs.replace(row, token_ids=None, content="From elsewhere."))
    replied.send("and now")
    scored(replied)
    assert state.token_text(row.id).text == "From elsewhere."


def test_a_new_message_goes_first(replied):
    replied.worker.token_ms = 60
    state = replied.state
    state.scores.set_on(True)
    replied.until(lambda: state.scores.progress is not None)
    job = state.scores._job
    assert state.send("and now")
    replied.until(lambda: ("cancel", job) in replied.worker.requests)
    replied.worker.token_ms = 0
    replied.until(lambda: not state.busy and state.scores.scored is not None)
    assert len(state.scores.scored.messages) == 4


def test_why_there_are_none_is_told(replied, qtbot):
    bar = TokenBar(replied.state, TokenLook())
    qtbot.addWidget(bar)
    replied.worker.fail_next = Failed(0, "context-full", "It does not fit.", "Be shorter.")
    bar.prompt_button.click()
    replied.until(lambda: replied.state.scores.problem is not None)
    assert bar.averages.text() == "It does not fit. Be shorter."
    replied._qtbot.wait(300)
    assert len(asked(replied)) == 1, "what failed is not tried again and again"
    bar.prompt_button.click()
    assert not replied.state.scores.on and bar.averages.text() != "It does not fit. Be shorter."


def test_messages_that_were_left_out_and_two_in_a_row_keep_their_own_tokens():
    prompt = ScoredPrompt((Message("user", "a"), Message("user", "b"), Message("user", "c")), (1, 2, 3), 1, ())
    records = {place: make_record(place, piece) for place, piece in enumerate((b"[", b"b", b"]", b"[", b"c", b"]"))}
    texts = _texts(prompt, (-1, 1, -1, -1, 2, -1), records)
    assert {id: text.text for id, text in texts.items()} == {2: "[b", 3: "][c]"}
    assert texts[3].content_from == 2


def test_a_token_without_numbers_is_neither_tinted_nor_counted():
    record = msgspec.structs.replace(make_record(0), logprob=math.nan, entropy_bits=math.nan, rank=0)
    for measure in ("surprisal", "rank", "probability", "entropy"):
        assert TokenLook(measure).bits(record) is None
    numbers = ReplyNumbers([record, make_record(1)])
    assert len(numbers) == 2 and numbers.averages(0) is None
    assert numbers.averages().tokens == 1
    assert numbers.averages().surprisal_bits == pytest.approx(make_record(1).surprisal_bits)


def test_moved_sliders_are_tried_on_the_reply_while_a_token_of_the_prompt_is_selected(replied):
    scored(replied)
    state = replied.state
    said, reply = (message.id for message in state.tree.path())
    state.choice.choose(said, 5)
    sampling = with_values(default_settings(), {("temperature", "temperature"): 0.0})
    state.retro.try_settings(GenerationSettings(sampling))
    replied.until(lambda: state.retro.found is not None)
    assert state.retro.found.message_id == reply
