"""How fast a model will be, from what was measured: by hand."""

from pathlib import Path

import msgspec
import pytest

from engine.library import speed
from engine.library.kept import Measurement
from engine.library.speed import Work, bytes_per_token, expected_speed, work_of
from engine.records import ModelHeader, TensorInfo
from engine.records.loading import AUTO, LoadSettings
from engine.resources import bundled_model

GB = 10**9
ONE = Measurement("/m/one.gguf", "One", "here", "llama", "Q8_0", GB, AUTO, 1000, 1100, GB, 20.0, 100.0, True)
PATH = Path("/m/new.gguf")


@pytest.fixture(autouse=True)
def eight_cores(monkeypatch):
    monkeypatch.setattr(speed, "physical_cores", lambda: 8)


def other(**changes):
    return msgspec.structs.replace(ONE, **changes)


def expected(weights, known, settings=AUTO, path=PATH, full_context=0, on_card=0.0, quantisation="Q8_0"):
    return expected_speed(path, Work(weights, full_context, on_card), quantisation, settings, known)


def tensor(name, size):
    return TensorInfo(name, (1000, 64), "Q8_0", 0, size)


def header(*tensors, **metadata):
    shape = {"block_count": 1, "attention.head_count": 1, **metadata}
    values = {f"llama.{key}": value for key, value in shape.items()} | {"general.architecture": "llama"}
    return ModelHeader("gguf", values, tensors, 1)


def test_bytes_that_are_read_for_a_token():
    embeddings, layer, output = (
        tensor("token_embd.weight", 100),
        tensor("blk.0.ffn_up.weight", 70),
        tensor("output.weight", 90),
    )
    assert bytes_per_token(header(embeddings, layer)) == 170  # they give the logits too
    assert bytes_per_token(header(embeddings, layer, output)) == 160
    experts = tensor("blk.0.ffn_up_exps.weight", 800)
    assert bytes_per_token(header(embeddings, layer, experts, expert_count=8, expert_used_count=2)) == 100 + 70 + 200


def test_expected_from_the_bandwidth_of_another():
    """20 tokens of 1 GB each second are 20 GB/s: 10 tokens/s at 2 GB."""
    found = expected(2 * GB, [ONE])
    assert (found.tokens_per_s, found.prompt_tokens_per_s) == pytest.approx((10.0, 50.0))
    assert (found.measured, found.source, found.rough) == (False, "one", False), "by its file, as in the library"
    bundled = other(path=str(bundled_model()), name="Próxima")
    assert expected(2 * GB, [bundled]).source == ""
    assert expected(9 * GB, [ONE]).rough
    assert expected(GB, [other(tokens_per_s=0.0)]) is None and expected(0, [ONE]) is None


def test_the_nearest_measured_model_counts_and_itself_most():
    near = other(path="/m/near.gguf", name="Near", bytes_per_token=2 * GB, tokens_per_s=12.0)
    assert expected(2 * GB, [ONE, near]).tokens_per_s == pytest.approx(12.0)
    # Half the size of the same kind is nearer than the same size of another kind that is four times off.
    far = other(path="/m/far.gguf", quantisation="Q4_K", bytes_per_token=4 * GB, tokens_per_s=1.0)
    assert expected(2 * GB, [ONE, far]).tokens_per_s == pytest.approx(10.0)
    itself = other(path=str(PATH), tokens_per_s=7.0)
    found = expected(2 * GB, [near, itself])
    assert (found.tokens_per_s, found.measured) == (7.0, True)
    threads = expected(GB, [itself], LoadSettings(threads=8))
    assert threads is not None and not threads.measured


def test_more_threads_read_prompts_faster_and_replies_as_far_as_memory_goes():
    two = other(settings=LoadSettings(threads=2))
    for threads, reply, prompt in ((1, 10.0, 50.0), (2, 20.0, 100.0), (4, 40.0, 200.0), (8, 40.0, 400.0)):
        found = expected(GB, [two], LoadSettings(threads=threads))
        assert (found.tokens_per_s, found.prompt_tokens_per_s) == pytest.approx((reply, prompt))
    more_than_cores = expected(GB, [two], LoadSettings(threads=64))
    assert more_than_cores.prompt_tokens_per_s == pytest.approx(400.0)
    small = other(settings=LoadSettings(threads=1), bytes_per_token=10**6, tokens_per_s=1000.0)
    assert expected(10**6, [small], LoadSettings(threads=4)).tokens_per_s == pytest.approx(1000.0)


def test_a_full_context_is_read_for_each_token():
    """1 GB of weights at 20 tokens/s; a context that costs as much again halves that, measured or not."""
    for known in (ONE, other(path=str(PATH))):
        assert expected(GB, [known], full_context=GB).full_tokens_per_s == pytest.approx(10.0)
    assert expected(GB, [ONE]).full_tokens_per_s == 0.0


def test_what_a_full_context_costs():
    """2 layers, 4 heads of 16 + 16 numbers, 100 tokens; four bytes a number in f16, six in q8_0."""
    shape = {"block_count": 2, "attention.head_count": 4, "attention.head_count_kv": 2, "feed_forward_length": 1}
    model = header(tensor("token_embd.weight", 100), **shape)
    numbers = 2 * 4 * (16 + 16) * 100
    assert work_of(model, LoadSettings(100, gpu_layers=0, cache_type="f16")) == Work(100, 4 * numbers)
    assert work_of(model, LoadSettings(100, gpu_layers=0, cache_type="q8_0")) == Work(100, 6 * numbers)
    # On a card the keys and values are read once for all heads that share them: half of them here, two bytes each.
    assert work_of(model, LoadSettings(100, gpu_layers=3, cache_type="f16")) == Work(100, 2 * numbers // 2, 1.0)


def test_layers_on_a_card_and_on_the_processor_each_take_their_time():
    """A byte takes 50 ms / GB on the processor and 5 on the card."""
    processor = other(settings=LoadSettings(gpu_layers=0))
    card = other(path="/m/card.gguf", settings=LoadSettings(gpu_layers=10), layers=10, tokens_per_s=200.0)
    assert expected(GB, [processor], on_card=1.0) is None
    assert expected(GB, [card]) is None
    assert expected(GB, [processor, card], on_card=1.0).tokens_per_s == pytest.approx(200.0)
    half = expected(GB, [processor, card], on_card=0.5)
    assert half.tokens_per_s == pytest.approx(1 / (0.5 * 0.05 + 0.5 * 0.005))
    assert expected(GB, [card], on_card=0.5) is None
    # The same card, known from a model of which half was there.
    mixed = other(settings=LoadSettings(gpu_layers=5), layers=10, tokens_per_s=1 / 0.0275)
    assert expected(GB, [processor, mixed], on_card=1.0).tokens_per_s == pytest.approx(200.0)
