"""A saved reply checked from the window's side: what is asked, how it is given up, and what is told of each end."""

import msgspec
import pytest

from app.chat.replay_bar import ReplayBar
from app.sampling.biasing import with_bias
from engine.records import Token
from engine.records.explore import Difference, Replayed
from engine.worker.protocol import Failed, Progress

DIFFERENT = Replayed(
    3,
    3,
    Difference(2, Token(3, b" three."), Token(9, b" four."), 0.5, 0.25, -1.25, -1.5),
    0.3125,
    ("engine", "context"),
)


@pytest.fixture
def replied(desk):
    desk.send("hello")
    desk.saved()
    desk.id = desk.state.tree.path()[-1].id
    return desk


def asked(desk):
    return [request[1] for request in desk.worker.requests if request[0] == "replay"]


def found(desk):
    replay = desk.state.replaying.replay
    return None if replay is None else replay.found


def test_it_is_asked_with_all_that_was_saved(replied):
    replied.state.check_again(replied.id)
    assert replied.state.replaying.replay.running
    replied.until(lambda: found(replied) is not None)
    (saved,) = asked(replied)
    assert [message.content for message in saved.messages] == ["hello"]
    assert [record.token.bytes for record in saved.records] == [b"One", b" two", b" three."]
    row = replied.state.tree[replied.id]
    assert saved.summary == row.summary and saved.settings == row.settings and found(replied).same


def test_only_a_reply_that_is_complete_in_itself_is_checked(replied):
    state = replied.state
    state.check_again(state.tree.path()[0].id)
    assert state.replaying.replay is None and len(replied.notices) == 1
    state.replaying.start(msgspec.structs.replace(state.tree[replied.id], summary=None), ())
    assert "without what is needed" in state.replaying.replay.problem.text and not asked(replied)


def test_a_failure_is_told_in_its_words_and_a_cancelled_one_not_at_all(replied):
    state = replied.state
    replied.worker.fail_next = Failed(0, "replay-vocabulary", "Another vocabulary.", "Load the other.")
    state.check_again(replied.id)
    replied.until(lambda: not state.replaying.replay.running)
    assert state.replaying.replay.problem.text == "Another vocabulary."
    replied.worker.token_ms = 200
    state.check_again(replied.id)
    replied.until(lambda: len(asked(replied)) == 2)
    state.replaying.dismiss()
    assert state.replaying.replay is None
    replied.saved()
    assert state.replaying.replay is None and any(request[0] == "cancel" for request in replied.worker.requests)


def test_a_new_message_goes_first_and_another_conversation_forgets_it(replied):
    state = replied.state
    replied.worker.token_ms = 50
    state.check_again(replied.id)
    replied.until(lambda: bool(asked(replied)))
    replied.send("and now")
    assert state.replaying.replay is None, "it had not ended"
    state.check_again(replied.id)
    replied.until(lambda: found(replied) is not None)
    state.new_conversation()
    assert state.replaying.replay is None


def test_the_bar_says_how_far_it_is_and_what_came_of_it(replied, qtbot):
    state = replied.state
    bar = ReplayBar(state)
    qtbot.addWidget(bar)
    assert not bar.isVisibleTo(None)
    replied.worker.replayed, replied.worker.token_ms = DIFFERENT, 200
    state.check_again(replied.id)
    assert not bar.meter.isHidden() and not bar.stop_button.isHidden()
    replied.until(lambda: bool(asked(replied)))
    job = state.replaying._job
    state.replaying._on_progress(Progress(job, "prompt", 5, 12))
    assert "5 of 12" in bar.text.text()
    state.replaying._on_progress(Progress(job, "replay", 1, 3))
    assert "1 of 3" in bar.text.text() and (bar.meter.value(), bar.meter.maximum()) == (1, 3)
    replied.until(lambda: found(replied) is not None)
    assert "token 3 of 3" in bar.text.text() and "“·four.” comes now instead of “·three.”" in bar.text.text()
    words = bar._details.text()
    assert "-1.2500 then, -1.5000 now, a difference of 0.2500; after the chain 50 % then, 25 % now" in words
    assert "differ by 0.3125 at most" in words
    assert "another version" in words and "another length" in words and "model file" not in words
    assert bar.meter.isHidden() and bar.accessibleDescription() == words
    bar.show_button.click()
    assert state.choice.selected == (replied.id, 2)
    bar.close_button.click()
    assert state.replaying.replay is None and bar.isHidden()


def test_the_same_and_the_context_that_ended_early_are_told_apart(replied, qtbot):
    bar = ReplayBar(replied.state)
    qtbot.addWidget(bar)
    for result, words in (
        (Replayed(3, 3, None, 0.0, ()), "The same to the byte: all 3 tokens"),
        (Replayed(2, 3, None, 1e-6, ()), "first 2 of 3 tokens"),
    ):
        replied.worker.replayed = result
        replied.state.check_again(replied.id)
        replied.until(lambda: found(replied) is not None)
        assert words in bar.text.text() and bar.show_button.isHidden()
    assert "differ by 1e-06 at most" in bar._details.text()


def test_where_another_model_is_loaded_the_one_that_wrote_it_is_a_click_away(replied, qtbot):
    state, tree = replied.state, replied.state.tree
    bar = ReplayBar(state)
    qtbot.addWidget(bar)
    row = tree[replied.id]
    summary = msgspec.structs.replace(row.summary, model_path="/models/own.gguf", model_hash="own")
    tree.replace(msgspec.structs.replace(row, summary=summary, vocabulary_hash="other"))
    state.check_again(replied.id)
    assert "other tokens" in bar.text.text() and not asked(replied) and not bar.load_button.isHidden()
    assert "/models/own.gguf" in bar.load_button.toolTip()
    tree.replace(msgspec.structs.replace(row, summary=summary))
    state.check_again(replied.id)
    replied.until(lambda: found(replied) is not None)
    assert not bar.load_button.isHidden(), "it might come out the same, but by chance"
    bar.load_button.click()
    replied.until(lambda: replied.worker.model is not None and replied.worker.model.path == "/models/own.gguf")
    replied.until(lambda: len(asked(replied)) == 2 and found(replied) is not None)
    assert bar.load_button.isHidden()


def test_a_ban_is_taken_back_in_the_conversation_in_which_it_was_made(replied):
    state = replied.state
    first, before = state.conversation.id, state.settings
    banned = msgspec.structs.replace(before, sampling=with_bias(before.sampling, 3, -100.0))
    state.set_settings(banned)
    replied.saved()
    state.new_conversation()
    replied.send("another")
    replied.saved()
    here = state.settings
    state.put_settings_back(first, before)
    replied.saved()
    assert state.settings == here
    assert replied.storage.submit(lambda store: store.conversation(first)).result(5).settings == before
    changed = []
    state.conversation_changed.connect(lambda: changed.append(1))
    state.put_settings_back(state.conversation.id, banned)
    assert state.settings == banned and changed
