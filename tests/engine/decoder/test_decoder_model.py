"""The decoder by itself: shapes, cache, initialisation."""

import math

import pytest
import torch

from engine.decoder.cache import KeyValueCache
from engine.decoder.config import DecoderConfig, RopeScaling
from engine.decoder.model import Decoder
from engine.decoder.rotary import frequency_factors
from engine.errors import UserError
from tests.helpers.small_models import FAMILIES, small_decoder


@pytest.fixture(autouse=True)
def _one_thread():
    torch.set_num_threads(1)


def random_ids(batch, length, vocabulary=300):
    return torch.randint(0, vocabulary, (batch, length), generator=torch.Generator().manual_seed(5))


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_cached_and_uncached_forward_agree_however_the_text_is_cut(family):
    model, ids = small_decoder(family), random_ids(2, 60)
    with torch.inference_mode():
        whole = model(ids)
        cache = KeyValueCache(model.config, batch=2)
        pieces = [model(part, cache) for part in ids.split([1, 7, 30, 1, 1, 20], dim=1)]
    assert cache.length == 60
    assert torch.allclose(torch.cat(pieces, dim=1), whole, atol=2e-5)


def test_after_rewinding_another_continuation_is_as_if_nothing_had_been_there():
    model, ids, other = small_decoder("llama-gqa-scaled"), random_ids(1, 40), random_ids(1, 15) + 1
    with torch.inference_mode():
        cache = KeyValueCache(model.config)
        model(ids, cache)
        cache.rewind(25)
        branched = model(other, cache)
        whole = model(torch.cat((ids[:, :25], other), dim=1))[:, 25:]
    assert cache.length == 40
    assert torch.allclose(branched, whole, atol=2e-5)


def test_rewinding_never_goes_forward_or_below_nothing():
    model = small_decoder()
    cache = KeyValueCache(model.config)
    with torch.inference_mode():
        model(random_ids(1, 10), cache)
    cache.rewind(30)
    assert cache.length == 10
    cache.rewind(-3)
    assert cache.length == 0


def test_a_cache_that_is_full_says_so():
    model = small_decoder()
    cache = KeyValueCache(model.config, length=16)
    with torch.inference_mode(), pytest.raises(UserError) as caught:
        model(random_ids(1, 17), cache)
    assert caught.value.code == "context-full"


def test_no_position_sees_what_comes_after_it():
    model, ids = small_decoder("qwen3"), random_ids(1, 30)
    changed = ids.clone()
    changed[0, 20] = (changed[0, 20] + 1) % 300
    with torch.inference_mode():
        before, after = model(ids), model(changed)
    assert torch.allclose(before[:, :20], after[:, :20], atol=1e-6)
    assert not torch.allclose(before[:, 20:], after[:, 20:], atol=1e-3)


def test_texts_packed_side_by_side_with_mask_and_positions_are_as_if_alone():
    model, first, second = small_decoder("qwen2"), random_ids(1, 12), random_ids(1, 9) + 2
    packed = torch.cat((first, second), dim=1)
    text_of = torch.tensor([0] * 12 + [1] * 9)
    mask = (text_of[:, None] == text_of[None, :]).tril()
    positions = torch.cat((torch.arange(12), torch.arange(9)))
    with torch.inference_mode():
        hidden = model.hidden(packed, mask=mask, positions=positions)
        alone = torch.cat((model.hidden(first), model.hidden(second)), dim=1)
    assert torch.allclose(hidden, alone, atol=2e-5)


def test_only_the_last_row_when_only_that_is_wanted():
    model, ids = small_decoder(), random_ids(2, 10)
    with torch.inference_mode():
        assert torch.allclose(model(ids, rows="last"), model(ids)[:, -1:], atol=1e-6)


def test_fresh_weights_predict_every_token_alike():
    model = Decoder(DecoderConfig(300, 64, 4, 4, 128))
    model.initialise(1)
    ids = random_ids(4, 50)
    with torch.inference_mode():
        loss = torch.nn.functional.cross_entropy(model(ids[:, :-1]).flatten(0, 1), ids[:, 1:].flatten())
    assert abs(loss.item() - math.log(300)) < 0.1


