"""What a message's text looks like while other sliders are tried on it."""

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage, QTextCharFormat, QTextCursor, QTextDocument

from app.chat.text_view import TextView
from app.reading.style import reading_style
from app.widgets.theme import theme

WORDS = ("Once", " upon", " XX", " XX", " time")


def ranges():
    ends = np.cumsum([len(word) for word in WORDS])
    return [(int(end) - len(word), int(end)) for end, word in zip(ends, WORDS, strict=True)]


@pytest.fixture
def view(qtbot):
    """Every token stands on a coloured ground."""
    style = reading_style(theme())
    document = QTextDocument()
    document.setDefaultFont(style.body)
    cursor = QTextCursor(document)
    ground = QTextCharFormat()
    ground.setBackground(QColor("#ffcc66"))
    for word in WORDS:
        cursor.insertText(word, ground)
    made = TextView(document, style)
    qtbot.addWidget(made)
    made.resize(400, made.height_for(400))
    return made


def darkness(view, place):
    """How many dark dots there are in the letters of a token, without the line below them."""
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    rect = view.range_rect(place[0] + 1, place[1]).toRect()
    height = view.fontMetrics().ascent()
    dots = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return int((dots[rect.top() : rect.top() + height, rect.left() : rect.right()] < 150).sum())


def test_what_would_change_is_still_to_be_read_on_its_tint(view):
    places = ranges()
    before = [darkness(view, place) for place in places]
    assert before[2] > 10
    view.set_changes([places[2], places[3]], [places[2]])
    after = [darkness(view, place) for place in places]
    assert after[0] == before[0], "what stands before the first change stays as it is"
    assert after[3] > 0.4 * before[3] and after[2] > 0.4 * before[2] and after[4] > 0.4 * before[4]


def test_what_follows_the_first_change_is_pale_and_no_two_ranges_overlap(view):
    places = ranges()
    view.set_changes([places[3], places[1]], [places[1]])
    found = [(s.cursor.selectionStart(), s.cursor.selectionEnd()) for s in view._change_formats()]
    assert found == [places[1], places[2], places[3], places[4]]
    style = reading_style(theme())
    colours = [selection.format.foreground().color() for selection in view._change_formats()]
    assert colours == [style.text, style.muted, style.muted, style.muted]
