"""Tokens explained in the real window, by the real worker and the built-in model: funnel, inspector, strip, sliders, branches."""

from pathlib import Path
from types import SimpleNamespace

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.chat.page import ChatPage
from app.chat.shown import Command
from app.paths import bundled_model
from app.widgets.formats import number
from engine.records import GenerationSettings, SamplingSettings, StageSettings
from engine.sampling.registry import default_settings, with_values

#: The most likely token each time.
ENDLESS = GenerationSettings(SamplingSettings((StageSettings("top_k", values={"k": 1}),), 3))
CHAIN = SamplingSettings(default_settings().stages, 5)


@pytest.fixture
def at_reply(start_program, qtbot):
    """The program with one reply of fixed seed: page, dock, state, message id, records."""
    model = bundled_model()
    assert model is not None, "the built-in model belongs to the repository"
    program = start_program(Path(model))
    page = program.window.findChild(ChatPage)
    state = program.chat
    state.set_settings(GenerationSettings(CHAIN, max_tokens=40))
    page.dock._show_settings()
    assert state.send("Tell me a story about a fox.")
    qtbot.waitUntil(lambda: state.busy, timeout=10_000)
    qtbot.waitUntil(lambda: not state.busy and len(state.tree.path()) == 2, timeout=60_000)
    page._dock_switch.setChecked(True)
    message = state.tree.path()[-1]
    texts = state.token_text(message.id)
    return SimpleNamespace(
        program=program, page=page, dock=page.dock, state=state, id=message.id, records=[r.record for r in texts.runs]
    )


def most_open(at) -> int:
    """The place of the most open token."""
    return max(range(len(at.records)), key=lambda place: at.records[place].entropy_bits)


def test_the_funnel_of_a_token_is_over_the_whole_vocabulary(at_reply, qtbot):
    at, panel = at_reply, at_reply.dock.sampling
    place = most_open(at)
    at.state.choice.choose(at.id, place)
    at.dock.show_sampling()
    qtbot.waitUntil(lambda: at.state.logits.row is not None, timeout=20_000)
    row, record = at.state.logits.row, at.records[place]
    assert len(row.logits) == record.vocabulary_size
    raw = np.exp(row.logits.astype(np.float64) - record.log_sum_exp)
    assert raw.sum() == pytest.approx(1, abs=1e-3), "it is the distribution that was recorded"
    qtbot.waitUntil(lambda: panel.card("top_k").chart.isVisible() and f"all {number(8192)}" in panel._note.text())
    recorded = {stage.name: stage for stage in record.stages}
    qtbot.waitUntil(lambda: panel.column.necks["top_k"].isVisible())
    assert panel.column.necks["top_k"].text.startswith(f"{recorded['top_k'].kept} of {number(8192)} go on")
    assert panel.column.necks["top_p"].text.startswith(f"{recorded['top_p'].kept} of {recorded['top_k'].kept} go on")
    assert f"all {number(8192)} tokens" in panel._note.text() and "as it did" in panel._end.text()


def test_what_a_grammar_cut_is_told_by_the_panel_and_worked_out(at_reply, qtbot):
    at, panel, inspector = at_reply, at_reply.dock.sampling, at_reply.dock.inspector
    rules = StageSettings("grammar", True, {}, {"grammar": 'root ::= "yes" | "no"'})
    rest = tuple(item for item in CHAIN.stages if item.name != "grammar")
    at.state.new_conversation()
    at.state.set_settings(GenerationSettings(SamplingSettings((rules, *rest), 5)))
    assert at.state.send("Is it raining?")
    qtbot.waitUntil(lambda: at.state.busy, timeout=10_000)
    qtbot.waitUntil(lambda: not at.state.busy, timeout=60_000)
    message = at.state.tree.path()[-1]
    assert message.content in ("yes", "no")
    record = at.state.token_text(message.id).runs[0].record
    left = record.stages[0].kept
    assert record.stages[0].name == "grammar" and 1 < left < 20
    at.state.choice.choose(message.id, 0)
    at.dock.show_sampling()
    qtbot.waitUntil(lambda: at.state.logits.row is not None, timeout=20_000)
    neck = panel.column.necks["grammar"]
    qtbot.waitUntil(lambda: neck.isVisible() and neck.text.startswith(f"{left} of {number(8192)} go on"))
    assert "as it did" in panel._end.text() and "Approximate" not in panel._end.text()
    dropped = int(record.candidates.id_array()[0])
    at.dock.show_tokens()
    inspector.point_at(dropped)
    qtbot.waitUntil(lambda: "<b>Grammar</b> removes it" in inspector._working.lines.text())


