"""A reply made token by token, on a real database and a worker without a process."""

import msgspec

from app.chat.status import current_status
from engine.worker.protocol import Failed


def begin(desk, text: str = "hello") -> None:
    """Send with manual mode on, and wait for the first proposal."""
    desk.state.manual.wanted = True
    assert desk.state.send(text)
    desk.until(lambda: desk.state.manual.proposal is not None)


def settled(desk) -> None:
    desk.until(lambda: desk.state.manual.proposal is not None or not desk.state.manual.active)
    desk.saved()


def stored(desk):
    """The reply as it is on the disk, and its records."""
    id = desk.state.tree.path()[-1].id
    return desk.storage.submit(lambda store: (store.message(id), store.records(id))).result(5)


def test_the_chain_draws_a_token_at_a_time_and_each_is_saved(desk):
    begin(desk)
    manual = desk.state.manual
    assert desk.contents() == ["hello", ""] and desk.state.busy
    assert manual.proposal.token.bytes == b"One"
    manual.draw()
    settled(desk)
    assert desk.contents() == ["hello", "One"]
    message, records = stored(desk)
    assert (message.content, message.state, len(records)) == ("One", "streaming", 1)
    assert manual.proposal.position == 1
    calls = [call for call in desk.worker.requests if call[0] == "generate"]
    assert [call[2].max_tokens for call in calls] == [1, 1]
    assert len({call[2].sampling.seed for call in calls}) == 1 and calls[0][2].sampling.seed is not None
    assert calls[1][1][-1].role == "assistant" and calls[1][1][-1].token_ids == (1,)  # what is there is not drawn again


def test_a_chosen_candidate_is_forced_and_the_next_is_proposed_in_the_same_breath(desk):
    begin(desk)
    manual = desk.state.manual
    manual.choose(9)
    settled(desk)
    call = [call for call in desk.worker.requests if call[0] == "generate"][-1]
    assert call[3] == (9,) and call[2].max_tokens == 2
    assert desk.contents()[-1] == " forced" and manual.proposal is not None
    first = manual.proposal
    manual.choose(first.token.id)  # what the chain would draw anyway need not be asked for
    settled(desk)
    taken = desk.state.token_text(manual.message.id).runs[-1].record
    assert taken == msgspec.structs.replace(first, forced=True), "chosen by hand, with what the chain did there"
    manual.draw()
    settled(desk)
    assert not desk.state.token_text(manual.message.id).runs[-1].record.forced
    assert [call for call in desk.worker.requests if call[0] == "generate"][-1][3] == ()


def test_a_token_is_taken_back_and_the_same_is_proposed_again(desk):
    begin(desk)
    manual = desk.state.manual
    first = manual.proposal
    for _ in range(2):
        manual.draw()
        settled(desk)
    asked = len(desk.worker.requests)
    manual.undo()
    manual.undo()
    desk.saved()
    assert desk.contents()[-1] == "" and manual.proposal == first
    assert len(desk.worker.requests) == asked  # nothing had to be asked again
    message, records = stored(desk)
    assert (message.content, records) == ("", [])
    assert not manual.can_undo


def test_the_end_leaves_a_reply_that_can_be_gone_on_with(desk):
    begin(desk)
    manual = desk.state.manual
    manual.draw()
    settled(desk)
    desk.state.stop()
    assert not manual.active and not desk.state.busy
    desk.saved()
    message, records = stored(desk)
    assert (message.state, message.summary.finish, message.content, len(records)) == (
        "interrupted",
        "cancelled",
        "One",
        1,
    )
    assert message.summary.seed == manual._settings.sampling.seed
    desk.state.resume(message.id)
    desk.until(lambda: manual.proposal is not None)
    assert manual.proposal.position == 1
    desk.state.go_on_by_itself()
    desk.until(lambda: not desk.state.busy)
    assert desk.contents()[-1] == "OneOne two three."
    assert desk.state.tree.path()[-1].state == "complete" and manual.wanted


def test_a_choice_that_ends_the_reply_completes_it(desk):
    begin(desk)
    desk.worker.replies.append("")
    desk.state.manual.choose(9)
    desk.until(lambda: not desk.state.manual.active)
    desk.saved()
    message, _ = stored(desk)
    assert (message.state, message.content) == ("complete", " forced")


def test_another_conversation_ends_it_and_nothing_is_lost(desk):
    begin(desk)
    desk.state.manual.draw()
    settled(desk)
    id = desk.state.tree.path()[-1].id
    desk.state.new_conversation()
    assert not desk.state.manual.active
    desk.saved()
    message = desk.storage.submit(lambda store: store.message(id)).result(5)
    assert (message.state, message.content) == ("interrupted", "One")


def test_a_worker_that_dies_leaves_what_was_made(desk):
    begin(desk)
    desk.state.manual.draw()
    settled(desk)
    desk.worker.fail_next = Failed(0, "crashed", "The model's process ended (SIGKILL).")
    desk.state.manual.draw()
    desk.until(lambda: not desk.state.manual.active)
    shown = desk.state.shown()[-1]
    assert shown.problem is not None and "SIGKILL" in shown.problem.text
    assert shown.row.content.startswith("One") and shown.row.state == "interrupted"


def test_a_seed_that_was_set_is_kept(desk):
    settings = desk.state.settings
    desk.state.set_settings(
        msgspec.structs.replace(settings, sampling=msgspec.structs.replace(settings.sampling, seed=42))
    )
    begin(desk)
    assert [call for call in desk.worker.requests if call[0] == "generate"][-1][2].sampling.seed == 42


def test_the_context_in_use_is_told_while_a_reply_is_made_and_kept_with_it(desk):
    begin(desk)
    manual = desk.state.manual
    assert manual.context == (12, 4096), "the prompt alone: what is proposed is not there yet"
    desk.worker.prompt_tokens = 13  # the beginning of the reply counts to it now
    manual.draw()
    settled(desk)
    status = current_status(desk.state)
    assert (status.context_used, status.context_length) == (13, 4096)
    manual.undo()
    assert current_status(desk.state).context_used == 12
    manual.end()
    desk.saved()
    summary = stored(desk)[0].summary
    assert summary is not None and summary.finish == "cancelled", (
        "a token that was taken back takes no more than itself"
    )
    assert (summary.prompt_tokens, summary.context_used) == (12, 12)
