"""What is refused before anything is loaded, and with which sentence."""

import pytest

from engine.errors import UserError
from engine.inference.load import check_model
from tests.helpers.library_files import adapter, projector
from tests.helpers.small_models import small_llama_gguf


def refused(path):
    with pytest.raises(UserError) as caught:
        check_model(path)
    assert caught.value.text.endswith(".") and caught.value.hint
    return caught.value


def test_files_that_are_no_models(tmp_path):
    assert refused(tmp_path / "none.gguf").code == "model-not-found"
    for name, code in (("a.pt", "pickle-refused"), ("a.safetensors", "file-of-folder"), ("a.gguf", "model-broken")):
        (tmp_path / name).write_bytes(b"\x80\x02something else")
        assert refused(tmp_path / name).code == code


def test_what_stands_beside_a_model_is_none(tmp_path):
    adapter(tmp_path / "pirate.gguf")
    projector(tmp_path / "eyes.gguf")
    assert refused(tmp_path / "pirate.gguf").code == "model-is-adapter"
    assert refused(tmp_path / "eyes.gguf").code == "model-is-projector"


def test_a_model_larger_than_memory(tmp_path, monkeypatch):
    path = small_llama_gguf(tmp_path / "small.gguf")
    check_model(path)
    monkeypatch.setattr("engine.inference.load.memory_bytes", lambda: path.stat().st_size - 1)
    error = refused(path)
    assert error.code == "model-too-large" and "GB" in error.text
