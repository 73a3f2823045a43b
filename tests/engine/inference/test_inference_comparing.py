"""Divergences: by hand, and between models whose difference is known."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.inference.comparing import _by_border, compare, distribution, js_bits, kl_bits
from engine.inference.llama_cpp import LlamaCppModel
from engine.inference.prompt import PromptBuilder
from engine.inference.reading import never, read
from engine.records import Message, SamplingSettings, StageSettings
from engine.sampling.chain import Chain
from tests.helpers.small_models import small_llama_gguf, small_vocabulary

TEXT = "Once upon a time there was a small fox. A água era fria."


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    paths = [small_llama_gguf(folder / f"{seed}.gguf", seed=seed) for seed in (0, 5)]
    opened = [LlamaCppModel(path, exact=True) for path in paths]
    yield opened
    for model in opened:
        model.close()


def test_by_hand():
    p, q = np.array([0.5, 0.5]), np.array([0.75, 0.25])
    assert kl_bits(p, q) == pytest.approx(0.5 * math.log2(0.5 / 0.75) + 0.5 * math.log2(0.5 / 0.25))
    assert js_bits(np.array([1.0, 0.0]), np.array([0.0, 1.0])) == 1.0
    assert kl_bits(np.array([1.0, 0.0]), np.array([0.0, 1.0])) == math.inf
    assert kl_bits(np.array([1.0, 0.0]), p) == pytest.approx(1.0)


_WEIGHTS = st.lists(st.floats(0, 10), min_size=4, max_size=4).filter(lambda weights: sum(weights) > 1e-3)


@given(_WEIGHTS, _WEIGHTS)
def test_divergences_keep_their_bounds(left, right):
    p, q = (np.array(weights) / sum(weights) for weights in (left, right))
    assert 0 <= js_bits(p, q) <= 1
    assert js_bits(p, q) == pytest.approx(js_bits(q, p), abs=1e-9)
    assert kl_bits(p, q) >= 0
    assert kl_bits(p, p) == 0


def test_a_model_does_not_differ_from_itself(models):
    spans = list(compare((models[0], None), (models[0], None), TEXT))
    assert len(spans) == len(models[0].vocabulary.encode(TEXT))
    assert all(span.js_bits == 0 and span.kl_bits == 0 for span in spans)
    assert spans[-1].end == len(TEXT)


def test_two_models_differ_by_their_own_bits(models):
    ids = models[0].vocabulary.encode(TEXT)
    spans = list(compare((models[0], None), (models[1], None), TEXT))
    for place, model in enumerate(models):
        bits = np.concatenate([part.surprisal_bits for part in read(model, ids)])
        assert [(span.left_bits, span.right_bits)[place] for span in spans] == pytest.approx(bits.tolist(), abs=1e-2)
    assert max(span.js_bits for span in spans) > 0.05


def test_two_chains_on_one_model(models):
    greedy = SamplingSettings((StageSettings("top_k", values={"k": 1}),))
    spans = list(compare((models[0], None), (models[0], greedy), TEXT))
    ids = models[0].vocabulary.encode(TEXT)
    rank = np.concatenate([part.rank for part in read(models[0], ids)])
    for span, place in zip(spans, rank.tolist(), strict=True):
        assert span.right_bits == (0 if place == 1 else math.inf)
        assert span.kl_bits == math.inf and 0 < span.js_bits < 1
        likeliest = (
            span.kl_back_bits
        )  # greedy has one token with probability 1: KL is that token's surprisal at the left
        assert likeliest > 0 and (place > 1 or likeliest == pytest.approx(span.left_bits, abs=1e-6))


def test_a_distribution_after_a_chain_sums_to_one():
    row = np.array([2.0, 1.0, 0.0, -1.0], dtype=np.float32)
    chain = Chain(SamplingSettings((StageSettings("top_k", values={"k": 2}),)))
    p = distribution(row, chain, [], 0, 0)
    assert p.sum() == pytest.approx(1) and p[2:].tolist() == [0, 0]
    assert p[0] / p[1] == pytest.approx(math.e, rel=1e-5)
    assert distribution(row, None, [], 0, 0)[0] == pytest.approx(math.exp(2) / np.exp(row).sum(), rel=1e-6)


def test_without_a_common_vocabulary_bits_are_summed_between_common_borders(models):
    class Other:
        """The first model, behind a vocabulary that counts as another."""

        def __init__(self, model):
            self._model = model
            self.vocabulary = type("V", (), {"hash": "another"})()
            for name in ("encode", "names", "bos_id", "adds_bos", "token", "size", "eos_id"):
                setattr(self.vocabulary, name, getattr(model.vocabulary, name))

        def __getattr__(self, name):
            return getattr(self._model, name)

    spans = list(compare((models[0], None), (Other(models[0]), None), TEXT))
    assert all(span.js_bits is None and span.left_bits == pytest.approx(span.right_bits) for span in spans)
    whole = sum(span.left_bits for span in compare((models[0], None), (models[0], None), TEXT))
    assert sum(span.left_bits for span in spans) == pytest.approx(whole, abs=0.1)
    assert spans[0].start == 0 and spans[-1].end == len(TEXT)
    assert small_vocabulary().size > 256


def test_with_a_conversation_before_it_the_text_is_the_reply(models):
    model = models[0]
    messages = [Message("user", "Where is the fox?")]
    prompt = PromptBuilder(model.vocabulary, model.info.chat_template).build(messages).ids
    ids = model.vocabulary.encode(TEXT)
    model.rewind(0)
    rows = np.concatenate([part.copy() for part in model.extend([*prompt, *ids[:-1]], rows="all")])[-len(ids) :]
    expected = [
        -np.log2(np.exp(row - row.max())[id] / np.exp(row - row.max()).sum()) for row, id in zip(rows, ids, strict=True)
    ]
    spans = list(compare((model, None), (models[1], None), TEXT, messages=messages))
    assert len(spans) == len(ids)
    assert [span.left_bits for span in spans] == pytest.approx(expected, abs=1e-3)
    alone = list(compare((model, None), (models[1], None), TEXT))
    assert abs(alone[-1].left_bits - spans[-1].left_bits) > 1e-3
    borders = list(_by_border((model, None), (models[1], None), TEXT, 0, never, messages))
    assert [span.left_bits for span in borders] == pytest.approx(expected, abs=1e-3)
