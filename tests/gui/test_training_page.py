"""The Training page in the real window, over folders of runs that were written by hand."""

import math

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QSlider,
    QToolButton,
)

from app.training.draft import PRESETS
from app.training.planner import DataPreview, Shown, SpeedPreview
from app.widgets.list_delegate import Role
from engine.decoder.lora_config import LoraConfig
from engine.errors import UserError
from engine.records import Token
from engine.runs.about import About, read_about, write_about
from engine.runs.adapters import TrainedAdapter
from engine.runs.control import heard, locked
from engine.runs.events import PROBE_SEED, CheckpointSaved, Failed, Prepared, Probe, ProbeToken, StepDone
from engine.runs.recipe import load_recipe, read_recipe
from engine.runs.removal import set_aside
from engine.sampling.chain import Chain
from engine.sampling.recommended import recommended_chain
from engine.sampling.record import pick
from tests.helpers.fake_runs import PROMPTS, go_on, probe_at, recipe, tell, write_run


@pytest.fixture
def opened(qtbot, start_program, own_folders):
    """The page of a program with these runs."""

    def open_page(*runs, **settings):
        program = start_program(wait_for_model=False, **settings)
        program.window.open_page("training")
        qtbot.waitUntil(lambda: program.training.known and len(program.training.runs) == len(runs), timeout=15_000)
        return program, program.window.view("training").widget

    return open_page


def action(page, text) -> QAction:
    return next(a for actions in page.menu_actions().values() for a in actions if a.text() == text)


def test_without_runs_there_is_one_thing_to_do(qtbot, opened):
    _, page = opened()
    assert page.empty.isVisible() and page.empty.button.hasFocus()
    qtbot.keyClick(page.empty.button, Qt.Key.Key_Space)
    assert page.new.isVisible() and page.new.data._choose.hasFocus()
    qtbot.mouseClick(page.new.cancel, Qt.MouseButton.LeftButton)
    assert page.empty.isVisible()


def test_a_run_of_too_little_text_says_that_nothing_is_held_out(qtbot, opened, own_folders):
    run = write_run(own_folders / "runs", done=0, why="")
    _, page = opened(run)
    assert "too few to hold any" not in page.curves._note.text()
    tell(run, Prepared("texts", 7, 900, 0, 0, "", 0))
    page.state.follower.look()
    qtbot.waitUntil(lambda: "too few to hold any" in page.curves._note.text())


def test_the_latest_run_is_shown_with_its_curves(qtbot, opened, own_folders):
    _, page = opened(write_run(own_folders / "runs"))
    assert page.list.rows.rows == [("Machado", "stopped · 60 % · 2.17 bits per byte")]
    assert page.header.numbers == "step 60 of 100"
    reports, training, held_out = page.curves.loss.lines
    assert reports.steps == list(range(2, 61, 2)) and held_out.steps == [20, 40, 60]
    assert training.values[0] == reports.values[0]
    assert [(level.name, level.value) for level in page.curves.loss.levels] == [("5-gram", 4.25)]
    assert page.curves.speed.lines[0].values[-1] == 4000.0
    assert action(page, "Go on").isEnabled() and not action(page, "Pause").isEnabled()
    assert "<b>60</b>" in page.dock.samples.text  # what the model writes is text, whatever it writes


def test_a_run_that_goes_on_grows_and_is_steered(qtbot, opened, own_folders):
    run = write_run(own_folders / "runs", done=40, why="")
    with locked(run):
        _, page = opened(run)
        assert page.list.rows.rows[0][1].startswith("running") and "30 s left" in page.header.numbers
        go_on(run, 40, 60)
        qtbot.waitUntil(lambda: page.curves.loss.lines[0].steps[-1] == 60, timeout=10_000)
        for word, command in (("Pause", "pause"), ("Save now", "save"), ("Stop training", "stop")):
            action(page, word).trigger()
            qtbot.waitUntil(lambda: (run / "control").exists())
            assert heard(run) == command
        assert not action(page, "Delete run").isEnabled()


