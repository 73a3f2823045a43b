"""Additions as texts: right, complete, and the same every time."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from engine.corpus.addition import LONGEST_WHOLE, column_sums, columns, whole_sums, written

NUMBERS = st.integers(0, 10**30)


def test_worked_by_hand():
    assert written("95", "17") == "0+0=00\n5+7=12\n9+1=11\n0+0=01"
    assert written("0", "0") == "0+0=00\n0+0=00\n0+0=00"
    assert written("999", "1") == "0+0=00\n9+1=10\n9+0=10\n9+0=10\n0+0=01"


@given(NUMBERS, NUMBERS)
def test_the_ones_are_the_sum(a, b):
    lines = written(str(a), str(b)).splitlines()
    assert len(lines) == max(len(str(a)), len(str(b))) + 2
    assert int("".join(line[-1] for line in reversed(lines[1:]))) == a + b


@given(NUMBERS, NUMBERS)
def test_every_digit_once(a, b):
    pairs = list(columns(str(a), str(b)))
    assert int("".join(first for first, _ in reversed(pairs))) == a
    assert int("".join(second for _, second in reversed(pairs))) == b


def test_every_case_of_a_column_is_in_the_texts():
    seen = set()
    for text in itertools.islice(column_sums(), 500):
        carry = "0"
        for line in text.splitlines():
            seen.add((line[0], line[2], carry))
            carry = line[-2]
    assert len(seen) == 200


def test_carries_go_on_and_on():
    longest = max(len(run) for text in column_sums() for run in "".join(c[-2] for c in text.splitlines()).split("0"))
    assert longest > 20


def test_whole_sums():
    texts = list(whole_sums())
    for text in texts[:1000]:
        left, total = text.split("=")
        first, second = left.split("+")
        assert int(first) + int(second) == int(total) and max(len(first), len(second)) <= LONGEST_WHOLE
    assert texts[:50] == list(itertools.islice(whole_sums(), 50)) and len(set(texts)) > 0.8 * len(texts)
