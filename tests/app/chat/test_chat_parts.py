"""The parts of the chat page that are plain values: tree, offsets, spans, titles, search, folding, export."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.chat.export import conversation_markdown
from app.chat.finder import find_places
from app.chat.offsets import Offsets
from app.chat.prompts import prompt_to
from app.chat.reply import Reply
from app.chat.token_text import TokenText
from app.chat.tree import ConversationTree
from app.reading.markdown import bare_links, find_thoughts, safe_address
from app.reading.spans import Spans, utf16_length
from app.storage.rows import ConversationRow, MessageRow
from app.widgets.folding import Folding
from app.widgets.titles import days_ago, title_from
from engine.records import GenerationSettings, ReplySummary, Timing
from engine.worker.protocol import Tokens
from tests.helpers.records import make_record


def row(id: int, parent: int | None, role: str = "user", content: str = "x") -> MessageRow:
    return MessageRow(id, 1, parent, role, content, 0.0)


def branching() -> list[MessageRow]:
    """1 -> 2 -> 4 -> 5, and 3 beside 2 with 6 below it."""
    return [row(1, None), row(2, 1), row(3, 1), row(4, 2), row(5, 4), row(6, 3)]


def ids(tree: ConversationTree) -> list[int]:
    return [message.id for message in tree.path()]


def test_a_tree_shows_the_branch_of_its_leaf_and_nothing_below_it():
    assert ids(ConversationTree(branching(), 5)) == [1, 2, 4, 5]
    assert ids(ConversationTree(branching(), 4)) == [1, 2, 4]
    assert ids(ConversationTree(branching())) == [1, 3, 6]
    assert ids(ConversationTree(branching(), 99)) == [1, 3, 6]
    assert ids(ConversationTree()) == []


def test_moving_between_siblings_comes_back_to_where_one_was():
    tree = ConversationTree(branching(), 5)
    assert tree.siblings(2) == [2, 3]
    tree.choose(3)
    assert ids(tree) == [1, 3, 6]
    tree.choose(2)
    assert ids(tree) == [1, 2, 4, 5]
    tree.add(row(7, 1))
    assert ids(tree) == [1, 7]
    assert [message.id for message in tree.path_to(6)] == [1, 3, 6]
    assert not tree.is_shown(6) and 6 in tree


@given(st.lists(st.integers(0, 200), max_size=40), st.data())
def test_offsets_are_the_sums_of_heights(heights, data):
    offsets = Offsets(heights)
    for _ in range(3):
        if heights:
            place = data.draw(st.integers(0, len(heights) - 1))
            heights[place] = data.draw(st.integers(0, 200))
            offsets.set(place, heights[place])
    assert [offsets.top(n) for n in range(len(heights) + 1)] == [sum(heights[:n]) for n in range(len(heights) + 1)]
    y = data.draw(st.integers(-10, sum(heights) + 10))
    at = offsets.at(y)
    if heights and 0 <= y < sum(heights):
        assert offsets.top(at) <= y < offsets.top(at) + heights[at]
    elif heights:
        assert at in (0, len(heights) - 1) or offsets.top(at) <= max(y, 0)


def test_spans_count_in_the_units_of_both_sides():
    spans = Spans()
    spans.add(0, 2, "a😀b")
    spans.add(10, 20, "cd")
    assert utf16_length("a😀b") == 4
    assert [spans.to_source(position) for position in (0, 1, 2, 3, 4, 10, 11, 12)] == [2, 3, 3, 4, None, 20, 21, None]
    assert [spans.to_document(source) for source in (0, 2, 3, 4, 5, 20, 21, 22)] == [0, 0, 1, 3, 10, 10, 11, None]
    assert spans.ranges(3, 21) == [(1, 4), (10, 11)]
    spans.truncate(10)
    assert spans.ranges(0, 99) == [(0, 4)]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# Hello **there**", "Hello there"),
        ("\n\n  \n- a point", "a point"),
        ("", ""),
        ("***", ""),
        ("word " * 20, "word word word word word word word word word…"),
        ("字" * 60, "字" * 48 + "…"),
    ],
)
def test_titles(text, title):
    assert title_from(text) == title


def test_days_are_those_of_the_calendar():
    today = datetime.date(2026, 3, 10)
    at = lambda day, hour: datetime.datetime(2026, 3, day, hour).timestamp()  # noqa: E731
    assert days_ago(at(10, 0), today) == 0
    assert days_ago(at(9, 23), today) == 1
    assert days_ago(at(12, 1), today) == 0


def test_finding_ignores_case_and_survives_letters_that_change_length():
    places = find_places([(1, "Fox fox"), (2, "nothing"), (3, "STRASSE straße fox")], "FOX")
    assert [(place.message_id, place.start, place.end) for place in places] == [(1, 0, 3), (1, 4, 7), (3, 15, 18)]
    assert find_places([(1, "abc")], "") == []


def test_the_list_folds_before_the_dock_and_opens_again():
    folding = Folding()
    folding.resize(1400)
    assert (folding.list_open, folding.dock_open) == (True, True)
    folding.resize(1000)
    assert (folding.list_open, folding.dock_open) == (False, True)
    folding.set_list(True)
    assert folding.list_open
    folding.resize(900)
    assert (folding.list_open, folding.dock_open) == (True, False)
    folding.resize(1400)
    assert (folding.list_open, folding.dock_open) == (True, True)
    folding.set_dock(False)
    folding.resize(900)
    folding.resize(1400)
    assert (folding.list_open, folding.dock_open) == (True, False)


def test_where_there_is_room_for_one_pane_the_one_that_is_opened_closes_the_other():
    folding = Folding()
    folding.resize(900)
    folding.set_list(True)
    folding.set_dock(True)
    assert (folding.list_open, folding.dock_open) == (False, True)
    folding.set_list(True)
    assert (folding.list_open, folding.dock_open) == (True, False)
    folding.set_list(False)
    assert (folding.list_open, folding.dock_open) == (False, False)
    folding.resize(1050)
    folding.set_list(True)
    assert (folding.list_open, folding.dock_open) == (True, True), "here both have room"
    folding.resize(990)
    folding.set_dock(True)
    folding.resize(1400)
    assert (folding.list_open, folding.dock_open) == (True, True), "what is wanted of a wide window stays"


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "file:///etc/passwd",
        "//server/share",
        "\\\\server\\share",
        "http:\\\\server\\share",
        "data:text/html,x",
        "https:",
        "ftp://x.org",
        "http://a\nb",
        "relative/path",
        "smb://server/share",
        "http://[bad",
    ],
)
def test_addresses_that_are_never_links(address):
    assert not safe_address(address)


def test_addresses_that_may_be_opened():
    assert safe_address("https://example.org/a?b=c#d")
    assert safe_address("mailto:someone@example.org")
    pieces = bare_links("see https://example.org/a, and (http://b.org).")
    assert [address for _, address in pieces if address] == ["https://example.org/a", "http://b.org"]
    assert "".join(text for text, _ in pieces) == "see https://example.org/a, and (http://b.org)."


def test_thoughts():
    assert find_thoughts("no thoughts") is None
    assert find_thoughts("<think>hm").open
    thoughts = find_thoughts(" <think>hm</think>\n\nyes")
    assert (" <think>hm</think>\n\nyes"[thoughts.start : thoughts.end], thoughts.open) == ("hm", False)
    assert " <think>hm</think>\n\nyes"[thoughts.after :] == "yes"
    given_in_prompt = find_thoughts("hm</think>yes")
    assert (given_in_prompt.start, given_in_prompt.end, given_in_prompt.after) == (0, 2, 10)


def test_export_as_markdown(tmp_path):
    conversation = ConversationRow(1, "A title", False, 0.0, 0.0, "Be brief.", GenerationSettings(), None, "", "")
    path = [row(1, None, content="hello "), MessageRow(2, 1, 1, "assistant", "*hi*", 0.0, model_name="m")]
    text = conversation_markdown(conversation, path, "You", "Model", "System prompt")
    assert "## You\n\nhello\n\n## Model (m)\n\n*hi*\n" in text
    assert text.startswith("# A title\n") and "## System prompt\n\nBe brief." in text


def test_empty_replies_are_not_shown_to_the_model():
    tree = ConversationTree([row(1, None, content="hi"), row(2, 1, "assistant", ""), row(3, 2, content="hello?")])
    assert [m.content for m in prompt_to(tree, 3, "")] == ["hi", "hello?"]
    assert [m.role for m in prompt_to(tree, 1, " \n")] == ["user"]
    assert prompt_to(tree, None, "be")[0].role == "system"


def test_a_reply_hands_out_what_is_not_saved_once():
    reply = Reply(1, 2, (), base_content="before")
    reply.begin(5)
    reply.receive(Tokens(5, (make_record(0, b" a"),), " a"))
    assert reply.content == "before a"
    text, records = reply.take_unsaved()
    assert (text, len(records)) == (" a", 1)
    assert reply.take_unsaved() is None
    reply.receive(Tokens(5, (make_record(1, b" b"),), " b"))
    reply.put_back(text, records)
    text, records = reply.take_unsaved()
    assert (text, [record.position for record in records]) == (" a b", [0, 1])
    summary = ReplySummary(" a b held back", "stop", 1, Timing(1, 0, 2, 0.1, 0.1), 1, 3, 10)
    assert reply.remainder(summary) == " held back"
    assert reply.content == "before a b held back"
    assert reply.remainder(summary) == ""


def test_the_text_of_tokens_may_begin_before_the_message():
    text = TokenText([make_record(0, b"  One"), make_record(1, b" two")])
    assert text.shift_within("One two") == 2
    assert text.shift_within("") == 0
