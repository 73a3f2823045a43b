"""Results of other threads, brought to the Qt thread."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

T = TypeVar("T")


class _Courier(QObject):
    """Lives on the Qt thread; the queued signal is what crosses."""

    arrived = Signal(object)

    def __init__(
        self,
        parent: QObject,
        on_result: Callable[[Any], None] | None,
        on_error: Callable[[BaseException], None] | None,
    ) -> None:
        super().__init__(parent)
        self._on_result, self._on_error = on_result, on_error
        self.arrived.connect(self._hand_over, Qt.ConnectionType.QueuedConnection)

    def _hand_over(self, future: "Future[Any]") -> None:
        self.deleteLater()
        if future.cancelled():
            return
        error = future.exception()
        if error is None:
            if self._on_result is not None:
                self._on_result(future.result())
        elif self._on_error is not None:
            self._on_error(error)
        else:
            raise error


def deliver(
    future: "Future[T]",
    receiver: QObject,
    on_result: Callable[[T], None] | None = None,
    on_error: Callable[[BaseException], None] | None = None,
) -> None:
    """Call on_result(result) or on_error(error) on the Qt thread, unless receiver is gone by then.

    Without on_error an error is raised in the event loop, where the program's handler of bugs hears of it.
    """
    courier = _Courier(receiver, on_result, on_error)

    def arrived(finished: "Future[T]") -> None:
        try:
            courier.arrived.emit(finished)
        except RuntimeError:  # the receiver, and the courier with it, was deleted meanwhile
            return

    future.add_done_callback(arrived)