def test_the_timeline_is_scrubbed_by_keys(qtbot, opened, own_folders):
    _, page = opened(write_run(own_folders / "runs"))
    probe = page.dock.probe
    assert probe.shown.step == 60 and [bar.label for bar in probe.bars.bars] == ["·rei", "·um", "<0xC3>"]
    qtbot.keyClick(probe.timeline, Qt.Key.Key_Left)
    assert probe.shown.step == 40
    assert (probe.bars.bars[0].raw, probe.bars.bars[0].final) == pytest.approx((0.4, 0.6))
    qtbot.keyClick(probe.timeline, Qt.Key.Key_Home)
    assert probe.shown.step == 0 and probe.slider.value() == 0
    assert probe.timeline.accessibleDescription().startswith("step 0: ·rei 20 %")
    probe._prompts.setCurrentIndex(1)
    assert probe.shown.prompt == "fox" and probe.shown.step == 0


def test_the_inspector_of_the_chat_explains_a_moment_of_the_timeline(qtbot, opened, own_folders):
    run = write_run(own_folders / "runs", done=0, why="")
    chain = Chain(recommended_chain(recipe().sampling))
    pieces = [b" rei", b" um", b"\xc3"]
    for step in (20, 40):
        logits = np.array([step / 10, 1.0, 0.5], np.float32)
        record = pick(chain, logits, (), 0, PROBE_SEED, lambda id: Token(id, pieces[id]))
        top = tuple(ProbeToken(id, pieces[id].decode("latin-1"), 0.3) for id in range(3))
        tell(run, Probe(step, PROMPTS[0], record.entropy_bits, top, record))
    _, page = opened(run)
    probe = page.dock.probe
    assert probe.shown.step == 40 and probe.views[1].isEnabled()
    probe.bars.setFocus()
    qtbot.keyClick(probe.bars, Qt.Key.Key_Down)
    qtbot.keyClick(probe.bars, Qt.Key.Key_Return)
    assert probe.inspector.isVisible()
    sure = [1 / (1 + math.exp(1 - s / 10) + math.exp(0.5 - s / 10)) for s in (20, 40)]
    qtbot.waitUntil(lambda: probe.inspector._table is not None)
    assert probe.inspector._table.rows[0].raw == pytest.approx(sure[1])
    qtbot.keyClick(probe.timeline, Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: probe.inspector._table.rows[0].raw == pytest.approx(sure[0]))
    assert "“…Era uma vez”" in probe.inspector._note.text()
    assert probe.inspector._how.text().startswith("Nothing is drawn here")
    qtbot.keyClick(probe.timeline, Qt.Key.Key_Home)  # what an older run told has no record
    assert not probe.views[1].isEnabled() and probe.bars.isVisible()


def test_a_failure_is_said_and_the_run_kept(qtbot, opened, own_folders):
    run = write_run(own_folders / "runs", why="")
    tell(run, Failed("loss-not-finite", "The loss is no number any more.", "Lower the learning rate."))
    _, page = opened(run)
    assert page.curves._problem.isVisible()
    assert page.curves._problem.text() == "The loss is no number any more. Lower the learning rate."
    assert page.list.rows.rows[0][1].startswith("failed") and action(page, "Go on").isEnabled()


def test_curves_of_two_runs_are_compared(qtbot, opened, own_folders):
    one, two = write_run(own_folders / "runs", "One"), write_run(own_folders / "runs", "Two", done=80)
    program, page = opened(one, two)
    page.open_run(one)
    assert not page.curves.compared.isVisible()
    program.training.compare(two, True)
    assert page.curves.compared.isVisible()
    assert [(line.name, line.steps[-1]) for line in page.curves.compared.lines] == [("One", 60), ("Two", 80)]
    program.training.compare(two, False)
    assert not page.curves.compared.isVisible()


def test_a_run_without_held_out_values_cannot_be_drawn_beside_another_and_says_why(qtbot, opened, own_folders):
    one, other = write_run(own_folders / "runs", "One"), write_run(own_folders / "runs", "Other")
    events = other / "events.jsonl"
    events.write_text("".join(line for line in events.open() if '"evaluated"' not in line.casefold()))
    program, page = opened(one, other)
    page.open_run(one)
    program.training.compare(other, True)
    assert not page.curves.compared.isVisible()
    assert "Other" in page.curves._note.text() and "held-out" in page.curves._note.text()
    program.training.compare(other, False)
    assert not page.curves._note.isVisible()