def test_a_cut_off_is_dragged_and_the_inspector_follows(at_reply, qtbot):
    at, panel = at_reply, at_reply.dock.sampling
    at.state.choice.choose(at.id, most_open(at))
    at.dock.show_sampling()
    chart = panel.card("top_k").chart
    qtbot.waitUntil(lambda: chart.isVisible() and len(chart.bars) > 4, timeout=20_000)
    chart.setFocus()
    before = chart.cut
    QTest.keyClick(chart, Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: panel.card("top_k").row("k").value() == before - 1, timeout=20_000)
    chart.cut_asked.emit(3)
    qtbot.waitUntil(lambda: panel.card("top_k").row("k").value() == 3 and chart.cut == 3, timeout=20_000)
    qtbot.waitUntil(lambda: at.state.settings.sampling != CHAIN)
    at.dock.show_tokens()
    bars = at.dock.inspector.candidates.bars
    qtbot.waitUntil(lambda: {bar.note for bar in bars.bars[3:10]} == {"Top-k"}, timeout=20_000)
    assert at.dock.inspector._would.isVisible()


def test_a_dropped_candidate_begins_a_branch_that_keeps_the_original(at_reply, qtbot):
    at = at_reply
    place = next(i for i, record in enumerate(at.records) if any(record.candidates.removed_by_array() != 255) and i > 2)
    at.state.choice.choose(at.id, place)
    inspector = at.dock.inspector
    qtbot.waitUntil(lambda: len(inspector.candidates.bars.bars) > 1)
    inspector.candidates.more.click()
    bar = next(bar for bar in inspector.candidates.bars.bars if bar.note and bar.selectable)
    inspector.candidates.bars.setFocus()
    QTest.keyClick(inspector.candidates.bars, Qt.Key.Key_Home)
    for _ in range([b.key for b in inspector.candidates.bars.bars].index(bar.key)):
        QTest.keyClick(inspector.candidates.bars, Qt.Key.Key_Down)
    QTest.keyClick(inspector.candidates.bars, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: at.state.tree.path()[-1].id != at.id, timeout=10_000)
    qtbot.waitUntil(lambda: not at.state.busy, timeout=60_000)
    branch = at.state.tree.path()[-1]
    assert branch.fork.position == place and branch.fork.probability == pytest.approx(bar.raw, rel=1e-3)
    texts = at.state.token_text(branch.id)
    ids = [run.record.token.id for run in texts.runs]
    assert ids[: place + 1] == [*(record.token.id for record in at.records[:place]), bar.key]
    assert [run.record for run in texts.runs[:place]] == at.records[:place], "with how they were drawn"
    assert [run.record.forced for run in texts.runs[: place + 2]] == [False] * place + [True, False]
    assert at.state.tree.siblings(branch.id) == [at.id, branch.id]
    assert at.state.choice.selected == (branch.id, place), "one sees what one did"
    assert branch.summary.timing.reused_tokens > 0, "what was in the cache is not computed again"
    by_hand = "Put here by you. With this reply's dart the chain would have drawn “"
    for index, told in ((place - 1, "Kept from the reply"), (place, by_hand), (place + 1, "Drawn")):
        at.state.choice.choose(branch.id, index)
        qtbot.waitUntil(lambda index=index: inspector._token.text().endswith(f"#{ids[index]}"))
        assert told in inspector._how.text() or "only token" in inspector._how.text()
        assert inspector._dart_text.isVisible()
    put = texts.runs[place].record
    assert put.dart == at.records[place].dart and put.final_probability == 0, "and which stage had dropped it"
    at.state.choice.clear()
    saved = at.state.storage.submit(lambda store: (store.message(branch.id), store.records(branch.id))).result(5)
    assert saved[1][:place] == at.records[:place] and saved[0].fork.kept_tokens == place
    assert saved[0].fork.kept[0].seed == 5
    at.page.commands.run(branch.id, Command.REPLAY)
    qtbot.waitUntil(lambda: at.state.replaying.replay.found is not None, timeout=60_000)
    found = at.state.replaying.replay.found
    assert found.same and found.tokens == len(ids), "what was kept and put is put again"


