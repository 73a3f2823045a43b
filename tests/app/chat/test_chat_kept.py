"""What a branch keeps of the reply that it leaves, and what a branch of that branch keeps, by hand-worked examples."""

import msgspec

from app.chat.kept import made_with, take_over, with_kept
from app.chat.token_choice import Branch
from app.storage.rows import Fork, Kept, MessageRow
from engine.records import GenerationSettings, ReplySummary, Timing
from tests.helpers.records import make_record

FIRST, SECOND = GenerationSettings(max_tokens=1), GenerationSettings(max_tokens=2)
RECORDS = tuple(make_record(place, b"x", 10 + place) for place in range(8))


def summary(seed: int) -> ReplySummary:
    return ReplySummary("", "stop", seed, Timing(0, 0, 0, 0.0, 0.0), 0, 0, 0)


def reply(settings: GenerationSettings | None, seed: int | None, fork: Fork | None = None) -> MessageRow:
    told = None if seed is None else summary(seed)
    return MessageRow(1, 1, None, "assistant", "", 0.0, settings=settings, summary=told, fork=fork)


def branch_at(position: int) -> Branch:
    return Branch(1, tuple(range(10, 11 + position)), Fork(position, b"y", 0.5), RECORDS[:position])


def test_a_branch_keeps_the_records_with_the_chain_and_the_seed_that_drew_them():
    branch = take_over(branch_at(5), reply(FIRST, 7))
    assert branch.kept == RECORDS[:5] and branch.fork.kept == (Kept(5, FIRST, 7),)
    message = reply(SECOND, 8, branch.fork)
    assert [made_with(message, place) for place in (0, 4, 5)] == [(FIRST, 7), (FIRST, 7), (SECOND, 8)]


def test_a_branch_of_a_branch_keeps_both_parts_or_what_is_left_of_the_first():
    left = reply(SECOND, 8, take_over(branch_at(5), reply(FIRST, 7)).fork)
    assert take_over(branch_at(7), left).fork.kept == (Kept(5, FIRST, 7), Kept(7, SECOND, 8))
    assert take_over(branch_at(5), left).fork.kept == (Kept(5, FIRST, 7),)
    assert take_over(branch_at(3), left).fork.kept == (Kept(3, FIRST, 7),)


def test_nothing_is_kept_where_nobody_knows_how_it_was_drawn():
    for left in (reply(None, 7), reply(FIRST, None)):
        branch = take_over(branch_at(5), left)
        assert branch.kept == () and branch.fork.kept_tokens == 0
    assert take_over(branch_at(0), reply(FIRST, 7)).fork.kept == (), "it parts at the first token"


def test_records_are_taken_place_by_place_and_only_where_the_tokens_agree():
    told = [msgspec.structs.replace(record, time_ms=99.0) for record in RECORDS]
    told[1] = msgspec.structs.replace(told[1], token=make_record(1, b"z", 3).token)
    assert with_kept(told[:2], RECORDS[:3]) == (RECORDS[0], told[1])
    assert with_kept(told[2:5], RECORDS[:3]) == (RECORDS[2], told[3], told[4])
