"""The Models page in the real window, over files that were written by hand; the library's jobs run without a process."""

import json
import os
import time
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QComboBox, QFileDialog, QLineEdit, QPushButton
from safetensors.numpy import save_file

from app.chat.model_picker import ModelPicker
from app.models.texts import origin_text, used_text
from app.widgets.list_delegate import Role
from engine.library.changes import add, delete, note
from engine.library.shelf import key_of
from engine.records.loading import MachineMemory
from engine.worker.jobs import weighing
from engine.worker.library_messages import HashModel, LookElsewhere
from engine.worker.loading_messages import WeighModels
from engine.worker.protocol import Failed
from tests.helpers.fake_runs import write_run
from tests.helpers.library_files import adapter, header_only, tokens_of
from tests.helpers.small_models import small_llama_gguf


@pytest.fixture
def opened(qtbot, start_program):
    """The page of a program, with its list read."""

    def open_page(**settings):
        program = start_program(wait_for_model=False, **settings)
        program.window.open_page("models")
        page = program.window.view("models").widget
        qtbot.waitUntil(
            lambda: program.models.known and page.list.first and not program.models.worker._waiting, timeout=15_000
        )
        return program, program.window.view("models").widget

    return open_page


def titles(page):
    return [title for title, _ in page.list.rows.rows]


def show(qtbot, program, path):
    program.models.show(key_of(path))
    qtbot.waitUntil(lambda: program.models.card is not None)


def test_found_sorted_searched_and_favoured(qtbot, opened, own_folders):
    header_only(own_folders / "models/a/b/Fox-Q8_0.gguf", width=64)
    header_only(own_folders / "models/a/b/Owl-Q4_0.gguf")
    program, page = opened()
    page.list.sort.setCurrentIndex(page.list.sort.findData("name"))
    named = [title for title in titles(page) if title != "Built-in model"]
    assert named == ["Fox-Q8_0", "Owl-Q4_0"]
    owl = key_of(own_folders / "models/a/b/Owl-Q4_0.gguf")
    program.models.set_favourite(owl, True)
    qtbot.waitUntil(lambda: titles(page)[0] == "★ Owl-Q4_0")
    page.list.sort.setCurrentIndex(page.list.sort.findData("size_bytes"))
    assert titles(page)[0] == "★ Owl-Q4_0" and titles(page).index("Fox-Q8_0") == len(titles(page)) - 1
    qtbot.keyClicks(page.list.search, "fox q8")
    assert titles(page) == ["Fox-Q8_0"]
    qtbot.keyClicks(page.list.search, "x")
    assert page.list.empty.isVisible() and "fox q8x" in page.list.empty.text()


def test_who_has_only_the_built_in_model_is_led_to_others(qtbot, opened, own_folders, tmp_path):
    program, page = opened()
    program.models.models = tuple(one for one in program.models.models if one.origin == "bundled")
    program.models.listed.emit()
    assert page.list.more.isVisible()
    find, others = page.list.more.findChildren(QPushButton)
    assert "other programs" in others.text()
    qtbot.mouseClick(find, Qt.MouseButton.LeftButton)
    assert page.sections.currentIndex() == 1
    program.models.add([str(header_only(tmp_path / "owl.gguf"))])
    qtbot.waitUntil(lambda: "owl" in titles(page))
    assert page.list.more.isHidden()


def test_a_card_says_what_the_header_says(qtbot, opened, own_folders):
    path = own_folders / "models/a/b/small.gguf"
    path.parent.mkdir(parents=True)
    small_llama_gguf(path, "llama-gqa-scaled", "q8_0")
    adapter(own_folders / "models/pirate.gguf")
    program, page = opened()
    show(qtbot, program, path)
    facts = page.card.overview.facts
    assert facts["Architecture"] == "llama" and facts["Attention heads"] == "4, of keys and values 2"
    assert facts["Context length"] == "512 tokens" and facts["Source"].replace("\u200b", "").endswith(
        "huggingface.co/a/b"
    )
    assert [one.type for one in page.card.overview.types.types] == ["Q8_0", "F32"]
    qtbot.keyClicks(page.card.metadata.search, "block_count")
    assert page.card.metadata.rows.shown == (("llama.block_count", "2"),)
    assert page.card.tensors.rows.total == sum(one.tensors for one in page.card.overview.types.types)
    assert "{{" in page.card.template.text.toPlainText() or "{%" in page.card.template.text.toPlainText()
    assert page.card.template.changed.isHidden()


