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
    made.resize(400, made.height_for(400) + 8)
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


def waves(view, place):
    """How many dots of a token's last lines are of the colour of the line below a change."""
    image, rect = view.grab().toImage(), view.range_rect(place[0] + 1, place[1]).toRect()
    accent = reading_style(theme()).accent.getRgb()[:3]
    places = ((x, y) for x in range(rect.left() + 3, rect.right() - 3) for y in range(rect.bottom(), rect.bottom() + 6))
    dots = [image.pixelColor(x, y).getRgb()[:3] for x, y in places]
    return sum(max(abs(a - b) for a, b in zip(dot, accent, strict=True)) < 60 for dot in dots)


def test_what_follows_the_first_change_is_pale_in_one_range_and_changes_have_a_line(view):
    places = ranges()
    view.set_changes([places[3], places[1]], [places[1]])
    (pale,) = view._change_formats()
    assert (pale.cursor.selectionStart(), pale.cursor.selectionEnd()) == (places[2][0], places[4][1])
    lines = [waves(view, place) for place in places]
    assert lines[1] > 2 and lines[3] > 2 and lines[0] == lines[2] == lines[4] == 0
