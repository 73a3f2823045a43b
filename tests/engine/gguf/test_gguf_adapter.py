"""An adapter in llama.cpp gives what the same adapter gives here; off, nothing of it is left."""

import numpy as np
import pytest

from engine.decoder.lora_config import LoraConfig
from engine.errors import UserError
from engine.gguf.adapter import export_adapter
from engine.gguf.export import export_gguf
from engine.inference.decoder import DecoderModel
from engine.inference.llama_cpp import LlamaCppModel
from tests.engine.decoder.test_decoder_lora import with_values
from tests.helpers.small_models import FAMILIES, small_decoder, small_vocabulary

IDS = np.random.default_rng(5).integers(7, 400, 100).tolist()


def rows(model):
    model.rewind(0)
    return np.concatenate([part.copy() for part in model.extend(IDS, rows="all")])


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_the_same_logits_on_and_off(tmp_path, family):
    vocabulary, base, config = small_vocabulary(), small_decoder(family), LoraConfig(rank=4, alpha=8)
    export_gguf(base, vocabulary, tmp_path / "model.gguf")
    without = rows(DecoderModel(tmp_path, base, vocabulary, None, threads=1))
    adapted = with_values(small_decoder(family), config)
    export_adapter(adapted, config, tmp_path / "adapter.gguf", name="Pirate", base_name="Small")
    ours = rows(DecoderModel(tmp_path, adapted, vocabulary, None, threads=1))
    assert np.abs(ours - without).max() > 1e-2
    theirs = LlamaCppModel(tmp_path / "model.gguf", exact=True, threads=1, adapters=[tmp_path / "adapter.gguf"])
    try:
        assert np.abs(rows(theirs) - ours).max() < 1e-3
        theirs.switch_adapters([0.0])
        assert theirs.ids == []
        assert np.abs(rows(theirs) - without).max() < 1e-3
        theirs.switch_adapters([1.0])
        assert np.abs(rows(theirs) - ours).max() < 1e-3
    finally:
        theirs.close()


def test_what_is_no_adapter_of_the_model_is_one_sentence(tmp_path):
    vocabulary, config = small_vocabulary(), LoraConfig(rank=2)
    export_gguf(small_decoder("llama"), vocabulary, tmp_path / "llama.gguf")
    export_gguf(small_decoder("qwen3"), vocabulary, tmp_path / "qwen3.gguf")
    export_adapter(with_values(small_decoder("qwen3"), config), config, tmp_path / "adapter.gguf")
    for model, adapter, sentence in (
        ("llama", "qwen3", "is no LoRA adapter"),
        ("llama", "adapter", "was made for another model"),
        ("qwen3", "nowhere", "There is no file"),
    ):
        with pytest.raises(UserError, match=sentence):
            LlamaCppModel(tmp_path / f"{model}.gguf", threads=1, adapters=[tmp_path / f"{adapter}.gguf"])


def test_it_cannot_be_written_to_nowhere(tmp_path):
    model = with_values(small_decoder("llama"), LoraConfig(rank=2))
    with pytest.raises(UserError, match="cannot be written"):
        export_adapter(model, LoraConfig(rank=2), tmp_path / "no" / "adapter.gguf")
