"""What is done with the library: kept whatever happens to its file, and never a file touched that is not ours."""

import json
import multiprocessing
import tempfile
import time
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.decoder.checkpoint import save_decoder
from engine.errors import UserError
from engine.library.catalogue import library
from engine.library.changes import KEPT_DAYS, add, delete, empty, note, remove, restore
from engine.library.shelf import Entry, changing_shelf, read_shelf
from tests.helpers.fake_runs import write_run
from tests.helpers.library_files import header_only
from tests.helpers.small_models import small_decoder


def names(folder):
    return {model.name for model in library(folder) if model.origin != "bundled"}


def test_added_favoured_used_removed(tmp_path):
    path = header_only(tmp_path / "owl.gguf")
    key = add(tmp_path, path)
    note(tmp_path, key, "favourite")
    note(tmp_path, key, "used")
    (model,) = (one for one in library(tmp_path) if one.path == key)
    assert model.favourite and model.used >= model.added > 0
    remove(tmp_path, key)
    assert names(tmp_path) == set() and path.exists()
    add(tmp_path, path)
    (model,) = (one for one in library(tmp_path) if one.path == key)
    assert model.favourite, "what was known of it comes back with it"


def test_a_model_that_was_used_is_in_the_library(tmp_path):
    path = header_only(tmp_path / "elsewhere/owl.gguf")
    note(tmp_path, str(path), "used")
    assert names(tmp_path) == {"owl"}


def test_three_ends_of_its_process_flag_a_model(tmp_path):
    key = add(tmp_path, header_only(tmp_path / "owl.gguf"))
    flagged = []
    for _ in range(3):
        note(tmp_path, key, "failed")
        flagged += [one.flagged for one in library(tmp_path) if one.path == key]
    assert flagged == [False, False, True]
    note(tmp_path, key, "worked")
    assert not any(one.flagged for one in library(tmp_path))


def test_a_run_from_elsewhere_is_added_by_its_newest_checkpoint(tmp_path):
    run = tmp_path / "elsewhere/fox"
    save_decoder(small_decoder(), run / "checkpoint-0000010")
    (run / "latest").write_text("checkpoint-0000010")
    key = add(tmp_path, run)
    (fox,) = (one for one in library(tmp_path) if one.path == key)
    assert (fox.name, fox.origin, fox.problem) == ("fox", "file", "") and fox.parameters > 1000


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.gguf", b"", "model-broken"),
        ("a.pth", b"\x80\x02", "pickle-refused"),
        ("a.safetensors", b"x", "file-of-folder"),
    ],
)
def test_what_is_no_model_is_not_added(tmp_path, name, data, code):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(UserError) as caught:
        add(tmp_path, tmp_path / name)
    assert caught.value.code == code and names(tmp_path) == set()
    (tmp_path / "folder").mkdir()
    with pytest.raises(UserError, match="holds no model"):
        add(tmp_path, tmp_path / "folder")


def test_ours_is_deleted_with_a_way_back(tmp_path):
    parts = [header_only(tmp_path / f"models/a/b/Big-0000{number}-of-00002.gguf") for number in (1, 2)]
    run = write_run(tmp_path / "runs")
    aside = delete(tmp_path, str(parts[0]))
    assert names(tmp_path) == {"Machado"} and not any(part.exists() for part in parts)
    gone = delete(tmp_path, str(run))
    assert names(tmp_path) == set()
    restore(gone, str(run))
    restore(aside, str(parts[0]))
    assert names(tmp_path) == {"Machado", "Big"} and all(part.exists() for part in parts)
    aside = delete(tmp_path, str(parts[0]))
    header_only(parts[0])
    with pytest.raises(UserError, match="another Big-00001-of-00002"):
        restore(aside, str(parts[0]))
    empty(tmp_path)
    assert aside.exists()
    empty(tmp_path, time.time() + (KEPT_DAYS + 0.1) * 86400)
    assert not aside.exists() and names(tmp_path) == {"Big", "Machado"}


def test_what_is_not_ours_is_never_deleted(tmp_path):
    path = header_only(tmp_path / "downloads/owl.gguf")
    link = tmp_path / "models/link.gguf"
    link.parent.mkdir()
    link.symlink_to(path)
    for one in (path, link, tmp_path / "models"):
        with pytest.raises(UserError, match="not Próxima's"):
            delete(tmp_path, str(one))
    assert path.exists() and link.is_symlink()


def test_a_damaged_file_is_kept_and_a_newer_one_refused(tmp_path):
    key = add(tmp_path, header_only(tmp_path / "owl.gguf"))
    file = tmp_path / "library.json"
    assert json.loads(file.read_text())["models"][key]["added"] > 0
    newer = b'{"version": 2, "models": {"x": {"colour": "blue"}}}'
    file.write_bytes(newer)
    with pytest.raises(UserError, match="newer version"):
        note(tmp_path, key, "used")
    assert file.read_bytes() == newer
    file.write_bytes(b'{"version": 1, "models": ')
    assert read_shelf(tmp_path).models == {}
    assert [one.read_bytes() for one in tmp_path.glob("library.damaged-*.json")] == [b'{"version": 1, "models": ']


@given(st.binary(max_size=200) | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(msgspec.json.encode))
def test_whatever_stands_in_the_file_it_is_read_or_set_aside(data):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "library.json"
        file.write_bytes(data)
        assert read_shelf(Path(folder)).models == {}
        kept = [one.read_bytes() for one in Path(folder).iterdir()]
        assert kept == [data], "nothing of the person's is thrown away"


def test_an_error_on_the_way_changes_nothing(tmp_path):
    with changing_shelf(tmp_path) as shelf:
        shelf.models["/a"] = Entry(used=3.0)
    with pytest.raises(RuntimeError), changing_shelf(tmp_path) as shelf:
        shelf.models.clear()
        raise RuntimeError
    assert read_shelf(tmp_path).models == {"/a": Entry(used=3.0)}


def _count_up(folder, times):
    for _ in range(times):
        note(folder, "/a", "failed")


def test_processes_that_write_at_once_lose_nothing(tmp_path):
    context = multiprocessing.get_context("spawn")
    others = [context.Process(target=_count_up, args=(tmp_path, 20)) for _ in range(2)]
    for one in others:
        one.start()
    _count_up(tmp_path, 20)
    for one in others:
        one.join(60)
    assert read_shelf(tmp_path).models["/a"].failures == 60
