"""What is kept of a model survives, is one model's, and never stands in the way."""

from pathlib import Path

import pytest

from engine.errors import UserError
from engine.library import kept
from engine.library.kept import Measurement, keep_measurement, keep_settings, kept_settings, measurement, measurements
from engine.records.loading import AUTO, LoadSettings
from engine.resources import data_folder

PATH = Path("/models/a.gguf")


def measured(path=PATH, machine=None):
    return Measurement(str(path), "A", machine or kept.machine_name(), "llama", "Q8_0", 10, AUTO, 100, 110)


def test_settings_of_each_model():
    keep_settings(PATH, LoadSettings(4096, cache_type="q8_0"))
    assert kept_settings(PATH) == LoadSettings(4096, cache_type="q8_0")
    assert kept_settings(Path("/models/b.gguf")) == AUTO
    keep_settings(PATH, AUTO)
    assert kept_settings(PATH) == AUTO and not list((data_folder() / "loading").rglob("*.json"))


def test_another_way_to_the_same_file_is_the_same_model(tmp_path):
    keep_settings(tmp_path / "x" / ".." / "m.gguf", LoadSettings(512))
    assert kept_settings(tmp_path / "m.gguf") == LoadSettings(512)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"cache_type": "q99"}', b'{"threads": "many"}', b"x" * 100_000]
)
def test_a_damaged_file_is_auto(content):
    keep_settings(PATH, LoadSettings(512))
    next((data_folder() / "loading").rglob("*.json")).write_bytes(content)
    assert kept_settings(PATH) == AUTO


def test_measurements_are_this_machines():
    assert measurement(PATH) is None
    keep_measurement(measured())
    keep_measurement(measured(Path("/models/b.gguf"), machine="another one"))
    assert measurement(PATH) == measured() and measurements() == [measured()]
    assert measurement(Path("/models/b.gguf")) is None


def test_a_folder_that_cannot_be_written():
    data_folder().mkdir(parents=True, exist_ok=True)
    (data_folder() / "loading").write_text("in the way")
    with pytest.raises(UserError, match="could not be kept"):
        keep_settings(PATH, LoadSettings(512))
    assert kept_settings(PATH) == AUTO and measurements() == []
