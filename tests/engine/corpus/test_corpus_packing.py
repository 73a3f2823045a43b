"""Packed streams: every document once, known borders, and what is held out is never learnt."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.corpus.conversation import OwnChatFormat
from engine.corpus.document import Document
from engine.corpus.packing import PackedStream, is_packed, pack
from engine.corpus.splitting import split
from engine.errors import UserError
from engine.records import Message
from engine.tokenizer.special import END_OF_TEXT
from tests.helpers.small_models import small_vocabulary

VOCABULARY = small_vocabulary()
CHAT = OwnChatFormat(VOCABULARY)
(END,) = VOCABULARY.encode(END_OF_TEXT, special=True)


def packed(folder: Path, documents: list[Document], name: str = "texts") -> tuple[PackedStream, PackedStream]:
    """Train and validation."""
    infos = pack(documents, VOCABULARY, CHAT, folder / name)
    streams = PackedStream(folder / f"{name}-train"), PackedStream(folder / f"{name}-validation")
    assert tuple(stream.info for stream in streams) == infos
    return streams


def documents_of(stream: PackedStream) -> list[bytes]:
    """The stream cut where it says that documents start; each begins with the end of the one before."""
    starts = [int(start) for start in stream.starts]
    assert all(stream.ids[start] == END for start in [*starts, len(stream.ids) - 1])
    ends = [*starts, len(stream.ids) - 1][1:]
    return [VOCABULARY.decode(stream.ids[a + 1 : b].tolist()) for a, b in zip(starts, ends, strict=True)]


def talk(number: int) -> Document:
    return Document(messages=(Message("user", f"ask {number}"), Message("assistant", f"say {number}")))


def test_worked_by_hand(tmp_path):
    """Two texts of ten letters: nine are learnt, the last is held out."""
    train, validation = packed(tmp_path, [Document("abcdefghij"), Document("0123456789")])
    first, second = VOCABULARY.encode("abcdefghi"), VOCABULARY.encode("012345678")
    assert train.ids.tolist() == [END, *first, END, *second, END]
    assert train.starts.tolist() == [0, 1 + len(first)]
    assert train.learnt.tolist() == [1] * len(train.ids) and train.all_learnt
    assert validation.ids.tolist() == [END, *VOCABULARY.encode("j"), END, *VOCABULARY.encode("9"), END]
    assert (train.info.bytes, train.info.documents, train.info.tokens) == (18, 2, len(train.ids))
    assert (validation.info.bytes, validation.info.documents) == (2, 2)


def test_a_conversation_by_hand(tmp_path):
    train, validation = packed(tmp_path, [talk(1), Document("x")])
    user, assistant, turn = (VOCABULARY.encode(f"<|{name}|>", special=True)[0] for name in ("user", "assistant", "end"))
    ask, say = VOCABULARY.encode("ask 1"), VOCABULARY.encode("say 1")
    ids = [END, user, *ask, turn, assistant, *say, turn, END, *VOCABULARY.encode("x"), END]
    assert train.ids.tolist() == ids
    # Not the end before a conversation, nor the user's turn; the end before a text is the end of what came before.
    learnt = [0] * (4 + len(ask)) + [1] * (len(say) + 1) + [1] * 3
    assert train.learnt.tolist() == learnt and not train.all_learnt
    assert validation.ids.tolist() == [END], "of few conversations none is held out, and one letter has no tenth"


TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=30)
DOCUMENTS = st.lists(st.one_of(TEXT.map(Document), st.integers(0, 99).map(talk)), min_size=1, max_size=60)


def text_of(document: Document) -> bytes:
    return (document.text or "".join(message.content for message in document.messages)).encode()


@given(DOCUMENTS)
def test_every_document_once_in_its_order(tmp_path_factory, documents):
    streams = packed(tmp_path_factory.mktemp("packed"), documents)
    for part, stream in zip(("train", "validation"), streams, strict=True):
        assert documents_of(stream) == [text_of(document) for where, document in split(documents) if where == part]


@given(DOCUMENTS)
def test_sizes_add_up(tmp_path_factory, documents):
    streams = packed(tmp_path_factory.mktemp("packed"), documents)
    assert sum(stream.info.bytes for stream in streams) == sum(len(text_of(document)) for document in documents)
    for stream in streams:
        assert len(stream.ids) == len(stream.learnt) == stream.info.tokens
        assert len(stream.starts) == stream.info.documents


def test_names_with_dots_do_not_collide(tmp_path):
    first = packed(tmp_path, [Document("of version one" * 9)], "v1.0")
    packed(tmp_path, [Document("of version two" * 9)], "v1.5")
    assert documents_of(first[0])[0].startswith(b"of version one")
    assert documents_of(PackedStream(tmp_path / "v1.0-train"))[0].startswith(b"of version one")
    assert first[0].info.documents == 1


def test_ids_are_mapped_and_not_read(tmp_path):
    train, _ = packed(tmp_path, [Document("abcdefghij")])
    assert isinstance(train.ids, np.memmap) and isinstance(train.learnt, np.memmap)


def test_nothing_to_pack(tmp_path):
    with pytest.raises(UserError, match="There is no text to learn from"):
        pack([], VOCABULARY, CHAT, tmp_path / "texts")


def test_what_was_broken_off_is_not_packed(tmp_path):
    def broken():
        yield from [Document(f"text {number}") for number in range(400)]
        raise KeyboardInterrupt

    packed(tmp_path, [Document("from before" * 5)])
    assert is_packed(tmp_path / "texts", VOCABULARY)
    assert not is_packed(tmp_path / "texts", small_vocabulary(300))
    with pytest.raises(KeyboardInterrupt):
        pack(broken(), VOCABULARY, CHAT, tmp_path / "texts")
    assert not is_packed(tmp_path / "texts", VOCABULARY)


@pytest.mark.parametrize("kind", ["ids", "starts", "learnt", "json"])
@pytest.mark.parametrize("damage", [lambda path: path.unlink(), lambda path: path.write_bytes(path.read_bytes()[:-1])])
def test_damaged_streams_are_one_sentence(tmp_path, kind, damage):
    packed(tmp_path, [Document("abcdefghij" * 5)])
    damage(tmp_path / f"texts-train.{kind}")
    with pytest.raises(UserError, match=r"texts-train cannot be read\."):
        PackedStream(tmp_path / "texts-train")


def test_progress_is_the_bytes_that_were_read(tmp_path):
    told: list[int] = []
    documents = [Document("é" * 50)] * 600
    pack(documents, VOCABULARY, CHAT, tmp_path / "texts", told.append)
    assert told == [256 * 100, 512 * 100, 600 * 100]