def test_an_adapter_is_put_beside_its_model_in_the_chat(qtbot, opened, own_folders):
    path = own_folders / "models/a/b/small.gguf"
    path.parent.mkdir(parents=True)
    small_llama_gguf(path)
    pirate = adapter(own_folders / "models/a/b/pirate.gguf")
    program, page = opened()
    show(qtbot, program, path)
    attached = page.card.overview.attached
    (text,) = attached.texts
    assert text.startswith("Adapter: Pirate · ") and attached.isVisible()
    (button,) = attached.findChildren(QPushButton)
    asked = []
    program.models.beside_wanted.disconnect()
    program.models.beside_wanted.connect(lambda *given: asked.append(given))
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert asked == [(key_of(pirate), key_of(path))]
    program.models.show(next(one.path for one in program.models.models if one.origin == "bundled"))
    assert not attached.isVisible()


def test_earlier_checkpoints_of_a_run_are_chatted_with(qtbot, opened, own_folders):
    run = write_run(own_folders / "runs")
    weights = {"w": np.zeros((4, 8), np.float32)}
    for step in (20, 60):
        (run / f"checkpoint-{step:07d}").mkdir(exist_ok=True)
        save_file(weights, run / f"checkpoint-{step:07d}/model.safetensors")
    program, page = opened()
    show(qtbot, program, run)
    overview, wanted = page.card.overview, []
    assert (page.card.title.text(), overview.facts["From"]) == ("Machado", "Trained here")
    assert [overview.checkpoints.itemText(n) for n in range(2)] == ["checkpoint-0000060", "checkpoint-0000020"]
    program.models.chat_wanted.disconnect()
    program.models.chat_wanted.connect(wanted.append)
    overview.checkpoints.setCurrentIndex(1)
    overview.open_checkpoint.click()
    assert wanted == [str(run / "checkpoint-0000020")]


