"""A sum without widgets: what is written, what of it is wrong, and where each column stands on the sheet."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QGuiApplication

from app.playground.adding import Adding, random_number
from app.playground.addition_pane import AdditionPane
from app.playground.sum_sheet import SumSheet
from engine.records.explore import Column
from engine.worker.protocol import Columns, Done, Failed
from tests.helpers.fake_worker import FakeWorker

# 95 + 17, the tens of its sum wrong: the ones carry 1, the model writes 0 and 4.
WRITTEN = (Column("5", "7", "1", "2"), Column("9", "1", "0", "4"), Column("0", "0", "0", "1"))


@pytest.fixture
def worker(qtbot):
    worker = FakeWorker()
    worker.load("/models/pretend.gguf")
    qtbot.waitUntil(lambda: worker.model is not None)
    worker._step.setInterval(10_000)  # a test says when a job ends
    return worker


def job_of(worker):
    worker._step.start(10_000)
    return worker._queue[0][0]


def tell(worker, *columns, done=False):
    job = job_of(worker)
    worker.columns.emit(Columns(job, columns, 3, "112"))
    if done:
        worker._queue.clear()
        worker._step.stop()
        worker.done.emit(Done(job))


def test_columns_come_from_the_right_and_wrong_ones_are_told(worker):
    adding = Adding(worker)
    adding.add("95", "17")
    assert adding.running and worker.requests[-1] == ("add_numbers", "95", "17")
    tell(worker, *WRITTEN[:1])
    assert adding.wrong == [] and not adding.whole and adding.result == ""
    worker.columns.emit(Columns(99, WRITTEN, 3, "112"))
    assert len(adding.columns) == 1, "of another question"
    tell(worker, *WRITTEN[1:], done=True)
    assert adding.whole and not adding.running
    assert adding.wrong == [1] and adding.result == "142"


def test_what_cannot_be_added_is_told(worker):
    adding, told = Adding(worker), []
    adding.failed.connect(told.append)
    adding.add("95", "17")
    job = job_of(worker)
    worker._queue.clear()
    worker._step.stop()
    worker.failed.emit(Failed(job, "context-short", "Too short."))
    assert [failed.text for failed in told] == ["Too short."] and not adding.running


@pytest.mark.parametrize("digits", [1, 2, 1000])
def test_random_numbers_have_their_digits(digits):
    found = random_number(digits)
    assert len(found) == digits and found.isdigit() and found[0] != "0"


@settings(max_examples=25, deadline=None)
@given(total=st.integers(2, 3000), width=st.integers(60, 1600))
def test_every_column_has_a_place_of_its_own(qapp, total, width):
    sheet = SumSheet()
    sheet.resize(width, 100)
    sheet.show_sum("1" * (total - 1), "2", (), "")
    cells = [sheet.cell(column) for column in range(total)]
    assert len({(cell.left(), cell.top()) for cell in cells}) == total == sheet.total
    first, second = cells[-1], cells[-2]
    assert (first.left(), first.top()) == (0, 0), "the first digit stands in the corner"
    assert (second.left() > 0) or width < 150
    assert max(cell.bottom() for cell in cells) < sheet.minimumHeight()


def test_the_pane(worker, qtbot):
    adding = Adding(worker)
    pane = AdditionPane(adding)
    qtbot.addWidget(pane)
    pane.resize(700, 400)
    pane.show()
    assert not pane.button.isEnabled() and "Nothing is added for it" in pane.words
    pane.digits.setValue(1000)
    pane.random.click()
    assert len(pane.first.text()) == len(pane.second.text()) == 1000 and pane.sheet.total == 1001
    assert pane.first.text() != pane.second.text()
    qtbot.keyClicks(pane.first, "x")
    pane.first.setText("9 5")
    pane.second.setText("1_7")
    pane.button.click()
    assert worker.requests[-1] == ("add_numbers", "95", "17") and pane.button.text() == "Stop"
    tell(worker, *WRITTEN[:1])
    assert pane.words == "1 of 3 columns written, 0 of them wrong."
    before = pane.grab().toImage()
    tell(worker, *WRITTEN[1:], done=True)
    assert pane.words == "1 of 3 columns are wrong: below them stands what Python's own sum has."
    assert pane.grab().toImage() != before and pane.copy.isEnabled()
    pane.copy.click()
    assert QGuiApplication.clipboard().text() == "142"
    pane.first.setText("96")
    assert "Nothing is added for it" in pane.words, "what was written belongs to other numbers"


def test_it_is_stopped_and_what_is_written_stays(worker, qtbot):
    adding = Adding(worker)
    pane = AdditionPane(adding)
    qtbot.addWidget(pane)
    pane.first.setText("95")
    pane.second.setText("17")
    pane.button.click()
    tell(worker, *WRITTEN[:2])
    pane.button.click()
    assert worker.requests[-1][0] == "cancel"
    assert not adding.running and pane.words == "2 of 3 columns written, 1 of them wrong."
