"""A verb of the command line in a process of its own: its JSON, its complaint, its end."""

import sys

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from app.workers import verb as module
from app.workers.verb import Verb


@pytest.fixture
def verb(qtbot, monkeypatch):
    """One that runs a line of Python in the place of this program."""
    monkeypatch.setattr(module, "verb_command", lambda *words: [sys.executable, "-S", "-c", *words])
    made = Verb()
    yield made
    made.stop()


def test_what_it_prints_is_the_answer(qtbot, verb):
    with qtbot.waitSignal(verb.answered, timeout=60_000) as caught:
        verb.start("print('{\"a\": [1, 2]}')")
        assert verb.running
    assert caught.args[0] == {"a": [1, 2]} and not verb.running


def test_a_complaint_is_an_error_with_its_last_line(qtbot, verb):
    with qtbot.waitSignal(verb.failed, timeout=60_000) as caught:
        verb.start("import sys; print('noise', file=sys.stderr); print('proxima: No.', file=sys.stderr); sys.exit(2)")
    assert caught.args[0].text == "No." and "noise" in caught.args[0].detail


def test_the_newest_question_is_answered_alone(qtbot, verb):
    answers = []
    verb.answered.connect(answers.append)
    verb.failed.connect(answers.append)
    verb.start("import time; time.sleep(60); print(1)")
    with qtbot.waitSignal(verb.answered, timeout=60_000):
        verb.start("print(2)")
    assert answers == [2]


def test_a_process_ends_with_whoever_asked(qtbot, verb):
    other = Verb()
    other.start("import time; time.sleep(60)")
    process = other._process
    assert process.waitForStarted(30_000)
    ended = []
    process.finished.connect(lambda *_: ended.append(True))
    other.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert ended  # without a word of Qt's about a process that was still running


def test_what_is_not_there_is_told(qtbot, verb, monkeypatch):
    monkeypatch.setattr(module, "verb_command", lambda *words: ["/no/such/program", *words])
    with qtbot.waitSignal(verb.failed, timeout=60_000) as caught:
        verb.start("x")
    assert caught.args[0].code == "verb"
