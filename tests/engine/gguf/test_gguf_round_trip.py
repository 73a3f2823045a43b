"""From a decoder to a GGUF file and back, and other people's files into the decoder."""

import random

import msgspec
import numpy as np
import pytest
import torch

from engine.decoder.checkpoint import decoder_from_state, load_decoder, save_decoder
from engine.decoder.from_gguf import load_gguf
from engine.errors import UserError
from engine.gguf.export import export_gguf
from engine.gguf.quantize import quantisation_names, quantize
from engine.header.gguf import read_gguf_header
from engine.inference.llama_cpp import LlamaCppModel
from engine.inference.load import open_model
from engine.sampling.recommended import RecommendedSampling
from tests.helpers.gguf_bytes import with_number, with_tensor_renamed
from tests.helpers.small_models import FAMILIES, small_decoder, small_llama_gguf, small_vocabulary


def all_rows(model, ids):
    return np.concatenate([rows.copy() for rows in model.extend(ids, rows="all")])


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_a_file_gives_the_weights_back_bit_by_bit(tmp_path, family, tied):
    model = small_decoder(family, tied_embeddings=tied)
    export_gguf(model, small_vocabulary(), tmp_path / "model.gguf")
    loaded = load_gguf(tmp_path / "model.gguf")
    ours, theirs = model.state_dict(), loaded.state_dict()
    assert ours.keys() == theirs.keys()
    assert all(torch.equal(ours[name], theirs[name]) for name in ours)
    assert torch.allclose(loaded.inverse_frequencies, model.inverse_frequencies, rtol=1e-6)
    plain = {"rope_scaling": None, "rope_factors": ()}
    assert msgspec.structs.replace(loaded.config, **plain) == msgspec.structs.replace(
        model.config, **plain, rope_theta=loaded.config.rope_theta, norm_eps=loaded.config.norm_eps
    )


@pytest.mark.parametrize("family", ["llama-gqa-scaled", "qwen2", "qwen3"])
def test_the_other_kind_of_head_agrees_with_llama_cpp_too(tmp_path, family):
    decoder = small_decoder(family, tied_embeddings=family != "qwen3")
    export_gguf(decoder, small_vocabulary(), tmp_path / "model.gguf")
    ids = np.random.default_rng(4).integers(7, small_vocabulary().size, 200).tolist()
    theirs = LlamaCppModel(tmp_path / "model.gguf", exact=True, threads=1)
    ours = open_model(tmp_path / "model.gguf", threads=1, backend="decoder")
    difference = np.abs(all_rows(theirs, ids) - all_rows(ours, ids)).max()
    theirs.close()
    assert difference < 1e-3


def test_scaled_rotary_positions_survive_file_checkpoint_and_file(tmp_path):
    model = small_decoder("llama-gqa-scaled")
    export_gguf(model, small_vocabulary(), tmp_path / "first.gguf")
    save_decoder(load_gguf(tmp_path / "first.gguf"), tmp_path / "checkpoint")
    export_gguf(load_decoder(tmp_path / "checkpoint"), small_vocabulary(), tmp_path / "second.gguf", name="first")
    assert (tmp_path / "second.gguf").read_bytes() == (tmp_path / "first.gguf").read_bytes()


def test_linear_scaling_gives_llama_cpp_the_same_positions(tmp_path):
    plain = small_decoder()
    stretched = decoder_from_state(
        msgspec.structs.replace(plain.config, rope_factors=(2.0,) * 8), dict(plain.state_dict())
    )
    export_gguf(stretched, small_vocabulary(), tmp_path / "model.gguf")
    theirs = LlamaCppModel(tmp_path / "model.gguf", exact=True, threads=1)
    ids = list(range(7, 100))
    rows = all_rows(theirs, ids)
    theirs.close()
    with torch.inference_mode():
        assert np.abs(stretched(torch.tensor([ids]))[0].numpy() - rows).max() < 1e-3
        assert np.abs(plain(torch.tensor([ids]))[0].numpy() - rows).max() > 1e-2


@pytest.mark.parametrize("type_name", ["q8_0", "q4_k_m", "q5_1", "q3_k_m", "iq4_xs", "bf16", "f16"])
def test_a_quantised_file_opens_in_the_decoder_close_to_the_original(tmp_path, type_name):
    model = small_decoder("llama-gqa-scaled", d_model=256, d_ff=256)
    export_gguf(model, small_vocabulary(), tmp_path / "whole.gguf")
    quantize(tmp_path / "whole.gguf", tmp_path / "small.gguf", type_name, threads=1)
    loaded = load_gguf(tmp_path / "small.gguf")
    for name, weights in model.state_dict().items():
        error = (loaded.state_dict()[name] - weights).square().mean() / weights.square().mean()
        assert error < (0.03 if "3" in type_name else 0.01), name
    theirs = LlamaCppModel(tmp_path / "small.gguf", exact=True, threads=1)
    rows = all_rows(theirs, list(range(7, 60)))
    theirs.close()
    with torch.inference_mode():
        ours = loaded(torch.arange(7, 60)[None])[0].numpy()
    # llama.cpp also rounds the activations, so the two agree roughly, and far better than two different models.
    assert np.corrcoef(ours.ravel(), rows.ravel())[0, 1] > 0.99


