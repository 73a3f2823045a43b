"""The map of branches and the comparison of versions, by hand-worked examples."""

import math

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from app.chat.branch_map import segments, step
from app.chat.difference import first_difference, summary
from app.chat.token_text import TokenText
from app.chat.tree import ConversationTree
from app.storage.rows import MessageRow
from tests.helpers.records import make_record


def tree_of(parents: dict[int, int | None], leaf: int | None = None) -> ConversationTree:
    rows = [MessageRow(id, 1, parent, "user", f"m{id}", 0.0) for id, parent in sorted(parents.items())]
    return ConversationTree(rows, leaf)


def test_runs_without_a_fork_are_one_segment() -> None:
    #   1 - 2 - 3 - 4          the first reply, gone on with
    #     \ 5                  a second reply
    #     \ 6 - 7 - 8          a third one, with two endings
    #             \ 9
    found = segments(tree_of({1: None, 2: 1, 3: 2, 4: 3, 5: 1, 6: 1, 7: 6, 8: 7, 9: 7}, leaf=9))
    assert [(s.first, s.last, s.count, s.row) for s in found] == [
        (1, 1, 1, 0),
        (2, 4, 3, 1),
        (5, 5, 1, 1),
        (6, 7, 2, 1),
        (8, 8, 1, 2),
        (9, 9, 1, 2),
    ]
    assert [s.column for s in found] == [1.25, 0.0, 1.0, 2.5, 2.0, 3.0]
    assert [(s.place, s.places) for s in found] == [(1, 1), (1, 3), (2, 3), (3, 3), (1, 2), (2, 2)]
    assert [s.shown for s in found] == [True, False, False, True, False, True]
    assert step(found, 3, "down") == 5 and step(found, 5, "up") == 3  # down goes where one was
    assert step(found, 3, "left") == 2 and step(found, 2, "left") == 1 and step(found, 1, "left") == 1
    assert step(found, 2, "right") == 3 and step(found, 0, "up") == 0 and step(found, 1, "down") == 1


def test_several_beginnings_and_none() -> None:
    assert segments(tree_of({})) == []
    found = segments(tree_of({1: None, 2: None}))
    assert [(s.first, s.row, s.column, s.places) for s in found] == [(1, 0, 0.0, 2), (2, 0, 1.0, 2)]


@given(st.lists(st.integers(0, 10**6), max_size=60))
def test_every_message_is_in_one_segment_and_none_stands_on_another(choices: list[int]) -> None:
    parents: dict[int, int | None] = {}
    for place, choice in enumerate(choices, 1):
        before = [None, *parents]
        parents[place] = before[choice % len(before)]
    found = segments(tree_of(parents))
    assert sum(s.count for s in found) == len(parents)
    assert len({(s.row, s.column) for s in found}) == len(found)
    for index, segment in enumerate(found):
        assert segment.parent is None or (segment.parent < index and index in found[segment.parent].children)


def text_of(*pieces: tuple[int, bytes]) -> TokenText:
    return TokenText([make_record(place, piece, id) for place, (id, piece) in enumerate(pieces)])


def test_the_first_token_that_differs_with_both_probabilities() -> None:
    left, right = text_of((1, b"A"), (2, b" fox")), text_of((1, b"A"), (9, b"\xff"), (3, b"."))
    found = first_difference("A fox", "A\ufffd.", left, right)
    assert found.by_token and not found.same
    assert (found.left.start, found.left.end, found.left.piece) == (1, 5, b" fox")
    assert (found.right.start, found.right.end, found.right.piece) == (1, 2, b"\xff")
    # Each record has two candidates with the logits 2 and 1: its own token, and one of the byte 255.
    assert math.isclose(found.left.probability, 0.7310586, rel_tol=1e-5)
    assert math.isclose(found.left.other_probability, 0.2689414, rel_tol=1e-5)
    assert found.right.other_probability is None  # " fox" is not among the candidates that were kept
    assert summary(right).tokens == 3
    assert math.isclose(summary(right).bits_per_token, -math.log2(0.7310586), rel_tol=1e-5)


def test_a_version_that_only_goes_on_and_two_that_are_the_same() -> None:
    short, long = text_of((1, b"A")), text_of((1, b"A"), (2, b"b"))
    found = first_difference("A", "Ab", short, long)
    assert found.left is None and (found.right.start, found.right.end) == (1, 2)
    assert first_difference("A", "A", short, text_of((1, b"A"))).same


def test_texts_without_records_differ_by_characters() -> None:
    found = first_difference("one two", "one too", TokenText(), text_of((1, b"one")))
    assert not found.by_token and found.left.start == found.right.start == 5
    assert found.left.probability is None
    assert first_difference("ab", "abc", TokenText(), TokenText()).left is None
    assert summary(TokenText()) == msgspec.structs.replace(summary(TokenText()), tokens=0)


def test_leading_space_that_a_template_trimmed_is_counted() -> None:
    found = first_difference("fox", "owl", text_of((2, b" fox")), text_of((9, b" owl")))
    assert (found.left.start, found.left.end) == (0, 3)