def test_rows_are_copied(qtbot, opened, own_folders):
    path = tokens_of(own_folders / "models/a/b/fox.gguf", "{{ x }}")
    program, page = opened()
    show(qtbot, program, path)
    page.card.tabs.setCurrentWidget(page.card.metadata)
    qtbot.keyClicks(page.card.metadata.search, "license")
    page.card.metadata.table.selectRow(0)
    qtbot.keyClick(page.card.metadata.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "general.license\tmit"
    whole, value = page.card.metadata.table.actions()
    value.trigger()
    assert QGuiApplication.clipboard().text() == "mit"
    whole.trigger()
    assert QGuiApplication.clipboard().text() == "general.license\tmit"


def test_a_changed_template_is_said_until_it_was_read(qtbot, opened, own_folders):
    path = tokens_of(own_folders / "models/a/b/fox.gguf", "{{ one }}")
    note(own_folders, key_of(path), "template")
    tokens_of(path, "{{ another }}")
    program, page = opened()
    assert page.list.rows.rows[-1][1].startswith("⚠ its chat template changed · ")
    show(qtbot, program, path)
    pane = page.card.template
    page.card.tabs.setCurrentWidget(pane)
    assert pane.changed.isVisible() and pane.text.toPlainText() == "{{ another }}"
    qtbot.mouseClick(pane.accept, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: program.models.card is not None and not program.models.card.template_changed)
    assert pane.changed.isHidden() and not page.list.rows.rows[-1][1].startswith("⚠")


def test_a_template_that_changed_since_the_last_load_is_said_at_the_load(qtbot, start_program, own_folders):
    path = tokens_of(own_folders / "models/a/b/fox.gguf", "{{ one }}")
    program = start_program()

    def said():
        return [toast for toast in program.window.toasts.shown if "chat template of fox" in toast.text]

    def load():
        program.chat.link.load(str(path))
        qtbot.waitUntil(
            lambda: program.worker.model is not None and program.worker.model.path == str(path), timeout=15_000
        )
        qtbot.waitUntil(lambda: not program.known_models._unchecked)

    load()
    assert not said()
    tokens_of(path, "{{ another }}")
    program.worker._model = None
    load()
    assert len(said()) == 1


def test_what_is_broken_says_why_and_cannot_be_chatted_with(qtbot, opened, own_folders):
    path = header_only(own_folders / "models/a/b/cut.gguf")
    path.write_bytes(path.read_bytes()[:200])
    program, page = opened()
    assert page.list.rows.rows[-1][1] == "⚠ cannot be loaded"
    program.models.show(key_of(path))
    assert page.card.warning.text() == "cut.gguf is damaged: it ends too early."
    assert not page.card.chat.isEnabled() and not page.card.tabs.isTabVisible(1)
    assert page.card.overview.facts["Size on disk"] == "0.2 kB"


def test_what_is_gone_is_said_once(qtbot, opened, own_folders, tmp_path):
    path = header_only(tmp_path / "gone.gguf")
    add(own_folders, path)
    path.unlink()
    program, page = opened()
    program.models.show(key_of(path))
    qtbot.waitUntil(lambda: program.models.card_problem is not None)
    assert page.card.warning.text() == f"{path} is not there any more." and not page.card.chat.isEnabled()


def test_deleted_by_the_key_and_had_back(qtbot, opened, own_folders):
    path = header_only(own_folders / "models/a/b/fox.gguf")
    program, page = opened()
    page.list.rows.setFocus()
    page.list.rows.setCurrentRow(page.list.rows.count() - 1)
    qtbot.keyClick(page.list.rows, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: "fox" not in titles(page))
    assert not path.exists()
    program.window.toasts.shown[-1].dismiss()  # as by itself after some seconds
    program.window._undo()
    qtbot.waitUntil(lambda: "fox" in titles(page))
    assert path.exists() and program.models.shown_path == key_of(path)


def test_what_was_deleted_long_before_the_start_is_gone(opened, own_folders):
    long_ago = delete(own_folders, str(header_only(own_folders / "models/a/b/fox.gguf")))
    just_now = delete(own_folders, str(header_only(own_folders / "models/a/b/owl.gguf")))
    os.utime(long_ago, (0, 0))
    opened()
    assert not long_ago.exists() and just_now.exists()


def test_what_is_not_ours_is_only_taken_off(qtbot, opened, own_folders, tmp_path):
    path = header_only(tmp_path / "owl.gguf")
    add(own_folders, path)
    program, page = opened()
    page.take_away(key_of(path))
    qtbot.waitUntil(lambda: "owl" not in titles(page))
    assert path.exists()
    program.window._undo()
    qtbot.waitUntil(lambda: "owl" in titles(page))
    page.take_away(next(one.path for one in program.models.models if one.origin == "bundled"))
    assert "Built-in model" in titles(page)


def test_files_are_dropped_on_it(qtbot, opened, tmp_path):
    good, bad = header_only(tmp_path / "owl.gguf"), tmp_path / "bad.gguf"
    bad.write_bytes(b"no model")
    program, page = opened()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(bad)), QUrl.fromLocalFile(str(good)), QUrl("https://example.org/x.gguf")])
    none, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    page.dropEvent(QDropEvent(QPoint(5, 5), Qt.DropAction.CopyAction, data, left, none))
    qtbot.waitUntil(lambda: "owl" in titles(page))
    assert program.models.shown_path == key_of(good) and "bad" not in titles(page)
    refused = page.list.refused
    assert refused.isVisible() and "bad.gguf is damaged" in refused.reasons.text() and not program.window.toasts.shown
    assert "bad.gguf is damaged" in refused.accessibleName() and refused.title.text() == "This file was not added"
    qtbot.mouseClick(refused.close_button, Qt.MouseButton.LeftButton)
    assert not refused.isVisible()


