"""Adapters beside a model on the command line."""

import json

import pytest

from engine.cli.common import adapters_from
from engine.cli.main import main
from engine.decoder.lora_config import LoraConfig
from engine.errors import UserError
from engine.gguf.adapter import export_adapter
from engine.records import AdapterInfo
from tests.engine.decoder.test_decoder_lora import with_values
from tests.helpers.small_models import small_decoder, small_llama_gguf


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    config = LoraConfig(rank=4)
    export_adapter(with_values(small_decoder(context_length=256), config), config, folder / "pirate.gguf")
    return str(small_llama_gguf(folder / "small.gguf", context_length=256)), str(folder / "pirate.gguf")


def first_logprob(capsys, model, *words):
    assert main(["complete", model, "Once", "--greedy", "--max-tokens", "1", "--json", *words]) == 0
    return json.loads(capsys.readouterr().out)["tokens"][0]["logprob"]


def test_a_file_and_a_strength(capsys, files):
    model, pirate = files
    plain = first_logprob(capsys, model)
    on = first_logprob(capsys, model, "--adapter", pirate)
    assert abs(on - plain) > 1e-3
    assert first_logprob(capsys, model, "--adapter", f"{pirate}=0") == pytest.approx(plain, abs=1e-6)
    assert first_logprob(capsys, model, "--adapter", f"{pirate}=1") == pytest.approx(on, abs=1e-6)


def test_what_is_none_is_one_sentence(capsys, files):
    model, _ = files
    assert main(["complete", model, "Once", "--adapter", model]) != 0
    assert "is no LoRA adapter" in capsys.readouterr().err


def test_how_it_is_written(tmp_path):
    odd = tmp_path / "a=b.gguf"
    odd.touch()
    assert adapters_from(["/a/b.gguf", "/a/b.gguf=0.5", str(odd)]) == (
        AdapterInfo("b", "/a/b.gguf"),
        AdapterInfo("b", "/a/b.gguf", 0.5),
        AdapterInfo("a=b", str(odd)),
    )
    with pytest.raises(UserError, match="is no strength"):
        adapters_from(["/a/b.gguf=much"])
