"""A tokenizer that comes back out of a GGUF file is the one that went in."""

import gguf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import UserError
from engine.header.gguf import read_gguf_header
from engine.inference.llama_cpp import open_vocabulary
from engine.tokenizer.from_gguf import vocabulary_from_gguf
from engine.tokenizer.special import ASSISTANT, USER
from tests.helpers.small_models import TEXT, small_llama_gguf, small_vocabulary


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return small_llama_gguf(tmp_path_factory.mktemp("from-gguf") / "model.gguf")


@pytest.fixture(scope="module")
def vocabulary(path):
    return vocabulary_from_gguf(path)


def test_it_is_the_same_vocabulary(vocabulary):
    ours = small_vocabulary()
    assert vocabulary.hash == ours.hash and vocabulary.size == ours.size
    assert (vocabulary.bos_id, vocabulary.eos_id, vocabulary.end_ids) == (ours.bos_id, ours.eos_id, ours.end_ids)
    assert vocabulary.pre_tokenizer == ours.pre_tokenizer and vocabulary.merges == ours.merges


@given(st.text(max_size=60) | st.sampled_from([TEXT, f"{USER}hi{ASSISTANT}", "don't ſt 123456 \r\n\n x"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_gives_the_same_ids(vocabulary, text):
    ours = small_vocabulary()
    assert vocabulary.encode(text) == ours.encode(text)
    assert vocabulary.encode(text, special=True) == ours.encode(text, special=True)


def test_it_gives_the_ids_of_llama_cpp(path, vocabulary):
    theirs, _ = open_vocabulary(path)
    for text in (TEXT, TEXT[::-1], "1234567890 \u2028 naïve  don't\n\n"):
        assert vocabulary.encode(text) == theirs.encode(text)


def test_it_can_be_saved_and_read(vocabulary, tmp_path):
    vocabulary.save(tmp_path / "tokenizer.json")
    assert type(vocabulary).load(tmp_path / "tokenizer.json").hash == vocabulary.hash


def test_the_header_keeps_whole_what_is_asked_for(path):
    key = "tokenizer.ggml.merges"
    length = read_gguf_header(path).metadata[key]
    assert len(read_gguf_header(path, whole=[key]).metadata[key]) == length > 64


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"tokenizer.ggml.model": "bert"}, r"cannot be trained with here \(bert\)"),
        ({"tokenizer.ggml.model": "llama", "tokenizer.ggml.scores": [0.5]}, "is damaged"),
        ({"tokenizer.ggml.pre": "some-other"}, "in the way of some-other"),
        ({"tokenizer.ggml.merges": ["ab"]}, "is damaged"),
        ({"tokenizer.ggml.merges": ["zz qqqq"]}, "is damaged"),
        ({"tokenizer.ggml.bos_token_id": 10**6}, "is damaged"),
    ],
)
def test_other_tokenizers_are_one_sentence(tmp_path, changes, sentence):
    values = {
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": "qwen2",
        "tokenizer.ggml.tokens": ["a", "b", "ab"],
        "tokenizer.ggml.merges": ["a b"],
        "tokenizer.ggml.bos_token_id": 0,
    } | changes
    writer = gguf.GGUFWriter(tmp_path / "t.gguf", "llama")
    for key, value in values.items():
        if isinstance(value, str):
            writer.add_string(key, value)
        elif isinstance(value, int):
            writer.add_uint32(key, value)
        else:
            writer.add_array(key, value)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    with pytest.raises(UserError, match=sentence):
        vocabulary_from_gguf(tmp_path / "t.gguf")
