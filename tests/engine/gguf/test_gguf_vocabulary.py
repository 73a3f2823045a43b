"""Vocabularies in GGUF files: the same ids in llama.cpp as in ours, for every kind that is exported."""

import json
import sys
import unicodedata

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from engine.errors import UserError
from engine.gguf.export import export_gguf
from engine.inference.llama_cpp import LlamaCppModel
from engine.tokenizer.bpe import CHARACTER_OF_BYTE, BytePairVocabulary
from engine.tokenizer.character import character_vocabulary
from engine.tokenizer.cuts import CUT, CUTS
from engine.tokenizer.from_gguf import vocabulary_from_gguf
from engine.tokenizer.special import SPECIAL_TOKENS
from tests.helpers.small_models import TEXT, small_decoder, small_vocabulary

SHORT_FORMS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
OTHERS = r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}DIGITS| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
QWEN, LLAMA_3 = SHORT_FORMS + OTHERS.replace("DIGITS", ""), SHORT_FORMS + OTHERS.replace("DIGITS", "{1,3}")


def opened(folder, vocabulary):
    export_gguf(small_decoder(vocabulary_size=vocabulary.size), vocabulary, folder / "model.gguf")
    return LlamaCppModel(folder / "model.gguf", threads=1).vocabulary


@pytest.fixture(scope="module")
def characters(tmp_path_factory):
    ours = character_vocabulary([TEXT, "日本 €"])
    return ours, opened(tmp_path_factory.mktemp("characters"), ours)


def test_a_character_vocabulary_has_one_token_for_each_character_it_knows(characters):
    ours, _ = characters
    for text in ("Once upon", "São é", "😀", "日本€"):
        assert [ours.piece(id).decode() for id in ours.encode(text)] == list(text)
    assert ours.decode(ours.encode("unseen: 中 ß")) == "unseen: 中 ß".encode()


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40) | st.text(alphabet="aé€日😀 '1\n", max_size=40))
def test_characters_have_the_same_ids_in_llama_cpp(characters, text):
    ours, theirs = characters
    assert theirs.encode(text) == ours.encode(text)
    assert theirs.hash == ours.hash


def sensitive_vocabulary(cut=CUT):
    """Merges of plain characters with every byte that a character can begin or end with: ids show each cut."""
    entries = {text: id for id, text in enumerate([*SPECIAL_TOKENS, *(CHARACTER_OF_BYTE[byte] for byte in range(256))])}
    merges = []

    def merge(first, second):
        if first + second not in entries:
            entries[first + second] = len(entries)
            merges.append((first, second))

    plain = [CHARACTER_OF_BYTE[ord(character)] for character in "abs1 \n'!\r\t"]
    for near in plain:
        for byte in [*range(0x21, 0x7F), *range(0xC2, 0xF5)]:
            merge(near, CHARACTER_OF_BYTE[byte])
        for byte in [*range(0x21, 0x7F), *range(0x80, 0xC0)]:
            merge(CHARACTER_OF_BYTE[byte], near)
        for other in plain:
            merge(near, other)
    tokenizer = Tokenizer(models.BPE(entries, merges))
    tokenizer.add_special_tokens([AddedToken(text, special=True, normalized=False) for text in SPECIAL_TOKENS])
    # GPT-2's own way has no expression; of digits that stand alone it makes SmolLM's.
    digits = [pre_tokenizers.Digits(individual_digits=True)] if cut == "digits" else []
    bytes_as_characters = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=cut in (None, "digits"))
    cuts = () if cut in (None, "digits") else (cut,) if isinstance(cut, str) else cut
    splits = [pre_tokenizers.Split(Regex(one), "isolated") for one in cuts]
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([*digits, *splits, bytes_as_characters])
    tokenizer.decoder = decoders.ByteLevel()
    return BytePairVocabulary(tokenizer)


