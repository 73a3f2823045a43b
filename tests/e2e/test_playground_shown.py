"""What the playground shows of a pasted page, in the real window with the built-in model: heat map, tree of branches, compare."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from app.paths import bundled_model
from app.playground.page import PlaygroundPage
from app.widgets.token_colours import tint
from tests.e2e.conftest import ENDLESS

PAGE = "\n\n".join(
    [
        "Once upon a time there was a little fox who lived at the edge of a forest. Every morning she went to the river.",
        "One day she met an old owl. “Where are you going?” asked the owl. “To the river,” said the fox, “to drink.”",
        "The owl looked at her for a long time. Then he said: “The zyzzyva is in the water.” The fox did not understand.",
        "She went home and told her mother what the owl had said. Her mother laughed and gave her something to eat.",
    ]
    * 3
)


@pytest.fixture
def pasted(start_program, qtbot):
    """The page of the playground with a text that came through the clipboard, scored."""
    model = bundled_model()
    assert model is not None, "the built-in model belongs to the repository"
    program = start_program(Path(model))
    program.window.resize(1280, 800)
    program.window.open_page("playground")
    page = program.window.findChild(PlaygroundPage)
    QGuiApplication.clipboard().setText(PAGE)
    page.editor.setFocus()
    QTest.keyClick(page.editor, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert page.editor.text() == PAGE
    qtbot.waitUntil(lambda: page.state.reading.whole and not page.state.following.stale, timeout=60_000)
    return page


def act(page, text):
    next(a for actions in page.menu_actions().values() for a in actions if a.text() == text).trigger()


def test_the_heat_map_of_a_pasted_page(pasted, qtbot):
    page, scores = pasted, pasted.state.reading.scores
    totals = scores.totals(PAGE)
    assert scores.ends[-1] == len(PAGE) and totals.bytes == len(PAGE.encode())
    page.dock.show_pane(page.dock.text)
    qtbot.waitUntil(lambda: "zyzzyva" in page.dock.text.words[:3])
    assert sum(scores.bin_counts(page.dock.text.ranks.ranks)) == sum(scores.histogram()) == totals.tokens
    assert page.dock.text._numbers["perplexity"].text() != "–"

    # Behind each token stands the colour of its surprisal.
    page.editor.place_caret(0)
    page.editor.ensureCursorVisible()
    picture = page.editor.viewport().grab().toImage()
    ratio = picture.devicePixelRatio()
    seen = {"pale": 0, "strong": 0}
    for index in range(1, scores.valid):
        start, bits = int(scores.starts[index]), float(scores.bits[index])
        if start >= 110 or 0.1 <= bits < 6:  # the first paragraph; what is clear
            continue
        cursor = page.editor.textCursor()
        cursor.setPosition(start)
        corner = page.editor.cursorRect(cursor).topLeft() + QPoint(2, 2)
        colour = picture.pixelColor(corner * ratio)
        expected = tint(bits) if bits >= 6 else page.editor.palette().base().color()
        assert colour.name() == expected.name(), (PAGE[start : start + 12], bits)
        seen["strong" if bits >= 6 else "pale"] += 1
    assert min(seen.values()) > 0, seen

    # A word of the list leads to its place.
    page.dock.text._words.setFocus()
    page.dock.text._words.setCurrentRow(page.dock.text.words.index("zyzzyva"))
    QTest.keyClick(page.dock.text._words, Qt.Key.Key_Return)
    assert page.editor.textCursor().selectedText() == "zyzzyva"


def test_a_text_in_the_chat_template_is_scored_with_its_control_tokens(pasted, qtbot):
    page, state = pasted, pasted.state
    page.editor.replace("Who are you?")
    act(page, "Put the text into the chat template")
    laid_out = "<|user|>Who are you?<|end|><|assistant|>"
    qtbot.waitUntil(lambda: page.editor.text() == laid_out, timeout=20_000)
    qtbot.waitUntil(lambda: state.reading.whole and not state.following.stale, timeout=20_000)
    scores = state.reading.scores
    ends = scores.ends[: scores.valid].tolist()
    assert ends[0] == len("<|user|>") and ends[-2:] == [len(laid_out) - len("<|assistant|>"), len(laid_out)]
    assert scores.bits[scores.valid - 1] < 1, "the model knows its template"
    state.set_settings(ENDLESS)
    state.go_on()
    qtbot.waitUntil(lambda: not state.writing.running and state.text != laid_out, timeout=30_000)
    assert "Próxima" in state.text, "it answers as in a chat"


def test_the_tree_of_branches_and_a_leaf_of_it(pasted, qtbot):
    page, growing = pasted, pasted.state.growing
    page.editor.moveCursor(QTextCursor.MoveOperation.End)
    act(page, "Branches from the caret")
    view = page.tree.view
    qtbot.waitUntil(lambda: not growing.running and len(growing.tree) > 10, timeout=60_000)
    assert view.isVisible() and view.hasFocus()
    ends = {"greedy": growing.tree.greedy(), "likely": growing.tree.likely(), "sampled": growing.tree.sampled()}
    assert all(end is not None for end in ends.values())
    assert ends["likely"].path_bits <= min(ends["greedy"].path_bits, ends["sampled"].path_bits)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down):
        QTest.keyClick(view, key)
    taken = growing.tree.text(view.current)
    assert taken
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert page.editor.text() == PAGE + taken
    page.editor.undo()
    assert page.editor.text() == PAGE


def test_two_chains_compared_over_the_page(pasted, qtbot):
    page, comparing = pasted, pasted.state.comparing
    act(page, "Compare two models or chains")
    button = next(b for b in page.compare.findChildren(QAbstractButton) if b.text() == "Compare")
    page.compare.left.pick_chain(0)  # raw
    page.compare.right.pick_chain(1)  # the present chain
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(comparing.spans) > 100 and not comparing.running, timeout=60_000)
    assert comparing.exact and "∞" in page.compare.words, "the chain cuts off some of what stands there"
    differences = [comparing.difference(comparing.spans[place]) for place in page.compare.places]
    assert differences == sorted(differences, reverse=True) and differences[0] > differences[-1]
    page.compare._list.setFocus()
    page.compare._list.setCurrentRow(0)
    QTest.keyClick(page.compare._list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(page.compare.bars) > 3, timeout=20_000)
    span = comparing.spans[page.compare.places[0]]
    assert page.editor._selected == (span.start, span.end), "the place is framed in the text"
