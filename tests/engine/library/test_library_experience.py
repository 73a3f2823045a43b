"""What was measured corrects estimates, and tells how fast other models will be: by hand, and within bounds."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.library.experience import bytes_per_token, correction, expected_speed, main_quantisation
from engine.library.kept import Measurement
from engine.records import ModelHeader, TensorInfo
from engine.records.loading import AUTO, LoadSettings

GB = 10**9
ONE = Measurement("/m/one.gguf", "One", "here", "llama", "Q8_0", GB, AUTO, 1000, 1100, GB, 20.0, 100.0, True)
PATH = Path("/m/new.gguf")


def other(**changes):
    return msgspec.structs.replace(ONE, **changes)


def test_measured_over_estimated():
    assert correction(PATH, "llama", "Q8_0", 1000, [ONE]) == pytest.approx(1.1)
    assert correction(PATH, "llama", "Q8_0", 1000, []) == 1.0
    assert correction(PATH, "qwen2", "Q8_0", 1000, [ONE]) == 1.0
    assert correction(PATH, "llama", "Q4_K", 1000, [ONE]) == 1.0
    assert correction(PATH, "llama", "Q8_0", 1000, [other(resident_bytes=0)]) == 1.0


def test_a_size_that_says_nothing_of_another():
    assert correction(PATH, "llama", "Q8_0", 3000, [ONE]) == pytest.approx(1.1)
    assert correction(PATH, "llama", "Q8_0", 3001, [ONE]) == 1.0
    assert correction(PATH, "llama", "Q8_0", 333, [ONE]) == 1.0


def test_the_file_itself_before_its_like_and_their_median_else():
    known = [ONE, other(path="/m/two.gguf", resident_bytes=900), other(path="/m/three.gguf", resident_bytes=950)]
    assert correction(Path("/m/two.gguf"), "llama", "Q8_0", 1000, known) == pytest.approx(0.9)
    assert correction(PATH, "llama", "Q8_0", 1000, known) == pytest.approx(0.95)


@given(st.integers(1, 10**12), st.integers(0, 10**12), st.integers(0, 10**12))
def test_no_measurement_leads_far_away(estimated, resident, asked):
    known = [other(estimated_bytes=estimated, resident_bytes=resident)]
    assert 0.8 <= correction(PATH, "llama", "Q8_0", asked, known) <= 1.25


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
    found = expected_speed(PATH, 2 * GB, "Q8_0", AUTO, [ONE])
    assert (found.tokens_per_s, found.prompt_tokens_per_s) == (10.0, 50.0)
    assert (found.measured, found.source, found.rough) == (False, "One", False)
    assert expected_speed(PATH, 9 * GB, "Q8_0", AUTO, [ONE]).rough
    assert expected_speed(PATH, GB, "Q8_0", AUTO, [other(tokens_per_s=0.0)]) is None


def test_the_nearest_measured_model_counts_and_itself_most():
    near = other(path="/m/near.gguf", name="Near", bytes_per_token=2 * GB, tokens_per_s=12.0)
    assert expected_speed(PATH, 2 * GB, "Q8_0", AUTO, [ONE, near]).tokens_per_s == 12.0
    # Half the size of the same kind is nearer than the same size of another kind that is four times off.
    far = other(path="/m/far.gguf", quantisation="Q4_K", bytes_per_token=4 * GB, tokens_per_s=1.0)
    assert expected_speed(PATH, 2 * GB, "Q8_0", AUTO, [ONE, far]).tokens_per_s == 10.0
    itself = other(path=str(PATH), tokens_per_s=7.0)
    found = expected_speed(PATH, 2 * GB, "Q8_0", AUTO, [near, itself])
    assert (found.tokens_per_s, found.measured) == (7.0, True)
    threads = expected_speed(PATH, GB, "Q8_0", LoadSettings(threads=8), [itself])
    assert threads is not None and not threads.measured


def test_a_card_says_nothing_of_a_processor():
    card = other(settings=LoadSettings(gpu_layers=30))
    assert expected_speed(PATH, GB, "Q8_0", AUTO, [card]) is not None  # -1 and 30 are both layers there
    assert expected_speed(PATH, GB, "Q8_0", LoadSettings(gpu_layers=0), [card]) is None


def test_the_type_of_most_weights():
    mixed = header(tensor("token_embd.weight", 10), TensorInfo("blk.0.a", (1,), "Q4_K", 0, 90))
    assert main_quantisation(mixed) == "Q4_K"
