"""Stupid back-off: by hand, as the definition reads, and divided so that it is a distribution."""

import collections
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.ngram.backoff import ALPHA, StupidBackoff, ngram_model
from engine.ngram.counts import count_ngrams
from engine.ngram.model import NgramModel

IDS = st.lists(st.integers(0, 5), min_size=1, max_size=60)


def model_of(ids, order=3, size=6):
    return ngram_model(count_ngrams(np.array(ids), order, size, preceded=False), size, "stupid-backoff")


def test_by_hand():
    """a b a c a b, four tokens known: after a came b twice and c once; for a and d it is 0.4 of how frequent they are."""
    model = model_of([0, 1, 0, 2, 0, 1], order=2, size=4)
    assert model.levels[0].counts.tolist() == [3, 2, 1, 0]
    scores = np.array([0.4 * 4 / 10, 2 / 3, 1 / 3, 0.4 * 1 / 10])
    assert model.probabilities([0]) == pytest.approx(scores / scores.sum())
    assert model.probabilities([3]) == pytest.approx(np.array([4, 3, 2, 1]) / 10), "what never occurred tells nothing"


@given(IDS, st.integers(1, 4), st.lists(st.integers(0, 5), max_size=5))
def test_as_the_definition_reads(ids, order, context):
    counts = collections.Counter(tuple(ids[i : i + n]) for n in range(1, order + 1) for i in range(len(ids) - n + 1))

    def score(token, before):
        if not before:
            return (counts[token,] + 1) / (len(ids) + 6)
        follows = sum(counts[(*before, other)] for other in range(6))
        if counts[(*before, token)]:
            return counts[(*before, token)] / follows
        return ALPHA * score(token, before[1:])

    used = tuple(context[max(0, len(context) - order + 1) :])
    scores = np.array([score(token, used) for token in range(6)])
    assert model_of(ids, order).probabilities(context) == pytest.approx(scores / scores.sum())


@given(IDS, st.integers(1, 5), st.lists(st.integers(0, 5), min_size=1, max_size=20))
def test_a_text_at_once_is_token_by_token(ids, order, text):
    model = model_of(ids, order)
    one_by_one = [math.log(model.probabilities(text[:place])[token]) for place, token in enumerate(text)]
    assert model.log_probabilities(np.array(text)) == pytest.approx(one_by_one)


def test_each_kind_by_its_name():
    levels = count_ngrams(np.array([0, 1, 2, 0, 1]), 2, 3)
    assert type(ngram_model(levels, 3, "kneser-ney")) is NgramModel
    assert type(ngram_model(levels, 3, "stupid-backoff")) is StupidBackoff
