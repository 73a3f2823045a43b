"""A generator that runs ahead of its consumer, in a thread of its own."""

import threading
import time
from collections.abc import Generator
from queue import SimpleQueue
from typing import TypeVar

_T = TypeVar("_T")
_PAUSE_S = 0.001


class _End:
    """How the items ended: None where nothing went wrong."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


def ahead(items: Generator[_T, None, None], depth: int) -> Generator[_T, None, None]:
    """The same items in the same order, while up to ``depth`` of them wait to be taken; an error comes in its place.

    When the consumer stops early, the generator is closed at its next item; nothing of it runs any more when close() returns.
    """
    ready: SimpleQueue[_T | _End] = SimpleQueue()
    closed = threading.Event()

    def produce() -> None:
        error: BaseException | None = None
        try:
            for item in items:
                ready.put(item)
                while ready.qsize() >= depth and not closed.is_set():
                    time.sleep(_PAUSE_S)
                if closed.is_set():
                    break
        except BaseException as raised:  # raised again where the items are taken
            error = raised
        finally:
            items.close()
            ready.put(_End(error))

    thread = threading.Thread(target=produce, name="generation", daemon=True)
    thread.start()
    try:
        while not isinstance(item := ready.get(), _End):
            yield item
        if item.error is not None:
            raise item.error
    finally:
        closed.set()
        thread.join()
