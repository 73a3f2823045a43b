"""A tokenizer.model that SentencePiece itself has written (of the tests' own text): the ids that its library gives."""

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.decoder.tokenizer_files import load_tokenizer, save_tokenizer
from engine.errors import UserError
from engine.gguf.export import export_gguf
from engine.inference.llama_cpp import open_vocabulary
from engine.tokenizer.sentence_piece_file import read_sentence_piece
from tests.helpers.small_models import TEXT, small_decoder

MODEL = Path(__file__).parents[2] / "helpers" / "sentence_piece.model"
#: What the library of SentencePiece 0.2 gave for this file.
IDS = {
    "Once upon a time": [360, 306, 276, 352, 262, 260, 349],
    "the  fox 1984": [263, 266, 378, 270, 361, 388, 401, 400, 390],
    "São Paulo não é 日本 😀": [336, 272, 335, 280, 315, 288, 272, 342, 361, 234, 155, 169, 234, 160, 176, 344],
    "def add(a, b):\n    return a + b": [
        *(287, 308, 262, 307, 396, 363, 369, 274, 300, 14, 266, 266, 265, 328, 323, 262, 332, 274),
    ],
}


@pytest.fixture
def folder(tmp_path):
    shutil.copy(MODEL, tmp_path / "tokenizer.model")
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "llama", "bos_token_id": 1, "eos_token_id": 2}))
    added = {"420": {"content": "<|im_end|>", "special": True}, "422": {"content": "<tool>", "special": False}}
    config = {
        "bos_token": "<s>",
        "eos_token": "</s>",
        "added_tokens_decoder": added,
        "chat_template": "{{ bos_token }}",
    }
    (tmp_path / "tokenizer_config.json").write_text(json.dumps(config))
    return tmp_path


def test_ids_are_those_of_the_library(folder):
    vocabulary = load_tokenizer(folder)
    assert {text: vocabulary.encode(text) for text in IDS} == IDS
    assert all(vocabulary.decode(ids).decode() == f" {text}" for text, ids in IDS.items())


def test_what_stands_beside_it_counts(folder):
    vocabulary = load_tokenizer(folder)
    assert (vocabulary.size, vocabulary.bos_id, vocabulary.eos_id, vocabulary.adds_bos) == (423, 1, 2, True)
    assert vocabulary.end_ids == {2, 420} and vocabulary.chat_template == "{{ bos_token }}"
    assert vocabulary.encode("<tool>") == [422] and vocabulary.encode("<|im_end|>", special=True) == [420]
    assert vocabulary.added_ids == {3, 422}
    save_tokenizer(vocabulary, folder / "run")
    assert load_tokenizer(folder / "run").hash == vocabulary.hash


def test_exported_it_is_the_same_in_llama_cpp(folder):
    ours = load_tokenizer(folder)
    export_gguf(small_decoder(vocabulary_size=ours.size), ours, folder / "model.gguf", chat_template=ours.chat_template)
    theirs, _ = open_vocabulary(folder / "model.gguf")
    assert theirs.hash == ours.hash and theirs.end_ids == ours.end_ids
    for text in (*IDS, TEXT, "a<tool> b<|im_end|>"):
        assert theirs.encode(text) == ours.encode(text)
        assert theirs.encode(text, special=True) == ours.encode(text, special=True)


@given(st.integers(0, 6332) | st.integers(6200, 6332), st.integers(0, 255))
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_file_is_one_sentence_or_a_vocabulary(folder, place, byte):
    data = bytearray(MODEL.read_bytes())
    data[place] = byte
    (folder / "tokenizer.model").write_bytes(data)
    try:
        load_tokenizer(folder).encode("a fox")
    except UserError as error:
        assert error.hint


@pytest.mark.parametrize(
    "data", [b"\x0a\xff", b"not a tokenizer", b"\x0a\x02\x0a\x00\x12\x02\x18\x01", b"", b"\x18\x07\x08\x05"]
)
def test_what_is_no_such_file(tmp_path, data):
    (tmp_path / "tokenizer.model").write_bytes(data)
    with pytest.raises(UserError):
        read_sentence_piece(tmp_path / "tokenizer.model")