def test_a_folder_is_chosen(qtbot, opened, tmp_path):
    header_only(tmp_path / "shelf/owl.gguf")
    program, page = opened()
    page.list.folder_wanted.emit()
    (dialog,) = program.window.findChildren(QFileDialog)
    assert dialog.fileMode() == QFileDialog.FileMode.Directory
    dialog.fileSelected.emit(str(tmp_path / "shelf"))
    dialog.close()
    qtbot.waitUntil(lambda: "owl" in titles(page))


def test_many_that_cannot_be_added_are_told_in_few_lines(qtbot, opened, tmp_path):
    paths = []
    for name in "abcde":
        paths.append(str(tmp_path / f"{name}.gguf"))
        Path(paths[-1]).write_bytes(b"no model")
    program, page = opened()
    program.models.add(paths)
    refused = page.list.refused
    qtbot.waitUntil(refused.isVisible)
    assert refused.title.text() == "5 files were not added" and len(refused.reasons.text().splitlines()) == 4
    assert refused.reasons.text().endswith("And: d.gguf, e.gguf")
    program.models.add([str(header_only(tmp_path / "good.gguf"))])
    assert not refused.isVisible(), "it is about what was added last"


def test_a_row_says_where_it_is_from_and_how_it_fits(qtbot, opened, own_folders, monkeypatch):
    small_llama_gguf(header_only(own_folders / "models/a/b/fox.gguf"))
    header_only(own_folders / "models/laid.gguf")
    program, page = opened()

    def note(name):
        rows = page.list.rows
        return next(rows.item(n).data(Role.NOTE) for n in range(rows.count()) if rows.item(n).text() == name)

    qtbot.waitUntil(lambda: note("fox") == ("Fits", "good"))
    assert note("laid") == ("", ""), "its shape is not known"
    assert dict(page.list.rows.rows)["fox"].endswith(" · from the Hub")
    assert dict(page.list.rows.rows)["laid"].endswith(" · models folder")
    laid = key_of(own_folders / "models/laid.gguf")
    monkeypatch.setattr(type(program.weighing), "in_use", laid)
    program.weighing.changed.emit()
    assert note("laid") == ("In use", "accent")
    monkeypatch.setattr(weighing, "memory_now", lambda: MachineMemory(1000, 100_000))
    program.models.refresh()
    qtbot.waitUntil(lambda: note("fox") == ("Will not fit", "bad"))


def test_nothing_is_weighed_before_somebody_looks(qtbot, start_program, own_folders):
    header_only(own_folders / "models/a/b/fox.gguf")
    program = start_program()
    program.models.refresh()
    qtbot.waitUntil(lambda: program.models.known, timeout=15_000)
    assert program.models._summing.requests == [], "its process is not started with the program"
    program.window.open_page("models")
    qtbot.waitUntil(lambda: any(isinstance(one, WeighModels) for one in program.models._summing.requests))


def test_where_a_model_is_from(opened, own_folders, tmp_path):
    fetched = header_only(own_folders / "models/a/b/fetched.gguf")
    header_only(own_folders / "models/laid.gguf")
    add(own_folders, header_only(tmp_path / "elsewhere.gguf"), "LM Studio")
    program, _ = opened()
    said = {model.name: origin_text(model, program.models.folder) for model in program.models.models}
    assert said["fetched"] == "Fetched from the Hub" and said["laid"] == "Put into the models folder by hand"
    assert said["elsewhere"] == "Fetched by LM Studio, used where it lies"
    model = program.models.model(key_of(fetched))
    assert [used_text(msgspec.structs.replace(model, used=used)) for used in (0.0, time.time())] == ["never", "today"]


def test_another_language_leaves_open_what_was_open(qtbot, opened, own_folders):
    header_only(own_folders / "models/a/b/fox.gguf")
    program, page = opened()
    page.card.tabs.setCurrentWidget(page.card.metadata)
    page.sections.setCurrentIndex(1)
    program.hub.words = "fox"
    program.settings.set(language="pt_BR")
    qtbot.waitUntil(lambda: program.window.page == "models" and program.window.view("models").widget is not page)
    again = program.window.view("models").widget
    qtbot.waitUntil(again.isVisible)
    assert again.sections.currentIndex() == 1 and again.card.tabs.currentWidget() is again.card.metadata
    assert again.sections.currentWidget().results.field.text() == "fox"
    assert program.hub.watched and program.weighing.watched_by == id(again), (
        "though the old window went after the new one came"
    )


