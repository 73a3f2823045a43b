"""Byte-level BPE, single characters, and the vocabulary of a model that came without one."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import AddedToken, Tokenizer

from engine.errors import UserError
from engine.gguf.export import export_gguf
from engine.inference.llama_cpp import LlamaCppModel
from engine.tokenizer.bpe import BYTE_OF_CHARACTER, CHARACTER_OF_BYTE, BytePairVocabulary, train_bpe
from engine.tokenizer.character import character_vocabulary
from engine.tokenizer.numbered import NumberedVocabulary
from engine.tokenizer.special import END_OF_TEXT, END_OF_TURN, SPECIAL_TOKENS
from engine.tokenizer.text import clean
from tests.helpers.small_models import TEXT, small_decoder, small_vocabulary

CORPUS = [
    TEXT,
    "",
    " ",
    "\n\n\n  x\t\r\n",
    "açúcar, coração, naïve, Ümläute, İstanbul, ǅ, Ελλάδα, русский, العربية, עברית, हिन्दी, ไทย",
    "日本語、中文。한국어 👩‍👩‍👧‍👦 🇧🇷 😀😀 e\u0301 \u200b\ufeff\u00a0\u3000",
    "12345678901234567890 3.14159 1,000,000 0xFF ½ ² ٣",
    'def f(x: int) -> str:\n\tif x >= 10_000:\n\t\treturn f"{x!r}"  # it\'s\n\n\nclass A:\n    pass\n',
    "it's I'LL we've DON'T 'tis ''s 's",
    "<|end|><|user|> <pad> <unk>",
    "a" * 500 + " " * 50 + "!" * 50,
]


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """Our vocabulary and llama.cpp's reading of it."""
    ours = small_vocabulary()
    path = tmp_path_factory.mktemp("exported") / "model.gguf"
    export_gguf(small_decoder(vocabulary_size=ours.size), ours, path)
    model = LlamaCppModel(path, context_length=64, threads=1)
    yield ours, model.vocabulary
    model.close()


def test_bytes_have_the_characters_of_gpt_2():
    """From Radford et al. 2019: printable ones stand for themselves, the blank is written Ġ, the newline Ċ."""
    assert len(BYTE_OF_CHARACTER) == len(CHARACTER_OF_BYTE) == 256
    assert (CHARACTER_OF_BYTE[ord(" ")], CHARACTER_OF_BYTE[ord("\n")], CHARACTER_OF_BYTE[ord("a")]) == ("Ġ", "Ċ", "a")
    assert (CHARACTER_OF_BYTE[0], CHARACTER_OF_BYTE[0x7F], CHARACTER_OF_BYTE[0xAD]) == ("Ā", "ġ", "Ń")


def test_merges_are_learnt_in_the_order_of_how_often_they_occur():
    """By hand: in "aab aab ab" the pair (a, b) occurs three times, then (a, ab) twice, then (Ġ, aab) and (Ġ, ab) once each."""
    vocabulary = train_bpe(["aab aab ab"], 256 + len(SPECIAL_TOKENS) + 2)
    assert vocabulary.merges == ["a b", "a ab"]
    assert [vocabulary.piece(id) for id in vocabulary.encode("aab ab b")] == [b"aab", b" ", b"ab", b" ", b"b"]


def test_control_tokens_come_first_and_the_bytes_are_all_there():
    vocabulary = small_vocabulary()
    assert vocabulary.size == len(SPECIAL_TOKENS) + 256 + len(vocabulary.merges)
    assert [vocabulary.token(id).bytes.decode() for id in range(len(SPECIAL_TOKENS))] == list(SPECIAL_TOKENS)
    assert all(vocabulary.token(id).control == (id < len(SPECIAL_TOKENS)) for id in range(vocabulary.size))
    assert {bytes([byte]) for byte in range(256)} <= {vocabulary.piece(id) for id in range(vocabulary.size)}
    assert vocabulary.bos_id == vocabulary.eos_id == SPECIAL_TOKENS.index(END_OF_TEXT) and vocabulary.adds_bos
    assert vocabulary.end_ids == {SPECIAL_TOKENS.index(END_OF_TEXT), SPECIAL_TOKENS.index(END_OF_TURN)}
    assert vocabulary.names(range(3)) == (b"<pad>", b"<unk>", b"<|endoftext|>")


