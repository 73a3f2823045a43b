"""Adapters beside the model of a chat: put there, switched, remembered, refused; and what each reply says of them."""

from pathlib import Path

import msgspec
import pytest

from app.chat.adapter_dialog import AdapterDialog
from app.chat.adapter_runs import AdapterRuns
from app.chat.adapters import Adapters, with_adapters
from app.chat.prompts import last_reply
from app.settings.schema import Attached
from app.settings.store import SettingsStore
from engine.errors import UserError
from engine.records import AdapterInfo
from engine.runs.adapters import TrainedAdapter
from engine.worker.protocol import Failed

MODEL = "/models/pretend.gguf"
REFUSED = Failed(0, "adapter-base", "pirate.gguf was made for another model.", "Load the model that it belongs to.")


def loads(desk):
    return [call for call in desk.worker.requests if call[0] == "load"]


def beside(desk):
    return [(a.path, a.scale) for a in desk.worker.model.adapters]


@pytest.fixture
def adapters(desk) -> Adapters:
    return desk.state.link.adapters


def settle(desk):
    desk.until(lambda: desk.worker.model is not None and not desk.state.link.loading)


def test_switched_weighed_and_taken_away(desk, adapters):
    adapters.add("/a/pirate.gguf")
    settle(desk)
    assert beside(desk) == [("/a/pirate.gguf", 1.0)] and desk.state.link.model_name == "Pretend + pirate"
    adapters.set_scale("/a/pirate.gguf", 0.5)
    settle(desk)
    assert beside(desk) == [("/a/pirate.gguf", 0.5)] and desk.state.link.model_name == "Pretend + pirate × 0.5"
    adapters.set_on("/a/pirate.gguf", False)
    settle(desk)
    assert beside(desk) == [("/a/pirate.gguf", 0.0)], "it stays in memory, so that it is back at once"
    assert desk.state.link.model_name == "Pretend"
    adapters.set_on("/a/pirate.gguf", True)
    settle(desk)
    assert beside(desk) == [("/a/pirate.gguf", 0.5)], "what is off keeps its scale"
    count = len(loads(desk))
    adapters.remove("/a/pirate.gguf")
    settle(desk)
    assert beside(desk) == [] and len(loads(desk)) == count + 1
    assert adapters.here == ()


def test_they_are_remembered_by_model(desk, adapters, tmp_path):
    adapters.add("/a/pirate.gguf")
    adapters.add("/a/poet.gguf")
    settle(desk)
    adapters.set_on("/a/poet.gguf", False)
    settle(desk)
    kept = SettingsStore(tmp_path / "settings.json").value.adapters
    assert kept == {MODEL: (Attached("pirate", "/a/pirate.gguf"), Attached("poet", "/a/poet.gguf", on=False))}
    desk.state.link.load("/models/other.gguf")
    settle(desk)
    assert beside(desk) == []
    desk.state.link.load(MODEL)
    settle(desk)
    assert beside(desk) == [("/a/pirate.gguf", 1.0)], "one that is off is not read from the disk"


def test_a_refused_file_is_not_kept_and_the_model_stays(desk, adapters):
    adapters.add("/a/poet.gguf")
    settle(desk)
    told = []
    desk.state.link.problem.connect(told.append)
    count = len(loads(desk))
    desk.worker.fail_next = REFUSED
    adapters.add("/a/pirate.gguf")
    settle(desk)
    assert [problem.text for problem in told] == [REFUSED.text]
    assert [a.path for a in adapters.here] == ["/a/poet.gguf"] and beside(desk) == [("/a/poet.gguf", 1.0)]
    assert len(loads(desk)) == count + 1


def test_a_file_that_is_gone_at_the_start_does_not_keep_the_model_away(desk, adapters):
    adapters.add("/a/pirate.gguf")
    settle(desk)
    desk.state.link.load("/models/other.gguf")
    settle(desk)
    told = []
    desk.state.link.problem.connect(told.append)
    desk.worker.fail_next = Failed(0, "adapter-not-found", "There is no file /a/pirate.gguf.", "Check the path.")
    desk.state.link.load(MODEL)
    desk.until(lambda: desk.worker.model is not None and desk.worker.model.path == MODEL)
    assert beside(desk) == [] and len(told) == 1
    assert adapters.here == (Attached("pirate", "/a/pirate.gguf", on=False),), "it is there to be switched on again"


def test_a_reply_says_which_were_on(desk, adapters):
    adapters.add("/a/pirate.gguf")
    settle(desk)
    desk.send("Hello")
    desk.until(lambda: not desk.state.busy)
    assert desk.state.tree.path()[-1].model_name == "Pretend + pirate"


def test_names():
    some = (AdapterInfo("a", "/a"), AdapterInfo("b", "/b", 0.0), AdapterInfo("c", "/c", 0.25))
    assert with_adapters("Model", some) == "Model + a + c × 0.25"