@pytest.mark.parametrize("type_name", quantisation_names())
def test_every_quantisation_on_offer_works(tmp_path, type_name):
    small_llama_gguf(tmp_path / "whole.gguf", d_model=256, d_ff=256, n_layers=1)
    quantize(tmp_path / "whole.gguf", tmp_path / "small.gguf", type_name, threads=1)
    assert read_gguf_header(tmp_path / "small.gguf").metadata["llama.block_count"] == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["small.gguf", "whole.gguf"]


def test_what_is_quantised_is_not_quantised_again(tmp_path):
    small_llama_gguf(tmp_path / "small.gguf", quantise="q8_0")
    with pytest.raises(UserError) as caught:
        quantize(tmp_path / "small.gguf", tmp_path / "smaller.gguf", "q4_0")
    assert caught.value.code == "quantised-already"


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    small_llama_gguf(tmp_path / "whole.gguf")
    with pytest.raises(UserError) as caught:
        quantize(tmp_path / "whole.gguf", tmp_path / "nowhere" / "small.gguf", "q8_0")
    assert "nowhere" in caught.value.text
    with pytest.raises(UserError) as caught:
        export_gguf(small_decoder(), small_vocabulary(), tmp_path / "nowhere" / "model.gguf")
    assert "nowhere" in caught.value.text
    with pytest.raises(UserError):
        quantize(tmp_path / "whole.gguf", tmp_path / "whole.gguf", "q8_0")


def test_the_file_says_what_it_is(tmp_path):
    export_gguf(
        small_decoder(),
        small_vocabulary(),
        tmp_path / "model.gguf",
        name="Fox",
        metadata={"license": "mit", "author": "Somebody"},
        sampling=RecommendedSampling(temperature=0.75, top_k=40, min_p=0.05),
    )
    metadata = read_gguf_header(tmp_path / "model.gguf").metadata
    assert metadata["general.name"] == "Fox"
    assert metadata["general.license"] == "mit"
    assert metadata["general.type"] == "model"
    assert metadata["general.sampling.temp"] == 0.75
    assert metadata["general.sampling.top_k"] == 40
    assert "general.sampling.top_p" not in metadata
    assert "<|assistant|>" in metadata["tokenizer.chat_template"]


def test_embeddings_beyond_the_vocabulary_are_filled_up(tmp_path):
    vocabulary = small_vocabulary()
    export_gguf(small_decoder(vocabulary_size=vocabulary.size + 50), vocabulary, tmp_path / "model.gguf")
    model = LlamaCppModel(tmp_path / "model.gguf", threads=1)
    assert model.vocabulary.size == vocabulary.size + 50
    assert model.vocabulary.piece(vocabulary.size + 7) == b""
    assert model.vocabulary.encode("the fox") == vocabulary.encode("the fox")
    model.close()


def test_a_vocabulary_without_embeddings_is_refused(tmp_path):
    with pytest.raises(UserError) as caught:
        export_gguf(small_decoder(vocabulary_size=300), small_vocabulary(), tmp_path / "model.gguf")
    assert caught.value.code == "vocabulary-mismatch"
    assert list(tmp_path.iterdir()) == []


def refused(path, data, code):
    path.write_bytes(data)
    with pytest.raises(UserError) as caught:
        load_gguf(path)
    assert caught.value.code == code
    assert caught.value.text
    assert caught.value.hint


def test_files_that_the_decoder_would_compute_wrongly_are_refused(tmp_path):
    data = small_llama_gguf(tmp_path / "good.gguf").read_bytes()
    path = tmp_path / "other.gguf"
    refused(path, data.replace(b"llama", b"gemma"), "architecture")
    refused(path, with_number(data, "llama.rope.dimension_count", 8), "architecture")
    refused(path, with_tensor_renamed(data, "blk.1.attn_norm.weight", "blk.1.attn_gnom.weight"), "weights-missing")
    refused(path, with_number(data, "llama.block_count", 1), "architecture")  # a layer would be left out
    refused(path, with_number(data, "llama.block_count", 3), "weights-missing")
    refused(path, with_number(data, "llama.attention.head_count", 3), "decoder-shape")
    refused(path, with_number(data, "llama.attention.head_count", 0), "decoder-shape")
    refused(path, with_number(data, "llama.feed_forward_length", 999), "weights-mismatch")
    refused(path, data[:-40], "model-broken")
    refused(path, with_number(data, "llama.attention.head_count", 1, type_number=7), "model-broken")


def test_a_family_that_is_there_in_name_only_is_refused(tmp_path):
    data = small_llama_gguf(tmp_path / "good.gguf", "qwen3").read_bytes()
    name, other = "blk.0.attn_q_norm.weight", "blk.0.attn_x_norm.weight"
    refused(tmp_path / "other.gguf", with_tensor_renamed(data, name, other), "architecture")


def test_500_damaged_files_never_do_more_than_raise(tmp_path):
    original = small_llama_gguf(tmp_path / "good.gguf", "llama-gqa-scaled").read_bytes()
    path, chance = tmp_path / "damaged.gguf", random.Random(22)
    refusals = 0
    for _ in range(500):
        data = bytearray(original)
        for _ in range(chance.randint(1, 3)):
            data[chance.randrange(1200)] = chance.choice([0, 1, 255, chance.randrange(256)])
        path.write_bytes(data)
        try:
            load_gguf(path)
        except UserError as error:
            refusals += 1
            assert error.text and error.hint
    assert refusals > 100
