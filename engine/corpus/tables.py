"""Documents out of rows: CSV and TSV by the standard library, Parquet where pyarrow is installed."""

import csv
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from engine.corpus.document import LONGEST, Document
from engine.corpus.plain_text import lines
from engine.errors import UserError
from engine.resources import is_packaged
from engine.tokenizer.text import clean

#: Rows that are looked at to tell texts from numbers.
_LOOKED_AT = 200
_LETTER = re.compile(r"[^\W\d_]")
#: Values that have letters and say nothing: hexadecimal and UUIDs, dates with a T, addresses.
_NO_TEXT = re.compile(
    r"(?:[0-9a-fA-F-]{16,}|\d{4}-\d\d-\d\d[T ].*|https?://\S+|true|false|nan|null|none)", re.IGNORECASE
)


def rows_of_csv(path: Path, file: IO[bytes]) -> Iterator[Document]:
    """Each row below the first, which names the columns, is a document: its text columns, one a line.

    The separator is the one of comma, semicolon and tab that the first line has most of. Raises UserError for what is no table.
    """
    read = lines(path, file)
    first = next(read, "")
    separator = max(",;\t", key=first.count)
    csv.field_size_limit(LONGEST)
    try:
        table = csv.reader(itertools.chain([first], read), delimiter=separator)
        next(table, None)
        yield from rows(table)
    except csv.Error as error:
        raise UserError(
            "corpus-table", f"{path.name} is no table that can be read.", "Save it again as CSV in UTF-8.", str(error)
        ) from error


def rows(table: Iterable[Sequence[str]]) -> Iterator[Document]:
    """A document for each row that has something in the text columns, which its first rows tell."""
    table = iter(table)
    first = list(itertools.islice(table, _LOOKED_AT))
    columns = text_columns(first)
    for row in itertools.chain(first, table):
        values = (clean(row[column]).strip() for column in columns if column < len(row))
        text = "\n".join(value for value in values if value)
        if text:
            yield Document(text)


def text_columns(table: Sequence[Sequence[str]]) -> list[int]:
    """The columns in which most of what is not empty are words, not numbers, dates, keys or addresses."""
    found = []
    for column in range(max(map(len, table), default=0)):
        values = [value for row in table if column < len(row) and (value := row[column].strip())]
        words = sum(bool(_LETTER.search(value)) and not _NO_TEXT.fullmatch(value) for value in values)
        if 2 * words > len(values):
            found.append(column)
    return found


def rows_of_parquet(path: Path) -> Iterator[Document]:
    """The same for the columns of strings in a Parquet file. Raises UserError where pyarrow is not installed."""
    try:
        import pyarrow.parquet as parquet
        from pyarrow import ArrowException, types
    except ImportError:
        raise UserError(
            "corpus-parquet",
            f"{path.name} is a Parquet file, which needs the package pyarrow to be read.",
            "Save the file as CSV or JSON lines."
            if is_packaged()
            else "Install it with `pip install pyarrow` (the extra parquet), or save the file as CSV or JSON lines.",
        ) from None
    try:
        with parquet.ParquetFile(path) as file:
            schema = file.schema_arrow
            names = [field.name for field in schema if types.is_string(field.type) or types.is_large_string(field.type)]
            yield from rows(_strings(file.iter_batches(1024, columns=names)))
    except ArrowException as error:
        raise UserError(
            "corpus-table", f"{path.name} cannot be read as Parquet.", "Fetch the file again.", str(error)
        ) from error


def _strings(batches: Iterable[Any]) -> Iterator[list[str]]:
    for batch in batches:
        columns = [column.to_pylist() for column in batch.columns]
        for row in zip(*columns, strict=True):
            yield [value or "" for value in row]
