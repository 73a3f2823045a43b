"""Work that is only worth doing for the newest question: a slider that is drawn along asks faster than can be answered."""

import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

_LINGERS_S = 1.0  # to start a thread takes longer than most jobs
Job = Callable[[], Any]


class LatestRunner(QObject):
    """At most one job runs, at most one waits: a newer one takes the place of the one that waits.

    ``finished`` carries a job's result to the thread of this object, ``failed`` the exception that it raised. The thread ends
    when it has had nothing to do for a while.
    """

    finished = Signal(object)
    failed = Signal(object)
    _crossed = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Condition()
        self._waiting: Job | None = None
        self._running = False
        self._crossed.connect(self._arrived, Qt.ConnectionType.QueuedConnection)

    def ask(self, job: Job) -> None:
        """Do this as soon as what runs is done, unless something newer is asked before."""
        with self._lock:
            self._waiting = job
            if self._running:
                self._lock.notify()
                return
            self._running = True
        threading.Thread(target=self._run, name="latest", daemon=True).start()

    @property
    def has_waiting(self) -> bool:
        """Whether something newer is asked than what runs; a long job looks now and then."""
        return self._waiting is not None

    def forget(self) -> None:
        """What waits is not wanted any more; what runs still answers."""
        with self._lock:
            self._waiting = None

    def _run(self) -> None:
        while True:
            with self._lock:
                if self._waiting is None:
                    self._lock.wait(_LINGERS_S)
                job, self._waiting = self._waiting, None
                if job is None:
                    self._running = False
                    return
            result, error = None, None
            try:
                result = job()
            except Exception as caught:  # told on the other side
                error = caught
            try:
                self._crossed.emit(result, error)
            except RuntimeError:  # whoever asked is gone
                return

    def _arrived(self, result: object, error: Exception | None) -> None:
        if error is None:
            self.finished.emit(result)
        else:
            self.failed.emit(error)
