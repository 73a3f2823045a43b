"""N-grams: counted by hand, smoothed as a slow reference does it, and always a distribution."""

import collections
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.ngram.counts import count_ngrams
from engine.ngram.model import NgramModel


def model_of(ids, order=3, size=6):
    return NgramModel(count_ngrams(np.array(ids, dtype=np.uint32), order, size), size)


def test_counts_by_hand():
    """a b a c a b: two-token runs ab ba ac ca ab; before b stands only a, before a stand b and c."""
    one, two = count_ngrams(np.array([0, 1, 0, 2, 0, 1]), 2, 4)
    assert one.keys.tolist() == [0, 1, 2, 3]
    assert one.counts.tolist() == [2, 1, 1, 0]
    assert two.keys.tolist() == [0 * 4 + 1, 0 * 4 + 2, 1 * 4 + 0, 2 * 4 + 0]
    assert two.counts.tolist() == [2, 1, 1, 1]


def test_smoothing_by_hand():
    """The same, with the usual discounts 0.5, 1, 1.5: p(b | a) = (2 - 1) / 3 + (1 + 0.5) / 3 * p(b)."""
    model = model_of([0, 1, 0, 2, 0, 1], order=2, size=4)
    unigram = np.array([2 - 1, 1 - 0.5, 1 - 0.5, 0]) / 4 + (1 + 0.5 + 0.5) / 4 / 4
    assert model.unigram == pytest.approx(unigram)
    after_a = unigram * 1.5 / 3 + np.array([0, 1 / 3, 0.5 / 3, 0])
    assert model.probabilities([0]) == pytest.approx(after_a)
    assert model.probabilities([3]) == pytest.approx(unigram), "what never occurred tells nothing"


def reference(ids, order, size):
    """p(token | context) with dictionaries, as the definition reads."""
    raw = collections.Counter(tuple(ids[i : i + n]) for n in range(1, order + 1) for i in range(len(ids) - n + 1))
    counts = {gram: count for gram, count in raw.items() if len(gram) == order}
    for gram in raw:
        if len(gram) < order:
            counts[gram] = max(1, sum(1 for longer in raw if len(longer) == len(gram) + 1 and longer[1:] == gram))
    discounts = {}
    for n in range(1, order + 1):
        having = collections.Counter(count for gram, count in counts.items() if len(gram) == n)
        discounts[n] = (0.5, 1.0, 1.5)
        if all(having[count] for count in (1, 2, 3, 4)):
            y = having[1] / (having[1] + 2 * having[2])
            found = tuple(c - (c + 1) * y * having[c + 1] / having[c] for c in (1, 2, 3))
            if all(0 < value < c for c, value in enumerate(found, start=1)):
                discounts[n] = found

    def p(token, context):
        n = len(context) + 1
        shorter = p(token, context[1:]) if context else 1 / size
        following = {gram[-1]: count for gram, count in counts.items() if len(gram) == n and gram[:-1] == context}
        if not following:
            return shorter
        total = sum(following.values())
        taken = {t: discounts[n][min(count, 3) - 1] for t, count in following.items()}
        own = (following[token] - taken[token]) / total if token in following else 0.0
        return own + sum(taken.values()) / total * shorter

    return p


IDS = st.lists(st.integers(0, 5), min_size=1, max_size=60)


@given(IDS, st.integers(1, 4), st.lists(st.integers(0, 5), max_size=5))
def test_as_the_definition_reads(ids, order, context):
    p, model = reference(ids, order, 6), model_of(ids, order)
    used = tuple(context[max(0, len(context) - order + 1) :])
    assert model.probabilities(context) == pytest.approx([p(token, used) for token in range(6)])


@given(IDS, st.integers(1, 4), st.lists(st.integers(0, 5), min_size=1, max_size=20))
def test_a_text_at_once_is_token_by_token(ids, order, text):
    model = model_of(ids, order)
    one_by_one = [math.log(model.probabilities(text[:place])[token]) for place, token in enumerate(text)]
    assert model.log_probabilities(np.array(text)) == pytest.approx(one_by_one)


@given(IDS, st.integers(1, 5), st.lists(st.integers(0, 5), max_size=6))
def test_it_is_a_distribution_and_nothing_is_impossible(ids, order, context):
    p = model_of(ids, order).probabilities(context)
    assert p.sum() == pytest.approx(1) and (p > 0).all()


def test_longer_contexts_help_on_a_text_that_repeats():
    ids = np.array([0, 1, 2, 0, 3, 4] * 50)
    losses = [-model_of(ids[:200], order).log_probabilities(ids[200:]).mean() for order in (1, 2, 3)]
    assert losses[0] > losses[1] > losses[2] and losses[2] < 0.1
