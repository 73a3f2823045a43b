"""The Models page with the real worker that reads headers, and a file that ends the process that runs it."""

import hashlib
import json
import os
import signal
import struct

import msgspec
from pytestqt.qtbot import QtBot

from engine.library.changes import add
from engine.library.shelf import key_of
from tests.e2e.conftest import ENDLESS, StartProgram
from tests.helpers.small_models import aborting_gguf, small_llama_gguf


def test_a_model_that_aborts_three_times_is_flagged_and_nothing_is_lost(
    start_program: StartProgram, qtbot: QtBot, model_path, tmp_path
) -> None:
    program = start_program(model_path)
    bad = str(aborting_gguf(tmp_path / "aborts.gguf"))
    program.window.open_page("models")
    page = program.window.view("models").widget
    program.models.add([bad])
    qtbot.waitUntil(lambda: program.models.card is not None and program.models.shown_path == bad, timeout=20_000)
    assert page.card.overview.facts["Architecture"] == "llama" and page.card.warning.isHidden()
    chat = program.chat
    ends = []
    program.worker.crashed.connect(ends.append)
    page.card.chat.click()
    assert program.window.page == "chat"
    for tries in range(3):
        program.chat.link.load(bad)
        qtbot.waitUntil(lambda: program.worker.model is not None and program.worker.model.path == bad, timeout=20_000)
        chat.set_settings(ENDLESS)
        chat.send("é ü")
        qtbot.waitUntil(lambda: not chat._sending, timeout=20_000)
        chat.draft.set("and the owl")
        qtbot.waitUntil(lambda count=tries + 1: len(ends) >= count, timeout=20_000)
        qtbot.waitUntil(lambda: not chat.busy, timeout=20_000)
    assert all(end.signal_name == "SIGABRT" for end in ends)
    qtbot.waitUntil(lambda: bool((one := program.models.model(bad)) and one.flagged), timeout=20_000)
    assert program.window.isVisible() and chat.draft.text == "and the owl"
    assert any(choice.flagged and choice.path == bad for choice in chat.link.choices)
    # Another one works, and the conversation with it is whole.
    chat.link.load(str(model_path))
    qtbot.waitUntil(
        lambda: program.worker.model is not None and program.worker.model.path == str(model_path), timeout=30_000
    )
    assert [row.content for row in chat.tree.path() if row.role == "user"][:1] == ["é ü"]


