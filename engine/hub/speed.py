"""How fast a download is, and when it will be done."""

from collections import deque

#: Seconds over which the speed is averaged: long enough to be calm, short enough to notice a stall.
WINDOW_S = 8.0
_ENOUGH_S = 0.5


class Speed:
    """Told how many bytes are there and when; knows bytes a second over the last WINDOW_S."""

    def __init__(self) -> None:
        self._points: deque[tuple[float, int]] = deque()

    def tell(self, now_s: float, done_bytes: int) -> None:
        if self._points and done_bytes < self._points[-1][1]:  # begun anew
            self._points.clear()
        self._points.append((now_s, done_bytes))
        while now_s - self._points[0][0] > WINDOW_S and len(self._points) > 2:
            self._points.popleft()

    def bytes_a_second(self, now_s: float) -> float:
        """0 until enough was seen. While nothing comes it falls, since the time that passes counts."""
        if not self._points or now_s - self._points[0][0] < _ENOUGH_S:
            return 0.0
        begin, before = self._points[0]
        return (self._points[-1][1] - before) / (now_s - begin)

    def seconds_left(self, now_s: float, missing_bytes: int) -> float | None:
        """At this speed; None while that is not known."""
        speed = self.bytes_a_second(now_s)
        return missing_bytes / speed if speed > 0 else None
