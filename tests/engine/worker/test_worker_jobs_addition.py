"""A sum of the worker: every column as the model wrote it, from the right, and Python's sum beside it."""

import pytest

from engine.errors import Cancelled, UserError
from engine.inference.addition import result
from engine.worker.jobs import run
from engine.worker.protocol import AddNumbers, Columns, Done
from engine.worker.reporter import Reporter
from tests.helpers.addition import TableAdder


class Loaded:
    """A session with a model that adds."""

    def __init__(self, model):
        self.model = model


def added(model, first, second, cancelled=lambda: False):
    sent = []
    reporter = Reporter(1, sent.append, cancelled)
    done = run(Loaded(model), AddNumbers(1, first, second), reporter)
    assert done == Done(1)
    return sent


def test_columns_from_the_right_and_what_is_right():
    sent = added(TableAdder(), "95", "1 7")
    assert all(isinstance(event, Columns) and (event.total, event.right) == (3, "112") for event in sent)
    columns = [column for event in sent for column in event.columns]
    assert [column.line for column in columns] == ["5+7=12", "9+1=11", "0+0=01"] and result(columns) == "112"


def test_a_thousand_digits_through_a_short_context():
    first, second = "9" * 1000, "8" * 999 + "9"
    sent = added(TableAdder(40), first, second)
    columns = [column for event in sent for column in event.columns]
    assert len(columns) == sent[0].total == len(sent[0].right) == 1001
    assert result(columns) == str(int(first) + int(second)) == sent[0].right


def test_what_is_wrong_is_told_as_it_was_written():
    sent = added(TableAdder(answer=lambda a, b, c: "07"), "11", "22")
    assert sent[0].right == "033" and result([c for event in sent for c in event.columns]) == "777"


def test_what_was_written_before_it_was_stopped_is_told():
    asked = []
    sent = []

    def cancelled():
        asked.append(1)
        return len(asked) > 6

    with pytest.raises(Cancelled):
        run(Loaded(TableAdder()), AddNumbers(1, "123456", "1"), Reporter(1, sent.append, cancelled))
    columns = [column for event in sent for column in event.columns]
    assert 0 < len(columns) < 7 and columns[0].line == "6+1=07"


def test_what_is_no_number_is_refused():
    with pytest.raises(UserError, match="is no whole number"):
        added(TableAdder(), "12", "x")
