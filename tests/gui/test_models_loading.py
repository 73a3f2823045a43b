"""The pane that says what a load takes, under mouse and keyboard; and the question before one that will not fit."""

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMessageBox, QToolButton

from app.chat.model_link import ModelChoice, ModelLink
from app.chat.model_picker import ModelPicker
from app.models.gpu_dialog import GpuDialog
from app.models.loading_pane import LoadingPane
from app.models.loading_state import LoadingState
from app.models.memory_bar import MemoryBar, Piece
from app.settings.store import SettingsStore
from app.widgets.formats import number
from app.widgets.theme import theme
from engine.records.loading import LoadSettings, MachineMemory, MemoryEstimate, Speed
from engine.worker.protocol import Failed
from tests.helpers.fake_planner import CARD, MB, PROSPECT, FakePlanner
from tests.helpers.fake_worker import FakeWorker

PATH = "/models/a.gguf"


class Shown:
    def __init__(self, qtbot, tmp_path):
        self.qtbot, self.planner, self.worker = qtbot, FakePlanner(), FakeWorker()
        self.state = LoadingState(self.planner, self.worker, SettingsStore(tmp_path / "settings.json"))
        self.pane = LoadingPane(self.state)
        self.pane.resize(640, 760)
        qtbot.addWidget(self.pane)
        self.pane.show()

    def show(self, prospect=PROSPECT, path=PATH):
        self.planner.prospect = prospect
        self.state.show(path)
        self.qtbot.waitUntil(lambda: self.state.prospect is not None)

    def said(self):
        return " ".join(label.text() for label in self.pane.findChildren(QLabel) if label.isVisible())


@pytest.fixture
def shown(qtbot, qapp, tmp_path):
    theme().apply(qapp)
    return Shown(qtbot, tmp_path)


def automatic(value):
    return f"Automatic ({number(value)})"


def plan(**changes):
    return msgspec.structs.replace(PROSPECT, plan=msgspec.structs.replace(PROSPECT.plan, **changes))


def test_a_context_beyond_the_trained_one_is_said(shown):
    shown.show(plan(trained_context=4096))
    assert "trained with" not in shown.said()
    settings = msgspec.structs.replace(PROSPECT.plan.settings, context_length=8192)
    shown.planner.prospect = plan(trained_context=4096, settings=settings)
    shown.state.refresh()
    text = f"A context of {number(8192)} tokens is longer than the {number(4096)} that the model was trained with"
    shown.qtbot.waitUntil(lambda: text in shown.said())


def test_more_threads_than_help_are_said_and_more_than_there_may_be_become_the_most(shown):
    threads = msgspec.structs.replace(PROSPECT.plan.settings, threads=4)
    shown.show(plan(cores=2, settings=threads))
    assert "threads" not in shown.said().split("How it is loaded")[0]
    shown.planner.prospect = plan(cores=2, settings=msgspec.structs.replace(threads, threads=5))
    shown.state.refresh()
    shown.qtbot.waitUntil(lambda: "5 threads are more than twice the 2 cores" in shown.said())
    box = shown.pane.form.threads
    box.selectAll()
    QTest.keyClicks(box, "4096")
    assert box.lineEdit().text() == "4096", "nothing is cut off while one types"
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert box.value() == 512 and "The most is 512." in shown.said()
    box.selectAll()
    QTest.keyClicks(box, "12x")
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert box.value() == 12 and "The most is" not in shown.said()


def test_memory_in_words_and_as_a_bar(shown):
    shown.show()
    said = shown.said()
    for part in (
        "Fits",
        "1.0 GB are needed, 4.0 GB are free.",
        "Weights 600 MB",
        "Key-value cache 300 MB",
        "free now: 4.0 GB",
    ):
        assert part in said
    assert "Weights 600 MB" in shown.pane.bar.accessibleName()
    assert shown.pane.bar.spans(400) == [(0, 60), (60, 90), (90, 100)]  # of 4 GB on 400 px


@pytest.mark.parametrize(("fit", "word"), [("tight", "Tight"), ("swaps", "Will swap"), ("too_large", "Will not fit")])
def test_each_word(shown, fit, word):
    shown.show(plan(fit=fit))
    assert word in shown.said()


