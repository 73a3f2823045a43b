"""The map of branches and two versions side by side, under mouse and keyboard."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from app.chat.shown import Command
from tests.gui.test_chat_page import Window, make_window, window  # noqa: F401 - fixtures

# The fixtures are those of the page: a real database, a worker without a process.


@pytest.fixture
def branched(window: Window) -> Window:  # noqa: F811
    window.worker.replies.extend(["One fox.", "One owl.", "Then."])
    window.chat("tell me")
    window.state.regenerate(window.state.tree.path()[-1].id)
    window.until(lambda: len(window.state.tree) == 3 and not window.state.busy)
    window.chat("and then")
    return window


def test_the_map_shows_all_branches_and_enter_leads_to_one(branched: Window) -> None:
    page, state = branched.page, branched.state
    branched.action("Map of the branches").trigger()
    assert page.branches.isVisible() and not page.transcript.isVisible()
    view = page.branches.map
    assert "Branches of this conversation: 2" in page.branches._title.text()
    # The second reply and what follows it are shown, so that segment is the selected one.
    assert "One owl." in view.accessibleDescription() and "2/2" in view.accessibleDescription()
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert "One fox." in view.accessibleDescription() and "1/2" in view.accessibleDescription()
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert page.transcript.isVisible() and not page.branches.isVisible()
    assert [message.content for message in state.tree.path()] == ["tell me", "One fox."]
    branched.action("Map of the branches").trigger()
    other = view.card_rect(2).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=other)
    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=other)
    assert [message.content for message in state.tree.path()][:2] == ["tell me", "One owl."]


def test_a_fork_is_called_by_its_token_and_what_it_has_of_its_own(window: Window) -> None:  # noqa: F811
    window.worker.replies.extend([" forced forced forced and a fox.", ", and an owl."])
    window.chat("tell me")
    reply = window.state.tree.leaf_id
    window.state.choice.choose(reply, 2)
    window.state.branch(9)
    window.until(lambda: len(window.state.tree) == 3 and not window.state.busy)
    window.action("Map of the branches").trigger()
    said = window.page.branches.map.accessibleDescription()
    assert "%: …forced, and an owl." in said and "forced forced forced," not in said


def test_escape_leads_back_to_the_conversation(branched: Window) -> None:
    branched.action("Map of the branches").trigger()
    QTest.keyClick(branched.page.branches.map, Qt.Key.Key_Escape)
    assert branched.page.transcript.isVisible() and not branched.action("Map of the branches").isChecked()


def test_two_versions_stand_side_by_side_with_the_place_where_they_part(branched: Window) -> None:
    page, reply = branched.page, branched.state.tree.path()[1].id
    page.commands.run(reply, Command.COMPARE)
    sides = page.branches.compare._sides
    branched.until(lambda: sides[0].text.toPlainText() != "")
    assert [side.text.toPlainText() for side in sides] == ["One fox.", "One owl."]
    assert "fox" in page.branches.compare._lead.text() and "owl" in page.branches.compare._lead.text()
    assert "%" in sides[0].facts.text() and "tokens" in sides[1].facts.text()
    pale = QTextCursor(sides[0].text.document())
    pale.setPosition(2)
    marked = QTextCursor(sides[0].text.document())
    marked.setPosition(5)
    assert not pale.charFormat().fontUnderline() and marked.charFormat().fontUnderline()
    sides[0].choice.setCurrentIndex(1)
    sides[0].choice.activated.emit(1)
    assert page.branches.compare._lead.text() == "Both versions are the same."
    back = next(b for b in page.branches.findChildren(QPushButton) if b.text() == "Map")
    QTest.mouseClick(back, Qt.MouseButton.LeftButton)
    assert page.branches.map.isVisible()


def test_a_message_without_versions_says_so(branched: Window) -> None:
    notices: list[str] = []
    branched.state.notice.connect(notices.append)
    branched.page.commands.run(branched.state.tree.path()[0].id, Command.COMPARE)
    assert notices == ["There is no other version of this message."]
    assert branched.page.transcript.isVisible()
