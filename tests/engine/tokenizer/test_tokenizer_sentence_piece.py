"""The way of SentencePiece in Python gives the ids of llama.cpp, token by token, for the same file."""

import gguf
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from engine.errors import UserError
from engine.inference.llama_cpp import open_vocabulary
from engine.tokenizer.from_gguf import vocabulary_from_gguf
from engine.tokenizer.sentence_piece import SCORES, TOKENS, TYPES, SentencePieceVocabulary
from engine.tokenizer.stored import read_vocabulary
from tests.helpers.chat_models import chat_gguf
from tests.helpers.small_models import TEXT

FAMILIES = ["llama-2", "mistral-3", "gemma"]
texts = st.text(max_size=40) | st.text(alphabet="anto 1.▁\n<>s/[INST]", max_size=60)


@pytest.fixture(scope="module", params=FAMILIES)
def both(request, tmp_path_factory):
    """Ours, llama.cpp's and the model that holds it."""
    path = chat_gguf(tmp_path_factory.mktemp(request.param) / "model.gguf", request.param)
    theirs, model = open_vocabulary(path)
    return vocabulary_from_gguf(path), theirs, model


def test_every_entry_is_the_same(both):
    ours, theirs, _ = both
    assert isinstance(ours, SentencePieceVocabulary)
    assert (ours.size, ours.hash, ours.added_ids) == (theirs.size, theirs.hash, theirs.added_ids)
    assert (ours.bos_id, ours.eos_id, ours.adds_bos) == (theirs.bos_id, theirs.eos_id, theirs.adds_bos)
    assert ours.end_ids == theirs.end_ids
    assert [ours.token(id) for id in range(ours.size)] == [theirs.token(id) for id in range(ours.size)]


@given(text=texts | st.sampled_from([TEXT, TEXT[::-1], "", " ", "a" * 50, " " * 20 + "x"]))
@example(text="<s> a </s></s>b [INST] c")
@example(text="aaaaaaaaaaaaa tttttttt  nnnnn")
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_ids_are_those_of_llama_cpp(both, text):
    ours, theirs, _ = both
    for special in (False, True):
        for continues in (False, True):
            assert ours.encode(text, special, continues) == theirs.encode(text, special, continues), (
                special,
                continues,
            )


def test_a_text_is_not_lost(both):
    ours, _, _ = both
    assert ours.decode(ours.encode(TEXT)).decode() == " " + TEXT
    assert ours.decode(ours.encode("日本 ☃ é", continues=True)).decode() == "日本 ☃ é"
    assert list(ours.encode_many([TEXT, "a fox"])) == [ours.encode(TEXT), ours.encode("a fox")]


def test_saved_and_read_it_is_the_same(both, tmp_path):
    ours, _, _ = both
    ours.save(tmp_path / "tokenizer.json")
    again = read_vocabulary(tmp_path / "tokenizer.json")
    assert isinstance(again, SentencePieceVocabulary)
    assert (again.hash, again.metadata, again.chat_template) == (ours.hash, ours.metadata, ours.chat_template)
    assert again.encode(TEXT) == ours.encode(TEXT)


def made(pieces, scores, types=None, **keys):
    """A vocabulary of these entries behind an unknown, a start, an end and the bytes."""
    control = [gguf.TokenType.UNKNOWN, gguf.TokenType.CONTROL, gguf.TokenType.CONTROL]
    return SentencePieceVocabulary(
        {
            TOKENS: ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256)), *pieces],
            SCORES: [0.0] * 259 + scores,
            TYPES: [*map(int, control), *[int(gguf.TokenType.BYTE)] * 256, *(types or [1] * len(pieces))],
            **{f"tokenizer.ggml.{key}": value for key, value in keys.items()},
        }
    )


def pieces(vocabulary, text, **keys):
    return [vocabulary.token(id).bytes.decode() for id in vocabulary.encode(text, **keys)]


def test_the_highest_score_is_joined_first_by_hand():
    # "ab" before "bc", so "abc" is ab + c, though "bc" would leave a + bc.
    vocabulary = made(["▁", "a", "b", "c", "ab", "bc"], [-9.0, -9.0, -9.0, -9.0, -1.0, -2.0])
    assert pieces(vocabulary, "abc") == [" ", "ab", "c"]
    vocabulary = made(["▁", "a", "b", "c", "ab", "bc"], [-9.0, -9.0, -9.0, -9.0, -2.0, -1.0])
    assert pieces(vocabulary, "abc") == [" ", "a", "bc"]


def test_no_blank_is_put_before_where_the_file_says_so():
    vocabulary = made(["▁", "a"], [-1.0, -1.0], add_space_prefix=False)
    assert pieces(vocabulary, "a a") == ["a", " ", "a"]


def test_an_entry_with_a_blank_within_is_found_across_words():
    vocabulary = made(["▁", "a", "a▁", "a▁a"], [-9.0, -9.0, -2.0, -1.0], add_space_prefix=False)
    assert pieces(vocabulary, "a a") == ["a a"]


def test_what_is_added_stands_for_itself_in_plain_text_and_control_tokens_where_asked():
    vocabulary = made(["▁", "a", "<x>"], [-9.0, -9.0, 0.0], types=[1, 1, 4])
    assert pieces(vocabulary, "a<x>a") == [" ", "a", "<x>", " ", "a"]
    assert 2 not in vocabulary.encode("a</s>") and 2 in vocabulary.encode("a</s>", special=True)


def test_an_unseen_character_without_bytes_is_an_unknown():
    vocabulary = SentencePieceVocabulary(
        {TOKENS: ["<unk>", "<s>", "</s>", "▁", "a"], SCORES: [0.0] * 5, TYPES: [2, 3, 3, 1, 1]}
    )
    assert vocabulary.encode("a") == [3, 4] and vocabulary.encode("aß", continues=True) == [4, 0, 0]


@pytest.mark.parametrize(
    "changes", [{TOKENS: ["a", "a"]}, {SCORES: [1.0]}, {TYPES: [99]}, {TOKENS: []}, {SCORES: "x"}, {TOKENS: None}]
)
def test_a_damaged_file_is_one_sentence(tmp_path, changes):
    vocabulary = made(["▁", "a"], [-1.0, -1.0])
    vocabulary.metadata |= changes
    vocabulary.save(tmp_path / "tokenizer.json")
    with pytest.raises(UserError) as caught:
        read_vocabulary(tmp_path / "tokenizer.json")
    assert caught.value.code == "tokenizer-file"
