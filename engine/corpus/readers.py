"""Documents out of files and folders: plain text, Markdown, JSON lines (each also packed as .gz or .xz), and patterns."""

import gzip
import lzma
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

import msgspec

from engine.corpus.patterns import conversations, read_patterns
from engine.errors import UserError
from engine.records import Message
from engine.tokenizer.special import END_OF_TEXT
from engine.tokenizer.text import clean_bytes

TEXT_SUFFIXES = (".txt", ".md", ".text")
#: How the name of a file of patterns ends (engine.corpus.patterns).
PATTERNS = ".patterns.toml"
_PACKED = (".gz", ".xz")


class Document(msgspec.Struct, frozen=True):
    """One text, or one conversation: messages is empty for a text."""

    text: str = ""
    messages: tuple[Message, ...] = ()


class _Line(msgspec.Struct):
    text: str | None = None
    messages: tuple[Message, ...] | None = None

    def __post_init__(self) -> None:
        if self.text is None and self.messages is None:
            raise ValueError("neither a text nor messages")


#: Written at the start of a file by some editors; it is no part of the text.
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_line_decoder = msgspec.json.Decoder(_Line)


def corpus_files(path: Path) -> list[Path]:
    """The files that can be read at path: itself, or all below it, sorted."""
    if not path.exists():
        raise UserError("file-not-found", f"There is no file or folder {path}.", "Check the path.")
    found = [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.is_file() and _kind(file))
    if not found:
        raise UserError(
            "corpus-empty", f"{path} holds no text that can be read.", "Give .txt, .md or .jsonl files, packed or not."
        )
    return found


def read_documents(path: Path) -> Iterator[Document]:
    """The documents of one file, in order, not empty, with lines that end in a line feed alone.

    A line ``<|endoftext|>`` ends a document in a text file; in a .jsonl file each line is one, {"text"} or {"messages"}.

    Raises UserError for a file that vanished, is binary, or has a broken line.
    """
    kind = _kind(path)
    if not kind:
        raise UserError(
            "corpus-kind",
            f"{path.name} is no kind of text that can be read.",
            "Give .txt, .md or .jsonl files, packed or not.",
        )
    if kind == PATTERNS:
        yield from (Document(messages=messages) for messages in conversations(read_patterns(path)))
        return
    try:
        with _open(path) as file:
            yield from _conversations(path, file) if kind == ".jsonl" else _texts(path, file)
    except (OSError, EOFError, lzma.LZMAError, zlib.error) as error:
        raise UserError(
            "corpus-file", f"{path} cannot be read.", "Check that it is there and whole.", str(error)
        ) from error


def _kind(path: Path) -> str:
    if path.name.lower().endswith(PATTERNS):
        return PATTERNS
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in _PACKED:
        suffixes.pop()
    kind = suffixes[-1] if suffixes else ""
    return kind if kind in (*TEXT_SUFFIXES, ".jsonl") else ""


def _open(path: Path) -> IO[bytes]:
    match path.suffix.lower():
        case ".gz":
            return cast(IO[bytes], gzip.open(path, "rb"))
        case ".xz":
            return lzma.open(path, "rb")
    return path.open("rb")


def _texts(path: Path, file: IO[bytes]) -> Iterator[Document]:
    lines: list[bytes] = []
    for line in _lines(file):
        if b"\0" in line:
            raise UserError(
                "corpus-binary", f"{path.name} is not a text file: it holds zero bytes.", "Give plain text in UTF-8."
            )
        if line.strip() == END_OF_TEXT.encode():
            yield from _text(lines)
            lines = []
        else:
            lines.append(line)
    yield from _text(lines)


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    for number, line in enumerate(file):
        if number == 0:
            line = line.removeprefix(_BYTE_ORDER_MARK)
        yield line[:-2] + b"\n" if line.endswith(b"\r\n") else line


def _text(lines: list[bytes]) -> Iterator[Document]:
    text = clean_bytes(b"".join(lines)).strip()
    if text:
        yield Document(text=text)


def _conversations(path: Path, file: IO[bytes]) -> Iterator[Document]:
    for number, line in enumerate(_lines(file), start=1):
        if not line.strip():
            continue
        try:
            decoded = _line_decoder.decode(clean_bytes(line))
        except msgspec.MsgspecError as error:
            raise UserError(
                "corpus-line",
                f"Line {number} of {path.name} is no JSON object with a text or messages.",
                'Each line should look like {"text": "..."} or {"messages": [{"role": "user", "content": "..."}, ...]}.',
                str(error),
            ) from error
        if decoded.messages:
            yield Document(messages=decoded.messages)
        elif decoded.text and decoded.text.strip():
            yield Document(decoded.text.strip())
