"""The settings file: what is written comes back, what is broken is kept and said."""

import json
from pathlib import Path

import pytest

from app.settings import file, schema
from app.settings.file import load, save
from app.settings.schema import Settings, fields
from app.settings.store import SettingsStore
from engine.errors import UserError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.json"


def test_a_missing_file_gives_the_defaults(path: Path) -> None:
    assert load(path).settings == Settings()
    assert load(path).kept is None


def test_what_is_set_comes_back(path: Path) -> None:
    store = SettingsStore(path)
    seen = []
    store.changed.connect(seen.append)
    store.set(theme="dark", text_size=120, gpu_layers=-1)
    assert seen == [store.value]
    again = SettingsStore(path)
    assert again.value == store.value
    assert again.value.theme == "dark"


def test_an_unchanged_value_is_no_change(path: Path) -> None:
    store = SettingsStore(path)
    seen = []
    store.changed.connect(seen.append)
    store.set(theme=store.value.theme)
    assert seen == []
    assert not path.exists()


@pytest.mark.parametrize(
    "changes", [{"text_size": 79}, {"text_size": 161}, {"theme": "pink"}, {"threads": "two"}, {"unheard_of": 1}]
)
def test_a_value_out_of_range_is_refused(path: Path, changes: dict[str, object]) -> None:
    store = SettingsStore(path)
    with pytest.raises(UserError) as caught:
        store.set(**changes)
    assert caught.value.code == "invalid-setting"
    assert store.value == Settings()
    assert not path.exists()


@pytest.mark.parametrize("content", ["", "{", "[1]", '{"theme": "dark"}', "\x00\xff"])
def test_a_broken_file_is_kept_beside(path: Path, content: str) -> None:
    path.write_text(content, encoding="utf-8")
    loaded = load(path)
    assert loaded.settings == Settings()
    assert loaded.kept is not None
    assert loaded.kept.read_text(encoding="utf-8") == content


def test_one_wrong_value_costs_only_itself(path: Path) -> None:
    path.write_text(json.dumps({"version": 1, "theme": "dark", "text_size": 4000}), encoding="utf-8")
    loaded = load(path)
    assert loaded.settings == Settings(theme="dark")
    assert loaded.rejected == ("text_size",)
    assert loaded.kept is not None


def test_a_newer_file_is_read_as_far_as_it_is_understood(path: Path) -> None:
    path.write_text(json.dumps({"version": 99, "theme": "dark", "smell": "roses"}), encoding="utf-8")
    loaded = load(path)
    assert loaded.settings.theme == "dark"
    assert loaded.kept is not None
    assert "roses" in loaded.kept.read_text(encoding="utf-8")


def test_migrations_run_in_order(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file, "VERSION", 3)
    monkeypatch.setattr(
        file,
        "MIGRATIONS",
        {
            1: lambda raw: {**raw, "theme": raw.pop("colours")},
            2: lambda raw: {**raw, "text_size": raw["text_size"] * 2},
        },
    )
    path.write_text(json.dumps({"version": 1, "colours": "light", "text_size": 50}), encoding="utf-8")
    assert load(path).settings == Settings(theme="light", text_size=100)


def test_a_disk_that_cannot_be_written_is_said(path: Path) -> None:
    store = SettingsStore(path / "file" / "settings.json")
    path.write_text("in the way", encoding="utf-8")
    with pytest.raises(UserError) as caught:
        store.set(theme="dark")
    assert caught.value.code == "settings-not-saved"
    assert store.value.theme == "system"


def test_every_field_says_what_it_is() -> None:
    for field in fields():
        assert field.title
        assert field.sentence.endswith(".")
        assert field.group in schema.GROUPS
        assert field.type != "number" or field.minimum <= field.default <= field.maximum
        assert field.type != "choice" or field.default in dict(field.choices)


def test_saving_leaves_no_scraps(path: Path) -> None:
    save(path, Settings())
    assert [p.name for p in path.parent.iterdir()] == ["settings.json"]
