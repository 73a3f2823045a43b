"""Over the transcript: what tints the tokens, the numbers of a reply, the strip along it."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextCharFormat
from PySide6.QtTest import QTest

from app.chat.reply_numbers import ReplyNumbers
from app.chat.token_bar import TokenBar
from app.chat.token_tint import MEASURES, TokenLook
from app.widgets.rank_bins import LEVELS, valid_ranks
from app.widgets.token_colours import Cell, ScaleLegend
from app.widgets.token_strip import TokenStrip
from tests.helpers.records import make_record


def record(surprisal=1.0, entropy=2.0, rank=1, position=0):
    made = make_record(position)
    return msgspec.structs.replace(made, logprob=-surprisal * 0.6931471805599453, entropy_bits=entropy, rank=rank)


def test_averages_and_perplexity_are_those_of_the_tokens_so_far():
    numbers = ReplyNumbers([record(1, 4), record(3, 2)])
    whole = numbers.averages()
    assert (whole.tokens, whole.surprisal_bits, whole.entropy_bits, whole.perplexity) == (2, 2, 3, 4)
    assert numbers.averages(0).perplexity == 2
    numbers.extend([record(8, 0)])
    assert numbers.averages().surprisal_bits == pytest.approx(4) and numbers.averages(1).perplexity == 4
    assert ReplyNumbers().averages() is None and ReplyNumbers().peak_beside(None, 1) is None


@given(st.lists(st.floats(0, 30), min_size=1, max_size=300), st.integers(0, 299))
def test_peaks_are_the_most_surprising_and_are_walked_through_in_a_ring(values, start):
    numbers = ReplyNumbers([record(value) for value in values])
    peaks = numbers.peaks()
    assert peaks == sorted(set(peaks)) and len(peaks) == min(len(values), max(5, len(values) // 20))
    least = min(numbers.surprisal[peak] for peak in peaks)
    assert all(v <= least for i, v in enumerate(numbers.surprisal) if i not in peaks)
    index, seen = min(start, len(values) - 1), []
    for _ in peaks:
        index = numbers.peak_beside(index, 1)
        seen.append(index)
    assert sorted(seen) == peaks
    assert numbers.peak_beside(peaks[0], -1) == peaks[-1]


@pytest.mark.parametrize(
    ("measure", "given", "bits"),
    [
        ("surprisal", record(4.5), 4.5),
        ("entropy", record(4.5, entropy=0.5), 0.5),
        ("probability", record(1.0), LEVELS[0]),
        ("probability", record(1.1), LEVELS[1]),
        ("probability", record(6.0), LEVELS[2]),
        ("probability", record(7.0), LEVELS[3]),
        ("rank", record(rank=10), LEVELS[0]),
        ("rank", record(rank=11), LEVELS[1]),
        ("rank", record(rank=1000), LEVELS[2]),
        ("rank", record(rank=1001), LEVELS[3]),
    ],
)
def test_each_measure_has_its_place_on_the_scale(measure, given, bits):
    assert TokenLook(measure).bits(given) == pytest.approx(bits)


def test_every_level_has_a_line_of_its_own_beside_its_colour(qapp):
    looks = [TokenLook("rank")(record(rank=rank), QTextCharFormat()) for rank in (1, 50, 500, 5000)]
    assert len({look.underlineStyle() for look in looks}) == 4
    assert len({look.background().color().name() for look in looks}) == 4
    plain = TokenLook("change")(record(9), QTextCharFormat())
    assert plain.underlineStyle() == QTextCharFormat.UnderlineStyle.NoUnderline


@pytest.mark.parametrize(
    ("text", "ranks"),
    [
        ("1 2 3", (1, 2, 3)),
        ("10, 100;1000", (10, 100, 1000)),
        ("10 10 20", None),
        ("0 1 2", None),
        ("5 6", None),
        ("a b c", None),
        ("1 2 -3", None),
        ("", None),
    ],
)
def test_borders_of_ranks_must_grow(text, ranks):
    assert valid_ranks(text) == ranks


@pytest.fixture
def strip(qtbot):
    made = TokenStrip()
    qtbot.addWidget(made)
    made.resize(112, 48)
    made.show_values([1.0] * 10, [2.0] * 10, lambda index: f"t{index}")
    made.show()
    return made


def test_a_click_and_the_keys_choose_tokens(strip):
    chosen = []
    strip.chosen.connect(lambda index: (chosen.append(index), strip.set_current(index)))
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(int(strip.x_of(3.5)), 20))
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(400, 20))
    for key in (
        Qt.Key.Key_Left,
        Qt.Key.Key_Home,
        Qt.Key.Key_Right,
        Qt.Key.Key_End,
        Qt.Key.Key_Right,
        Qt.Key.Key_PageUp,
    ):
        QTest.keyClick(strip, key)
    assert chosen == [3, 9, 8, 0, 1, 9, 0]
    assert strip.accessibleDescription() == strip.told(0) and "t0" in strip.told(0)


def test_more_tokens_than_pixels_are_drawn_and_found(strip, qtbot):
    values = [0.0] * 5000
    values[2500] = 10.0
    strip.show_values(values, values, str)
    image = strip.grab().toImage()
    columns = [x for x in range(6, 106) if image.pixelColor(x, 10) != image.pixelColor(2, 10)]
    assert columns and abs(columns[0] - strip.x_of(2500)) <= 2
    assert abs(strip.index_at(strip.x_of(2500) + 0.01) - 2500) <= 50


def test_the_bar_follows_the_selected_token_and_leads_to_it(desk, qtbot):
    bar = TokenBar(desk.state, TokenLook())
    qtbot.addWidget(bar)
    bar.show()
    desk.worker.reply = "one two three four five six seven eight"
    desk.send("hello")
    desk.until(lambda: len(bar.numbers) == 8)
    assert bar.averages.text().startswith("8 tokens")
    message_id = desk.state.tree.path()[-1].id
    desk.state.choice.choose(message_id, 4)
    assert bar.strip.current == 4 and "so far 1.4" in bar.averages.text()
    bar.strip.chosen.emit(2)
    assert desk.state.choice.selected == (message_id, 2)
    bar.step_peak(1)
    assert desk.state.choice.selected[1] in bar.numbers.peaks()
    desk.state.choice.clear()
    assert bar.strip.current is None


def test_the_strip_grows_while_a_reply_is_written(desk, qtbot):
    bar = TokenBar(desk.state, TokenLook())
    qtbot.addWidget(bar)
    bar.show()
    desk.worker.token_ms, desk.worker.reply = 5, "word " * 200
    desk.state.send("go")
    desk.until(lambda: 3 < len(bar.numbers) < 150)
    desk.state.stop()
    desk.idle()


def test_each_measure_is_told_and_has_a_legend(desk, qtbot):
    look = TokenLook()
    bar = TokenBar(desk.state, look)
    qtbot.addWidget(bar)
    bar.show()
    changes = []
    bar.look_changed.connect(lambda: changes.append((look.measure, look.ranks)))
    for measure in MEASURES[1:]:
        bar.set_measure(measure)
        assert look.measure == measure and bar.legend.isVisible() == (measure != "change")
    assert [measure for measure, _ in changes] == list(MEASURES[1:])
    bar.set_measure("rank")
    bar._ranks.setText("5 50")
    assert look.ranks == (10, 100, 1000) and bar._ranks.property("invalid")
    bar._ranks.setText("5 50 500")
    assert changes[-1] == ("rank", (5, 50, 500))
    assert [cell.text for cell in bar.legend.cells] == ["≤ 5", "≤ 50", "≤ 500", "> 500"]


def test_a_legend_leaves_out_the_words_that_it_has_no_room_for(qtbot):
    legend = ScaleLegend()
    qtbot.addWidget(legend)
    legend.show_scale([Cell("0", 0.0), Cell("10+", 10.0)], "expected", "surprising (bits)", "Legend", "")
    legend.resize(legend.sizeHint())
    assert legend.shown_words == ("expected", "surprising (bits)")
    legend.resize(legend.sizeHint().width() - 20, legend.height())
    assert legend.shown_words == ("expected", "")
    legend.resize(legend.minimumSizeHint())
    assert legend.shown_words == ("", "")
    full = legend.grab().toImage()
    legend.resize(legend.minimumSizeHint().width() - 1, legend.height())
    empty = legend.grab().toImage()
    colours = [{image.pixel(x, 12) for x in range(image.width())} for image in (full, empty)]
    assert len(colours[0]) > 1 and len(colours[1]) == 1, "a scale that does not fit lies over nothing else"
