"""What the playground is told about a text: scores that agree with the records, wherever reading begins and however it is cut."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import Cancelled, UserError
from engine.inference.llama_cpp import LlamaCppModel
from engine.inference.reading import (
    common_prefix,
    first_of_window,
    measure,
    read,
    row_before,
    rows_of,
    start_ids,
    utf16_ends,
)
from engine.sampling.record import observe
from tests.helpers.small_models import TEXT, small_llama_gguf


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    path = small_llama_gguf(tmp_path_factory.mktemp("models") / "small.gguf", context_length=64)
    opened = LlamaCppModel(path, exact=True)
    yield opened
    opened.close()


def joined(parts):
    parts = list(parts)
    return (
        parts[0].first,
        np.concatenate([part.surprisal_bits for part in parts]),
        np.concatenate([part.rank for part in parts]),
        np.concatenate([part.entropy_bits for part in parts]),
    )


def test_measures_by_hand():
    rows = np.log(np.array([[0.5, 0.25, 0.25], [0.125, 0.125, 0.75]], dtype=np.float32))
    found = measure(rows, np.array([1, 2]), 7)
    assert found.first == 7
    assert found.surprisal_bits == pytest.approx([2.0, 0.415], abs=1e-3)
    assert found.rank.tolist() == [2, 1]
    assert found.entropy_bits == pytest.approx([1.5, 1.0613], abs=1e-3)


def test_an_impossible_token_costs_the_others_nothing():
    rows = np.array([[0.0, 0.0, -np.inf]], dtype=np.float32)
    found = measure(rows, np.array([0]), 0)
    assert found.entropy_bits == pytest.approx([1.0])
    assert found.surprisal_bits == pytest.approx([1.0])


def test_scores_are_those_of_the_records(model):
    ids = model.vocabulary.encode(TEXT)[:40]
    first, bits, rank, entropy = joined(read(model, ids))
    assert first == 0 and len(bits) == 40
    for index in (0, 1, 17, 39):
        row = row_before(model, ids, index)
        record = observe(row, ids[index], index, model.vocabulary.token)
        assert bits[index] == pytest.approx(record.surprisal_bits, abs=1e-3)
        assert rank[index] == record.rank
        assert entropy[index] == pytest.approx(record.entropy_bits, abs=1e-3)


def test_a_text_longer_than_the_context_is_read_to_its_end(model):
    ids = model.vocabulary.encode(TEXT * 8)
    assert len(ids) > 3 * model.context_length
    first, bits, _, _ = joined(read(model, ids))
    assert first == 0 and len(bits) == len(ids) and np.isfinite(bits).all()
    row = row_before(model, ids, len(ids) - 1)
    assert bits[-1] == pytest.approx(observe(row, ids[-1], 0, model.vocabulary.token).surprisal_bits, abs=1e-3)


@pytest.mark.parametrize("start", [1, 30, 254, 255, 256, 400])
def test_reading_may_begin_anywhere(model, start):
    ids = model.vocabulary.encode(TEXT * 4)[:420]
    _, whole, _, _ = joined(read(model, ids))
    model.rewind(0)
    first, part, _, _ = joined(read(model, ids, start))
    assert first == start
    assert part == pytest.approx(whole[start:], abs=1e-3)


def test_what_is_evaluated_is_not_evaluated_again(model):
    ids = model.vocabulary.encode(TEXT)[:50]
    list(read(model, ids))
    evaluated = []
    extend = model.extend
    model.extend = lambda more, *args, **kwargs: (evaluated.extend(more), extend(more, *args, **kwargs))[1]
    try:
        row_before(model, ids, 50)
        row_before(model, [*ids[:30], 5], 31)
        list(read(model, [*ids[:30], 5, 6], 30))
    finally:
        del model.extend
    assert len(evaluated) <= 1 + 1 + 3


def test_a_row_is_the_same_from_a_warm_and_from_a_cold_cache(model):
    ids = model.vocabulary.encode(TEXT)[:40]
    list(read(model, ids))
    warm = row_before(model, ids, 20).copy()
    model.rewind(0)
    assert row_before(model, ids, 20) == pytest.approx(warm, abs=1e-3)


def test_an_empty_text_has_a_next_token(model):
    assert row_before(model, [], 0).shape == (model.vocabulary.size,)


def test_reading_can_be_cancelled(model):
    with pytest.raises(Cancelled):
        list(read(model, model.vocabulary.encode(TEXT), cancelled=lambda: True))


def test_a_context_shorter_than_a_chunk_is_read_in_smaller_ones(model):
    """llama.cpp was made for 64 tokens here and takes no more at a time, whatever it rounds the context up to."""
    assert model.context_length > 64
    ids = model.vocabulary.encode(TEXT)
    assert len(row_before(model, ids[:100], 100)) == model.vocabulary.size


def test_a_context_without_room_is_refused(model):
    with pytest.raises(UserError):
        row_before(model, [1, 2, 3], 3, ahead=model.context_length)


def test_rows_come_in_order_once_each(model):
    ids = model.vocabulary.encode(TEXT * 3)
    seen = []
    for first, rows in rows_of(model, ids, 5):
        seen += range(first, first + len(rows))
    assert seen == list(range(5, len(ids)))


@given(st.integers(2, 40), st.integers(0, 500))
def test_a_window_holds_its_token_and_half_a_window_before_it(room, target):
    first = first_of_window(target, room)
    assert 0 <= first <= target < first + room
    if target >= room:
        assert target - first >= room // 2


@given(st.integers(2, 40), st.integers(0, 500))
def test_windows_only_move_on(room, target):
    assert first_of_window(target, room) <= first_of_window(target + 1, room)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0")), st.data())
def test_ends_are_those_of_the_characters(text, data):
    encoded = text.encode()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(encoded)), max_size=8)))
    borders = [0, *cuts, len(encoded)]
    pieces = [encoded[a:b] for a, b in pairwise(borders)]
    ends = utf16_ends(text, pieces).tolist()
    assert ends == sorted(ends)
    assert ends[-1] == len(text.encode("utf-16-le")) // 2
    for end, border in zip(ends, borders[1:], strict=True):
        whole = encoded[:border].decode("utf-8", "ignore")
        shortest = len(whole.encode("utf-16-le")) // 2
        assert shortest <= end <= shortest + 2


def test_a_blank_that_the_vocabulary_puts_first_takes_no_room():
    assert utf16_ends("The fox", [b" The", b" fox"]).tolist() == [3, 7]


def test_pieces_that_the_text_does_not_contain_are_empty():
    assert utf16_ends("a fi b", [b"a", b" x", b" b"]).tolist() == [1, 1, 6]


def test_common_prefix():
    assert common_prefix([1, 2, 3], [1, 2, 4, 5]) == 2
    assert common_prefix([1, 2], [1, 2, 3]) == 2
    assert common_prefix([], [1]) == 0


def test_the_start_is_a_token_of_the_model(model):
    assert start_ids(model.vocabulary) == [model.vocabulary.bos_id]
