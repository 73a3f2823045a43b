"""The library worker without a process, for tests of the window: jobs run on the Qt thread, at the next turn of its loop."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from app.workers.library import LibraryWorker
from engine.errors import Cancelled, UserError
from engine.worker.jobs import run
from engine.worker.protocol import Event, Failed, Job
from engine.worker.reporter import Reporter
from engine.worker.session import Session


class LibraryInProcess(LibraryWorker):
    """requests: every request that was sent. held: while it is true nothing is answered; fail_next: what the next job ends in."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.requests: list[Job] = []
        self.held = False
        self.fail_next: Failed | None = None
        self._session = Session()
        self._waiting: list[Job] = []

    def ask(
        self,
        make: Callable[[int], Job],
        on_event: Callable[[Event], None],
        on_failed: Callable[[Failed], None] | None = None,
    ) -> int:
        send = self._supervisor.send
        try:
            self._supervisor.send = self._take  # type: ignore[method-assign]
            return super().ask(make, on_event, on_failed)
        finally:
            self._supervisor.send = send  # type: ignore[method-assign]

    def cancel(self, job: int) -> None:
        self._asked.pop(job, None)

    def go_on(self) -> None:
        """Answer what was held back."""
        self.held = False
        self._work()

    def _take(self, request: Job) -> None:
        self.requests.append(request)
        self._waiting.append(request)
        QTimer.singleShot(0, self, self._work)

    def _work(self) -> None:
        while self._waiting and not self.held:
            request = self._waiting.pop(0)
            if request.job not in self._asked:
                continue
            if self.fail_next is not None:
                failed, self.fail_next = self.fail_next, None
                self._on_event(Failed(request.job, failed.code, failed.text, failed.hint, failed.detail))
                continue
            reporter = Reporter(request.job, self._on_event, lambda job=request.job: job not in self._asked)
            try:
                self._on_event(run(self._session, request, reporter))
            except Cancelled:
                self._asked.pop(request.job, None)
            except UserError as error:
                self._on_event(Failed(request.job, error.code, error.text, error.hint, error.detail))
