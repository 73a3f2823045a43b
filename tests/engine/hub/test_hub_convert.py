"""Weights as they were trained, from the Hub to a quantised file that answers."""

import json

import pytest
from safetensors.torch import save_file

from engine.cli.main import main
from engine.errors import Cancelled, UserError
from engine.header.gguf import read_gguf_header
from engine.hub.convert import convert_folder
from tests.helpers.loopback_hub import LoopbackHub
from tests.helpers.small_models import small_decoder, small_vocabulary

TEXT = "the fox runs over the hill and the owl sees the fox. " * 20


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A small Llama as that library writes it; rows of 256 values, as q4_k_m wants them."""
    folder = tmp_path_factory.mktemp("Small")
    vocabulary = small_vocabulary()
    model = small_decoder(d_model=256, n_heads=4, n_kv_heads=4, d_ff=512, tied_embeddings=True)
    shape = model.config
    raw = {
        "model_type": "llama",
        "vocab_size": shape.vocabulary_size,
        "hidden_size": shape.d_model,
        "intermediate_size": shape.d_ff,
        "num_hidden_layers": shape.n_layers,
        "num_attention_heads": shape.n_heads,
        "num_key_value_heads": shape.n_kv_heads,
        "head_dim": shape.head_dim,
        "max_position_embeddings": shape.context_length,
        "rms_norm_eps": shape.norm_eps,
        "rope_theta": shape.rope_theta,
        "tie_word_embeddings": True,
    }
    (folder / "config.json").write_text(json.dumps(raw))
    vocabulary.save(folder / "tokenizer.json")
    state = {f"model.{name}": tensor for name, tensor in model.state_dict().items() if name != "lm_head.weight"}
    save_file(state, folder / "model.safetensors")
    return folder


@pytest.fixture
def hub(folder, tmp_path, monkeypatch):
    server = LoopbackHub({"fox/Small": {path.name: path.read_bytes() for path in folder.iterdir()}})
    monkeypatch.setenv("PROXIMA_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", server.url)
    yield server
    server.close()


def test_fetched_converted_measured_and_used(hub, tmp_path, capsys):
    text = tmp_path / "text.txt"
    text.write_text(TEXT)
    assert main(["pull", "fox/Small", "--list"]) == 0
    assert "--convert" in capsys.readouterr().out
    assert main(["pull", "fox/Small", "--convert", "Q4_K_M", "--text", str(text), "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    path = tmp_path / "home/models/fox/Small/Small-Q4_K_M.gguf"
    assert result["path"] == str(path)
    assert any(tensor.type == "Q4_K" for tensor in read_gguf_header(path).tensors)
    before, after = result["bits_per_byte"]["before"], result["bits_per_byte"]["after"]
    assert before > 1 and after != before and after == pytest.approx(before, rel=0.05)
    assert [one.name for one in path.parent.iterdir()] == ["Small-Q4_K_M.gguf"]
    weights = path.parent.with_name("Small-safetensors")
    assert sorted(one.name for one in weights.iterdir()) == ["config.json", "model.safetensors", "tokenizer.json"]
    assert main(["complete", "Small-Q4_K_M", "the fox", "--max-tokens", "3", "--greedy"]) == 0
    assert capsys.readouterr().out


def test_what_cannot_be_converted_is_told_before_anything_is_fetched(hub, capsys):
    hub.repositories["fox/GGUF"] = {"a-Q8_0.gguf": b"x"}
    for arguments in (["fox/Small", "--convert", "q3_z"], ["fox/GGUF", "--convert", "q8_0"]):
        assert main(["pull", *arguments]) == 2
        assert capsys.readouterr().err.count("\n") == 1
    assert not any("resolve" in path for path, _ in hub.requests)


def test_what_the_decoder_does_not_know(tmp_path):
    (tmp_path / "config.json").write_text('{"model_type": "mamba"}')
    with pytest.raises(UserError, match=r"could not be converted: .*mamba") as caught:
        convert_folder(tmp_path, "q8_0", lambda: False)
    assert "GGUF" in caught.value.hint


def test_cancelled_nothing_stays(folder):
    with pytest.raises(Cancelled):
        convert_folder(folder, "q8_0", lambda: True)
    assert not list(folder.glob("*.gguf*"))