def test_hostile_headers_cost_a_sentence_each(
    start_program: StartProgram, qtbot: QtBot, model_path, own_folders
) -> None:
    folder = own_folders / "models/x/y"
    folder.mkdir(parents=True)
    good = small_llama_gguf(folder / "good.gguf", context_length=128)
    data = good.read_bytes()
    key = b"tokenizer.ggml.tokens"
    long = b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, len(key)) + key + struct.pack("<IIQ", 9, 8, 1 << 63) + bytes(64)
    for name, content in (
        ("cut", data[: len(data) // 3]),
        ("empty", b""),
        ("zero", bytes(4096)),
        ("magic", b"PK\x03\x04" + data[4:]),
        ("long", long),
        ("short", data[:-500]),
        ("twice", data.replace(b"\x05\0\0\0\0\0\0\0<unk>", b"\x05\0\0\0\0\0\0\0<pad>")),
    ):
        (folder / f"{name}.gguf").write_bytes(content)
    program = start_program(model_path)
    program.window.open_page("models")
    qtbot.waitUntil(lambda: program.models.model(key_of(folder / "twice.gguf")) is not None, timeout=20_000)
    found = {model.name: model for model in program.models.models}
    for name in ("cut", "empty", "zero", "magic", "long", "short", "twice"):
        assert found[name].problem.startswith(f"{name}.gguf is damaged: "), found[name]
        assert all(choice.path != found[name].path for choice in program.chat.link.choices)
    assert not found["good"].problem


def test_the_process_that_reads_headers_may_die(
    start_program: StartProgram, qtbot: QtBot, model_path, own_folders
) -> None:
    path = own_folders / "models/x/y/good.gguf"
    path.parent.mkdir(parents=True)
    small_llama_gguf(path, context_length=128)
    program = start_program(model_path)
    program.window.open_page("models")
    qtbot.waitUntil(lambda: program.models.model(key_of(path)) is not None, timeout=20_000)
    os.kill(program.models.worker._supervisor.pid, signal.SIGKILL)
    program.models.show(key_of(path))
    qtbot.waitUntil(lambda: program.models.card is not None or program.models.card_problem is not None, timeout=20_000)
    program.models.show("")
    program.models.show(key_of(path))
    qtbot.waitUntil(lambda: program.models.card is not None, timeout=20_000)
    assert program.models.card is not None and program.models.card.layers == 2
    assert program.worker.model is not None, "the model that replies is another process's"
    program.models.compute_sums()
    qtbot.waitUntil(lambda: bool(program.models.sums), timeout=20_000)
    assert add(own_folders, path) == key_of(path)


def test_models_of_other_programs_are_chatted_with_where_they_lie(
    start_program: StartProgram, qtbot: QtBot, model_path, tmp_path, monkeypatch
) -> None:
    """An Ollama store, an LM Studio folder and a Hugging Face cache, as those programs lay them out."""
    home = tmp_path / "home"
    monkeypatch.setenv("HOME", str(home))
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "HF_HOME", "HF_HUB_CACHE", "OLLAMA_MODELS"):
        monkeypatch.delenv(name, raising=False)
    data = model_path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    layer = {"mediaType": "application/vnd.ollama.image.model", "digest": f"sha256:{digest}", "size": len(data)}
    cache = home / ".cache/huggingface/hub/models--x--Tern-GGUF"
    files = {
        home / f".ollama/models/blobs/sha256-{digest}": data,
        home / ".ollama/models/manifests/registry.ollama.ai/library/fox/1b": json.dumps({"layers": [layer]}).encode(),
        home / ".lmstudio/models/x/Owl-GGUF/Owl-Q8_0.gguf": data,
        cache / "blobs/0123": data,
    }
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (cache / "snapshots/9f").mkdir(parents=True)
    (cache / "snapshots/9f/Tern-Q8_0.gguf").symlink_to("../../blobs/0123")
    before = {path: path.lstat().st_mtime_ns for path in home.rglob("*")}
    program = start_program(model_path)
    program.window.open_page("models")
    page = program.window.view("models").widget
    dialog = page.import_models()
    dialog.act.click()
    qtbot.waitUntil(lambda: program.models.elsewhere is not None, timeout=20_000)
    assert [one.name for one in dialog.chosen] == ["Tern-Q8_0", "Owl-Q8_0", "fox:1b"]
    dialog.act.click()
    for name in ("fox:1b", "Tern-Q8_0", "Owl-Q8_0"):
        qtbot.waitUntil(lambda n=name: any(model.name == n for model in program.models.models), timeout=20_000)
        path = next(model.path for model in program.models.models if model.name == name)
        program.models.chat(path)
        qtbot.waitUntil(
            lambda p=path: program.worker.model is not None and program.worker.model.path == p, timeout=30_000
        )
        assert program.chat.link.model_name == name
        program.chat.set_settings(msgspec.structs.replace(ENDLESS, max_tokens=4))
        program.chat.send("Hello")
        qtbot.waitUntil(lambda: program.chat.busy, timeout=20_000)
        qtbot.waitUntil(lambda: not program.chat.busy, timeout=20_000)
        last = program.chat.tree.path()[-1]
        assert last.role == "assistant" and last.state == "complete" and last.content
    program.window.open_page("models")
    theirs = [model.path for model in program.models.models if model.program]
    qtbot.waitUntil(lambda: [program.weighing.fits.get(path) for path in theirs] == ["fits"] * 3, timeout=30_000)
    assert {path: path.lstat().st_mtime_ns for path in home.rglob("*")} == before
    copies = [path for path in program.models.folder.rglob("*") if path.is_file() and path.stat().st_size >= len(data)]
    assert not copies, "used where they lie"
