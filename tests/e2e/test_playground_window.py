"""The playground in the real window with the real worker: typed, scored, branched, compared, and there again after a restart."""

from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.playground.experiments import EXPERIMENTS
from app.playground.page import PlaygroundPage
from app.program import Program
from app.sampling.funnel import funnel
from engine.records import GenerationSettings, SamplingSettings
from engine.records.explore import Bounds, Side
from engine.sampling.registry import default_settings
from tests.e2e.conftest import StartProgram
from tests.helpers.small_models import small_llama_gguf

TEXT = "Once upon a time there was a small fox who lived by the river. A água era fria."


@pytest.fixture(scope="module")
def other_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_llama_gguf(tmp_path_factory.mktemp("other") / "other.gguf", context_length=8192, seed=5)


def opened(program: Program) -> PlaygroundPage:
    program.window.open_page("playground")
    page = program.window.findChild(PlaygroundPage)
    assert isinstance(page, PlaygroundPage)
    return page


def test_a_token_of_a_text_has_all_rivals_and_a_bias_is_seen_at_once(
    start_program: StartProgram, qtbot: QtBot, model_path: Path
) -> None:
    program = start_program(model_path)
    page, state = opened(program), program.playground

    def until(condition) -> None:  # type: ignore[no-untyped-def]
        qtbot.waitUntil(condition, timeout=60_000)

    QTest.keyClicks(page.editor, "The fox and the fox")
    until(lambda: not state.following.stale and state.reading.whole)
    subject = state.following.subject
    assert subject is not None and subject.logits is not None and subject.history_is_whole
    assert len(subject.logits) == program.worker.model.vocabulary_size
    assert len(subject.history) >= len(state.reading.scores.ids)

    # More rivals than a record keeps, called by their names.
    page._explain()
    candidates = page.dock.inspector.candidates
    until(lambda: candidates.isVisible() and len(candidates.bars.bars) > 10)
    candidates.more.click()
    until(lambda: candidates.further.isVisible())
    candidates.further.click()
    until(lambda: len(candidates.bars.bars) > 2 * 64)
    until(lambda: not any(bar.label.startswith("#") for bar in candidates.bars.bars))

    # The same for what comes next.
    page.dock.show_pane(page.dock.next)
    page.dock.next._more.click()
    page.dock.next.further.click()
    until(lambda: len(page.dock.next.shown) >= 2 * 64)
    until(lambda: not any(bar.label.startswith("#") for bar in page.dock.next.shown))

    # Banned there, it does not come at the caret any more; and the way back is offered.
    drawn = subject.record.token
    page.dock.next.bias_asked.emit(drawn.id, -100.0)
    until(lambda: not state.following.stale and state.following.record.token.id != drawn.id)
    assert page.dock.sampling.settings().sampling == state.settings.sampling
    until(lambda: any(bar.label.endswith("⊘") for bar in page.dock.next.shown))


def test_the_panel_comes_to_the_same_draw_as_the_model_whatever_stands_before(
    start_program: StartProgram, qtbot: QtBot, model_path: Path
) -> None:
    program = start_program(model_path)
    page, state = opened(program), program.playground
    QTest.keyClicks(page.editor, "the fox, the owl, the fox, the owl, the fox, the")
    values = {
        "penalties": {"repeat": 1.5, "presence": 0.5, "last_n": -1},
        "dry": {"multiplier": 2.0, "base": 2.0, "allowed": 1, "last_n": -1},
    }
    stages = [
        msgspec.structs.replace(item, enabled=True, values={**item.values, **values[item.name]})
        if item.name in values
        else item
        for item in default_settings().stages
    ]
    shifts = set()
    for seed in range(4):
        state.set_settings(GenerationSettings(SamplingSettings(tuple(stages), seed), max_tokens=5))
        state.new_luck()
        qtbot.waitUntil(lambda: not state.following.stale, timeout=60_000)
        subject = state.following.subject
        assert subject is not None
        found = funnel(subject, state.settings.sampling)
        assert found.exact and found.chosen == subject.record.token.id
        assert found.probability == pytest.approx(subject.record.final_probability)
        shifts.update(round(view.divergence_bits, 6) for view in found.stages if view.name in values)
    assert len(shifts) >= 2 and 0 not in shifts, "both look back, and find something"


def test_a_document_from_the_first_key_to_the_next_start(
    start_program: StartProgram, qtbot: QtBot, model_path: Path, other_model: Path
) -> None:
    program = start_program(model_path)
    page, state = opened(program), program.playground

    def until(condition) -> None:  # type: ignore[no-untyped-def]
        qtbot.waitUntil(condition, timeout=60_000)

    # Typed: the next token follows the caret, and every token is scored.
    QTest.keyClicks(page.editor, TEXT.partition("A água")[0])
    page.editor.insert("A água era fria.")  # the test's keyboard has no accents
    until(lambda: state.following.record is not None and not state.following.stale and state.following.text == TEXT)
    until(lambda: state.reading.whole)
    record, scores = state.following.record, state.reading.scores
    assert record is not None and record.vocabulary_size == program.worker.model.vocabulary_size
    assert scores.ends[-1] == len(TEXT) and scores.totals(TEXT).bytes == len(TEXT.encode())

    # Taken over, gone on with, and undone.
    first = next(offer for offer in page.dock.next._offers if offer.text)
    QTest.keyClick(page.editor, Qt.Key.Key_Tab)
    assert page.editor.text() == TEXT + first.text
    until(lambda: not state.following.stale)
    state.go_on()
    until(lambda: state.writing.tokens > 3)
    state.stop()
    until(lambda: not state.writing.running)
    written = page.editor.text()
    assert len(written) > len(TEXT + first.text) and written == state.text
    page.editor.undo()
    assert page.editor.text() == TEXT + first.text

    # A tree whose greedy path is what the model holds for most likely.
    until(lambda: not state.following.stale)
    best = state.following.record.candidates.pieces[0]
    state.growing.bounds = Bounds(2, 2, 1.0, 20)
    state.grow_tree()
    until(lambda: not state.growing.running and len(state.growing.tree) > 4)
    assert state.growing.tree.children(-1)[0].piece == best
    greedy = state.growing.tree.greedy()
    path = state.growing.tree.text(greedy.id)
    page.tree.view.taken.emit(greedy.id)  # and the next tree grows from there
    assert page.editor.text() == TEXT + first.text + path

    # Compared with another model, which runs beside the one that replies.
    page._on_compare()
    state.compare(Side(str(model_path)), Side(str(other_model)))
    until(lambda: not state.comparing.running and len(state.comparing.spans) > 10)
    assert state.comparing.exact and max(span.js_bits for span in state.comparing.spans) > 0.01
    state.comparing.look(state.comparing.most_different()[0])
    until(lambda: len(state.comparing.records) == 2)
    assert len(page.compare.bars) == 10 and program.worker.model is not None
    page.drawer.close_pane()

    # An experiment, on the loaded model.
    page.experiment(next(e for e in EXPERIMENTS if e.name == "vocabularies"))
    until(lambda: len(state.experimenting.cuts) == 3)
    assert [len(state.experimenting.cuts[place]) for place in (1, 2)] == [58, 62]  # é takes two bytes, the fox four

    left = page.editor.text()
    program.close()
    again = start_program(model_path)
    qtbot.waitUntil(lambda: again.playground.text == left, timeout=10_000)
    assert opened(again).editor.text() == left
