"""A worker process for the Hub: jobs out, typed events in. No model is loaded in it."""

import os
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.translation import QT_TRANSLATE_NOOP, translated
from app.workers.outcome import Outcome
from app.workers.supervisor import Supervisor
from engine.worker.hub_messages import HubJob
from engine.worker.protocol import Cancel, Done, Event, Failed

_CRASHED = QT_TRANSLATE_NOOP("HubWorker", "The process that speaks with the Hub ended unexpectedly ({0}).")


def total_memory() -> int:
    """Bytes of main memory; 0 where the system does not tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 0


class HubWorker(QObject):
    """A supervised process, started by the first job.

    Every job ends in one Done or Failed, which come as events like all others; when the process ends unasked its jobs fail with
    code "crashed" and ``restarted`` is emitted: what it worked on beside jobs has to be asked for again.
    """

    message = Signal(object)
    restarted = Signal()

    def __init__(self, parent: QObject | None = None, command: list[str] | None = None) -> None:
        super().__init__(parent)
        self._next_job = 1
        self._jobs: set[int] = set()
        self._supervisor = Supervisor(self, command)
        self._supervisor.message.connect(self._on_event)
        self._supervisor.ended.connect(self._on_ended)

    @property
    def pid(self) -> int:
        """Process number, 0 while there is none."""
        return self._supervisor.pid

    def submit(self, make: Callable[[int], HubJob]) -> int:
        """Send the request that make(job) gives; returns its number."""
        job, self._next_job = self._next_job, self._next_job + 1
        self._jobs.add(job)
        self._supervisor.send(make(job))
        return job

    def cancel(self, job: int) -> None:
        """What it answers is not wanted any more; one that waits does not begin."""
        if job in self._jobs:
            self._supervisor.send(Cancel(job))

    def shutdown(self) -> None:
        """End the process for good."""
        self._jobs.clear()
        self._supervisor.shutdown()

    def _on_event(self, event: Event) -> None:
        if isinstance(event, Done | Failed):
            self._jobs.discard(event.job)
            if isinstance(event, Done):
                self._supervisor.praise()
        self.message.emit(event)

    def _on_ended(self, outcome: Outcome, _asked: bool) -> None:
        jobs, self._jobs = self._jobs, set()
        text = translated("HubWorker", _CRASHED).format(outcome.short)
        for job in sorted(jobs):
            self.message.emit(Failed(job, "crashed", text, "", outcome.stderr_tail))
        if not self._supervisor.gave_up:
            self.restarted.emit()
