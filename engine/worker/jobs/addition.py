"""Add two numbers with the loaded model, column by column."""

import time

from engine.inference.addition import add, check_number, right_sum
from engine.records.explore import Column
from engine.worker.protocol import AddNumbers, Columns, Done
from engine.worker.reporter import Reporter
from engine.worker.session import Session

_COALESCE_S = 0.05


def run(session: Session, request: AddNumbers, reporter: Reporter) -> Done:
    """Columns as the model writes them, a few at a time."""
    first, second = check_number(request.first), check_number(request.second)
    total = max(len(first), len(second)) + 1
    right = right_sum(first, second).rjust(total, "0")
    waiting: list[Column] = []
    reporter.send(Columns(request.job, (), total, right))
    last = time.monotonic()
    try:
        for column in add(session.model, first, second, reporter.cancelled):
            waiting.append(column)
            if time.monotonic() - last >= _COALESCE_S:
                reporter.send(Columns(request.job, tuple(waiting), total, right))
                waiting, last = [], time.monotonic()
    finally:  # what was written before it was stopped is shown too
        if waiting:
            reporter.send(Columns(request.job, tuple(waiting), total, right))
    return Done(request.job)