def test_its_file_is_shown_or_the_reason_why_not(qtbot, opened, own_folders, monkeypatch):
    path = header_only(own_folders / "models/a/b/fox.gguf")
    program, page = opened()
    asked = []
    monkeypatch.setattr("app.models.page.reveal", lambda *given: asked.append(given))
    page.reveal(key_of(path))
    (place, owner, failed) = asked[0]
    assert (str(place), owner) == (key_of(path), page)
    failed(path.parent)
    assert str(path.parent) in program.window.toasts.shown[-1].text


def test_sums_are_computed_and_stopped(qtbot, opened, own_folders):
    path = header_only(own_folders / "models/a/b/fox.gguf")
    program, page = opened()
    show(qtbot, program, path)
    overview, summing = page.card.overview, program.models._summing
    summing.held = True
    qtbot.mouseClick(overview.compute, Qt.MouseButton.LeftButton)
    assert overview.bar.isVisible() and not overview.compute.isVisible()
    qtbot.mouseClick(overview.stop, Qt.MouseButton.LeftButton)
    assert overview.compute.isVisible() and not overview.bar.isVisible()
    summing.go_on()
    qtbot.mouseClick(overview.compute, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(program.models.sums))
    assert len(overview.sums.text()) == 64 and not overview.compute.isVisible()
    assert len([one for one in summing.requests if isinstance(one, HashModel)]) == 2
    known = overview.sums.text()
    program.models.show("")
    assert not overview.sums.text()
    show(qtbot, program, path)
    assert overview.sums.text() == known and not overview.compute.isVisible(), "a sum is computed once"


def test_a_crash_of_the_reader_costs_its_question_alone(qtbot, opened, own_folders):
    path = header_only(own_folders / "models/a/b/fox.gguf")
    program, page = opened()
    program.models.worker.fail_next = Failed(0, "crashed", "The process that reads model files ended unexpectedly.")
    program.models.show(key_of(path))
    qtbot.waitUntil(lambda: program.models.card_problem is not None)
    assert "ended unexpectedly" in page.card.warning.text() and "fox" in titles(page)


def test_it_is_chatted_with(qtbot, opened, own_folders):
    path = header_only(own_folders / "models/a/b/fox.gguf")
    program, page = opened()
    show(qtbot, program, path)
    qtbot.mouseClick(page.card.chat, Qt.MouseButton.LeftButton)
    assert program.window.page == "chat"
    qtbot.waitUntil(
        lambda: program.worker.model is not None and program.worker.model.path == key_of(path), timeout=15_000
    )


def test_everything_has_a_name(opened):
    _, page = opened()
    for kind in (QAbstractButton, QComboBox, QLineEdit):
        for widget in page.findChildren(kind):
            own = widget.objectName().startswith(("qt_", "Scroll")) or isinstance(widget.parent(), QLineEdit)
            if own or widget.isHidden():  # what Qt itself puts into its widgets
                continue
            said = widget.accessibleName() or getattr(widget, "text", lambda: "")() or widget.toolTip()
            assert said, (widget, widget.parent())


