"""Memory by hand, and what it depends on."""

import msgspec
import pytest

from engine.errors import UserError
from engine.library import memory
from engine.library.memory import estimate_memory
from engine.records import ModelHeader, TensorInfo

METADATA = {
    "general.architecture": "llama",
    "llama.block_count": 10,
    "llama.attention.head_count": 8,
    "llama.attention.head_count_kv": 2,
    "llama.embedding_length": 512,
    "llama.feed_forward_length": 1024,
}


def header(type="Q8_0", **changes):
    tensors = (
        TensorInfo("token_embd.weight", (32_000, 512), type, 0, 17_000_000),
        TensorInfo("blk.0.ffn_up.weight", (1024, 512), type, 0, 5_000_000),
    )
    metadata = METADATA | {f"llama.{key}": value for key, value in changes.items()}
    return ModelHeader("gguf", metadata, tensors, 23_000_000)


def test_by_hand():
    """10 layers, 2 heads of 64 for keys and as many for values, 4,096 tokens, two bytes each: 21 MB."""
    found = estimate_memory(header(), 4096, machine="x86_64")
    assert found.cache == 10 * 2 * (64 + 64) * 4096 * 2 == 20_971_520
    assert found.weights == 22_000_000
    activations, mask = 4 * 256 * (2 * 1024 + 2 * 512), 2 * 256 * 4096
    assert found.compute == activations + mask + 2 * 4 * 250 * 32_000
    assert found.total == found.weights + found.cache + found.compute + found.other


def test_types_that_are_kept_twice():
    assert estimate_memory(header("Q4_K"), 512, machine="x86_64").weights == 27_000_000
    assert estimate_memory(header("Q4_K"), 512, machine="AMD64").weights == 27_000_000
    assert estimate_memory(header("Q8_0"), 512, machine="x86_64").weights == 22_000_000
    assert estimate_memory(header("Q8_0"), 512, machine="aarch64").weights == 27_000_000


def test_copied_weights_are_held_once_and_are_nobody_else_s():
    mapped, copied = (estimate_memory(header("Q4_K"), 512, machine="x86_64", from_file=kept) for kept in (True, False))
    assert (mapped.weights, mapped.mapped) == (27_000_000, 22_000_000)
    assert (copied.weights, copied.mapped) == (22_000_000, 0)


def test_no_second_copy_where_the_instructions_are_not_used(monkeypatch):
    monkeypatch.setattr(memory, "has_amx", lambda: True)
    assert estimate_memory(header("Q4_K"), 512).weights == 22_000_000


def test_a_longer_context_takes_more_with_a_sliding_window_too():
    plain, sliding = header(), header(**{"attention.sliding_window": 1024})
    for found in (plain, sliding):
        assert estimate_memory(found, 8192).cache == 4 * estimate_memory(plain, 2048).cache


def test_a_smaller_cache_and_no_flash_attention():
    plain = estimate_memory(header(), 4096)
    assert estimate_memory(header(), 4096, cache_type="q8_0").cache == int(plain.cache / 2 * 34 / 32)
    logits, activations, mask = 2 * 4 * 250 * 32_000, 4 * 256 * (2 * 1024 + 2 * 512), 2 * 256 * 4096
    assert plain.compute == activations + mask + logits
    scores = 4 * 256 * 8 * 4096  # of each token of a batch, by each head, for the whole context
    assert estimate_memory(header(), 4096, flash_attention=False).compute == scores + 2 * mask + logits


def test_heads_that_differ_by_layer():
    listed = header(**{"attention.head_count_kv": [2, 2, 4, 4, 3, 3, 3, 3, 2, 4]})
    assert estimate_memory(listed, 4096).cache == int(1.5 * estimate_memory(header(), 4096).cache)


def test_a_model_without_attention_is_not_called_damaged():
    with pytest.raises(UserError, match=r"cannot be worked out: the file gives no attention\.head count\.") as caught:
        estimate_memory(header(**{"attention.head_count": None}), 512)
    assert caught.value.hint == "It may load all the same."


@pytest.mark.parametrize("changes", [{"block_count": "ten"}, {"attention.head_count": "8"}, {"block_count": True}])
def test_a_header_without_a_shape_is_one_sentence(changes):
    with pytest.raises(UserError, match="file's"):
        estimate_memory(header(**changes), 512)
    with pytest.raises(UserError, match="how large"):
        estimate_memory(msgspec.structs.replace(header(), tensors=()), 512)
