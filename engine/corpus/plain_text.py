"""Documents of plain text and of FASTA files, a line at a time."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from engine.corpus.document import LONGEST, Document
from engine.errors import UserError
from engine.tokenizer.special import END_OF_TEXT
from engine.tokenizer.text import clean


def lines(path: Path, file: IO[bytes], longest: int = LONGEST) -> Iterator[str]:
    """Lines of a file in UTF-8, each ending in a line feed alone; what is longer than longest characters comes in parts.

    A byte order mark is left out, and bytes that are no UTF-8 become U+FFFD. Raises UserError for a file that is no text.
    """
    text = io.TextIOWrapper(file, "utf-8-sig", errors="replace")
    while line := text.readline(longest):
        if "\0" in line:
            raise UserError(
                "corpus-binary", f"{path.name} is not a text file: it holds zero bytes.", "Give plain text in UTF-8."
            )
        yield line


def texts(path: Path, file: IO[bytes], longest: int = LONGEST) -> Iterator[Document]:
    """A line ``<|endoftext|>`` ends a document."""
    held: list[str] = []
    size = 0
    for line in lines(path, file, longest):
        border = line.strip() == END_OF_TEXT
        if border or size + len(line) > longest:
            yield from _document("".join(held))
            held, size = [], 0
        if not border:
            held.append(line)
            size += len(line)
    yield from _document("".join(held))


def sequences(path: Path, file: IO[bytes], longest: int = LONGEST) -> Iterator[Document]:
    """Records of FASTA: a line ``>name`` starts one and is left out; the letters of the others, in capitals, are joined."""
    held: list[str] = []
    size = 0
    for line in lines(path, file, longest):
        border = line.startswith((">", ";"))
        letters = "" if border else "".join(line.split()).upper()
        if border or size + len(letters) > longest:
            yield from _document("".join(held))
            held, size = [], 0
        held.append(letters)
        size += len(letters)
    yield from _document("".join(held))


def _document(text: str) -> Iterator[Document]:
    text = clean(text).strip()
    if text:
        yield Document(text)
