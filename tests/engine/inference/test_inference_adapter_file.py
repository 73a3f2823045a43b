"""What is no adapter of a model is refused by the headers alone, in one sentence."""

import pytest

from engine.decoder.lora_config import LoraConfig
from engine.errors import UserError
from engine.gguf.adapter import export_adapter
from engine.gguf.export import export_gguf
from engine.inference.adapter_file import check_adapters
from engine.inference.load import open_model
from tests.engine.decoder.test_decoder_lora import with_values
from tests.helpers.small_models import FAMILIES, small_decoder, small_vocabulary


def adapter_of(path, family="llama", **changes):
    config = LoraConfig(rank=2)
    export_adapter(with_values(small_decoder(family, **changes), config), config, path)
    return path


@pytest.fixture
def model(tmp_path):
    export_gguf(small_decoder("llama"), small_vocabulary(), tmp_path / "model.gguf")
    return tmp_path / "model.gguf"


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_every_family_takes_its_own(tmp_path, family):
    model = tmp_path / "model.gguf"
    export_gguf(small_decoder(family), small_vocabulary(), model)
    check_adapters(model, [adapter_of(tmp_path / "adapter.gguf", family)])


@pytest.mark.parametrize(
    "changes", [{"d_model": 128}, {"d_ff": 192}, {"n_layers": 3}, {"n_kv_heads": 1}], ids=lambda c: next(iter(c))
)
def test_another_shape_is_refused(tmp_path, model, changes):
    adapter = adapter_of(tmp_path / "other.gguf", **changes)
    with pytest.raises(UserError, match=r"^other\.gguf was made for a model of another shape\."):
        check_adapters(model, [adapter])
    with pytest.raises(UserError, match="another shape"):
        open_model(model, threads=1, adapters=[adapter])


def test_an_adapter_is_no_model(tmp_path):
    adapter = adapter_of(tmp_path / "pirate.gguf")
    with pytest.raises(UserError, match=r"^pirate\.gguf is an adapter, which stands beside a model\."):
        open_model(adapter)


def test_other_files_are_refused(tmp_path, model):
    for adapter, sentence in (
        (model, "model.gguf is no LoRA adapter."),
        (adapter_of(tmp_path / "other.gguf", "qwen3"), "other.gguf was made for another model."),
        (tmp_path / "nowhere.gguf", "There is no file"),
    ):
        with pytest.raises(UserError, match=sentence):
            check_adapters(model, [adapter])
    with pytest.raises(UserError, match="beside a GGUF file"):
        check_adapters(tmp_path, [adapter_of(tmp_path / "adapter.gguf")])
