"""How long the window stands still in a long conversation: opening, scrolling, typing, streaming, searching.

    QT_QPA_PLATFORM=offscreen python tests/benchmarks/long_conversation.py [--messages 2000]

The real program with the built-in model, in a folder of its own. A timer of 2 ms ticks on the Qt thread; the time between two
ticks is what anybody who types has to wait. Counted is the processor time of that thread, so that other work on the machine
does not matter; the time on the wall is printed beside it. Exit code 1 if a step is above 50 ms.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

LIMIT_MS = 50.0
_TEXT = (
    "A paragraph with **some** words in it, and `code`, which goes on for so long that it wraps in the column.\n\n"
    "- one\n- two\n\n```python\ndef f(x):\n    return x + 1\n```\n\nAnd an end with a [link](https://example.org).\n"
)


class Meter:
    """The longest time between two ticks, in ms, since the last question."""

    def __init__(self) -> None:
        from PySide6.QtCore import QTimer

        self._last: tuple[float, float] | None = None
        self._worst = (0.0, 0.0)
        self._timer = QTimer()
        self._timer.timeout.connect(self._tick)
        self._timer.start(2)

    def _tick(self) -> None:
        now = (time.thread_time(), time.perf_counter())
        if self._last is not None:
            self._worst = (max(self._worst[0], now[0] - self._last[0]), max(self._worst[1], now[1] - self._last[1]))
        self._last = now

    def take(self) -> tuple[float, float]:
        worst, self._worst = self._worst, (0.0, 0.0)
        return 1000 * worst[0], 1000 * worst[1]


def fill(path: Path, messages: int) -> None:
    """A database with sixty short conversations and a long one."""
    from app.storage.store import Store
    from app.storage.thread import StorageThread
    from engine.records import GenerationSettings

    def write(store: Store) -> None:
        for number in range(60):
            store.create_conversation(GenerationSettings(), title=f"Conversation {number}")
        long, parent = store.create_conversation(GenerationSettings(), title="Long"), None
        for number in range(messages):
            role, text = ("assistant", _TEXT) if number % 2 else ("user", f"Question {number} about things?")
            parent = store.add_message(long.id, parent, role, f"{text} {number}").id  # type: ignore[arg-type]

    storage = StorageThread(path)
    storage.start()
    storage.submit(write).result()
    storage.close()


def wait(seconds: float, until: Callable[[], bool] = lambda: False) -> None:
    """Let Qt work for so long, or until something is so."""
    from PySide6.QtCore import QEventLoop, QTimer

    end = time.monotonic() + seconds
    while time.monotonic() < end and not until():
        loop = QEventLoop()
        QTimer.singleShot(10, loop.quit)
        loop.exec()


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--messages", type=int, default=2000)
    arguments = parser.parse_args()
    home = tempfile.TemporaryDirectory()
    os.environ["PROXIMA_HOME"] = home.name
    fill(Path(home.name) / "proxima.db", arguments.messages)
    from app.bug_log import BugLog
    from app.main import build
    from app.program import Program
    from app.settings.store import SettingsStore
    from app.translation import Translation
    from app.widgets.theme import theme

    application = build(sys.argv[:1])
    settings = SettingsStore()
    settings.set(language="en", theme="light")
    theme().apply(application, "light", 100)
    program = Program(application, settings, Translation(application), BugLog(settings.data_folder / "logs"))
    program.start()
    program.window.resize(1280, 800)
    try:
        wait(60, lambda: program.worker.model is not None)
        return drive(program)
    finally:
        program.close()
        home.cleanup()


def drive(program: "object") -> int:
    """Do what a person does, and print how long each kind of thing held the window up."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    from app.chat.page import ChatPage
    from app.program import Program

    assert isinstance(program, Program)
    chat, page = program.chat, program.window.findChild(ChatPage)
    bar, field = page.transcript.verticalScrollBar(), page.composer.focusProxy()
    meter, failed = Meter(), False

    def step(name: str, act: Callable[[], object], times: int = 1, pause_s: float = 0.05) -> None:
        nonlocal failed
        meter.take()
        for _ in range(times):
            act()
            wait(pause_s)
        wait(0.3)
        cpu, wall = meter.take()
        failed = failed or cpu > LIMIT_MS
        print(f"{name:28s} {cpu:7.1f} ms of the thread's time, {wall:7.1f} ms on the wall")

    chat.new_conversation()
    wait(1.0)
    long = next(row.id for row in chat.shelf.rows if row.title == "Long")
    step("open", lambda: (chat.open(long), wait(10, lambda: len(chat.tree) > 2)))
    step("scroll by the wheel", lambda: bar.setValue(bar.value() - 120), 60, 0.02)
    step("scroll by the thumb", lambda: bar.setValue((bar.value() + bar.maximum() // 7) % bar.maximum()), 20)
    step("to the end", page.transcript.scroll_to_end)
    step("type", lambda: QTest.keyClicks(field, "a"), 30, 0.02)
    field.setPlainText("Tell me a long story about a fox.")
    step("send", lambda: QTest.keyClick(field, Qt.Key.Key_Return))
    step("stream", lambda: wait(60, lambda: not chat.busy))
    page.find_bar.open_bar()
    step("find in the conversation", lambda: QTest.keyClicks(page.find_bar.focusProxy(), "words"))
    step("next place", lambda: page.find_bar.stepped.emit(1), 10)
    page.find_bar.close_bar()
    step("search in all", lambda: page.list._search.setText("question"), pause_s=1.0)
    page.list._search.setText("")
    step("another reply", lambda: chat.regenerate(chat.tree.path()[-1].id))
    wait(60, lambda: not chat.busy)
    step("the version before", lambda: chat.step_version(chat.tree.path()[-1].id, -1))
    step("map of the branches", lambda: page._map_switch.setChecked(True))
    page._map_switch.setChecked(False)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