def test_notes_are_saved_and_searched(qtbot, opened, own_folders):
    one, two = write_run(own_folders / "runs", "One"), write_run(own_folders / "runs", "Two")
    _, page = opened(one, two)
    page.open_run(one)
    action(page, "Title, tags and notes of the run").trigger()
    about = page.dock.about
    assert about.title.hasFocus()
    qtbot.keyClicks(about.title, "First")
    qtbot.keyClicks(about.tags, "poems, tries")
    page.open_run(two)
    qtbot.waitUntil(lambda: read_about(one) == About("First", "", ("poems", "tries")))
    page.list.search.setText("poems")
    assert [title for title, _ in page.list.rows.rows] == ["First"]


def test_the_plan_of_a_run_names_what_it_learns_from(qtbot, opened, own_folders):
    run = write_run(own_folders / "runs")
    plan = load_recipe("addition")
    (run / "recipe.json").write_bytes(msgspec.json.encode(plan))
    _, page = opened(run)
    page.dock.show_pane(page.dock.about)
    facts = page.dock.about._facts.text()
    assert "sums that are made up" in facts and "AdamW" in facts and "@addition" not in facts


def test_rows_tell_tags_and_what_is_called_the_same_apart(qtbot, opened, own_folders):
    for folder in ("one", "two"):
        made = own_folders / "runs" / folder
        made.parent.mkdir(exist_ok=True)
        write_run(own_folders / f"as-{folder}", "Sums").rename(made)
        write_about(made, About(tags=("poems", "tries")))
    _, page = opened(1, 2)
    assert sorted(title for title, _ in page.list.rows.rows) == ["Sums (one)", "Sums (two)"]
    item = page.list.rows.item(1)
    assert item.data(Role.NOTE) == ("poems, tries", "accent") and "runs" in item.toolTip()
    assert page.header._title.text() in ("Sums (one)", "Sums (two)")


def test_a_deleted_run_comes_back_by_undo(qtbot, opened, own_folders):
    run = write_run(own_folders / "runs")
    program, page = opened(run)
    page.list.rows.setCurrentRow(1)
    qtbot.keyClick(page.list.rows, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: page.empty.isVisible())
    assert not run.exists()
    toasts = program.window.toasts
    toasts.shown[-1].dismiss()  # as by itself after some seconds
    assert not any(toast.can_act for toast in toasts.shown)
    assert toasts.undo_last()
    qtbot.waitUntil(lambda: page.curves.isVisible() and page.list.rows.rows != [], timeout=10_000)
    assert run.exists() and not toasts.undo_last()


def test_what_was_deleted_before_the_start_is_kept_aside(qtbot, opened, own_folders):
    deleted = set_aside(write_run(own_folders / "runs", "Gone"))
    opened(write_run(own_folders / "runs", "Here"))
    assert (deleted / "recipe.json").exists()


def test_a_checkpoint_is_opened_in_the_chat(qtbot, opened, own_folders):
    run = write_run(own_folders / "runs")
    program, page = opened(run)
    qtbot.waitUntil(lambda: program.worker.model is not None, timeout=15_000)
    page.dock.show_pane(page.dock.about)
    qtbot.mouseClick(page.dock.about.export.chat, Qt.MouseButton.LeftButton)
    assert program.window.page == "chat"
    checkpoint = str(run / "checkpoint-0000060")
    assert checkpoint in [choice.path for choice in program.chat.link.choices]


def test_a_checkpoint_is_opened_in_the_playground(qtbot, opened, own_folders):
    run = write_run(own_folders / "runs")
    program, page = opened(run)
    qtbot.waitUntil(lambda: program.worker.model is not None, timeout=15_000)
    page.dock.show_pane(page.dock.about)
    pane = page.dock.about.export
    assert not pane.add.isVisible(), "this run has not learnt to add"
    qtbot.mouseClick(pane.playground, Qt.MouseButton.LeftButton)
    assert program.window.page == "playground"
    checkpoint = str(run / "checkpoint-0000060")
    qtbot.waitUntil(lambda: program.worker.model is not None and program.worker.model.path == checkpoint)
    assert ("machado, step 60", checkpoint) in [(c.name, c.path) for c in program.chat.link.choices]


