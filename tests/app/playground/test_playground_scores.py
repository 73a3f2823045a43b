"""The columns of scores under typing: what stays, what moves, what is read again; and the sums by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.playground.scores import Scores, word_places
from app.widgets.rank_bins import RANKS
from engine.worker.protocol import TextScores


def part(first, ids, ends, bits, ranks=None):
    ranks = ranks or [1] * len(ids)
    columns = (ids, "<i4"), (ends, "<i4"), (bits, "<f4"), (ranks, "<i4"), (bits, "<f4")
    return TextScores(1, first, len(ids), *(np.array(values).astype(kind).tobytes() for values, kind in columns))


def scored(text="The quick fox", bits=(1.0, 8.0, 3.0), ranks=(1, 400, 12)):
    scores = Scores()
    scores.begin(0)
    scores.add(part(0, [10, 11, 12], [3, 9, len(text)], bits, list(ranks)))
    scores.finish()
    return scores


def test_a_change_at_the_end_keeps_what_is_before():
    scores = scored()
    scores.edited(13, 0, 4)
    assert scores.valid == 2 and len(scores) == 3  # the last token may go on: it is scored again
    assert np.frombuffer(scores.known, "<i4").tolist() == [10, 11]


def test_what_stands_behind_a_change_moves_along():
    scores = scored()
    scores.edited(4, 5, 7)  # "quick" becomes "strange"
    assert scores.valid == 1
    assert [(int(a), int(b)) for a, b in zip(scores.starts, scores.ends, strict=True)] == [(0, 3), (11, 15)]


def test_new_scores_take_the_place_of_old_ones():
    scores = scored()
    scores.edited(4, 5, 7)
    scores.begin(1)
    scores.add(part(1, [20], [11], [2.0]))
    assert scores.ids.tolist() == [10, 20, 12] and scores.valid == 2
    scores.add(part(2, [12], [15], [1.5]))
    scores.finish()
    assert scores.ids.tolist() == [10, 20, 12] and scores.bits.tolist() == [1.0, 2.0, 1.5]


def test_what_is_left_over_goes_at_the_end():
    scores = scored()
    scores.edited(3, 10, 0)
    scores.begin(0)
    scores.add(part(0, [10], [3], [1.0]))
    scores.finish()
    assert scores.ids.tolist() == [10]


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 8), st.integers(0, 8)), max_size=6),
    st.lists(st.integers(1, 4), min_size=1, max_size=12),
)
def test_places_never_cross(edits, lengths):
    ends = np.cumsum(lengths).tolist()
    scores = Scores()
    scores.add(part(0, list(range(len(ends))), ends, [1.0] * len(ends)))
    size = ends[-1]
    for position, removed, added in edits:
        position = min(position, size)
        removed = min(removed, size - position)
        size += added - removed
        scores.edited(position, removed, added)
        assert (scores.starts <= scores.ends).all() and (scores.ends[:-1] <= scores.starts[1:]).all()
        assert not len(scores) or (scores.starts[0] >= 0 and scores.ends[-1] <= size)
        assert 0 <= scores.valid <= len(scores)
        # What counts as known ends before the change.
        assert not scores.valid or scores.ends[scores.valid - 1] < position or added == removed == 0


def test_totals_by_hand():
    totals = scored().totals("The quick fox")
    assert (totals.tokens, totals.bytes, totals.bits) == (3, 13, 12.0)
    assert totals.perplexity == pytest.approx(2**4) and totals.bits_per_byte == pytest.approx(12 / 13)


def test_a_first_token_without_a_score_counts_for_nothing():
    scores = Scores()
    scores.add(part(0, [1, 2], [3, 7], [float("nan"), 4.0], [0, 3]))
    totals = scores.totals("não rio")
    assert (totals.tokens, totals.bytes, totals.bits) == (1, 4, 4.0)
    assert scores.bin_counts(RANKS) == [1, 0, 0, 0] and sum(scores.histogram()) == 1


def test_bins_have_their_upper_borders_inside():
    scores = Scores()
    ranks = [1, 10, 11, 100, 101, 1000, 1001, 150_000]
    scores.add(part(0, list(range(8)), list(range(1, 9)), [0.0, 0.9, 1.0, 14.9, 15.0, 99.0, 2.0, 2.5], ranks))
    assert scores.bin_counts(RANKS) == [2, 2, 2, 2]
    histogram = scores.histogram()
    assert (histogram[0], histogram[1], histogram[2], histogram[14], histogram[15]) == (2, 1, 2, 1, 2)


def test_words_sum_their_tokens():
    scores = Scores()
    text = "A fox, jumps"
    # "A", " f", "ox", ",", " jumps"
    scores.add(part(0, [1, 2, 3, 4, 5], [1, 3, 5, 6, 12], [1.0, 2.0, 3.0, 0.5, 4.0]))
    words = scores.most_surprising(text)
    assert [(word.text, word.start, word.end, word.bits) for word in words] == [
        ("fox", 2, 5, 5.0),
        ("jumps", 7, 12, 4.0),
        ("A", 0, 1, 1.0),
        (",", 5, 6, 0.5),
    ]
    assert [word.text for word in scores.most_surprising(text, 1)] == ["fox"]


def test_places_of_words_count_as_qt_does():
    starts, ends = word_places("a 🦊 fox")
    assert list(zip(starts.tolist(), ends.tolist(), strict=True)) == [(0, 1), (2, 4), (5, 8)]


def test_the_token_of_a_character():
    scores = scored()
    assert [scores.at(place) for place in (0, 2, 3, 8, 12, 13)] == [0, 0, 1, 1, 2, None]
    assert list(scores.between(2, 4)) == [0, 1] and list(scores.between(13, 20)) == []
