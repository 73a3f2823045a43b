"""How a job speaks to the window and hears that it is to stop."""

import time
from collections.abc import Callable
from typing import Literal

from engine.records import TokenRecord
from engine.worker.protocol import Event, Progress, Tokens

_COALESCE_S = 0.03


class Reporter:
    """Sends a job's events. Records are gathered for about 30 ms, so that a fast model does not flood the pipe."""

    def __init__(self, job: int, send: Callable[[Event], None], cancelled: Callable[[], bool]) -> None:
        self.job = job
        self.send = send
        self.cancelled = cancelled
        self._records: list[TokenRecord] = []
        self._text: list[str] = []
        self._last = 0.0
        self._last_progress = 0.0

    def progress(self, phase: Literal["load", "prompt", "score", "replay"], done: int, total: int) -> None:
        """Tell how far the job is, at most every 30 ms and always at its end."""
        now = time.monotonic()
        if done >= total or now - self._last_progress >= _COALESCE_S:
            self._last_progress = now
            self.send(Progress(self.job, phase, done, total))

    def token(self, record: TokenRecord, text: str) -> None:
        self._records.append(record)
        self._text.append(text)
        if time.monotonic() - self._last >= _COALESCE_S:
            self.flush()

    def flush(self, rest: str = "") -> None:
        """Send what was gathered; rest is text that became visible at the end, without a token of its own."""
        if self._records or rest:
            self.send(Tokens(self.job, tuple(self._records), "".join(self._text) + rest))
            self._records.clear()
            self._text.clear()
        self._last = time.monotonic()
