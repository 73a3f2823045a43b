"""Adding with a model: the digits are laid out, the carry is the model's own, and nothing is added for it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import Cancelled, UserError
from engine.inference.addition import add, check_number, result, whole_sum
from engine.records.explore import Column
from tests.helpers.addition import TableAdder

NUMBERS = st.integers(0, 10**25).map(str)


def test_worked_by_hand():
    trace = list(add(TableAdder(), "95", "17"))
    assert [column.line for column in trace] == ["5+7=12", "9+1=11", "0+0=01"]
    assert trace[0] == Column("5", "7", "1", "2") and result(trace) == "112"


@settings(max_examples=30)
@given(NUMBERS, NUMBERS)
def test_sums_are_right(first, second):
    """What there is to know are 200 cases."""
    assert int(result(list(add(TableAdder(), first, second)))) == int(first) + int(second)


@pytest.mark.parametrize("context", [36, 40, 47, 64])
def test_a_context_that_is_full_is_gone_on_from(context):
    first, second = "9" * 300, "1"
    model = TableAdder(context)
    seen = []
    trace = []
    for column in add(model, first, second):
        trace.append(column)
        seen.append(len(model.ids))
    assert result(trace) == "1" + "0" * 300 and max(seen) <= context


def test_what_the_model_writes_is_not_put_right():
    """Wrong digits stand in the result, and a wrong carry is what the model reads in the next column."""
    carries = []

    def wrong(a, b, carry):
        carries.append(carry)
        return "17"

    model = TableAdder(answer=wrong)
    assert result(list(add(model, "11", "22"))) == "777"
    assert carries == [0, 0, 1, 1, 1, 1]
    assert model.shown == "0+0=00\n1+2=17\n1+2=17\n0+0=1"


def test_zeros_in_front_are_left_out():
    assert result([Column("0", "0", "0", "0")] * 3) == "0"
    assert result([Column("1", "1", "0", "2"), Column("0", "0", "0", "0")]) == "2"


@pytest.mark.parametrize("text", ["", "  ", "-1", "1.5", "1e9", "one", "²", "١٢"])
def test_what_is_no_number(text):
    with pytest.raises(UserError, match="is no whole number"):
        check_number(text)


def test_blanks_between_digits():
    assert check_number(" 1 000_000 ") == "1000000"


def test_it_can_be_cancelled():
    with pytest.raises(Cancelled):
        list(add(TableAdder(), "1", "2", cancelled=lambda: True))


def test_whole_sums_are_taken_down_as_written():
    vocabulary = TableAdder.vocabulary
    said = iter([*vocabulary.encode("46"), vocabulary.eos_id, *vocabulary.encode("99")])

    class Said(TableAdder):
        def extend(self, ids, rows="last", cancelled=None):
            self.ids += ids
            yield np.eye(vocabulary.size, dtype=np.float32)[[next(said)]]

    model = Said()
    assert whole_sum(model, "12", "34") == "46", "up to the end of the text"
    assert vocabulary.decode(model.ids).decode() == "12+34=46"
