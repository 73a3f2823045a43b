"""The one thread that owns the database. Callers hand it functions and get futures."""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

from app.storage.opening import Opened, backup_if_due, open_database
from app.storage.store import Store

T = TypeVar("T")


class StorageThread:
    """Runs functions on a Store, in the order in which they were submitted.

    start() opens the database on the thread; its result (or UserError) is the future ``opened``. After a failed opening every
    submitted call fails with the same error. close() runs what was submitted before it, then ends the thread.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.opened: Future[Opened] = Future()
        self._calls: queue.SimpleQueue[tuple[Future[Any], Callable[[Store], Any]] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="storage", daemon=False)

    def start(self) -> None:
        self._thread.start()

    def submit(self, call: Callable[[Store], T]) -> "Future[T]":
        """Run call(store) on the storage thread; the future brings its result or its exception."""
        future: Future[T] = Future()
        self._calls.put((future, call))
        return future

    def close(self) -> None:
        if self._thread.is_alive():
            self._calls.put(None)
            self._thread.join()

    def _run(self) -> None:
        failure: BaseException | None = None
        store: Store | None = None
        try:
            opened = open_database(self.path)
            store = Store(opened.connection)
            store.recover()
            self.opened.set_result(opened)
            # The backup may take a moment with a large file: it must not hold up the first list of conversations.
            self.submit(lambda store: backup_if_due(store.connection, self.path))
        except BaseException as error:
            failure = error
            self.opened.set_exception(error)
        while (item := self._calls.get()) is not None:
            future, call = item
            if not future.set_running_or_notify_cancel():
                continue
            try:
                if store is None:
                    raise failure or RuntimeError("storage is closed")
                future.set_result(call(store))
            except BaseException as error:
                future.set_exception(error)
        if store is not None:
            store.close()