def test_models_of_other_programs_are_taken_in_with_consent(qtbot, opened, tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "HF_HOME", "HF_HUB_CACHE", "OLLAMA_MODELS"):
        monkeypatch.delenv(name, raising=False)
    fox = header_only(tmp_path / ".lmstudio/models/x/Fox-GGUF/Fox-Q4_0.gguf")
    header_only(tmp_path / ".lmstudio/models/x/Owl-GGUF/Owl-Q4_0.gguf")
    blob = header_only(tmp_path / ".ollama/models/blobs" / ("sha256-" + "ab" * 32))
    manifest = tmp_path / ".ollama/models/manifests/registry.ollama.ai/library/llama3.2/1b"
    manifest.parent.mkdir(parents=True)
    layer = {"mediaType": "application/vnd.ollama.image.model", "digest": "sha256:" + "ab" * 32, "size": 1}
    manifest.write_text(json.dumps({"schemaVersion": 2, "layers": [layer]}))
    cached = tmp_path / ".cache/huggingface/hub/models--x--Tern-GGUF/snapshots/0a1b/Tern-Q8_0.gguf"
    kept = header_only(tmp_path / ".cache/huggingface/hub/models--x--Tern-GGUF/blobs/0123")
    cached.parent.mkdir(parents=True)
    cached.symlink_to(kept)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    program, page = opened()
    dialog = page.import_models()
    assert program.models.elsewhere is None and not dialog.tree.isVisible()
    assert not [one for one in program.models.worker.requests if isinstance(one, LookElsewhere)]
    dialog.act.click()
    qtbot.waitUntil(lambda: dialog.tree.isVisible())
    assert [one.name for one in dialog.chosen] == ["Tern-Q8_0", "Fox-Q4_0", "Owl-Q4_0", "llama3.2:1b"]
    assert dialog.act.text() == "Add 4 models" and dialog.act.hasFocus()
    studio = dialog.tree.topLevelItem(1)
    studio.child(1).setCheckState(0, Qt.CheckState.Unchecked)
    assert dialog.act.text() == "Add 3 models"
    dialog.act.click()
    qtbot.waitUntil(lambda: {"Fox-Q4_0", "llama3.2:1b", "Tern-Q8_0"} <= set(titles(page)))
    assert "Owl-Q4_0" not in titles(page)
    models = {model.name: model for model in program.models.models}
    assert (models["Fox-Q4_0"].path, models["Fox-Q4_0"].program) == (str(fox), "LM Studio")
    assert (models["llama3.2:1b"].path, models["Tern-Q8_0"].path) == (str(blob), str(cached))
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before
    again = page.import_models()
    again.act.click()
    qtbot.waitUntil(lambda: again.tree.isVisible())
    assert [one.name for one in again.chosen] == ["Owl-Q4_0"]
    again.act.click()
    qtbot.waitUntil(lambda: "Owl-Q4_0" in titles(page))
    last = page.import_models()
    assert last.act.text() == "Look for them"
    last.act.click()
    qtbot.waitUntil(lambda: last.tree.isVisible())
    assert not last.act.isVisible() and "in your library already" in last.said.text()
    last.reject()


def test_the_chat_offers_the_library_favourites_and_last_used_first(qtbot, start_program, own_folders, tmp_path):
    for name in ("fox", "owl", "tern"):
        add(own_folders, header_only(tmp_path / f"{name}.gguf"))
    note(own_folders, key_of(tmp_path / "tern.gguf"), "favourite")
    note(own_folders, key_of(tmp_path / "owl.gguf"), "used")
    bad = header_only(own_folders / "models/bad.gguf")
    bad.write_bytes(bad.read_bytes()[:100])
    program = start_program()
    link = program.chat.link
    qtbot.waitUntil(lambda: len(link.choices) > 3)
    names = [link.title(choice) for choice in link.choices]
    assert names[0] == "Built-in model" and [name for name in names if name in ("tern", "owl", "fox", "bad")] == [
        "tern",
        "owl",
        "fox",
    ]
    for _ in range(3):
        program.worker.modelCrashed.emit(key_of(tmp_path / "fox.gguf"))
    qtbot.waitUntil(lambda: any(choice.flagged for choice in link.choices))
    chat = program.window.view("chat").widget
    picker = chat.findChild(ModelPicker)
    entries = [action.text() for action in picker.menu().actions()]
    assert "★ tern" in entries and "fox  ⚠" in entries
    next(action for action in picker.menu().actions() if action.text() == "All models…").trigger()
    assert program.window.page == "models"
    model = next(model for model in program.models.models if model.name == "fox")
    program.models.show(model.path)
    page = program.window.view("models").widget
    assert "failed 3 times in a row" in page.card.about.text() and "several times in a row" in page.card.warning.text()
    link.load(model.path)
    qtbot.waitUntil(
        lambda: program.worker.model is not None and program.worker.model.path == model.path, timeout=15_000
    )
    program.chat.send("Hello")
    qtbot.waitUntil(lambda: not any(choice.flagged for choice in link.choices), timeout=15_000)
