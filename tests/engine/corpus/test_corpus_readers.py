"""Documents out of files: what is there comes out, what is broken is said."""

import gzip
import io
import json
import lzma
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.corpus.document import Document
from engine.corpus.plain_text import sequences, texts
from engine.corpus.readers import corpus_files, read_documents
from engine.errors import UserError
from engine.records import Message
from engine.tokenizer.text import clean

PACKERS = {"": lambda data: data, ".xz": lzma.compress, ".gz": gzip.compress}
TEXTS = ["One.\n\nStill one.", "Dois: coração 😀"]
TALK = (Message("system", "Be kind."), Message("user", "Oi"), Message("assistant", "Olá!"))


def written(folder: Path, name: str, data: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def read(folder: Path, name: str, data: bytes | str) -> list[Document]:
    return list(read_documents(written(folder, name, data)))


def as_line(messages: tuple[Message, ...]) -> str:
    return json.dumps({"messages": [{"role": m.role, "content": m.content} for m in messages], "source": "x"}) + "\n"


@pytest.mark.parametrize("packed", PACKERS)
@pytest.mark.parametrize("kind", [".txt", ".md", ".text", ".TXT"])
def test_texts(tmp_path, kind, packed):
    data = PACKERS[packed]("\n<|endoftext|>\n".join(TEXTS).encode())
    assert read(tmp_path, f"a{kind}{packed}", data) == [Document(text) for text in TEXTS]


@pytest.mark.parametrize("packed", PACKERS)
def test_json_lines(tmp_path, packed):
    lines = json.dumps({"text": TEXTS[1]}) + "\n\n" + as_line(TALK) + json.dumps({"text": " \n"}) + "\n"
    found = read(tmp_path, f"a.jsonl{packed}", PACKERS[packed](lines.encode()))
    assert found == [Document(TEXTS[1]), Document(messages=TALK)]


def test_what_editors_of_other_systems_add_is_left_out(tmp_path):
    mark = b"\xef\xbb\xbf"
    assert read(tmp_path, "a.txt", mark + b"one\r\n\r\ntwo\r\n<|endoftext|>\r\nthree\r\n") == [
        Document("one\n\ntwo"),
        Document("three"),
    ]
    assert read(tmp_path, "a.jsonl", mark + as_line(TALK).encode()) == [Document(messages=TALK)]


def test_the_separator_stands_alone_on_its_line(tmp_path):
    text = "It says <|endoftext|> here.\n<|endoftext|> and here"
    assert read(tmp_path, "a.txt", text) == [Document(text)]


def test_bytes_that_are_no_utf8_are_replaced(tmp_path):
    assert read(tmp_path, "a.txt", b"caf\xe9 au lait") == [Document("caf\ufffd au lait")]


@given(st.lists(st.text(st.characters(exclude_characters="\0\r", exclude_categories=["Cs"]))))
def test_every_document_once_and_whole(tmp_path_factory, texts):
    """Whatever people write comes back, but for blanks around it and documents of nothing else."""
    wanted = [Document(text.strip()) for text in texts if text.strip() and "<|endoftext|>" not in text]
    path = written(tmp_path_factory.mktemp("texts"), "a.txt", "\n<|endoftext|>\n".join(d.text for d in wanted))
    assert list(read_documents(path)) == wanted


@given(st.lists(st.text(min_size=1), max_size=6))
def test_conversations_come_back(tmp_path_factory, contents):
    messages = tuple(
        Message(role, clean(text)) for role, text in zip(("user", "assistant") * 3, contents, strict=False)
    )
    path = written(tmp_path_factory.mktemp("talk"), "a.jsonl", as_line(messages))
    assert list(read_documents(path)) == ([Document(messages=messages)] if messages else [])


NAMES = ["a.txt", "a.jsonl", "a.txt.gz", "a.jsonl.xz", "a.patterns.toml", "a.html", "a.csv", "a.fa", "a.parquet"]


@given(st.binary(max_size=200), st.sampled_from(NAMES))
def test_any_bytes_are_documents_or_a_sentence(tmp_path_factory, data, name):
    path = written(tmp_path_factory.mktemp("bytes"), name, data)
    try:
        assert all(document.text or document.messages for document in read_documents(path))
    except UserError as error:
        assert error.text.endswith(".") and name in error.text and error.hint


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("{", "is no JSON object with a text or messages."),
        ("[1, 2]", "got `array`"),
        ('"text"', "got `str`"),
        ("{}", "it has no text and no messages."),
        ('{"prompt": "a", "completion": "b"}', "it has no text and no messages."),
        ('{"text": 7}', "got `int` - at `$.text`"),
        ('{"messages": [{"role": "robot", "content": "a"}]}', "'robot' - at `$.messages[0].role`"),
        ('{"messages": [{"role": "user"}]}', "`content` - at `$.messages[0]`"),
        ('{"messages": "hello"}', "got `str` - at `$.messages`"),
    ],
)
def test_a_broken_line_is_named_and_what_is_wrong_with_it(tmp_path, line, what):
    with pytest.raises(UserError) as caught:
        read(tmp_path, "a.jsonl", '{"text": "fine"}\n' + line + "\n")
    assert caught.value.text.startswith("Line 2 of a.jsonl is ") and what in caught.value.text
    assert "role" in caught.value.hint