class Runs(AdapterRuns):
    """Finds what a test gives it."""

    def __init__(self, trained=()):
        super().__init__(Path("/nowhere"))
        self.trained, self.asked = trained, []

    def look(self, model):
        self.asked.append(model)
        self.found.emit(self.trained)

    def make(self, adapter):
        self.made.emit(f"/made/{adapter.run.name}.gguf", adapter.title)


def test_the_dialog(desk, adapters, qtbot):
    runs = Runs((TrainedAdapter(Path("/runs/pirate"), "Pirate", 120),))
    runs.made.connect(adapters.add)
    dialog = AdapterDialog(desk.state.link, runs)
    qtbot.addWidget(dialog)
    dialog.show()
    assert runs.asked == [MODEL, MODEL], "when it is made, and each time it is shown"
    assert "No adapter stands beside Pretend yet" in dialog.words
    assert not dialog.compare.isEnabled()
    (action,) = dialog.menu().actions()
    assert action.text() == "Pirate, step 120"
    action.trigger()
    settle(desk)
    row = dialog.row("/made/pirate.gguf")
    assert row.switch.text() == "Pirate" and row.switch.isChecked() and dialog.compare.isEnabled()
    assert beside(desk) == [("/made/pirate.gguf", 1.0)]
    row.scale.move_to(0.5)
    desk.until(lambda: beside(desk) == [("/made/pirate.gguf", 0.5)])
    row.switch.click()
    settle(desk)
    assert beside(desk) == [("/made/pirate.gguf", 0.0)] and not row.scale.isEnabled()
    desk.worker.fail_next = REFUSED
    dialog.add_file("/a/wrong.gguf")
    settle(desk)
    assert dialog.problem == f"{REFUSED.text} {REFUSED.hint}"
    row.remove.click()
    settle(desk)
    assert adapters.here == ()


def test_a_model_that_can_have_none_says_so(desk, qtbot):
    dialog = AdapterDialog(desk.state.link, Runs())
    qtbot.addWidget(dialog)
    desk.worker._model = msgspec.structs.replace(desk.worker.model, backend="decoder")
    desk.state.link.changed.emit()
    assert "Export this model as GGUF" in dialog.words and not dialog.from_file.isEnabled()


def test_comparing_means_what_is_on_else_all(desk, adapters):
    adapters.add("/a/pirate.gguf")
    adapters.add("/a/poet.gguf")
    settle(desk)
    asked = []
    link = desk.state.link
    link.compare_wanted.connect(lambda left, right: asked.append((left.adapters, [a.name for a in right.adapters])))
    adapters.set_on("/a/poet.gguf", False)
    settle(desk)
    link.compare_adapters()
    assert [link.title(choice) for choice in link.adapted] == ["Pretend + pirate", "Pretend + poet"]
    adapters.set_on("/a/pirate.gguf", False)
    settle(desk)
    link.compare_adapters()
    assert asked == [((), ["pirate"]), ((), ["pirate", "poet"])]
    adapters.set_on("/a/pirate.gguf", True)
    adapters.set_on("/a/poet.gguf", True)
    settle(desk)
    assert link.title(link.adapted[0]) == "Pretend + pirate + poet"


def test_the_newest_reply_and_what_it_answers(desk):
    state = desk.state
    assert last_reply(state.tree, "") == ("", ())
    desk.send("Hello")
    text, messages = last_reply(state.tree, "Be brief.")
    assert text == "One two three." and [(m.role, m.content) for m in messages] == [
        ("system", "Be brief."),
        ("user", "Hello"),
    ]


def test_what_a_run_has_learnt_is_put_beside_the_model_that_it_began_from(desk, adapters, monkeypatch):
    link = desk.state.link
    adapter = TrainedAdapter(Path("/runs/pirate"), "Pirate", 120)
    made = []
    monkeypatch.setattr(link.adapter_runs, "make", lambda found: made.append((found, desk.worker.model.path)))
    link.load("/models/other.gguf")
    settle(desk)
    link.put_beside(adapter, "/models/../models/pretend.gguf")
    desk.until(lambda: made == [(adapter, MODEL)])
    link.put_beside(adapter, MODEL)
    assert len(made) == 2, "at once where the model is loaded"
    link.adapter_runs.made.emit("/made/pirate-120.gguf", "Pirate")
    settle(desk)
    assert link.model_name == "Pretend + Pirate"
    desk.problems.clear()
    link.adapter_runs.failed.emit(UserError("verb", "The disk is full."))
    assert [problem.text for problem in desk.problems] == ["The disk is full."]


def test_going_on_with_other_adapters_is_told(desk, adapters):
    desk.worker.token_ms = 20
    assert desk.state.send("Hello")
    desk.until(lambda: desk.state.runner.reply is not None and len(desk.state.runner.reply.records) > 0)
    desk.state.stop()
    desk.until(lambda: not desk.state.busy)
    message = desk.state.tree.path()[-1]
    assert message.content and message.summary is not None
    adapters.add("/a/pirate.gguf")
    settle(desk)
    desk.state.resume(message.id)
    assert desk.notices == ["The beginning of this reply was written with other adapters than are on now."]
    desk.until(lambda: not desk.state.busy)