@pytest.mark.parametrize("size", [0, 256, 256 + len(SPECIAL_TOKENS) - 1])
def test_a_vocabulary_that_cannot_hold_the_bytes_is_refused(size):
    with pytest.raises(UserError) as caught:
        train_bpe([TEXT], size)
    assert caught.value.code == "vocabulary-size"
    assert train_bpe([TEXT], 256 + len(SPECIAL_TOKENS)).merges == []


def test_training_is_repeatable_and_reads_invalid_text():
    texts = [TEXT, "a\0\ud800b"] * 3
    assert train_bpe(texts, 400).hash == train_bpe(texts, 400).hash != small_vocabulary().hash


@pytest.mark.parametrize("text", CORPUS)
def test_ids_are_those_of_llama_cpp(exported, text):
    ours, theirs = exported
    for special in (False, True):
        assert theirs.encode(text, special) == ours.encode(text, special)
    assert ours.decode(ours.encode(text)) == theirs.decode(theirs.encode(text)) == text.encode()


names = st.sampled_from([*SPECIAL_TOKENS, "<|", "|>", "'s", "1", " ", "\n"])


@settings(max_examples=300)
@given(text=st.lists(names | st.text(st.characters(), max_size=6), max_size=8).map("".join), special=st.booleans())
def test_any_text_has_the_ids_of_llama_cpp_and_comes_back(exported, text, special):
    ours, theirs = exported
    ids = ours.encode(text, special)
    assert ids == theirs.encode(text, special)
    assert special or ours.decode(ids).decode() == clean(text)
    assert b"".join(ours.names(ids)).decode() == clean(text)
    assert ours.encode(text, special, continues=True) == ids


def test_both_vocabularies_say_the_same_of_themselves(exported):
    ours, theirs = exported
    for name in ("size", "hash", "bos_id", "eos_id", "end_ids", "adds_bos", "added_ids"):
        assert getattr(ours, name) == getattr(theirs, name), name
    assert all(ours.token(id) == theirs.token(id) for id in range(ours.size))


def test_names_of_control_tokens_are_control_tokens_only_where_asked_for():
    vocabulary = small_vocabulary()
    text = "Hi<|end|>"
    assert vocabulary.encode(text, special=True)[-1] == SPECIAL_TOKENS.index(END_OF_TURN)
    assert not set(vocabulary.encode(text)) & set(range(len(SPECIAL_TOKENS)))
    assert vocabulary.decode(vocabulary.encode(text, special=True)) == b"Hi"
    assert vocabulary.decode(vocabulary.encode(text)) == text.encode()


@pytest.mark.parametrize("make", [small_vocabulary, lambda: character_vocabulary([TEXT])])
def test_a_saved_vocabulary_is_the_same_one(tmp_path, make):
    vocabulary = make()
    vocabulary.save(tmp_path / "tokenizer.json")
    again = BytePairVocabulary.load(tmp_path / "tokenizer.json")
    assert (again.hash, again.size, again.merges, again.end_ids) == (
        vocabulary.hash,
        vocabulary.size,
        vocabulary.merges,
        vocabulary.end_ids,
    )
    assert again.pre_tokenizer == "qwen2"
    for text in CORPUS:
        for special in (False, True):
            assert again.encode(text, special) == vocabulary.encode(text, special)


def test_other_names_of_beginning_and_end(tmp_path):
    small_vocabulary().save(tmp_path / "tokenizer.json")
    found = BytePairVocabulary.load(tmp_path / "tokenizer.json", None, (END_OF_TURN, "<no such token>"))
    assert found.bos_id is None and not found.adds_bos
    assert found.eos_id == SPECIAL_TOKENS.index(END_OF_TURN) and found.end_ids == {found.eos_id}
    assert BytePairVocabulary.load(tmp_path / "tokenizer.json", "<no such token>", ()).eos_id is None