def test_two_checkpoints_are_compared_in_the_playground(qtbot, opened, own_folders):
    run, other = write_run(own_folders / "runs"), write_run(own_folders / "runs", "Other")
    (run / "checkpoint-0000040").mkdir()
    (run / "checkpoint-0000040" / "model.safetensors").write_bytes(b"weights")
    program, page = opened(run, other)
    qtbot.waitUntil(lambda: program.worker.model is not None, timeout=15_000)
    page.open_run(run)
    page.dock.show_pane(page.dock.about)
    pane = page.dock.about.export
    qtbot.waitUntil(lambda: pane.checkpoints.count() == 2)
    menu = pane.compared_menu()
    assert [entry.text() for entry in menu.actions()] == ["step 40 of this run", "Other, step 60", "the loaded model"]
    program.playground.documents.new("Arr, matey!")  # none of what the run has learnt
    menu.actions()[0].trigger()
    assert program.window.page == "playground"
    ground = program.window.view("playground").widget
    assert ground.drawer.pane is ground.compare
    sides = [picker.side().path for picker in (ground.compare.left, ground.compare.right)]
    assert sides == [str(run / "checkpoint-0000040"), str(run / "checkpoint-0000060")]
    assert ground.compare.left.model.currentText() == "machado, step 40"
    assert program.playground.text == "fox <b>60</b>\nfim", "the last sample, whatever is open"
    pane.compared_menu().actions()[-1].trigger()
    assert ground.compare.left.side().path == program.worker.model.path


def test_the_best_checkpoint_is_named_and_a_picked_one_stays_picked(qtbot, opened, own_folders):
    def save(step):
        folder = run / f"checkpoint-{step:07d}"
        folder.mkdir()
        (folder / "model.safetensors").write_bytes(b"weights")

    def texts():
        return [box.itemText(place) for place in range(box.count())]

    run = write_run(own_folders / "runs")
    save(40)
    (run / "best").write_text("checkpoint-0000040 1.25")
    _, page = opened(run)
    page.open_run(run)
    page.dock.show_pane(page.dock.about)
    box = page.dock.about.export.checkpoints
    qtbot.waitUntil(lambda: texts() == ["step 60", "step 40, the best on the held-out texts"])
    assert box.currentIndex() == 0
    save(80)
    qtbot.waitUntil(lambda: box.count() == 3, timeout=5000)
    assert box.currentText() == "step 80"  # the newest stays the newest
    box.setCurrentIndex(2)
    save(100)
    qtbot.waitUntil(lambda: box.count() == 4, timeout=5000)
    assert box.currentText() == "step 40, the best on the held-out texts"


def test_a_run_that_learnt_to_add_is_given_numbers(qtbot, opened, own_folders):
    run = write_run(own_folders / "runs", "Sums", name="addition")
    program, page = opened(run)
    qtbot.waitUntil(lambda: program.worker.model is not None, timeout=15_000)
    page.dock.show_pane(page.dock.about)
    qtbot.mouseClick(page.dock.about.export.add, Qt.MouseButton.LeftButton)
    ground = program.window.view("playground").widget
    assert program.window.page == "playground" and ground.drawer.pane is ground.addition
    assert ground.addition.first.hasFocus()
    checkpoint = str(run / "checkpoint-0000060")
    qtbot.waitUntil(lambda: program.worker.model is not None and program.worker.model.path == checkpoint)


def test_what_an_adapter_has_learnt_is_put_beside_its_model(qtbot, opened, own_folders, monkeypatch):
    run, model = write_run(own_folders / "runs"), own_folders / "echo.gguf"
    plan = msgspec.structs.replace(read_recipe(run), lora=LoraConfig(), start_from=str(model))
    (run / "recipe.json").write_bytes(msgspec.json.encode(plan))
    program, page = opened(run)
    qtbot.waitUntil(lambda: program.worker.model is not None, timeout=15_000)
    made = []
    monkeypatch.setattr(program.chat.link.adapter_runs, "make", made.append)
    page.dock.show_pane(page.dock.about)
    qtbot.mouseClick(page.dock.about.export.adapter, Qt.MouseButton.LeftButton)
    assert program.window.page == "chat" and made == [TrainedAdapter(run, "Machado", 60)]
    dialog = program.window.view("chat").widget.header.picker.open_adapters()
    assert dialog.isVisible() and program.worker.model.path == str(model)
    dialog.close()


