"""The same weights in torch and in llama.cpp: the same logits; the same text: the same ids."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.decoder.gguf_layout import permute, unpermute
from engine.errors import UserError
from engine.gguf.export import export_gguf
from engine.gguf.quantize import quantisation_names, quantize
from engine.inference.decoder import DecoderModel
from engine.inference.llama_cpp import LlamaCppModel
from tests.helpers.small_models import FAMILIES, TEXT, small_decoder, small_llama_gguf, small_vocabulary


def all_rows(model, ids):
    return np.concatenate([rows.copy() for rows in model.extend(ids, rows="all")])


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_logits_agree_with_llama_cpp_over_200_positions(tmp_path, family):
    vocabulary, decoder = small_vocabulary(), small_decoder(family)
    export_gguf(decoder, vocabulary, tmp_path / "model.gguf")
    theirs = LlamaCppModel(tmp_path / "model.gguf", exact=True, threads=1)
    ours = DecoderModel(tmp_path, decoder, vocabulary, None, threads=1)
    ids = np.random.default_rng(3).integers(7, vocabulary.size, 200).tolist()
    difference = np.abs(all_rows(theirs, ids) - all_rows(ours, ids)).max()
    assert theirs.info.architecture == decoder.config.architecture
    theirs.close()
    assert difference < 1e-3


def test_permuting_and_back_is_nothing():
    weights = np.arange(4 * 8 * 3, dtype=np.float32).reshape(32, 3)
    assert np.array_equal(unpermute(permute(weights, 4), 4), weights)
    assert not np.array_equal(permute(weights, 4), weights)


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    path = small_llama_gguf(tmp_path_factory.mktemp("gguf") / "small.gguf")
    model = LlamaCppModel(path, threads=1)
    yield model
    model.close()


def test_ids_agree_with_llama_cpp_on_a_corpus(exported):
    for text in (
        TEXT,
        "123456789012345678901234567890",
        "  indented\n\n\n\ttabs \r\n",
        "<|user|>hi<|end|>",
        "",
        "e\u0301 🏳️‍🌈 שלום 你好",
    ):
        assert exported.vocabulary.encode(text) == small_vocabulary().encode(text)
        assert exported.vocabulary.encode(text, special=True) == small_vocabulary().encode(text, special=True)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet=st.characters(max_codepoint=0x2FFF), max_size=60))
def test_ids_agree_with_llama_cpp_on_any_text(exported, text):
    assert exported.vocabulary.encode(text) == small_vocabulary().encode(text)


def test_the_exported_vocabulary_is_the_same(exported):
    ours = small_vocabulary()
    assert exported.vocabulary.hash == ours.hash
    assert exported.vocabulary.bos_id == ours.bos_id
    assert exported.vocabulary.end_ids == ours.end_ids
    assert exported.vocabulary.adds_bos


def test_quantised_prompts_of_many_tokens_work(tmp_path):
    path = small_llama_gguf(tmp_path / "q8.gguf", quantise="q8_0")
    model = LlamaCppModel(path)
    rows = [row.copy() for row in model.extend(list(range(10, 400)))]
    assert np.isfinite(rows[-1]).all()
    assert model.info.quantisation.startswith("Q8_0")
    model.close()


def test_an_unknown_quantisation_is_refused_with_the_known_ones(tmp_path):
    assert {"q8_0", "q4_k_m", "f16"} <= set(quantisation_names())
    with pytest.raises(UserError) as caught:
        quantize(tmp_path / "x.gguf", tmp_path / "y.gguf", "q9")
    assert "q8_0" in caught.value.hint


def test_a_missing_source_is_refused_and_leaves_nothing(tmp_path):
    with pytest.raises(UserError):
        quantize(tmp_path / "x.gguf", tmp_path / "y.gguf", "q8_0")
    assert list(tmp_path.iterdir()) == []
