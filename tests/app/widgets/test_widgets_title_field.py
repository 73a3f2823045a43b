"""A title that is edited in its place."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.widgets.title_field import TitleField


@pytest.fixture
def field(qtbot):
    made = TitleField("Title", "Nothing", None)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    made.renames = []
    made.renamed.connect(made.renames.append)
    return made


def test_another_title_is_told_once_an_empty_one_never(field):
    field.show_title("A fox", True)
    field.edit()
    QTest.keyClicks(field, "An owl")
    QTest.keyClick(field, Qt.Key.Key_Return)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.renames == ["An owl"]
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_Delete)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.renames == ["An owl"] and field.text() == "An owl"


def test_escape_puts_the_old_one_back(field):
    field.show_title("A fox", True)
    field.edit()
    QTest.keyClicks(field, "An owl")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == "A fox" and field.renames == []


def test_one_that_there_is_not_yet_cannot_be_edited(field):
    field.show_title("", False)
    field.edit()
    QTest.keyClicks(field, "An owl")
    assert field.text() == "" and field.toolTip() == ""