def test_what_an_export_cost_is_said(qtbot, opened, own_folders, monkeypatch):
    run = write_run(own_folders / "runs")
    program, page = opened(run)
    page.dock.show_pane(page.dock.about)
    pane, exporting = page.dock.about.export, program.training.exporting
    asked = []
    monkeypatch.setattr(exporting._verb, "start", lambda *words: asked.append(words))
    pane._export(run, str(run), "/out/machado-q4_k_m.gguf", "q4_k_m")
    assert asked == [("export", str(run), "--out", "/out/machado-q4_k_m.gguf", "--quantize", "q4_k_m", "--json")]
    quality = {"source": "texts", "tokens": 512, "before": 2.17, "after": 2.2, "alone": None}
    exporting._on_written({"path": "/out/machado-q4_k_m.gguf", "size_bytes": 12_300_000, "quality": [quality]})
    assert pane.result.text().endswith("12.3 MB<br>2.170 bits per byte before, 2.200 in the file")
    other = write_run(own_folders / "runs", "Other")
    qtbot.waitUntil(lambda: other in program.training.runs, timeout=10_000)
    page.open_run(other)
    assert pane.result.isHidden()


def preview(tokens=50_000, no_answers=False):
    return DataPreview(2, 1, 200_000, tokens, 4096, True, no_answers, 3, 0, (Shown(("a", " b"), (True, False), True),))


def test_three_steps_lead_to_a_plan(qtbot, opened, own_folders, monkeypatch):
    _, page = opened()
    page.new_run()
    new, planner = page.new, page.new.planner
    asked = []
    monkeypatch.setattr(planner._reading, "start", lambda *words: asked.append(words))
    monkeypatch.setattr(planner._measuring, "start", lambda *words: asked.append(words))
    assert not new.next.isEnabled()
    planner.add_files([str(own_folders / "machado.txt")])
    qtbot.waitUntil(lambda: bool(asked))
    assert asked[0][0] == "preview" and asked[0][2:] == ("--data", str(own_folders), "--json")
    planner._on_data(msgspec.to_builtins(preview(900, True)))
    assert "2 documents" in new.data.counts.text() and "3 duplicates" in new.data.warning.text()
    assert "by heart" in new.data.warning.text() and "no conversation" in new.data.warning.text()
    few = msgspec.structs.replace(preview(900), documents=7, conversations=7, unread=("noise.txt", "deep/bad.bin"))
    planner._on_data(msgspec.to_builtins(few))
    assert "7 conversations" in new.data.counts.text()
    planner._on_data(msgspec.to_builtins(msgspec.structs.replace(few, conversations=0)))
    assert new.data.counts.text().startswith("7 documents; 200 k characters")
    planner._on_data(msgspec.to_builtins(few))
    assert "(2): noise.txt, deep/bad.bin." in new.data.warning.text()
    assert "none is held out" in new.data.warning.text() and "by heart" not in new.data.warning.text()
    new.next.click()
    planner._on_data(msgspec.to_builtins(preview(140)))
    assert not new.start.isEnabled() and "shorter than one row of 128 tokens" in new._why.text()
    planner._on_data(msgspec.to_builtins(preview(900, True)))
    assert new._why.text() == ""
    assert new.model.isVisible() and "3.0 M parameters" in new.model.numbers.text()
    new.model.preset.setCurrentIndex(0)
    assert planner.draft.shape == PRESETS["1m"] and new.model.d_model.value() == 128
    new.model.heads.setValue(3)
    assert "heads" in new.model.problem.text() and new._why.text() == "" and not new.next.isEnabled()
    assert "heads" in new.next.toolTip()
    new.model.heads.setValue(4)
    assert not new.model.problem.isVisible() and new.next.isEnabled()
    new.next.click()
    assert asked[-1][0] == "preview" and "--seconds" in asked[-1]
    planner._on_speed(msgspec.to_builtins(SpeedPreview(1_000_000, 1_000_000, 2048.0, 10**9, "cpu")))
    # 1.066 M parameters, 1.066 M more in the last multiplication is tied; the 350m shape does 360 times the arithmetic.
    assert new.model.preset.itemText(0) == "1.1 M · 0.5 GB · 16 min 40 s"
    assert new.model.preset.itemText(6).startswith("337 M · 11.5 GB · 3 days")
    assert "2.0 M tokens in all" in new.plan.estimate.text() and "16 min 40 s" in new.plan.estimate.text()
    new.plan.minutes.setValue(5)
    assert "5 min 0 s" in new.plan.estimate.text()
    new.plan.prompts.setPlainText("Era uma vez\n\nO rei")
    begun = []
    monkeypatch.setattr(page.state, "begin", lambda recipe, data: begun.append((recipe, data)))
    new.start.click()
    recipe, data = begun[0]
    assert recipe.title == "machado" and recipe.sample_prompts == ("Era uma vez", "O rei") and recipe.minutes == 5
    assert data == own_folders and not new.isVisible()