def test_more_than_there_is_goes_beyond_the_bar_s_mark(qtbot):
    bar = MemoryBar()
    qtbot.addWidget(bar)
    bar.show_pieces([Piece("a", 300, "accent"), Piece("b", 100, "warning")], 200, "words")
    assert bar.spans(400) == [(0, 300), (300, 400)]
    bar.resize(400, 20)
    picture = bar.grab().toImage()
    assert picture.pixelColor(200, 1) == theme().colour("bad")  # free memory ends in the middle


def test_speed_measured_expected_and_unknown(shown):
    shown.show()
    assert "after its first load" in shown.said()
    shown.show(msgspec.structs.replace(PROSPECT, speed=Speed(12.34, 50.0, True, "A")), "/b")
    assert "12 tokens/s, measured on this machine." in shown.said()
    assert "It reads a prompt at about 50 tokens/s." in shown.said() and "full context" not in shown.said()
    shown.show(msgspec.structs.replace(PROSPECT, speed=Speed(12.34, 50.0, True, "A", full_tokens_per_s=4.6)), "/b2")
    assert "At the end of a full context it is roughly 5 tokens/s." in shown.said()
    shown.show(msgspec.structs.replace(PROSPECT, speed=Speed(3.21, 50.0, False, "Próxima")), "/c")
    assert "About 3.2 tokens/s expected, going by Próxima." in shown.said()
    shown.show(msgspec.structs.replace(PROSPECT, speed=Speed(0.213, 0.0, False, "Próxima", True)), "/d")
    assert "Very roughly 0.2 tokens/s" in shown.said()


def test_what_was_measured_before(shown):
    found = plan(correction=0.93)
    shown.show(msgspec.structs.replace(found, resident_bytes=900 * MB, expected_bytes=950 * MB))
    assert "At its last load it took 900 MB; 950 MB were estimated" in shown.said()
    assert "(× 0.93)" in shown.said()


def test_devices_and_how_to_get_one(shown, qtbot):
    shown.show()
    assert "The processor computes all of it." in shown.said()
    assert shown.pane._gpu.isVisible() and not shown.pane.form.layers.isVisible()
    QTest.mouseClick(shown.pane._gpu, Qt.MouseButton.LeftButton)
    dialog = shown.pane.findChild(GpuDialog)
    dialog.findChildren(QToolButton)[0].click()
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("CMAKE_ARGS=-DGGML_CUDA=on pip install") and copied.endswith("llama-cpp-python")
    dialog.close()
    memory = MachineMemory(4000 * MB, 8000 * MB, 0, (CARD,))
    estimate = MemoryEstimate(100 * MB, 30 * MB, 80 * MB, 20 * MB, 770 * MB)
    settings = msgspec.structs.replace(PROSPECT.plan.settings, gpu_layers=20)
    shown.show(plan(memory=memory, estimate=estimate, settings=settings), "/b")
    assert "20 of 25 layers are computed on A card, the others by the processor." in shown.said()
    assert "770 MB of its 8.0 GB are needed there." in shown.said()
    assert not shown.pane._gpu.isVisible() and shown.pane.form.layers.isVisible()
    shown.show(plan(memory=memory, settings=msgspec.structs.replace(settings, gpu_layers=25)), "/c")
    assert shown.pane.form.batch.isVisible() and shown.pane.form.cache_type.isVisible()
    assert "All of it is computed on A card." in shown.said()


def test_automatic_says_what_it_comes_to_and_what_is_typed_is_kept(shown):
    shown.show()
    form = shown.pane.form
    assert form.context.text() == automatic(4096) and form.threads.text() == automatic(2)
    assert form.cache_type.currentText() == "Automatic (f16)" and not form.reset.isEnabled()
    form.context.setFocus()
    form.context.selectAll()
    QTest.keyClicks(form.context, "2048")
    QTest.keyClick(form.context, Qt.Key.Key_Return)
    shown.qtbot.waitUntil(lambda: shown.planner.kept == {PATH: LoadSettings(2048)})
    form.cache_type.setCurrentIndex(form.cache_type.findData("q8_0"))
    form.cache_type.activated.emit(form.cache_type.currentIndex())
    shown.qtbot.waitUntil(lambda: shown.planner.kept == {PATH: LoadSettings(2048, cache_type="q8_0")})
    assert form.reset.isEnabled()
    form.reset.click()
    shown.qtbot.waitUntil(lambda: shown.planner.kept == {PATH: LoadSettings()})
    assert form.context.text() == automatic(4096)


