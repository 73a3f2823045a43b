"""A token of a text with what the model told beside its record."""

import numpy as np
import pytest

from app.playground.asking import subject_of
from engine.records import SamplingSettings, StageSettings
from engine.worker.protocol import LogitsRow
from tests.helpers.records import make_record


def test_the_whole_row_and_what_stands_before_it_are_taken_over():
    row = LogitsRow(1, np.array([2.0, 1.0], "<f4").tobytes(), (5, 1, 5), {1: b"a", 5: b" b"})
    subject = subject_of(make_record(0, id=0), row, 9)
    assert subject.logits is not None and subject.logits.tolist() == [2.0, 1.0]
    assert (subject.history, subject.history_is_whole, subject.seed) == ((5, 1, 5), True, 9)
    assert subject.piece(5) == b" b" and subject.piece(0) == b" word" and subject.piece(7) is None


@pytest.mark.parametrize("row", [None, LogitsRow(1, bytes(12))])
def test_without_a_row_of_this_vocabulary_the_stored_candidates_are_left(row):
    subject = subject_of(make_record(0), row)
    assert subject.logits is None and not subject.history_is_whole and subject.history == ()


def test_what_a_grammar_allows_is_taken_over_with_its_text():
    chain = SamplingSettings((StageSettings("grammar", texts={"grammar": 'root ::= "a"'}),))
    bits = np.packbits([False, True]).tobytes()
    row = LogitsRow(1, np.array([2.0, 1.0], "<f4").tobytes(), allowed={"grammar": bits})
    (kept,) = subject_of(make_record(0, id=0), row, 0, chain).allowed.values()
    assert kept.text == 'root ::= "a"' and kept.tokens.tolist() == [False, True]
    assert subject_of(make_record(0, id=0), row, 0, SamplingSettings()).allowed == {}