def test_texts_that_cannot_be_read_hold_the_plan_and_are_told_once(qtbot, opened, own_folders, monkeypatch):
    _, page = opened()
    page.new_run()
    new, planner = page.new, page.new.planner
    monkeypatch.setattr(planner._reading, "start", lambda *words: None)
    monkeypatch.setattr(planner._measuring, "start", lambda *words: None)
    planner.add_files([str(own_folders / "noise.txt")])
    assert new.next.isEnabled()
    planner._on_no_data(UserError("no-text", "noise.txt is not a text file.", "", ""))
    assert "noise.txt" in new.data.problem.text() and new._why.text() == ""
    assert not new.next.isEnabled() and "noise.txt" in new.next.toolTip()
    new.go_to(2)  # by the steps at the top
    assert "noise.txt" in new._why.text() and not new.start.isEnabled()


def test_files_are_dropped_anywhere_and_left_out_again(qtbot, opened, own_folders, monkeypatch):
    _, page = opened(write_run(own_folders / "runs"))
    files = [own_folders / name for name in ("machado.txt", "talk.jsonl")]
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(file)) for file in files] + [QUrl("https://example.org/x.txt")])
    monkeypatch.setattr(page.new.planner._reading, "start", lambda *words: None)
    where, buttons, keys = QPointF(50, 50), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entered = QDragEnterEvent(where.toPoint(), Qt.DropAction.CopyAction, dropped, buttons, keys)
    QApplication.sendEvent(page, entered)
    assert entered.isAccepted()
    QApplication.sendEvent(page, QDropEvent(where, Qt.DropAction.CopyAction, dropped, buttons, keys))
    assert page.new.isVisible() and page.new.planner.draft.files == tuple(map(str, files))
    first = page.new.data.files.findChildren(QToolButton)[0]
    assert first.accessibleName() == "Leave machado.txt out"
    qtbot.mouseClick(first, Qt.MouseButton.LeftButton)
    assert page.new.planner.draft.files == (str(files[1]),)
    assert len(page.new.data.files.findChildren(QToolButton)) == 1 or page.new.data.files.count() == 1


def test_training_on_a_model_offers_an_adapter(qtbot, opened, own_folders):
    _, page = opened(write_run(own_folders / "runs"))
    page.new_run()
    page.new.go_to(1)
    page.new.model.onward.click()
    draft = page.new.planner.draft
    assert draft.start_from and draft.adapter and page.new.model.rank.isVisible()
    offered = [page.new.model.source.itemText(n) for n in range(page.new.model.source.count())]
    assert "Run: Machado" in offered and offered[-1] == "Choose a file…"
    page.new.model.learns.setCurrentIndex(1)
    assert not page.new.planner.draft.adapter and not page.new.model.rank.isVisible()


def test_everything_on_it_has_a_name(qtbot, opened, own_folders):
    _, page = opened(write_run(own_folders / "runs"))
    kinds = QAbstractButton | QAbstractSpinBox | QComboBox | QLineEdit | QPlainTextEdit | QSlider
    controls = [w for w in page.findChildren(object) if isinstance(w, kinds)]
    nameless = [
        type(w).__name__
        for w in controls
        if not w.isHidden()
        and not (w.accessibleName() or (isinstance(w, QAbstractButton) and w.text()))
        and not isinstance(w.parent(), QAbstractSpinBox | QComboBox | QLineEdit)
    ]
    assert len(controls) > 30 and nameless == []


def test_steering_keeps_its_words_while_the_title_can_be_read(qtbot, opened, own_folders):
    run = write_run(own_folders / "runs", "A run with a title of some length", done=40, why="")
    with locked(run):
        program, page = opened(run)
        buttons = [button for button in page.header._steering.values() if button.isVisible()]
        program.window.resize(1600, 800)
        wide = {button.toolButtonStyle() for button in buttons}
        page.header.resize(420, page.header.height())
        assert len(buttons) == 3 and wide == {Qt.ToolButtonStyle.ToolButtonTextBesideIcon}
        assert {button.toolButtonStyle() for button in buttons} == {Qt.ToolButtonStyle.ToolButtonIconOnly}
        assert all(button.accessibleName() for button in buttons)


