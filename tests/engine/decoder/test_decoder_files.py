"""Checkpoints of ours: whole, exact, and refused with a sentence where they are neither."""

import pickle

import msgspec
import pytest
import torch
from safetensors.torch import load_file, save_file

from engine.decoder.checkpoint import load_decoder, save_decoder
from engine.decoder.files import write_atomically
from engine.decoder.folder import CONFIG, WEIGHTS
from engine.errors import UserError
from tests.helpers.small_models import FAMILIES, small_decoder


def same_weights(first, second):
    ours, theirs = first.state_dict(), second.state_dict()
    return ours.keys() == theirs.keys() and all(torch.equal(ours[name], theirs[name]) for name in ours)


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_what_was_saved_comes_back_exactly(tmp_path, family):
    model = small_decoder(family)
    save_decoder(model, tmp_path / "checkpoint")
    loaded = load_decoder(tmp_path / "checkpoint")
    assert loaded.config == model.config
    assert same_weights(loaded, model)
    assert torch.equal(loaded.inverse_frequencies, model.inverse_frequencies)
    assert {path.name for path in (tmp_path / "checkpoint").iterdir()} == {CONFIG, WEIGHTS}


def test_a_tied_head_is_written_once_and_is_tied_again(tmp_path):
    save_decoder(small_decoder(), tmp_path)
    assert "lm_head.weight" not in load_file(tmp_path / WEIGHTS)
    loaded = load_decoder(tmp_path)
    assert loaded.lm_head.weight is loaded.embed_tokens.weight


def test_a_loaded_decoder_can_be_trained(tmp_path):
    save_decoder(small_decoder(), tmp_path)
    loaded = load_decoder(tmp_path).train()
    loaded(torch.arange(10)[None]).square().mean().backward()
    assert all(parameter.requires_grad and parameter.grad is not None for parameter in loaded.parameters())


def test_a_loaded_decoder_does_not_hang_on_its_file(tmp_path):
    model = small_decoder()
    save_decoder(model, tmp_path)
    loaded = load_decoder(tmp_path)
    (tmp_path / WEIGHTS).write_bytes(b"")  # would end the process if the weights were mapped from there
    assert same_weights(loaded, model)


def refused(folder, code):
    with pytest.raises(UserError) as caught:
        load_decoder(folder)
    assert caught.value.code == code
    assert caught.value.text
    assert caught.value.hint


def test_an_empty_folder_is_refused(tmp_path):
    refused(tmp_path, "checkpoint-broken")


@pytest.mark.parametrize("config", [b"", b"[]", b'{"d_model": "x"}', b'{"vocabulary_size": 3, "unknown": 1}'])
def test_a_broken_configuration_is_refused(tmp_path, config):
    save_decoder(small_decoder(), tmp_path)
    (tmp_path / CONFIG).write_bytes(config)
    refused(tmp_path, "checkpoint-broken")


def test_weights_that_are_cut_off_are_refused(tmp_path):
    save_decoder(small_decoder(), tmp_path)
    (tmp_path / WEIGHTS).write_bytes((tmp_path / WEIGHTS).read_bytes()[:-100])
    refused(tmp_path, "model-broken")


def test_weights_of_another_shape_are_refused(tmp_path):
    model = small_decoder()
    save_decoder(model, tmp_path)
    (tmp_path / CONFIG).write_bytes(msgspec.json.encode(msgspec.structs.replace(model.config, d_ff=64)))
    refused(tmp_path, "weights-mismatch")


def test_a_pickle_in_the_place_of_weights_is_never_opened(tmp_path):
    class Trap:
        def __reduce__(self):
            return (pytest.fail, ("the pickle ran",))

    save_decoder(small_decoder(), tmp_path)
    (tmp_path / WEIGHTS).write_bytes(pickle.dumps(Trap()))
    refused(tmp_path, "model-broken")


def test_a_write_that_fails_leaves_what_was_there_and_nothing_else(tmp_path):
    path = tmp_path / "file"
    write_atomically(path, lambda part: part.write_text("first"))

    def fail(part):
        part.write_text("half")
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        write_atomically(path, fail)
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]
    assert path.read_text() == "first"


def test_a_type_of_value_that_torch_lacks_is_refused(tmp_path):
    save_decoder(small_decoder(), tmp_path)
    save_file({"x": torch.zeros(4, dtype=torch.uint8)}, tmp_path / WEIGHTS)
    data = (tmp_path / WEIGHTS).read_bytes().replace(b'"U8"', b'"Q9"')
    (tmp_path / WEIGHTS).write_bytes(data)
    refused(tmp_path, "model-broken")
