"""SHA-256 of models: right, computed once, and again when a file is another one."""

import hashlib
import os

import pytest

from engine.errors import Cancelled
from engine.library import checksums as module
from engine.library.checksums import checksums, known_checksums, remember


def digest(data):
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def parts(tmp_path):
    for number in (1, 2):
        (tmp_path / f"m-0000{number}-of-00002.gguf").write_bytes(b"part" * number)
    return tmp_path / "m-00001-of-00002.gguf"


@pytest.fixture
def read(monkeypatch):
    """The files that were read."""
    found, real = [], module._computed
    monkeypatch.setattr(module, "_computed", lambda file, *more: found.append(file.name) or real(file, *more))
    return found


def test_of_every_part_and_only_once(own_folders, parts, read):
    told = []
    sums = checksums(own_folders, parts, lambda done, total: told.append((done, total)))
    assert sums == (("m-00001-of-00002.gguf", digest(b"part")), ("m-00002-of-00002.gguf", digest(b"partpart")))
    assert told[-1] == (12, 12) and [done for done, _ in told] == sorted(done for done, _ in told)
    assert known_checksums(own_folders, parts) == checksums(own_folders, parts) == sums
    assert len(read) == 2


def test_another_file_under_the_same_name(own_folders, parts, read):
    before = checksums(own_folders, parts)
    time = parts.stat().st_mtime_ns
    parts.write_bytes(b"trap")  # as long as before
    os.utime(parts, ns=(time + 1, time + 1))
    assert known_checksums(own_folders, parts) == ()
    assert checksums(own_folders, parts)[0] == ("m-00001-of-00002.gguf", digest(b"trap")) != before[0]
    assert read == ["m-00001-of-00002.gguf", "m-00002-of-00002.gguf", "m-00001-of-00002.gguf"]


def test_what_was_verified_when_it_was_fetched_is_known(own_folders, parts, read):
    remember(own_folders, parts, digest(b"part").upper())
    assert known_checksums(own_folders, parts) == ()  # of one part alone
    remember(own_folders, parts.with_name("m-00002-of-00002.gguf"), digest(b"partpart"))
    assert known_checksums(own_folders, parts)[0][1] == digest(b"part") and not read


def test_stopped_in_the_middle_nothing_wrong_is_kept(own_folders, parts):
    with pytest.raises(Cancelled):
        checksums(own_folders, parts, cancelled=lambda: True)
    assert known_checksums(own_folders, parts) == ()


def test_a_damaged_file_of_sums_costs_only_time(own_folders, parts):
    (own_folders / "library-sums.json").write_bytes(b"{broken")
    assert checksums(own_folders, parts)[0][1] == digest(b"part")
    assert known_checksums(own_folders, parts)
