"""Files that the person asked for."""

import pytest

from app.storage.files import file_name, write_file
from engine.errors import UserError


def test_a_file_is_whole_or_not_there(tmp_path):
    write_file(tmp_path / "a.md", b"first")
    write_file(tmp_path / "a.md", b"second")
    assert (tmp_path / "a.md").read_bytes() == b"second"
    assert [file.name for file in tmp_path.iterdir()] == ["a.md"]


def test_what_cannot_be_written_is_one_sentence(tmp_path):
    with pytest.raises(UserError, match=r"a\.md cannot be written"):
        write_file(tmp_path / "no folder" / "a.md", b"x")


def test_a_title_becomes_a_name_that_every_system_takes():
    assert file_name('a/b\\c:"d"?', ".md") == "a b c d.md"
    assert file_name("...", ".json") == "conversation.json"