def test_a_run_of_another_version_is_shown_with_a_word_about_it(qtbot, opened, own_folders):
    run = write_run(own_folders / "runs")
    raw = msgspec.json.decode((run / "recipe.json").read_bytes())
    (run / "recipe.json").write_bytes(msgspec.json.encode({**raw, "reward": 1}))
    _, page = opened(run)
    assert page.curves._note.isVisible() and "passed over: reward" in page.curves._note.text()
    assert page._resume.isEnabled()
    (run / "recipe.json").write_text("{half")
    qtbot.waitUntil(lambda: "cannot be read" in page.curves._note.text(), timeout=10_000)
    assert not page._resume.isEnabled() and page.state.shown.title == "machado"


def test_what_was_not_listed_before_is_not_called_nothing(qtbot, opened, own_folders):
    run = write_run(own_folders / "runs", done=20, why="")
    tell(run, Probe(30, "fox", 1.0, (ProbeToken(77, " den", 0.9), ProbeToken(7, " rei", 0.05))))
    _, page = opened(run)
    probe = page.dock.probe
    probe._prompts.setCurrentIndex(1)
    den, rei = probe.bars.bars
    # At step 20 " rei" had 0.4, " um" 0.3 and a third token 0.15; the 0.15 that are left are the most that another can have.
    assert den.raw_at_most and den.raw == pytest.approx(0.15) and "not among the 3 likeliest" in den.detail
    assert not rei.raw_at_most and rei.raw == pytest.approx(0.4)
    assert not probe.timeline.grab().isNull()


def test_a_command_is_shown_until_it_is_done(qtbot, opened, own_folders):
    run = write_run(own_folders / "runs", done=40, why="")
    with locked(run):
        _, page = opened(run)
        action(page, "Save now").trigger()
        assert page.header._state.accessibleName() == "saving…"
        tell(run, CheckpointSaved(40, str(run / "checkpoint-0000040")))
        qtbot.waitUntil(lambda: page.header._state.accessibleName() == "running", timeout=10_000)


def test_what_was_cut_off_says_so_and_goes_on(qtbot, opened, own_folders, monkeypatch):
    run = write_run(own_folders / "runs", why="")
    program, page = opened(run)
    assert "as when the machine is switched off" in page.curves._note.text() and page._resume.isEnabled()
    resumed = []
    monkeypatch.setattr(program.training, "resume_ended", resumed.append)
    program.window.open_page("chat")
    program.training.cut_off.emit("Machado", run)
    assert program.window.toasts.undo_last()
    assert resumed == [run] and program.window.page == "training"


def test_while_a_run_is_planned_nothing_of_another_stands_beside_it(qtbot, opened, own_folders):
    _, page = opened(write_run(own_folders / "runs"))
    assert page.dock.isVisible()
    page.new_run()
    assert not page.dock.isVisible() and not page._dock_switch.isEnabled()
    page.new.cancel.click()
    assert page.dock.isVisible() and page._dock_switch.isEnabled()


def test_a_plan_is_taken_up_again(qtbot, opened, own_folders, monkeypatch):
    run = write_run(own_folders / "runs")
    _, page = opened(run)
    monkeypatch.setattr(page.new.planner._measuring, "start", lambda *words: None)
    monkeypatch.setattr(page.new.planner._reading, "start", lambda *words: None)
    action(page, "New run like this").trigger()
    new = page.new
    assert new.isVisible() and new.place == 2 and new.plan.title.text() == "Machado 2"
    assert new.plan.steps.value() == 100 and new.plan.prompts.toPlainText() == "Era uma vez\nfox"
    assert new.planner.draft.files == ("/data/machado.txt",) and new.model.d_model.value() == 16


