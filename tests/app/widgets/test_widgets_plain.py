"""Texts of models and people are shown to the letter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QTextDocument

from app.widgets.plain import PlainLabel, plain_action, plain_tip


@pytest.mark.parametrize("text", ["<b>bold</b>", "a <br> b", "one\ntwo <i>", "62 % & more"])
def test_a_tip_says_what_was_written(qapp, text):
    document = QTextDocument()
    document.setHtml(plain_tip(text))
    shown = document.toPlainText() if plain_tip(text) != text else text
    assert shown.split() == text.split()


def test_plain_text_stays_as_it_is(qapp):
    assert plain_tip("·men   #863\nlogit 3.1") == "·men   #863\nlogit 3.1"


@given(st.text(max_size=20))
def test_no_mark_of_a_shortcut_is_left(text):
    assert plain_action(text).replace("&&", "") == text.replace("&", "")


def test_a_label_shows_tags_and_keeps_a_number_with_its_unit(qtbot):
    label = PlainLabel("<b>x</b> with 4.6 % now")
    qtbot.addWidget(label)
    assert label.text() == "<b>x</b> with 4.6\N{NO-BREAK SPACE}% now"
    plain, bold = PlainLabel("<b>x</b>"), PlainLabel("x")
    assert plain.sizeHint().width() > 3 * bold.sizeHint().width()
