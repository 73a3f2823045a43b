import threading
import time
from collections.abc import Generator

import pytest

from engine.inference.ahead import ahead


def counted(until: int, log: list[str]) -> Generator[int, None, None]:
    try:
        for number in range(until):
            log.append(f"made {number} in {threading.current_thread().name}")
            yield number
    finally:
        log.append("closed")


def test_all_items_in_order_from_another_thread() -> None:
    log: list[str] = []
    assert list(ahead(counted(50, log), 3)) == list(range(50))
    assert log[0] == "made 0 in generation"
    assert log[-1] == "closed"


def test_no_further_ahead_than_allowed() -> None:
    log: list[str] = []
    items = ahead(counted(50, log), 3)
    assert next(items) == 0
    time.sleep(0.05)
    assert 4 <= len(log) <= 4 * 4  # one group taken, three waiting; a group is of four at most
    made = len(log)
    time.sleep(0.05)
    assert len(log) == made
    items.close()


def test_what_comes_slowly_is_handed_over_at_once() -> None:
    may_go_on = threading.Event()

    def slow() -> Generator[int, None, None]:
        yield 0
        time.sleep(0.02)
        yield 1
        assert may_go_on.wait(5), "the second item waited for the third"
        yield 2

    items = ahead(slow(), 3)
    assert [next(items), next(items)] == [0, 1]
    may_go_on.set()
    assert list(items) == [2]


def test_an_error_comes_after_what_was_made_before_it() -> None:
    def failing() -> Generator[int, None, None]:
        yield 1
        yield 2
        raise ValueError("no more")

    taken = []
    with pytest.raises(ValueError, match="no more"):
        for item in ahead(failing(), 8):
            taken.append(item)
    assert taken == [1, 2]


def test_nothing_runs_any_more_after_it_was_closed() -> None:
    log: list[str] = []
    items = ahead(counted(1_000_000, log), 2)
    assert [next(items), next(items)] == [0, 1]
    items.close()
    assert log[-1] == "closed"
    assert not [thread for thread in threading.enumerate() if thread.name == "generation"]
