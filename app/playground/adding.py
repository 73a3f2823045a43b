"""A sum that the model writes column by column, and how it stands beside the right one."""

import secrets

from PySide6.QtCore import QObject, Signal

from app.playground.asking import Question
from app.workers.inference import InferenceWorker
from engine.records.explore import Column
from engine.worker.protocol import Columns, Done, Failed


class Adding(QObject):
    """``changed`` when it began, when columns came, and when it ended."""

    changed = Signal()
    failed = Signal(object)  # Failed

    def __init__(self, worker: InferenceWorker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = worker
        self._question = Question(worker, self)
        self._question.ended.connect(self._on_ended)
        worker.columns.connect(self._on_columns)
        self.columns: list[Column] = []  # from the right
        self.total = 0
        self.right = ""  # digits of the right sum, one for each column, from the left

    @property
    def running(self) -> bool:
        return self._question.running

    @property
    def whole(self) -> bool:
        """Whether the model has written every column."""
        return bool(self.total) and len(self.columns) == self.total

    @property
    def wrong(self) -> list[int]:
        """The written columns, counted from the right, whose digit is another one than in the right sum."""
        return [n for n, column in enumerate(self.columns) if column.digit != self.right[self.total - 1 - n]]

    @property
    def result(self) -> str:
        """What the model wrote, without zeros in front; "" until it is whole."""
        return "".join(column.digit for column in reversed(self.columns)).lstrip("0") or "0" if self.whole else ""

    def add(self, first: str, second: str) -> None:
        """Begin anew."""
        self.columns, self.total, self.right = [], 0, ""
        self._question.begin(self._worker.add_numbers(first, second))
        self.changed.emit()

    def stop(self) -> None:
        """What is written stays."""
        self._question.stop()

    def _on_columns(self, event: Columns) -> None:
        if self._question.is_for(event):
            self.columns += event.columns
            self.total, self.right = event.total, event.right
            self.changed.emit()

    def _on_ended(self, event: Done | Failed | None) -> None:
        self.changed.emit()
        if isinstance(event, Failed):
            self.failed.emit(event)


def random_number(digits: int) -> str:
    """So many digits, the first of them no 0."""
    return str(1 + secrets.randbelow(9)) + "".join(str(secrets.randbelow(10)) for _ in range(digits - 1))