def test_more_rows_come_from_the_model_and_one_of_them_begins_a_branch(at_reply, qtbot):
    at = at_reply
    place = most_open(at)
    at.state.choice.choose(at.id, place)
    listed = at.dock.inspector.candidates
    qtbot.waitUntil(lambda: len(listed.bars.bars) > 1)
    listed.more.click()
    qtbot.waitUntil(listed.further.isEnabled, timeout=20_000)
    before = len(listed.bars.bars)
    listed.further.click()
    qtbot.waitUntil(
        lambda: len(listed.bars.bars) == before + 64 and not listed.bars.bars[-2].label.startswith("#"), timeout=20_000
    )
    new = listed.bars.bars[-2]
    record = at.records[place]
    assert new.key not in record.candidates.id_array() and new.raw < listed.bars.bars[-3].raw + 1e-9
    listed.activated.emit(new.key)
    qtbot.waitUntil(lambda: at.state.tree.path()[-1].id != at.id and not at.state.busy, timeout=60_000)
    branch = at.state.tree.path()[-1]
    assert branch.fork.probability == pytest.approx(new.raw, rel=1e-3)
    assert at.state.token_text(branch.id).runs[place].record.token.id == new.key


def test_a_token_that_is_banned_from_the_inspector_does_not_come_again(at_reply, qtbot):
    at, panel = at_reply, at_reply.dock.sampling
    at.state.choice.choose(at.id, 1)
    listed, record = at.dock.inspector.candidates, at.records[1]
    qtbot.waitUntil(lambda: len(listed.bars.bars) > 1)
    undo = []
    at.state.undoable.connect(lambda text, back: undo.append((text, back)))
    listed.bars.setFocus()
    listed.bars._set_current([bar.key for bar in listed.bars.bars].index(record.token.id))
    QTest.keyClicks(listed.bars, "b")
    stage = next(item for item in at.state.settings.sampling.stages if item.name == "logit_bias")
    assert stage.enabled and stage.values == {str(record.token.id): -100.0}
    assert panel.card("logit_bias").settings().enabled and "is banned" in undo[0][0]
    qtbot.waitUntil(lambda: "instead" in at.dock.inspector._would.text(), timeout=20_000)
    at.state.regenerate(at.id, 5)
    qtbot.waitUntil(lambda: at.state.tree.path()[-1].id != at.id and not at.state.busy, timeout=60_000)
    again = [run.record.token.id for run in at.state.token_text(at.state.tree.path()[-1].id).runs]
    assert record.token.id not in again
    undo[0][1]()
    assert not next(item for item in at.state.settings.sampling.stages if item.name == "logit_bias").enabled


def test_a_moved_slider_marks_the_reply_and_one_click_branches_with_the_same_luck(at_reply, qtbot):
    at, panel, retro = at_reply, at_reply.dock.sampling, at_reply.page.retro
    assert not retro.isVisible()
    panel.presets.chosen.emit(with_values(default_settings(), {("temperature", "temperature"): 3.0, ("min_p", "p"): 0}))
    qtbot.waitUntil(lambda: at.state.retro.found is not None, timeout=10_000)
    found = at.state.retro.found.result
    assert retro.isVisible() and found.first is not None and found.doubt == ""
    view = at.page.transcript._views[at.id]
    assert view.text._first_change == view.body.token_ranges(found.first.index)
    retro.branch_button.click()
    qtbot.waitUntil(lambda: at.state.tree.path()[-1].id != at.id, timeout=10_000)
    qtbot.waitUntil(lambda: not at.state.busy, timeout=60_000)
    branch = at.state.tree.path()[-1]
    assert branch.summary.seed == 5 and branch.fork.piece == found.first.piece
    runs = at.state.token_text(branch.id).runs
    assert runs[found.first.index].record.token.id == found.first.id
    assert not any(run.record.forced or run.record.dart is None for run in runs), "nobody put any of them there"
    assert [run.record for run in runs[: found.first.index]] == at.records[: found.first.index]
    panel.presets.chosen.emit(default_settings())
    qtbot.waitUntil(lambda: at.state.retro.found is not None and "(exact)" in retro.text.text(), timeout=10_000)
    back, old = at.state.retro.found, at.records[found.first.index].token
    assert back.message_id == branch.id
    assert (back.result.first.index, back.result.first.id) == (found.first.index, old.id), "the first reply comes out"
    assert panel.isVisible(), "whoever moves sliders goes on moving them"