def test_the_rest_of_the_plan_is_folded_and_goes_into_the_recipe(qtbot, opened, own_folders, monkeypatch):
    _, page = opened()
    page.new_run()
    new, planner = page.new, page.new.planner
    monkeypatch.setattr(planner._measuring, "start", lambda *words: None)
    monkeypatch.setattr(planner._reading, "start", lambda *words: None)
    planner.add_files([str(own_folders / "machado.txt")])
    new.go_to(2)
    more = new.plan.more
    assert not more.clip.isVisible()
    more.fold.click()
    assert more.clip.isVisible() and more.muon.isVisible() and not more.alpha.isVisible()
    assert more.warmup.text() == "a tenth, at most 100"
    more.schedule.setCurrentIndex(1)
    more.warmup.setValue(5)
    more.clip.setValue(0.5)
    more.device.setCurrentIndex(1)
    more.precision.setCurrentIndex(1)
    more.recompute.click()
    recipe = planner.draft.recipe()
    assert (recipe.schedule.kind, recipe.schedule.warmup_steps, recipe.schedule.decay_steps) == ("stable", 5, 200)
    assert (recipe.optimiser.clip, recipe.device, recipe.precision) == (0.5, "cpu", "float32")
    assert recipe.recompute and not recipe.compile
    planner.start_from("/models/base.gguf")
    assert more.alpha.isVisible() and not more.muon.isVisible() and more.alpha.text() == "twice the rank"
    more.targets.setCurrentIndex(3)
    more.alpha.setValue(4)
    lora = planner.draft.recipe().lora
    assert lora is not None and lora.targets == ("q_proj", "v_proj") and lora.alpha == 4


def test_a_shipped_recipe_fills_the_plan(qtbot, opened, own_folders, monkeypatch):
    _, page = opened()
    page.new_run()
    new, planner = page.new, page.new.planner
    monkeypatch.setattr(planner._measuring, "start", lambda *words: None)
    monkeypatch.setattr(planner._reading, "start", lambda *words: None)

    def choose(name):
        new.data.recipe.setCurrentIndex(new.data.recipe.findData(name))
        qtbot.waitUntil(lambda: (planner.draft.base.name if planner.draft.base else "") == name)

    choose("addition")
    assert new.data.files.item(0).text() == "sums that are made up" and new.next.isEnabled()
    assert planner.draft.recipe() == load_recipe("addition")
    choose("machado")
    assert planner.draft.files == () and "in Portuguese" in new.data._texts.text() and not new.next.isEnabled()
    planner.add_files([str(own_folders / "casmurro.txt")])
    begun = []
    monkeypatch.setattr(page.state, "begin", lambda recipe, data: begun.append((recipe, data)))
    new.go_to(2)
    assert new.plan.steps.value() == 4000 and new.plan.minutes.value() == 15
    assert new.plan.prompts.toPlainText().startswith("Era uma vez\nCapitu")
    new.go_to(0)
    choose("shakespeare-chat")
    assert "choose it in step 2" in new._why.text() and planner.draft.files
    planner.start_from("/runs/plays")
    assert new._why.text() == "" and planner.draft.recipe().sources[0].shape == "dialogue"
    choose("")
    assert planner.draft.files and planner.draft.recipe().steps == 1000
    choose("dna")
    new.go_to(2)
    new.start.click()
    recipe, data = begun[0]
    assert recipe.name == "dna" and recipe.title == "DNA, base by base" and data == own_folders
    assert recipe.sources[0].files == (str(own_folders / "casmurro.txt"),)


def test_without_held_out_texts_it_is_said(qtbot, opened, own_folders):
    run = write_run(own_folders / "runs", done=0, why="")
    _, page = opened(run)
    assert "not measured" not in page.curves._note.text()
    tell(run, StepDone(10, 100, 2.0, 1.0, 1.0, 100.0, 9.0), probe_at(10, "fox"))
    qtbot.waitUntil(lambda: "too few to hold any of them out" in page.curves._note.text(), timeout=10_000)


def test_a_run_that_ends_while_another_page_is_open_is_told(qtbot, opened, own_folders):
    run = write_run(own_folders / "runs", done=40, why="")
    with locked(run):
        program, page = opened(run)
        program.window.open_page("chat")
        tell(run, Failed("loss-not-finite", "The loss is no number any more at step 41.", ""))
    shown = program.window.toasts
    qtbot.waitUntil(lambda: any("has failed" in toast.text for toast in shown.shown), timeout=10_000)
    assert shown.undo_last() and program.window.page == "training" and page.curves._problem.isVisible()