def test_the_same_seed_gives_the_same_weights():
    first, second, third = (Decoder(DecoderConfig(40, 16, 1, 2, 16)) for _ in range(3))
    for model, seed in ((first, 3), (second, 3), (third, 4)):
        model.initialise(seed)
    assert torch.equal(first.layers[0].mlp.up_proj.weight, second.layers[0].mlp.up_proj.weight)
    assert not torch.equal(first.layers[0].mlp.up_proj.weight, third.layers[0].mlp.up_proj.weight)


def test_bfloat16_autocast_stays_close_and_gives_gradients():
    model, ids = small_decoder("llama-gqa-scaled").train(), random_ids(2, 32)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        loss = torch.nn.functional.cross_entropy(model(ids[:, :-1]).flatten(0, 1), ids[:, 1:].flatten())
    exact = torch.nn.functional.cross_entropy(model(ids[:, :-1]).flatten(0, 1), ids[:, 1:].flatten())
    assert abs(loss.item() - exact.item()) < 0.1
    loss.backward()
    assert all(parameter.grad is not None and parameter.grad.isfinite().all() for parameter in model.parameters())


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_parameters_are_counted_as_torch_counts_them(family):
    model = small_decoder(family)
    assert model.config.parameter_count == sum(parameter.numel() for parameter in model.parameters())


SHAPE = {"vocabulary_size": 300, "d_model": 64, "n_layers": 2, "n_heads": 4, "d_ff": 128}


@pytest.mark.parametrize(
    "change",
    [
        {"n_layers": 0},
        {"n_layers": 513},
        {"n_heads": 3},
        {"n_kv_heads": 3},
        {"d_model": 0},
        {"head_dim": 15},
        {"rope_theta": 0.0},
        {"qkv_bias": True, "qk_norm": True},
        {"qkv_bias": True, "head_dim": 32},
        {"qk_norm": True, "rope_scaling": RopeScaling(8.0)},
        {"qkv_bias": True, "rope_factors": (2.0,) * 8},
        {"rope_factors": (2.0,) * 7},
        {"rope_factors": (0.0,) * 8},
        {"rope_factors": (2.0,) * 8, "rope_scaling": RopeScaling(8.0)},
    ],
    ids=str,
)
def test_shapes_that_no_file_carries_are_refused_at_once(change):
    with pytest.raises(UserError) as caught:
        DecoderConfig(**{**SHAPE, **change})
    assert caught.value.code == "decoder-shape"


def test_each_combination_has_its_architecture():
    assert DecoderConfig(**SHAPE).architecture == "llama"
    assert DecoderConfig(**SHAPE, qkv_bias=True).architecture == "qwen2"
    assert DecoderConfig(**SHAPE, qk_norm=True, head_dim=32).architecture == "qwen3"


def test_llama_3_stretches_long_wavelengths_keeps_short_ones_and_blends_between():
    # The published scaling of Llama 3.2 1B: head dimension 64, base 500,000, factor 32 from 8,192 positions.
    shape = {**SHAPE, "head_dim": 64, "rope_theta": 500_000.0, "rope_scaling": RopeScaling(32.0, 1.0, 4.0, 8192)}
    factors = frequency_factors(DecoderConfig(**shape))
    wavelengths = 2 * math.pi * 500_000.0 ** (torch.arange(0, 64, 2, dtype=torch.float64) / 64)
    assert (factors[wavelengths < 2048] == 1).all()
    assert (factors[wavelengths > 8192] == 32).all()
    between = (wavelengths >= 2048) & (wavelengths <= 8192)
    assert between.any()
    assert ((factors[between] > 1) & (factors[between] < 32)).all()
    assert (factors.diff() >= 0).all()


def test_dropout_leaves_parts_out_in_training_alone():
    model, ids = small_decoder(n_layers=1), torch.tensor([[3, 1, 4, 1, 5]])
    with torch.no_grad():
        whole = model(ids)
        model.dropout = 0.5
        assert torch.equal(model(ids), whole), "not while the model is used"
        model.train()
        torch.manual_seed(1)
        first = model(ids)
        torch.manual_seed(1)
        assert torch.equal(model(ids), first) and not torch.equal(first, whole)
