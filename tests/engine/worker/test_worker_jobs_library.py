"""Jobs about the library, as the window asks for them."""

import hashlib
import os
from pathlib import Path

import pytest

from engine.errors import Cancelled, UserError
from engine.worker.jobs import run
from engine.worker.library_messages import (
    AddModels,
    ChangeModel,
    FoundElsewhere,
    HashModel,
    ListModels,
    LookElsewhere,
    ModelHashed,
    ModelRead,
    ModelsListed,
    ReadModel,
)
from engine.worker.protocol import Done, Progress, decode_event, decode_request, encode_frame
from engine.worker.reporter import Reporter
from engine.worker.session import Session
from tests.helpers.library_files import header_only


def ask(request, cancelled=lambda: False):
    sent = []
    request = decode_request(encode_frame(request)[4:])
    done = run(Session(), request, Reporter(request.job, sent.append, cancelled))
    assert isinstance(done, Done) and done.job == request.job
    return [decode_event(encode_frame(event)[4:]) for event in sent]


def names(events):
    (listed,) = [event for event in events if isinstance(event, ModelsListed)]
    return {model.name for model in listed.models if model.origin != "bundled"}


def test_added_refused_deleted_and_back(tmp_path):
    folder = str(tmp_path)
    good, bad = header_only(tmp_path / "owl.gguf"), tmp_path / "bad.gguf"
    bad.write_bytes(b"nothing")
    (listed,) = ask(AddModels(1, folder, ((str(good), "", ""), (str(bad), "", ""))))
    assert names([listed]) == {"owl"} and listed.added == (str(good),)
    ((path, reason),) = listed.refused
    assert path == str(bad) and reason.startswith("bad.gguf is damaged")
    assert names(ask(ChangeModel(2, folder, str(good), "remove"))) == set()
    assert names(ask(ChangeModel(3, folder, str(good), "undo"))) == {"owl"}
    own = header_only(tmp_path / "models/a/b/fox.gguf")
    assert names(ask(ListModels(4, folder))) == {"owl", "fox"}
    (gone,) = ask(ChangeModel(5, folder, str(own), "delete"))
    assert names([gone]) == {"owl"} and not own.exists() and Path(gone.aside).is_dir()
    assert names(ask(ChangeModel(6, folder, str(own), "undo", gone.aside))) == {"owl", "fox"} and own.exists()
    (gone,) = ask(ChangeModel(7, folder, str(own), "delete"))
    assert names(ask(ListModels(8, folder, empty=True))) == {"owl"} and Path(gone.aside).exists()
    os.utime(gone.aside, (0, 0))
    assert names(ask(ListModels(9, folder, empty=True))) == {"owl"} and not Path(gone.aside).exists()


def test_a_folder_stands_for_the_models_in_it(tmp_path):
    shelf = tmp_path / "shelf"
    owl, fox = header_only(shelf / "owl.gguf"), header_only(shelf / "a/b/fox.gguf")
    header_only(shelf / "a/b/c/d/e/too-deep.gguf")
    (shelf / "a/bad.gguf").write_bytes(b"nothing")
    (listed,) = ask(AddModels(1, str(tmp_path), ((str(shelf), "", ""),)))
    assert set(listed.added) == {str(owl), str(fox)} and [path for path, _ in listed.refused] == [
        str(shelf / "a/bad.gguf")
    ]
    empty = tmp_path / "empty"
    empty.mkdir()
    (listed,) = ask(AddModels(2, str(tmp_path), ((str(empty), "", ""),)))
    assert listed.refused == ((str(empty), f"{empty} holds no model."),)


def test_a_card_is_read(tmp_path):
    path = header_only(tmp_path / "owl.gguf")
    (read,) = ask(ReadModel(1, str(tmp_path), str(path)))
    assert isinstance(read, ModelRead) and read.card.layers == 2
    with pytest.raises(UserError, match="There is no file"):
        ask(ReadModel(2, str(tmp_path), str(tmp_path / "none.gguf")))


def test_sums_of_all_parts_with_progress_and_a_stop(tmp_path):
    parts = [tmp_path / f"Big-0000{number}-of-00002.gguf" for number in (1, 2)]
    for number, part in enumerate(parts):
        part.write_bytes(bytes([number]) * 5_000_000)
    events = ask(HashModel(1, str(parts[0])))
    assert isinstance(events[-1], ModelHashed)
    assert events[-1].sums == tuple((part.name, hashlib.sha256(part.read_bytes()).hexdigest()) for part in parts)
    steps = [event.done for event in events if isinstance(event, Progress)]
    assert steps == sorted(steps) and steps[-1] == 1000
    assert ask(HashModel(2, str(parts[0])))[-1].sums == events[-1].sums
    parts[0].write_bytes(b"another")
    with pytest.raises(Cancelled):
        ask(HashModel(3, str(parts[0])), lambda: True)


def test_what_others_have_is_found_and_known_once_it_was_added(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "HF_HOME", "HF_HUB_CACHE", "OLLAMA_MODELS"):
        monkeypatch.delenv(name, raising=False)
    path = header_only(tmp_path / "home/.lmstudio/models/x/Fox-GGUF/Fox-Q4_0.gguf")
    folder = str(tmp_path / "data")
    (found,) = ask(LookElsewhere(1, folder))
    assert isinstance(found, FoundElsewhere)
    (fox,) = (one for one in found.found if one.program == "LM Studio")
    assert (fox.path, fox.name, fox.size_bytes, fox.known) == (str(path), "Fox-Q4_0", path.stat().st_size, False)
    ask(AddModels(2, folder, ((fox.path, fox.program, fox.name),)))
    (found,) = ask(LookElsewhere(3, folder))
    assert [one.known for one in found.found if one.program == "LM Studio"] == [True]
