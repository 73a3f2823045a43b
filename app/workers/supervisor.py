"""Keeps one worker process going: started when it is needed, started again when it ends unasked, given up after three ends."""

from PySide6.QtCore import QObject, QTimer, Signal

from app.workers.channel import Channel
from app.workers.outcome import Outcome
from engine.worker.protocol import Event, Request

_BACK_OFF_MS = (100, 500, 2_000)
#: Ends in a row after which the process is not started again by itself.
GIVE_UP_AFTER = 3


class Supervisor(QObject):
    """The process behind a worker object.

    ``ended`` carries the Outcome and whether the end was asked for by abandon(); what was not answered by then never will be. The
    next process is on its way then, unless gave_up. Requests may be sent at any time, they reach the process in their order.
    """

    ready = Signal()
    message = Signal(object)  # Event
    ended = Signal(object, bool)

    def __init__(self, parent: QObject | None = None, command: list[str] | None = None) -> None:
        super().__init__(parent)
        self._command = command
        self._channel: Channel | None = None
        self._waiting: list[Request] = []  # for the next process
        self._ends_in_a_row = 0
        self._abandoned = False
        self._closed = False
        self._restart = QTimer(self, singleShot=True)
        self._restart.timeout.connect(self.start)

    @property
    def pid(self) -> int:
        """Process number, 0 while there is none."""
        return 0 if self._channel is None else self._channel.pid

    @property
    def is_ready(self) -> bool:
        """Whether a process has said hello."""
        return self._channel is not None and self._channel.is_ready

    @property
    def gave_up(self) -> bool:
        return self._ends_in_a_row >= GIVE_UP_AFTER

    def praise(self) -> None:
        """The process did what it is for: earlier ends are not held against it any more."""
        self._ends_in_a_row = 0

    def start(self) -> None:
        """Start the process now, where there is none."""
        if self._channel is not None or self._closed:
            return
        self._restart.stop()
        self._channel = Channel(self, self._command)
        self._channel.ready.connect(self.ready)
        self._channel.message.connect(self._on_message)
        self._channel.ended.connect(self._on_ended)
        for request in self._waiting:
            self._channel.send(request)
        self._waiting.clear()
        self._channel.start()

    def send(self, request: Request) -> None:
        """Hand a request to the process, or to the one that comes next; it is started if none is on its way."""
        if self._channel is not None:
            self._channel.send(request)
            return
        self._waiting.append(request)
        if not self._restart.isActive():
            self.start()

    def abandon(self) -> None:
        """The process does not answer: end it, politely for a moment, then by force. This end is not held against it."""
        if self._channel is not None:
            self._abandoned = True
            self._channel.abandon()

    def shutdown(self) -> None:
        """End the process for good; returns when it is gone."""
        self._closed = True
        self._restart.stop()
        self._waiting.clear()
        if self._channel is not None:
            self._channel.quit()
            self._channel.wait_ended(3_000)

    def _on_message(self, event: Event) -> None:
        self.message.emit(event)

    def _on_ended(self, outcome: Outcome) -> None:
        if self._channel is not None:
            self._channel.deleteLater()
            self._channel = None
        asked, self._abandoned = self._abandoned, False
        if self._closed:
            return
        self._ends_in_a_row += not asked
        if not self.gave_up:
            self._restart.start(_BACK_OFF_MS[self._ends_in_a_row])
        self.ended.emit(outcome, asked)
