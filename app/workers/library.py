"""A worker process for the library: questions out, answers to whoever asked. No model is loaded in it."""

from collections.abc import Callable

import msgspec
from PySide6.QtCore import QObject, Signal

from app.workers.outcome import Outcome
from app.workers.supervisor import Supervisor
from engine.worker.protocol import Cancel, Done, Event, Failed, Job


class _Asked(msgspec.Struct, frozen=True):
    on_event: Callable[[Event], None]
    on_failed: Callable[[Failed], None] | None


class LibraryWorker(QObject):
    """A supervised process, started by the first question; a file that ends it costs its own question alone.

    ``failed`` tells of jobs that failed and whose failure nobody wanted for himself.
    """

    failed = Signal(object)  # Failed

    def __init__(self, parent: QObject | None = None, command: list[str] | None = None) -> None:
        super().__init__(parent)
        self._next_job = 1
        self._asked: dict[int, _Asked] = {}
        self._supervisor = Supervisor(self, command)
        self._supervisor.message.connect(self._on_event)
        self._supervisor.ended.connect(self._on_ended)

    def ask(
        self,
        make: Callable[[int], Job],
        on_event: Callable[[Event], None],
        on_failed: Callable[[Failed], None] | None = None,
    ) -> int:
        """Send the request that make(job) gives; its events come to on_event, Done at the end. Returns the job's number."""
        job, self._next_job = self._next_job, self._next_job + 1
        self._asked[job] = _Asked(on_event, on_failed)
        self._supervisor.send(make(job))
        return job

    def cancel(self, job: int) -> None:
        """Nobody waits for it any more; it says nothing after this."""
        if self._asked.pop(job, None) is not None:
            self._supervisor.send(Cancel(job))

    def shutdown(self) -> None:
        """End the process for good."""
        self._asked.clear()
        self._supervisor.shutdown()

    def _on_event(self, event: Event) -> None:
        asked = self._asked.get(getattr(event, "job", 0))
        if asked is None:
            return
        if isinstance(event, Failed):
            self._fail(event)
            return
        if isinstance(event, Done):
            del self._asked[event.job]
            self._supervisor.praise()
        asked.on_event(event)

    def _fail(self, event: Failed) -> None:
        asked = self._asked.pop(event.job)
        if asked.on_failed is not None:
            asked.on_failed(event)
        else:
            self.failed.emit(event)

    def _on_ended(self, outcome: Outcome, _asked: bool) -> None:
        text = self.tr("The process that reads model files ended unexpectedly ({0}).").format(outcome.short)
        for job in sorted(self._asked):
            self._fail(Failed(job, "crashed", text, "", outcome.stderr_tail))
