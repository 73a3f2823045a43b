"""Load settings arrive in llama.cpp: asked of the loaded model, and read in what llama.cpp says of it."""

import llama_cpp
import pytest

from engine.errors import UserError
from engine.inference import llama_cpp as llama
from engine.inference.llama_cpp import LlamaCppModel
from engine.inference.llama_parameters import context_parameters, model_parameters
from engine.inference.load import open_model
from engine.records.loading import LoadSettings
from tests.helpers.small_models import small_llama_gguf


def said():
    return "".join(llama._log)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return small_llama_gguf(tmp_path_factory.mktemp("load") / "small.gguf", head_dim=32)


def test_each_setting_reaches_the_loaded_model(path):
    wanted = LoadSettings(256, 2, 0, 32, "q8_0", "on", "copied")
    model = open_model(path, settings=wanted)
    assert model.context_length == llama_cpp.llama_n_ctx(model.context) == 256
    assert llama_cpp.llama_n_threads(model.context) == llama_cpp.llama_n_threads_batch(model.context) == 2
    assert llama_cpp.llama_n_batch(model.context) == llama_cpp.llama_n_ubatch(model.context) == 32
    assert "K (q8_0)" in said() and "V (q8_0)" in said()
    assert model.info.settings == wanted
    assert model.info.layers == 3
    model.close()


def test_auto_is_sensible_and_said(path):
    model = open_model(path)
    assert model.info.settings == LoadSettings(512, 1, 0, 256)
    model.close()
    model = open_model(path, 256, settings=LoadSettings(context_length=512, threads=2))
    assert (model.context_length, model.info.settings.threads) == (256, 2)  # what is given by name wins
    model.close()


@pytest.mark.parametrize("cache_type", ["f32", "f16", "bf16", "q8_0", "q5_1", "q5_0", "q4_1", "q4_0", "iq4_nl"])
def test_every_cache_type_loads_and_predicts(path, cache_type):
    model = open_model(path, settings=LoadSettings(context_length=128, threads=1, cache_type=cache_type))
    assert f"K ({cache_type})" in said()
    rows = [row.copy() for row in model.extend([5, 6, 7], rows="all")]
    assert rows[0].shape[0] == 3 and abs(rows[0]).max() > 0
    model.close()


def test_a_small_cache_needs_flash_attention(path):
    with pytest.raises(UserError, match="needs flash attention"):
        open_model(path, settings=LoadSettings(cache_type="q8_0", flash_attention="off"))
    quantised = context_parameters(LoadSettings(64, 1, 0, 32, cache_type="q4_0"), 32)
    assert quantised.flash_attn_type == llama_cpp.LLAMA_FLASH_ATTN_TYPE_ENABLED
    assert context_parameters(LoadSettings(64, 1), 32).flash_attn_type == llama_cpp.LLAMA_FLASH_ATTN_TYPE_AUTO


def test_exact_wins_over_the_cache_type(path):
    model = LlamaCppModel(path, 64, exact=True, settings=LoadSettings(cache_type="q8_0"))
    assert "K (f32)" in said()
    model.close()


def test_parameters_of_the_weights():
    def mode(weights):
        return model_parameters(LoadSettings(weights=weights)).load_mode

    assert mode("auto") == llama_cpp.LLAMA_LOAD_MODE_AUTO
    assert mode("mapped") == llama_cpp.LLAMA_LOAD_MODE_MMAP
    assert mode("copied") == llama_cpp.LLAMA_LOAD_MODE_NONE
    assert mode("locked") == llama_cpp.LLAMA_LOAD_MODE_MMAP_MLOCK
    assert model_parameters(LoadSettings(gpu_layers=7)).n_gpu_layers == 7
    assert model_parameters(LoadSettings()).n_gpu_layers == 999


def test_settings_over_others():
    ours = LoadSettings(context_length=512, cache_type="q8_0")
    other = LoadSettings(context_length=2048, threads=3, weights="locked")
    assert ours.over(other) == LoadSettings(512, 3, cache_type="q8_0", weights="locked")
    assert LoadSettings().over(other) == other and other.over(LoadSettings()) == other
    assert LoadSettings(gpu_layers=0).over(LoadSettings(gpu_layers=5)).gpu_layers == 0


def test_heads_that_blocks_do_not_divide(tmp_path):
    narrow = small_llama_gguf(tmp_path / "narrow.gguf")  # heads of 16
    with pytest.raises(UserError, match="cannot be of type q4_0"):
        open_model(narrow, settings=LoadSettings(256, cache_type="q4_0"))
