"""What is said where there is no room, in units that fit the sizes."""

import shutil

import pytest

from engine.errors import UserError
from engine.hub.room import check_room


def test_small_sizes_are_not_told_as_nothing(tmp_path, monkeypatch):
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=20_000_000))
    with pytest.raises(UserError) as caught:
        check_room(tmp_path, 9_000_000)
    assert caught.value.text == "9 MB are still to come, and 200 MB are to stay free; the disk has 20 MB free."


def test_other_downloads_are_named(tmp_path, monkeypatch):
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=4_000_000_000))
    with pytest.raises(
        UserError, match=r"^1\.50 GB are still to come, 2\.40 GB of other downloads with them"
    ) as caught:
        check_room(tmp_path, 1_500_000_000, 2_400_000_000)
    assert "200 MB are to stay free; the disk has 4.00 GB free." in caught.value.text
    check_room(tmp_path, 1_500_000_000, 2_300_000_000)