def test_binary_files_are_no_text(tmp_path):
    with pytest.raises(UserError, match=r"a\.txt is not a text file: it holds zero bytes\."):
        read(tmp_path, "a.txt", "Text in UTF-16".encode("utf-16"))


@pytest.mark.parametrize("packed", [".xz", ".gz"])
@pytest.mark.parametrize("damage", [lambda data: data[:-9], lambda data: b"not packed", lambda data: flipped(data)])
def test_damaged_archives(tmp_path, packed, damage):
    data = PACKERS[packed](b"A text that is long enough to be damaged. " * 200)
    with pytest.raises(UserError, match=rf"a\.txt\{packed} cannot be read\."):
        read(tmp_path, f"a.txt{packed}", damage(data))


def flipped(data: bytes) -> bytes:
    """The bits of the middle turned round: neither length nor ends tell."""
    middle = len(data) // 2
    return data[: middle - 8] + bytes(byte ^ 0xFF for byte in data[middle - 8 : middle + 8]) + data[middle + 8 :]


def test_files_that_vanish(tmp_path):
    with pytest.raises(UserError, match="cannot be read"):
        list(read_documents(tmp_path / "gone.txt"))


def test_which_files_of_a_folder(tmp_path):
    for name in (
        "b.txt",
        "a.md.xz",
        "deep/er/c.jsonl.gz",
        "d.pdf",
        "e.tar.xz",
        "txt",
        "deep/f.TXT",
        "g.fa",
        "h.HTML",
        "i.parquet",
        ".git/j.txt",
        ".k.txt",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        written(tmp_path, name, "x")
    found = [str(path.relative_to(tmp_path)) for path in corpus_files(tmp_path)]
    assert found == ["a.md.xz", "b.txt", "deep/er/c.jsonl.gz", "deep/f.TXT", "g.fa", "h.HTML", "i.parquet"]
    assert corpus_files(tmp_path / "b.txt") == [tmp_path / "b.txt"]


def test_nothing_that_can_be_read(tmp_path):
    with pytest.raises(UserError, match="There is no file or folder"):
        corpus_files(tmp_path / "gone")
    with pytest.raises(UserError, match="holds no text that can be read"):
        corpus_files(tmp_path)
    with pytest.raises(UserError, match=r"a\.pdf is no kind of text that can be read"):
        list(read_documents(written(tmp_path, "a.pdf", "x")))


LINES = st.text(st.characters(exclude_characters="\0\r", exclude_categories=["Cs"]), max_size=30)


@given(st.lists(LINES, max_size=12), st.integers(5, 40))
def test_long_texts_come_in_pieces(tmp_path_factory, lines, longest):
    """Nothing is lost and nothing is longer than that, whatever the lines are."""
    text = "\n".join(line for line in lines if "<|endoftext|>" not in line)
    path = written(tmp_path_factory.mktemp("long"), "a.txt", text)
    found = [document.text for document in read_documents(path, longest)]
    assert all(0 < len(piece) <= longest for piece in found)
    assert "".join("".join(found).split()) == "".join(text.split())


def test_pieces_end_where_lines_end(tmp_path):
    path = written(tmp_path, "a.txt", "aaaa\nbbbb\ncccc\ndddddddddddddd")
    assert [document.text for document in read_documents(path, 12)] == ["aaaa\nbbbb", "cccc", "dddddddddddd", "dd"]
    line = json.dumps({"text": "aaaa\nbbbb\ncccc"})
    assert [d.text for d in read_documents(written(tmp_path, "a.jsonl", line), 12)] == ["aaaa\nbbbb", "cccc"]


@pytest.mark.parametrize("packed", PACKERS)
def test_fasta(tmp_path, packed):
    data = b">one first record\r\nACGT\r\nacgn\r\n\r\n>two\n>three\nTT AA\n;remark\nGG\n"
    found = read(tmp_path, f"a.fa{packed}", PACKERS[packed](data))
    assert found == [Document("ACGTACGN"), Document("TTAA"), Document("GG")], "names and remarks are borders"


def test_long_ones_are_never_whole_in_memory():
    """The readers of texts and sequences give the pieces themselves, before they have read the rest."""
    endless = io.BytesIO(b"ACGT\n" * 5)
    assert next(sequences(Path("a.fa"), endless, 10)) == Document("ACGTACGT")
    assert [d.text for d in sequences(Path("a.fa"), io.BytesIO(b"ACGT\n" * 5), 10)] == ["ACGTACGT", "ACGTACGT", "ACGT"]
    assert [d.text for d in texts(Path("a.txt"), io.BytesIO("é\nbb\ncccccccc".encode()), 5)] == [
        "é\nbb",
        "ccccc",
        "ccc",
    ]
