"""Only the newest question waits, and answers come on the thread of whoever asked."""

import threading

from app.workers.latest import LatestRunner


def test_what_waits_is_replaced_by_what_is_newer(qtbot):
    runner, hold, began = LatestRunner(), threading.Event(), threading.Event()
    found, threads = [], []
    runner.finished.connect(lambda result: (found.append(result), threads.append(threading.get_ident())))

    def first():
        began.set()
        hold.wait(5)
        return "first"

    runner.ask(first)
    began.wait(5)
    for number in range(5):
        runner.ask(lambda number=number: number)
    hold.set()
    qtbot.waitUntil(lambda: len(found) == 2)
    qtbot.wait(20)
    assert found == ["first", 4]
    assert set(threads) == {threading.get_ident()}


def test_it_goes_on_after_a_failure_and_can_forget(qtbot):
    runner = LatestRunner()
    found, errors = [], []
    runner.finished.connect(found.append)
    runner.failed.connect(errors.append)
    runner.ask(lambda: 1 / 0)
    qtbot.waitUntil(lambda: bool(errors))
    assert isinstance(errors[0], ZeroDivisionError)
    runner.ask(lambda: 7)
    qtbot.waitUntil(lambda: found == [7])
    hold, began = threading.Event(), threading.Event()
    runner.ask(lambda: (began.set(), hold.wait(5), 8)[-1])
    began.wait(5)
    runner.ask(lambda: 9)
    runner.forget()
    hold.set()
    qtbot.waitUntil(lambda: found == [7, 8])
    qtbot.wait(20)
    assert found == [7, 8]


def test_nobody_is_told_when_whoever_asked_is_gone(qtbot):
    runner, hold, began = LatestRunner(), threading.Event(), threading.Event()
    runner.ask(lambda: (began.set(), hold.wait(5))[-1])
    began.wait(5)
    runner.deleteLater()
    del runner
    qtbot.wait(10)
    hold.set()
    qtbot.wait(50)