def test_text_is_cut_as_llama_cpp_cuts_it_at_every_kind_of_character(tmp_path):
    ours = sensitive_vocabulary()
    theirs = opened(tmp_path, ours)
    for point in range(1, sys.maxunicode, 37):
        character = chr(point)
        if unicodedata.category(character) in ("Cs", "Cn"):  # surrogates; what a newer Unicode may have made a letter
            continue
        for around in ("a{}b", "1{}1", " {} ", "'{}'", "\n{}\n", "!{}!", "  {}\r", "x'{}a", "\t{}\t"):
            text = around.format(character)
            assert theirs.encode(text) == ours.encode(text), repr(text)


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet="'ſsbLl1 \n\r!é\u00a0\u0085", max_size=30))
@example(text="it'ſbad")
@example(text="it'Sbad we'LLb 'REb'veb  \n b\t\t1")
def test_text_is_cut_alike_where_rules_meet(sensitive, text):
    ours, theirs = sensitive
    assert theirs.encode(text) == ours.encode(text)


@pytest.fixture(scope="module")
def sensitive(tmp_path_factory):
    ours = sensitive_vocabulary()
    return ours, opened(tmp_path_factory.mktemp("sensitive"), ours)


OTHER_CUTS = {CUT: "qwen2", QWEN: "qwen2", LLAMA_3: "llama-bpe", None: "gpt-2", "digits": "smollm"}
OTHER_CUTS |= {cuts: name for name, cuts in CUTS.items() if name in ("gpt-2", "smollm", "tekken", "default")}
MISTRAL_NEMO = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"
    r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*"
    r"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


@pytest.mark.parametrize(("cut", "name"), [*OTHER_CUTS.items(), (MISTRAL_NEMO, "tekken")])
def test_other_peoples_cuts_are_exported_by_their_names_and_read_from_files(tmp_path, cut, name):
    ours = sensitive_vocabulary(cut)
    assert ours.pre_tokenizer == name
    theirs = opened(tmp_path, ours)
    read = vocabulary_from_gguf(tmp_path / "model.gguf")
    for text in (
        TEXT,
        "it's 12345 a1b22'LL  x\n\n ",
        "!!\r\n\t 1'T s'",
        "aB Sb b1!a 'S!?/ //\n Ba1s",
        " a  ss!'s 1s\t",
    ):
        assert theirs.encode(text) == ours.encode(text) == read.encode(text)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text(alphabet="'sSbLl1 \n\r!é$+/9", max_size=30))
def test_files_of_every_way_are_cut_as_llama_cpp_cuts_them(every_way, text):
    for theirs, read in every_way:
        assert read.encode(text) == theirs.encode(text)


@pytest.fixture(scope="module")
def every_way(tmp_path_factory):
    found = []
    for name in ("gpt-2", "smollm", "tekken", "default", "llama-bpe"):
        folder = tmp_path_factory.mktemp(name)
        found.append((opened(folder, sensitive_vocabulary(CUTS[name])), vocabulary_from_gguf(folder / "model.gguf")))
    return found


def test_a_piece_that_no_merge_leads_to_is_taken_whole_where_llama_cpp_does_so(tmp_path):
    ours = sensitive_vocabulary(LLAMA_3)
    ours.save(tmp_path / "tokenizer.json")
    stored = json.loads((tmp_path / "tokenizer.json").read_text())
    stored["model"]["vocab"]["xyz"] = ours.size
    ours = BytePairVocabulary(Tokenizer.from_str(json.dumps(stored)))
    theirs, read = opened(tmp_path, ours), vocabulary_from_gguf(tmp_path / "model.gguf")
    assert theirs.encode("xyz") == read.encode("xyz") == [ours.size - 1]
    assert len(theirs.encode("xyzz")) == len(read.encode("xyzz")) == 4


def test_a_cut_without_a_name_is_refused_at_export(tmp_path):
    ours = sensitive_vocabulary(r"\w+|\W+")
    with pytest.raises(UserError) as caught:
        opened(tmp_path, ours)
    assert caught.value.code == "tokenizer-kind"


