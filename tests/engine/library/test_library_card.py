"""The card of a model: what its header says, each number where it belongs."""

import hashlib
import json
import random

import numpy as np
import pytest
from safetensors.numpy import save_file

from engine.errors import UserError
from engine.library.card import read_card, shown_value, type_shares
from engine.library.changes import note
from engine.library.summary import summarise
from engine.records import TensorInfo
from tests.helpers.library_files import header_only, tokens_of
from tests.helpers.small_models import small_llama_gguf, small_vocabulary


def test_the_numbers_of_a_real_model(tmp_path):
    path = small_llama_gguf(tmp_path / "small.gguf", "llama-gqa-scaled", "q8_0")
    card = read_card(tmp_path, path)
    assert (card.name, card.architecture, card.layers, card.heads, card.kv_heads) == ("Small", "llama", 2, 4, 2)
    assert (card.width, card.context_length, card.vocabulary_size) == (64, 512, small_vocabulary().size)
    assert card.quantisation == "Q8_0" and card.tokenizer == "gpt2"
    assert card.files == (("small.gguf", path.stat().st_size),)
    assert card.template_hash == hashlib.sha256(card.template.encode()).hexdigest() and card.template
    said = dict(card.metadata)
    assert said["llama.block_count"] == "2" and said["tokenizer.ggml.tokens"] == f"[{small_vocabulary().size:,} …]"
    assert sum(one.tensors for one in card.types) == len(card.tensors)
    assert sum(one.parameters for one in card.types) == card.parameters


def test_shares_of_types_add_up():
    tensors = (
        TensorInfo("a", (4, 32), "Q8_0", 0, 136),
        TensorInfo("b", (32,), "F32", 0, 128),
        TensorInfo("c", (2, 32), "Q8_0", 0, 68),
    )
    assert [(one.type, one.tensors, one.size_bytes, one.parameters) for one in type_shares(tensors)] == [
        ("Q8_0", 2, 204, 192),
        ("F32", 1, 128, 32),
    ]


def test_a_template_that_changed_is_told_until_it_was_accepted(tmp_path):
    path = tokens_of(tmp_path / "fox.gguf", "{{ messages }}")
    assert not read_card(tmp_path, path).template_changed
    tokens_of(path, "{{ messages[0] }} and more")
    for _ in range(2):
        card = read_card(tmp_path, path)
        assert card.template_changed and card.template.endswith("more") and card.licence == "mit"
    note(tmp_path, str(path), "template")
    assert not read_card(tmp_path, path).template_changed


def test_where_it_is_from(tmp_path):
    fetched = header_only(tmp_path / "models/fox/Fox-GGUF/fox.gguf", general__source__url="https://example.org")
    assert read_card(tmp_path, fetched).source == "https://huggingface.co/fox/Fox-GGUF"
    own = header_only(tmp_path / "owl.gguf", general__source__url="https://example.org")
    assert read_card(tmp_path, own).source == "https://example.org"


def test_what_is_broken_is_one_sentence(tmp_path):
    with pytest.raises(UserError, match="There is no file"):
        read_card(tmp_path, tmp_path / "none.gguf")
    (tmp_path / "zero.gguf").write_bytes(bytes(5000))
    with pytest.raises(UserError, match="does not begin as a GGUF"):
        read_card(tmp_path, tmp_path / "zero.gguf")


def test_a_folder_as_hugging_face_has_them(tmp_path):
    weights = {
        "model.embed_tokens.weight": np.zeros((10, 8), np.float16),
        "lm_head.weight": np.zeros((10, 8), np.float32),
    }
    save_file(weights, tmp_path / "model.safetensors")
    config = {"model_type": "qwen2", "num_hidden_layers": 3, "num_attention_heads": 4, "num_key_value_heads": 2}
    config |= {"hidden_size": 8, "vocab_size": 10, "max_position_embeddings": 128, "rope_scaling": {"a": [1]}}
    (tmp_path / "config.json").write_text(json.dumps(config))
    (tmp_path / "tokenizer_config.json").write_text(json.dumps({"chat_template": "{{ messages }}"}))
    card = read_card(tmp_path / "data", tmp_path)
    assert (card.architecture, card.layers, card.heads, card.kv_heads, card.width) == ("qwen2", 3, 4, 2, 8)
    assert (card.vocabulary_size, card.context_length, card.parameters) == (10, 128, 160)
    assert card.template == "{{ messages }}" and {one.type for one in card.types} == {"F16", "F32"}
    (tmp_path / "config.json").write_text("[" * 100_000)
    assert read_card(tmp_path / "data", tmp_path).parameters == 160


def test_300_flipped_bytes_cost_a_sentence_at_most(tmp_path):
    """Whatever a header holds, its line in the list and its card are made, or the reason is told."""
    good, chance = tokens_of(tmp_path / "models/a/b/fox.gguf", "{{ x }}"), random.Random(11)
    data, told = good.read_bytes(), 0
    for _ in range(300):
        place = chance.randrange(len(data) - 1100)
        good.write_bytes(data[:place] + bytes([chance.randrange(256)]) + data[place + 1 :])
        line = summarise(good)
        try:
            read_card(tmp_path, good)
        except UserError as error:
            told += 1
            assert error.text == line.problem or not line.problem
    assert told > 50


def test_values_are_cut():
    assert shown_value("x" * 10_000) == "x" * 4000 + " …"
    assert shown_value([1, 2.5, True, "a"]) == "[1, 2.5, true, a]"
    assert len(shown_value([["y" * 3000] * 60] * 60)) < 5000
