"""What a key costs the window in a document of many pages, while the model evaluates: run by hand.

    python tests/benchmarks/playground_typing.py [PAGES]

Types into the real window with the real worker and the built-in model, in a data folder of its own. Printed are the time from key
to painted (median, 95th percentile, worst) and the longest that the event loop was busy at a stretch, once while the text is read
for the first time and once while it is read again after each key.
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

PARAGRAPH = (
    "Once upon a time there was a small fox who lived by the river. Every morning the fox went to the water and looked at the "
    "fish. One day an owl came and asked what the fox was thinking about. Nothing that you could eat, said the fox.\n\n"
)
PAGE = PARAGRAPH * 13  # about 500 words
KEYS = "the river was cold that day and "


def main(pages: int) -> None:
    from PySide6.QtCore import QTimer
    from PySide6.QtTest import QTest

    from app.bug_log import BugLog
    from app.main import build
    from app.playground.page import PlaygroundPage
    from app.program import Program
    from app.settings.store import SettingsStore
    from app.translation import Translation
    from app.widgets.theme import theme

    application = build(sys.argv[:1])
    settings = SettingsStore()
    settings.set(language="en")
    theme().apply(application, "light", 100)
    program = Program(application, settings, Translation(application), BugLog(settings.data_folder / "logs"))
    gaps: list[tuple[float, float]] = []
    last = (time.perf_counter(), time.thread_time())

    def tick() -> None:
        nonlocal last
        now = (time.perf_counter(), time.thread_time())
        gaps.append((1000 * (now[0] - last[0]), 1000 * (now[1] - last[1])))
        last = now

    clock = QTimer()
    clock.setInterval(1)
    clock.timeout.connect(tick)

    def wait(seconds: float) -> None:
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            application.processEvents()

    def until(condition, seconds: float = 240.0) -> None:  # type: ignore[no-untyped-def]
        end = time.perf_counter() + seconds
        while not condition() and time.perf_counter() < end:
            application.processEvents()

    def type_and_tell(what: str) -> None:
        gaps.clear()
        times = []
        for key in KEYS:
            start, cpu = time.perf_counter(), time.thread_time()
            QTest.keyClick(page.editor, key)
            page.editor.viewport().repaint()
            times.append((1000 * (time.perf_counter() - start), 1000 * (time.thread_time() - cpu)))
            wait(0.12)
        walls, cpus = (sorted(column) for column in zip(*times, strict=True))
        print(
            f"{what}: key to painted {statistics.median(walls):.1f} ms (95 %: {walls[int(0.95 * len(walls))]:.1f}, "
            f"worst {walls[-1]:.1f}; on the processor {statistics.median(cpus):.1f} and {cpus[-1]:.1f}); "
            f"event loop busy for {max(gap[0] for gap in gaps):.0f} ms at most, {max(gap[1] for gap in gaps):.0f} on the processor"
        )

    try:
        program.start()
        program.window.resize(1400, 900)
        program.window.open_page("playground")
        page = program.window.findChild(PlaygroundPage)
        until(lambda: program.worker.model is not None)
        page.dock.show_pane(page.dock.text)
        clock.start()
        page.editor.insert(PAGE * pages)
        wait(1.0)
        print(f"{pages} pages, {len(page.editor.text()):,} characters")
        type_and_tell("while it is read for the first time")
        start = time.perf_counter()
        until(lambda: program.playground.reading.whole)
        reading = program.playground.reading
        print(f"read: {len(reading.scores):,} tokens, {time.perf_counter() - start:.1f} s after the last key")
        page.editor.place_caret(len(page.editor.text()) // 2)
        type_and_tell("in the middle, all read")
        until(lambda: program.playground.following.record is not None and not program.playground.following.stale, 60)
    finally:
        program.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home:
        os.environ["PROXIMA_HOME"] = home
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