def test_holes_and_plain_additions_are_carried_over(tmp_path):
    sensitive_vocabulary().save(tmp_path / "tokenizer.json")
    stored = json.loads((tmp_path / "tokenizer.json").read_text())
    del stored["model"]["vocab"]["!!"]
    stored["model"]["merges"] = [pair for pair in stored["model"]["merges"] if pair != ["!", "!"]]
    tokenizer = Tokenizer.from_str(json.dumps(stored))
    tokenizer.add_tokens([AddedToken("<think>", special=False, normalized=False)])
    ours = BytePairVocabulary(tokenizer)
    theirs = opened(tmp_path, ours)
    think = ours.encode("a<think>b")
    assert theirs.encode("a<think>b") == think
    assert theirs.piece(think[1]) == ours.piece(think[1]) == b"<think>"
    assert not ours.token(think[1]).control


def sentence_piece_like(folder, **changes):
    """A ``tokenizer.json`` in the way of SentencePiece, as releases write it: trained merges, byte fallback, blanks as U+2581."""
    tokenizer = Tokenizer(models.BPE(byte_fallback=True, unk_token="<unk>", fuse_unk=True))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    special = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256))]
    trainer = trainers.BpeTrainer(vocab_size=600, special_tokens=special[:3], show_progress=False)
    tokenizer.train_from_iterator([TEXT * 4], trainer)
    stored = json.loads(tokenizer.to_str())
    # The trainer takes bytes for nothing special: they go behind, as in a release.
    learnt = [name for name in stored["model"]["vocab"] if name not in special]
    stored["model"]["vocab"] = {name: id for id, name in enumerate([*special, *learnt])}
    (folder / "tokenizer.json").write_text(json.dumps(stored | changes))
    return BytePairVocabulary.load(folder / "tokenizer.json", "<s>", ("</s>",), "{{ messages[0].content }}")


@pytest.mark.parametrize("way", ["metaspace", "replaced", "bare"])
def test_a_sentencepiece_like_tokenizer_is_exported_with_scores_and_gives_the_same_ids(tmp_path, way):
    blanks = {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}
    prepended = {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "▁"}, blanks]}
    changes = {"metaspace": {}, "replaced": {"normalizer": prepended, "pre_tokenizer": None}}
    changes["bare"] = {"normalizer": blanks, "pre_tokenizer": None}
    ours = sentence_piece_like(tmp_path, **changes[way])
    assert ours.decode(ours.encode("a fox, é 日")).decode() == ("" if way == "bare" else " ") + "a fox, é 日"
    theirs = opened(tmp_path, ours)
    assert (theirs.bos_id, theirs.eos_id, theirs.end_ids, theirs.hash) == (1, 2, {2}, ours.hash)
    for text in (*TEXT.splitlines(), "the  fox\n\nwas  at Ümläute 日本", "  blanks before", "</s>is text"):
        if way == "metaspace" and text.startswith(" "):
            continue  # there the library puts no further blank before, llama.cpp always does
        assert theirs.encode(text) == ours.encode(text), text
        assert theirs.encode(text, special=True) == ours.encode(text, special=True), text


def test_a_sentencepiece_like_tokenizer_that_changes_texts_is_refused_at_export(tmp_path):
    with pytest.raises(UserError, match="way in which this tokenizer cuts"):
        opened(tmp_path, sentence_piece_like(tmp_path, normalizer={"type": "NFKC"}))


def test_a_wordlevel_or_bare_vocabulary_is_refused(tmp_path):
    Tokenizer(models.WordLevel({"a": 0}, unk_token="a")).save(str(tmp_path / "words.json"))
    Tokenizer(models.BPE({"▁": 0, "a": 1}, [])).save(str(tmp_path / "bare.json"))
    (tmp_path / "broken.json").write_text("{")
    for name, code in (("words", "tokenizer-kind"), ("bare", "tokenizer-kind"), ("broken", "tokenizer-file")):
        with pytest.raises(UserError) as caught:
            BytePairVocabulary.load(tmp_path / f"{name}.json")
        assert caught.value.code == code


def test_the_vocabulary_of_our_models_is_cut_by_name():
    assert small_vocabulary().pre_tokenizer == "qwen2"