def test_load_now_and_again(shown):
    shown.show()
    assert shown.pane._load.text() == "Load now"
    wanted = []
    shown.state.load_wanted.connect(wanted.append)
    shown.pane._load.click()
    assert wanted == [PATH]
    shown.worker.load(PATH)
    shown.qtbot.waitUntil(lambda: shown.pane._load.text() == "Load again" and shown.pane._load.isEnabled())
    shown.state.set(threads=7)
    shown.qtbot.waitUntil(lambda: "loaded in another way" in shown.said())


def test_what_was_changed_last_is_kept_before_it_is_loaded(shown):
    shown.show()
    kept_at_load = []
    shown.state.load_wanted.connect(lambda path: kept_at_load.append(dict(shown.planner.kept)))
    shown.state.set(context_length=2048)
    shown.state.set(context_length=1024)
    shown.pane._load.click()
    assert not kept_at_load
    shown.qtbot.waitUntil(lambda: bool(kept_at_load))
    assert kept_at_load == [{PATH: LoadSettings(1024)}]
    shown.qtbot.wait(50)
    assert len(kept_at_load) == 1


def test_what_is_told_in_short(shown):
    told = []
    shown.pane.told.connect(lambda *said: told.append(said))
    shown.show()
    assert told[-1] == ("Fits", "good")
    shown.show(msgspec.structs.replace(plan(fit="too_large"), speed=Speed(12.3, 0.0, False, "A")), "/b")
    assert told[-1] == ("Will not fit · about 12 tokens/s", "bad")
    shown.planner.refuse = Failed(0, "estimate-folder", "x is a folder.")
    shown.state.show("/c")
    assert told[-1] == ("", "")


def test_no_plan_is_one_sentence(shown):
    shown.planner.refuse = Failed(0, "estimate-folder", "x is a folder.")
    shown.state.show(PATH)
    shown.qtbot.waitUntil(lambda: "x is a folder." in shown.said())
    assert "How it is loaded" not in shown.said()


def test_a_hidden_pane_asks_nothing(shown):
    shown.show()
    assert shown.pane._timer.isActive()
    shown.pane.hide()
    assert not shown.pane._timer.isActive()


# --- the question -----------------------------------------------------------------------------------------------------


TOO_LARGE = Failed(0, "memory-ask", "big.gguf needs 9.0 GB of memory, and 4.0 GB are free.", "Loading it may fail.")


@pytest.mark.parametrize("answer", ["Load anyway", "Cancel"])
def test_a_model_larger_than_memory_is_asked_about(qtbot, tmp_path, answer):
    worker = FakeWorker()
    link = ModelLink(worker, SettingsStore(tmp_path / "settings.json"))
    picker = ModelPicker(link)
    qtbot.addWidget(picker)
    picker.show()
    problems = []
    link.problem.connect(problems.append)
    link.set_choices([ModelChoice("Small", "/small.gguf")])
    worker.fail_next = TOO_LARGE
    link.load("/big.gguf")
    assert worker.asks_for_room
    qtbot.waitUntil(lambda: bool(picker.findChildren(QMessageBox)))
    box = picker.findChild(QMessageBox)
    assert "9.0 GB" in box.text() and "Loading it may fail." in box.informativeText()
    assert box.defaultButton().text().replace("&", "") == "Cancel"
    loads = sum(call[0] == "load" for call in worker.requests)
    next(button for button in box.buttons() if button.text().replace("&", "") == answer).click()
    if answer == "Cancel":
        assert sum(call[0] == "load" for call in worker.requests) == loads and worker.model is None
    else:
        qtbot.waitUntil(lambda: worker.model is not None and worker.model.path == "/big.gguf")
        assert not worker.asks_for_room
    assert problems == []


def test_of_a_folder_only_what_the_decoder_knows_is_set(shown):
    shown.show(plan(backend="decoder"), "/folder")
    form = shown.pane.form
    assert form.context.isVisible() and form.threads.isVisible()
    for box in (form.layers, form.batch, form.cache_type, form.flash, form.weights):
        assert not box.isVisible()
