"""Documents out of files and folders, each also packed as .gz or .xz: which reader takes which file."""

import gzip
import lzma
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from engine.corpus import html_text, json_lines, plain_text, tables
from engine.corpus.document import LONGEST, Document, pieces
from engine.corpus.patterns import conversations, read_patterns
from engine.errors import UserError

#: How the name of a file of patterns ends (engine.corpus.patterns).
PATTERNS = ".patterns.toml"
PARQUET = ".parquet"
_READERS = {
    **dict.fromkeys((".txt", ".md", ".text"), plain_text.texts),
    **dict.fromkeys((".fa", ".fasta", ".fna", ".ffn", ".faa", ".frn"), plain_text.sequences),
    **dict.fromkeys((".html", ".htm", ".xhtml"), lambda _path, file: html_text.page(file)),
    **dict.fromkeys((".csv", ".tsv"), tables.rows_of_csv),
    ".jsonl": json_lines.conversations,
}
_PACKED = (".gz", ".xz")
_KINDS = "Give .txt, .md, .html, .csv, .jsonl, .parquet or FASTA files, all but Parquet also as .gz or .xz."


def corpus_files(path: Path) -> list[Path]:
    """The files that can be read at path: itself, or all below it that are not hidden, sorted."""
    if not path.exists():
        raise UserError("file-not-found", f"There is no file or folder {path}.", "Check the path.")
    found = [path] if path.is_file() else [file for file in _below(path) if _kind(file)]
    if not found:
        raise UserError("corpus-empty", f"{path} holds no text that can be read.", _KINDS)
    return found


def documents_below(path: Path, unread: list[str]) -> Iterator[tuple[Path, Iterator[Document]]]:
    """Each file at path with its documents. A file that is named by itself is read as read_documents() does.

    Of a folder, the names of files that cannot be read, or not to their end, and of those of an unknown kind are added to unread,
    once each. Raises UserError for a folder in which nothing can be read.
    """
    files = corpus_files(path)
    if path.is_file():
        yield path, read_documents(path)
        return
    for file in _below(path):
        if not _kind(file):
            _note(file, path, unread)
    problems: list[UserError] = []
    for file in files:
        yield file, _as_far_as_it_goes(file, path, unread, problems)
    if len(problems) == len(files):
        raise problems[0]


def _below(folder: Path) -> list[Path]:
    shown = (path for path in folder.rglob("*") if not any(p.startswith(".") for p in path.relative_to(folder).parts))
    return sorted(path for path in shown if path.is_file())


def _as_far_as_it_goes(file: Path, folder: Path, unread: list[str], problems: list[UserError]) -> Iterator[Document]:
    found = False
    try:
        for document in read_documents(file):
            found = True
            yield document
    except UserError as error:
        _note(file, folder, unread)
        if not found:
            problems.append(error)


def _note(file: Path, folder: Path, unread: list[str]) -> None:
    name = file.relative_to(folder).as_posix()
    if name not in unread:
        unread.append(name)


def read_documents(path: Path, longest: int = LONGEST) -> Iterator[Document]:
    """The documents of one file, in order, not empty, with lines that end in a line feed alone.

    A text of more than longest characters comes in pieces. Raises UserError for a file that vanished, is binary, or has a broken
    line.
    """
    kind = _kind(path)
    if not kind:
        raise UserError("corpus-kind", f"{path.name} is no kind of text that can be read.", _KINDS)
    try:
        for document in _documents(path, kind):
            if len(document.text) <= longest:
                yield document
            else:
                yield from (Document(text) for piece in pieces(document.text, longest) if (text := piece.strip()))
    except (OSError, EOFError, lzma.LZMAError, zlib.error) as error:
        raise UserError(
            "corpus-file", f"{path} cannot be read.", "Check that it is there and whole.", str(error)
        ) from error


def _documents(path: Path, kind: str) -> Iterator[Document]:
    if kind == PATTERNS:
        yield from (Document(messages=messages) for messages in conversations(read_patterns(path)))
    elif kind == PARQUET:
        yield from tables.rows_of_parquet(path)
    else:
        with _open(path) as file:
            yield from _READERS[kind](path, file)


def _kind(path: Path) -> str:
    if path.name.lower().endswith(PATTERNS):
        return PATTERNS
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes[-1:] == [PARQUET]:
        return PARQUET
    if suffixes and suffixes[-1] in _PACKED:
        suffixes.pop()
    kind = suffixes[-1] if suffixes else ""
    return kind if kind in _READERS else ""


def _open(path: Path) -> IO[bytes]:
    match path.suffix.lower():
        case ".gz":
            return cast(IO[bytes], gzip.open(path, "rb"))
        case ".xz":
            return lzma.open(path, "rb")
    return path.open("rb")
