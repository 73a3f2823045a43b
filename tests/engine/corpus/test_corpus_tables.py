"""Tables: the columns with words, a document a row."""

import csv
import io
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.corpus.readers import read_documents
from engine.corpus.tables import text_columns
from engine.errors import UserError


def texts(folder, data, name="a.csv"):
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return [document.text for document in read_documents(path)]


def test_worked_by_hand(tmp_path):
    data = (
        "id,title,date,stars,review,link\n"
        '1,Fox,2024-05-01T10:00,4.5,"A fine, small\nbook",https://example.org/a\n'
        "2,Owl,2024-05-02T11:00,3,,https://example.org/b\n"
        '3,,2024-05-02,1,"He said ""no""",\n'
        "4\n"
    )
    assert texts(tmp_path, data) == ["Fox\nA fine, small\nbook", "Owl", 'He said "no"']


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators(tmp_path, separator):
    table = "\ufeffn|text|more\r\n1|olá, você|x; y\r\n".replace("|", separator)
    if separator == ",":
        table = table.replace("olá, você", '"olá, você"')
    elif separator == ";":
        table = table.replace("x; y", '"x; y"')
    assert texts(tmp_path, table, "a.tsv" if separator == "\t" else "a.csv") == ["olá, você\nx; y"]


CELL = st.text(st.characters(exclude_characters="\0\r", exclude_categories=["Cs"]), max_size=20)


@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=20))
def test_every_row_once(tmp_path_factory, table):
    """With a word in each cell, whatever else there is."""
    table = [(f"word {a}", f"word {b}") for a, b in table]
    file = io.StringIO()
    csv.writer(file).writerows([("first", "second"), *table])
    found = texts(tmp_path_factory.mktemp("csv"), file.getvalue())
    assert found == [f"{a.strip()}\n{b.strip()}" for a, b in table]


def test_columns_without_words():
    table = [
        ["12", "yes", "3f2504e0-4f89-11d3-9a0c-0305e82c3301", "true", "1,5 kg", ""],
        ["7", "", "deadbeefdeadbeef", "False", "2 kg", ""],
    ]
    assert text_columns(table) == [1, 4]
    assert text_columns([["1"], ["a"]]) == [], "half is not most"
    assert text_columns([]) == []


def test_binary_and_endless_cells(tmp_path):
    with pytest.raises(UserError, match=r"a\.csv is not a text file"):
        texts(tmp_path, b"a,b\n\0,c\n")
    with pytest.raises(UserError, match=r"a\.csv is no table"):
        texts(tmp_path, 'a,b\n"' + "x\n" * (1 << 22))


def test_a_table_of_names_alone(tmp_path):
    assert texts(tmp_path, "a,b\n") == []
    assert texts(tmp_path, "") == []


@pytest.mark.parametrize("packaged", [False, True])
def test_parquet_without_its_package(tmp_path, monkeypatch, packaged):
    """The built program can be given no package, so it does not ask for one."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setattr(sys, "frozen", packaged, raising=False)
    with pytest.raises(UserError, match=r"a\.parquet is a Parquet file, .* package pyarrow") as caught:
        texts(tmp_path, b"PAR1", "a.parquet")
    assert ("pip install pyarrow" in caught.value.hint) is not packaged and "as CSV" in caught.value.hint


def test_parquet(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    pytest.importorskip("pyarrow.parquet")
    table = pyarrow.table({"n": [1, 2], "text": ["a fox", None], "more": ["an owl", "olá"], "tags": [["a"], []]})
    pyarrow.parquet.write_table(table, tmp_path / "b.parquet")
    assert [document.text for document in read_documents(tmp_path / "b.parquet")] == ["a fox\nan owl", "olá"]
    with pytest.raises(UserError, match=r"a\.parquet cannot be read as Parquet"):
        texts(tmp_path, b"PAR1 and no more", "a.parquet")
