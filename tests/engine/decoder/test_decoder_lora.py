"""Low-rank adapters: nothing before the first step, the pairs alone learn, and merging gives the same model."""

import msgspec
import pytest
import torch

from engine.decoder.lora import (
    AdapterConfig,
    adapter_state,
    add_lora,
    fingerprint,
    load_adapter,
    merge_lora,
    save_adapter,
)
from engine.decoder.lora_config import LoraConfig
from engine.errors import UserError
from tests.helpers.small_models import FAMILIES, small_decoder

IDS = torch.arange(40).reshape(2, 20) % 90 + 7


def logits(model):
    with torch.no_grad():
        return model(IDS)


def with_values(model, config, seed=1):
    """LoRA of which the product is not zero."""
    add_lora(model, config)
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in model.named_parameters():
        if name.endswith("lora_b"):
            parameter.data.normal_(0, 0.05, generator=generator)
    return model


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_it_starts_as_the_model_that_it_stands_beside(family):
    model = small_decoder(family)
    before = logits(model)
    add_lora(model, LoraConfig())
    assert torch.equal(logits(model), before)


def test_by_hand():
    """W x + alpha / r * b (a x)."""
    model = small_decoder("llama")
    weights = model.layers[0].mlp.up_proj.weight.detach().clone()
    with_values(model, LoraConfig(rank=2, alpha=6, targets=("up_proj",)))
    pair = model.layers[0].mlp.up_proj
    x = torch.randn(weights.shape[1])
    expected = weights @ x + 3 * (pair.lora_b @ (pair.lora_a @ x))
    assert torch.allclose(pair(x), expected, atol=1e-5)


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_merged_is_the_same_model(family):
    model = with_values(small_decoder(family), LoraConfig(rank=4))
    apart = logits(model)
    assert (apart - logits(small_decoder(family))).abs().max() > 1e-2
    merged = merge_lora(model)
    assert torch.allclose(logits(merged), apart, atol=1e-4)
    assert merged.state_dict().keys() == small_decoder(family).state_dict().keys()
    assert all(parameter.requires_grad for parameter in merged.parameters())


def test_only_the_pairs_learn():
    model = small_decoder("llama")
    add_lora(model, LoraConfig(rank=2, targets=("q_proj", "v_proj")))
    before = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}
    learning = [parameter for parameter in model.parameters() if parameter.requires_grad]
    assert len(learning) == len(adapter_state(model)) == 2 * 2 * model.config.n_layers
    optimiser = torch.optim.SGD(learning, lr=0.5)
    for _ in range(2):  # the first step moves b alone, since the gradient of a is zero where b is
        model(IDS).square().mean().backward()
        optimiser.step()
    for name, parameter in model.named_parameters():
        assert torch.equal(parameter, before[name]) == ("lora" not in name), name


def test_saved_and_loaded(tmp_path):
    config = AdapterConfig(LoraConfig(rank=3, alpha=5), "base", fingerprint(small_decoder("qwen3")))
    model = with_values(small_decoder("qwen3"), config.lora)
    save_adapter(model, config, tmp_path)
    assert (tmp_path / "adapter.safetensors").stat().st_size < 60_000
    other = small_decoder("qwen3")
    assert load_adapter(tmp_path, other) == config
    assert torch.equal(logits(other), logits(model))


def test_another_base_is_refused(tmp_path):
    model = small_decoder("llama")
    config = AdapterConfig(LoraConfig(), "base", fingerprint(model))
    save_adapter(with_values(model, config.lora), config, tmp_path)
    other = small_decoder("llama")
    other.layers[1].mlp.up_proj.weight.data[0, 0] += 1
    with pytest.raises(UserError, match="was made for another model"):
        load_adapter(tmp_path, other)


@pytest.mark.parametrize("name", ["adapter.json", "adapter.safetensors"])
def test_damage_is_one_sentence(tmp_path, name):
    model = small_decoder("llama")
    config = AdapterConfig(LoraConfig(), "base", fingerprint(model))
    save_adapter(with_values(model, config.lora), config, tmp_path)
    (tmp_path / name).write_bytes((tmp_path / name).read_bytes()[:40])
    with pytest.raises(UserError):
        load_adapter(tmp_path, small_decoder("llama"))


def test_a_pair_of_another_shape_is_refused(tmp_path):
    model = small_decoder("llama")
    config = AdapterConfig(LoraConfig(rank=4), "base", fingerprint(model))
    save_adapter(with_values(model, config.lora), config, tmp_path)
    changed = msgspec.structs.replace(config, lora=LoraConfig(rank=5))
    (tmp_path / "adapter.json").write_bytes(msgspec.json.encode(changed))
    with pytest.raises(UserError, match="is damaged"):
        load_adapter(tmp_path, small_decoder("llama"))


@pytest.mark.parametrize("values", [{"rank": 0}, {"alpha": 0}, {"targets": ["lm_head"]}, {"targets": []}])
def test_what_makes_no_sense_is_refused(values):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(values, LoraConfig)


def test_a_fingerprint_is_of_the_weights():
    one, same, other = small_decoder("llama"), small_decoder("llama"), small_decoder("qwen3")
    assert fingerprint(one) == fingerprint(same) != fingerprint(other)
