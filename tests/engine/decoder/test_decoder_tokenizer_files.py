"""A tokenizer in a folder, with what its own file does not say."""

import json

import pytest

from engine.decoder.tokenizer_files import CHAT, copy_tokenizer, load_tokenizer, save_tokenizer
from engine.errors import UserError
from engine.tokenizer.bpe import BytePairVocabulary
from tests.helpers.chat_models import chat_vocabulary
from tests.helpers.chat_templates import FAMILIES
from tests.helpers.small_models import small_vocabulary


def same(one, other):
    return all(
        getattr(one, name) == getattr(other, name) for name in ("hash", "bos_id", "eos_id", "end_ids", "chat_template")
    )


def test_of_ours_there_is_nothing_more_to_say(tmp_path):
    save_tokenizer(small_vocabulary(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["tokenizer.json"]
    assert same(load_tokenizer(tmp_path), small_vocabulary())


@pytest.mark.parametrize("family", ["llama-3", "qwen-2", "chatml", "deepseek"])
def test_of_others_ends_and_template_are_kept(tmp_path, family):
    of = FAMILIES[family]
    vocabulary = BytePairVocabulary(chat_vocabulary(family)._with_special, of.bos, of.ends, of.template)
    save_tokenizer(vocabulary, tmp_path / "run")
    (tmp_path / "checkpoint").mkdir()
    copy_tokenizer(tmp_path / "run", tmp_path / "checkpoint")
    assert same(load_tokenizer(tmp_path / "run"), vocabulary)
    assert same(load_tokenizer(tmp_path / "checkpoint"), vocabulary)
    # Another one in the same folder leaves nothing of the first behind.
    save_tokenizer(small_vocabulary(), tmp_path / "run")
    assert same(load_tokenizer(tmp_path / "run"), small_vocabulary())


def test_a_folder_of_another_program_says_it_in_its_own_way(tmp_path):
    chat_vocabulary("qwen-2").save(tmp_path / "tokenizer.json")
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "qwen2"}))
    settings = {"eos_token": "<|im_end|>", "chat_template": "inline", "add_bos_token": False}
    (tmp_path / "tokenizer_config.json").write_text(json.dumps(settings))
    found = load_tokenizer(tmp_path)
    assert (found.chat_template, found.bos_id) == ("inline", None)
    assert found.token(found.eos_id).bytes == b"<|im_end|>"


def test_a_broken_file_is_told(tmp_path):
    save_tokenizer(small_vocabulary(), tmp_path)
    (tmp_path / CHAT).write_text('{"bos": 3}')
    with pytest.raises(UserError) as raised:
        load_tokenizer(tmp_path)
    assert CHAT in raised.value.text


def test_a_folder_without_one_is_told(tmp_path):
    with pytest.raises(UserError, match=f"The folder {tmp_path.name} has no tokenizer.json"):
        load_tokenizer(tmp_path)
