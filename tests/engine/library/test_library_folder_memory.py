"""What a folder takes in the decoder, by hand; no weights are read."""

import json

import numpy as np
import pytest
from safetensors.numpy import save_file

from engine.decoder.checkpoint import save_decoder
from engine.errors import UserError
from engine.library.folder_memory import folder_shape, plan_folder
from engine.library.opening import prospect
from engine.records.loading import AUTO, LoadSettings, MachineMemory
from tests.helpers.small_models import small_decoder, small_llama_gguf

MEMORY = MachineMemory(10**10, 2 * 10**10)
CONFIG = {
    "model_type": "llama",
    "vocab_size": 1000,
    "hidden_size": 64,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "intermediate_size": 128,
    "max_position_embeddings": 4096,
    "tie_word_embeddings": True,
}


@pytest.fixture
def folder(tmp_path):
    """A Hugging Face folder in which the tied output is stored once more."""
    tensors = {"model.embed_tokens.weight": (1000, 64), "lm_head.weight": (1000, 64), "model.norm.weight": (64,)}
    save_file(
        {name: np.zeros(shape, np.float16) for name, shape in tensors.items()},
        tmp_path / "model-00001-of-00001.safetensors",
    )
    (tmp_path / "config.json").write_text(json.dumps(CONFIG))
    return tmp_path


def test_a_hugging_face_folder_by_hand(folder):
    """64,064 weights of four bytes; 3 layers, 2 heads of 16 keys and 16 values, 4,096 tokens of four bytes."""
    plan = prospect(folder, memory=MEMORY).plan
    assert plan.estimate.weights == 4 * 64_064
    assert plan.estimate.cache == 3 * 2 * (16 + 16) * 4096 * 4
    assert plan.estimate.compute == 4 * (128 * (3 * 128 + 4 * 64) + 2 * 128 * 1000)
    assert plan.estimate.other == 285_000_000
    assert (plan.backend, plan.fit, plan.layers, plan.trained_context) == ("decoder", "fits", 4, 4096)
    assert (plan.settings.context_length, plan.settings.cache_type, plan.settings.gpu_layers) == (4096, "f32", 0)


def test_what_is_chosen_and_what_is_free(folder):
    plan = plan_folder(folder, LoadSettings(8192, 3), MachineMemory(10**6, 2 * 10**6))
    assert (plan.settings.context_length, plan.settings.threads) == (8192, 3)
    assert plan.beyond_trained and plan.fit == "too_large"
    (folder / "config.json").write_text(json.dumps(CONFIG | {"max_position_embeddings": 131_072}))
    assert plan_folder(folder, AUTO, MEMORY).settings.context_length == 8192


def test_our_own_checkpoint_and_an_adapter_on_a_file(tmp_path):
    model = small_decoder("llama")
    save_decoder(model, tmp_path / "own")
    own = folder_shape(tmp_path / "own")
    assert own.parameters == model.config.parameter_count
    assert (own.width, own.layers, own.heads, own.kv_heads, own.head_dim) == (64, 2, 4, 4, 16)
    path = small_llama_gguf(tmp_path / "base.gguf")
    (tmp_path / "run").mkdir()
    (tmp_path / "run/adapter.json").write_text(json.dumps({"base": str(path)}))
    beside = folder_shape(tmp_path / "run")
    assert (beside.width, beside.layers, beside.vocabulary) == (64, 2, model.config.vocabulary_size)
    assert beside.parameters == own.parameters


def test_adapters_that_name_each_other(tmp_path):
    for name, other in (("a", "b"), ("b", "a")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "adapter.json").write_text(json.dumps({"base": str(tmp_path / other)}))
    with pytest.raises(UserError, match="holds no model"):
        folder_shape(tmp_path / "a")


@pytest.mark.parametrize("config", [{}, {"vocab_size": "many"}, CONFIG | {"hidden_size": -3}, [1]])
def test_a_folder_that_does_not_say(folder, config):
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(UserError, match="does not say how large"):
        plan_folder(folder, AUTO, MEMORY)


def test_no_weights(tmp_path):
    with pytest.raises(UserError, match="holds no model"):
        plan_folder(tmp_path, AUTO, MEMORY)