def test_text_and_strip_lead_to_each_other(at_reply, qtbot):
    at = at_reply
    at.page._token_switch.setChecked(True)
    strip = at.page.legend.strip
    qtbot.waitUntil(lambda: len(at.page.legend.numbers) == len(at.records))
    strip.chosen.emit(3)
    assert at.state.choice.selected == (at.id, 3) and at.dock.inspector.isVisible()
    at.page.transcript.setFocus()
    QTest.keyClick(at.page.transcript, Qt.Key.Key_Right)
    assert strip.current == 4
    peaks = at.page.legend.numbers.peaks()
    at.page.legend.step_peak(1)
    assert at.state.choice.selected[1] in peaks
    mean = sum(record.surprisal_bits for record in at.records) / len(at.records)
    assert at.page.legend.numbers.averages().perplexity == pytest.approx(2**mean)


def test_the_prompt_is_shown_scored_with_the_tokens_of_the_template(at_reply, qtbot):
    at, scores = at_reply, at_reply.state.scores
    at.page._prompt_scores.setChecked(True)
    assert at.page._token_switch.isChecked() and at.page.legend.prompt_button.isChecked()
    qtbot.waitUntil(lambda: scores.scored is not None, timeout=20_000)
    asked = at.state.tree.path()[0]
    runs = scores.text_of(asked.id).runs
    said = "".join(run.text for run in runs if not run.template)
    assert said == asked.content and any(run.template and run.record.token.control for run in runs)
    view = at.page.transcript._views[asked.id]
    assert view.body.shows_tokens and "<|user|>" in view.text.document.toPlainText()
    place = next(place for place, run in enumerate(runs) if run.text == " story")
    offset = asked.content.index("story")
    at.page.transcript.token_clicked.emit(asked.id, offset)
    inspector = at.dock.inspector
    qtbot.waitUntil(lambda: bool(inspector.candidates.bars.bars) and "story" in inspector._token.text())
    assert at.state.choice.selected == (asked.id, place)
    assert not any(bar.selectable or bar.note for bar in inspector.candidates.bars.bars), (
        "raw numbers only, and no branch"
    )
    qtbot.waitUntil(lambda: at.state.logits.row is not None, timeout=20_000)
    record = runs[place].record
    logits = at.state.logits.row.logits.astype(np.float64)
    assert np.logaddexp.reduce(logits) == pytest.approx(record.log_sum_exp, abs=0.05), "the whole row of that place"
    at.page.legend.prompt_button.click()
    assert not view.body.shows_tokens and at.state.choice.selected is None


def test_a_reply_is_checked_and_comes_out_the_same(at_reply, qtbot):
    at = at_reply
    at.page.commands.run(at.id, Command.REPLAY)
    bar = at.page.replay
    assert bar.isVisible() and bar.stop_button.isVisible()
    qtbot.waitUntil(lambda: at.state.replaying.replay.found is not None, timeout=60_000)
    assert f"all {len(at.records)} tokens" in bar.text.text() and not bar.meter.isVisible()
    row = at.state.tree[at.id]
    other = msgspec.structs.replace(row.summary, seed=6, engine_version="0.0.0")
    at.state.tree.replace(msgspec.structs.replace(row, summary=other))
    at.page.commands.run(at.id, Command.REPLAY)
    qtbot.waitUntil(lambda: not at.state.replaying.replay.running, timeout=60_000)
    found = at.state.replaying.replay.found
    assert found.first_difference is not None and "another version" in bar._details.text()
    bar.show_button.click()
    assert at.state.choice.selected == (at.id, found.first_difference.position)


def test_the_funnel_moves_while_a_reply_is_written(start_program, model_path, qtbot):
    program = start_program(model_path)  # which never ends by itself
    page = program.window.findChild(ChatPage)
    page._dock_switch.setChecked(True)
    page.dock.show_sampling()
    panel = page.dock.sampling
    program.chat.set_settings(ENDLESS)
    page.dock._show_settings()
    program.chat.send("Go on.")
    seen = set()

    def watch() -> bool:
        if panel.card("top_k").chart.isVisible():
            seen.add(panel._live.subject.record.position)
        return len(seen) >= 2

    qtbot.waitUntil(watch, timeout=30_000)
    assert "Being written" in panel._note.text()
    program.chat.stop()
    qtbot.waitUntil(lambda: not program.chat.busy, timeout=10_000)
    assert "Its last token" in panel._note.text()
    last = program.chat.token_text(program.chat.tree.leaf_id).runs[-1].record.position
    qtbot.waitUntil(lambda: panel._live.subject.record.position == last)
