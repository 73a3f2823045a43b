"""A generator that runs ahead of its consumer, in a thread of its own."""

import threading
import time
from collections.abc import Generator
from queue import SimpleQueue
from typing import TypeVar

_T = TypeVar("_T")
_PAUSE_S = 0.001
# To wake the consumer for each item costs a fast model a twentieth of its speed: the lock, the other core's caches. In fours it
# is still done before the model's next step ends; more, and the model would wait for the interpreter.
_GROUP = 4
_LATEST_S = 0.008  # a model that is slower than that hands over each item at once


class _End:
    """How the items ended: None where nothing went wrong."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


def ahead(items: Generator[_T, None, None], depth: int) -> Generator[_T, None, None]:
    """The same items in the same order, while up to ``depth`` groups of them wait to be taken; an error comes in its place.

    Items that come within milliseconds are handed over in groups. When the consumer stops early, the generator is closed at its
    next group; nothing of it runs any more when close() returns.
    """
    ready: SimpleQueue[list[_T] | _End] = SimpleQueue()
    closed = threading.Event()

    def produce() -> None:
        error: BaseException | None = None
        group: list[_T] = []
        handed_over = 0.0
        try:
            for item in items:
                group.append(item)
                now = time.perf_counter()
                if len(group) < _GROUP and now - handed_over < _LATEST_S:
                    continue
                ready.put(group)
                group, handed_over = [], now
                while ready.qsize() >= depth and not closed.is_set():
                    time.sleep(_PAUSE_S)
                if closed.is_set():
                    break
        except BaseException as raised:  # raised again where the items are taken
            error = raised
        finally:
            items.close()
            ready.put(group)
            ready.put(_End(error))

    thread = threading.Thread(target=produce, name="generation", daemon=True)
    thread.start()
    try:
        while not isinstance(taken := ready.get(), _End):
            yield from taken
        if taken.error is not None:
            raise taken.error
    finally:
        closed.set()
        thread.join()