def test_many_texts_at_once_are_the_same_as_one_by_one():
    vocabulary = small_vocabulary()
    texts = [*CORPUS, "\ud800", "a\0"]
    assert list(vocabulary.encode_many(texts)) == [vocabulary.encode(text) for text in texts]


def test_added_tokens_and_holes(tmp_path):
    small_vocabulary().save(tmp_path / "tokenizer.json")
    stored = json.loads((tmp_path / "tokenizer.json").read_text())
    tokenizer = Tokenizer.from_str(json.dumps(stored))
    tokenizer.add_tokens([AddedToken("<think>", special=False, normalized=False)])
    vocabulary = BytePairVocabulary(tokenizer)
    think = vocabulary.size - 1
    assert vocabulary.added_ids == {think} and vocabulary.is_added(think) and not vocabulary.is_added(think - 1)
    assert think in vocabulary.encode("a<think>b") and vocabulary.decode([think]) == b"<think>"
    beyond = vocabulary.token(vocabulary.size + 5)  # embeddings are often padded
    assert beyond.control and beyond.bytes == f"[{beyond.id}]".encode() and vocabulary.piece(beyond.id) == b""
    assert vocabulary.names([0, beyond.id]) == (vocabulary.token(0).bytes, beyond.bytes)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"model": 1}', "\xff", '{"version": "1.0"}'])
def test_a_broken_file_is_told(tmp_path: Path, content):
    (tmp_path / "tokenizer.json").write_text(content, encoding="latin-1")
    with pytest.raises(UserError) as caught:
        BytePairVocabulary.load(tmp_path / "tokenizer.json")
    assert caught.value.code == "tokenizer-file" and str(tmp_path) in caught.value.text
    with pytest.raises(UserError):
        BytePairVocabulary.load(tmp_path / "missing.json")


def test_absurd_numbers_of_tokens_are_refused(tmp_path):
    small_vocabulary().save(tmp_path / "tokenizer.json")
    stored = json.loads((tmp_path / "tokenizer.json").read_text())
    stored["model"]["vocab"]["zz"] = 4_000_000_000
    (tmp_path / "tokenizer.json").write_text(json.dumps(stored))
    with pytest.raises(UserError) as caught:
        BytePairVocabulary.load(tmp_path / "tokenizer.json")
    assert caught.value.code == "tokenizer-file"


# Characters


def test_each_known_character_is_one_token_and_others_are_bytes():
    vocabulary = character_vocabulary(["aé€😀", "a b"])
    assert vocabulary.size == len(SPECIAL_TOKENS) + 256 + 1 + 2 + 3  # é needs one merge, € two, 😀 three
    assert [vocabulary.piece(id).decode() for id in vocabulary.encode("😀a é€")] == ["😀", "a", " ", "é", "€"]
    assert vocabulary.encode("ß") == [vocabulary.encode("é€ß")[-2], vocabulary.encode("é€ß")[-1]]


@given(known=st.text(st.characters(), max_size=20), text=st.text(st.characters(), max_size=20))
def test_any_text_comes_back_from_characters(known, text):
    vocabulary = character_vocabulary([known])
    assert vocabulary.decode(vocabulary.encode(text)).decode() == clean(text)
    assert len(vocabulary.encode(known)) == len(clean(known))


# Numbers


def test_a_vocabulary_of_numbers_shows_them_and_reads_nothing():
    vocabulary = NumberedVocabulary(12)
    assert vocabulary.size == 12 and vocabulary.encode("") == []
    assert vocabulary.names([0, 11]) == (b"[0]", b"[11]") and vocabulary.token(3).control
    assert vocabulary.decode([1, 2, 3]) == vocabulary.piece(1) == b""
    assert (
        vocabulary.bos_id is None and vocabulary.eos_id is None and not vocabulary.end_ids and not vocabulary.adds_bos
    )
    assert vocabulary.hash == NumberedVocabulary(12).hash != NumberedVocabulary(13).hash
    with pytest.raises(UserError) as caught:
        vocabulary.encode("a")
    assert caught.value.code == "tokenizer-missing"
