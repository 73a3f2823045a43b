"""A conversation of 100,000 recorded tokens against one of 1,000: how fast it opens, how it scrolls, what it takes on the disk.

    QT_QPA_PLATFORM=offscreen python -m tests.benchmarks.recorded_conversation [--tokens 100000] [--rounds 9]

The real program in a folder of its own, with replies that the built-in model wrote, each token with its 64 candidates. Opening is
timed from the click to the paint of the last reply with the tints of its tokens. Exit code 1 if the ratio of the medians is above
1.5, scrolling holds the window's thread up for more than 50 ms, or a token takes more than 450 bytes.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from engine.records import GenerationSettings, ReplySummary, SamplingSettings, TokenRecord
from engine.sampling.registry import default_settings
from tests.benchmarks.long_conversation import LIMIT_MS, Meter, wait

_LIMIT_RATIO, _LIMIT_BYTES = 1.5, 450
_SHORT = 1000  # tokens
_REPLY = 200  # tokens
_DIFFERENT = 20  # replies; a longer conversation has each of them more than once
_SETTINGS = GenerationSettings(default_settings(), max_tokens=_REPLY)

Reply = tuple[ReplySummary, list[TokenRecord]]


def write_replies() -> list[Reply]:
    """Replies of the built-in model, with what it knew of every token."""
    from engine.inference.generate import Step, generate
    from engine.inference.load import open_model
    from engine.inference.prompt import Prompt
    from engine.resources import bundled_model

    model = open_model(bundled_model(), context_length=1024)
    prompt, replies = Prompt(list(model.vocabulary.encode("Once upon a time"))), []
    for seed in range(_DIFFERENT):
        settings = GenerationSettings(SamplingSettings(_SETTINGS.sampling.stages, seed), _REPLY)
        events = list(generate(model, prompt, settings))
        summary = events[-1]
        assert isinstance(summary, ReplySummary)
        replies.append((summary, [event.record for event in events if isinstance(event, Step)]))
    return replies


def fill(path: Path, tokens: int, replies: list[Reply]) -> tuple[int, int]:
    """Two conversations, of 1,000 recorded tokens and of so many; what the records of the second take, and its tokens."""
    from app.storage.store import Store
    from app.storage.thread import StorageThread

    def write(store: Store, title: str, wanted: int) -> tuple[int, int]:
        conversation, parent, done = store.create_conversation(_SETTINGS, title=title), None, 0
        for number in range(10**9):
            summary, records = replies[number % len(replies)]
            parent = store.add_message(conversation.id, parent, "user", f"Tell me story {number}.").id
            parent = store.add_message(
                conversation.id, parent, "assistant", "", state="streaming", settings=_SETTINGS, model_name="Built-in"
            ).id
            store.append_reply(parent, summary.text, records)
            store.finish_reply(parent, "complete", summary)
            done += len(records)
            if done >= wanted:
                break
        sql = (
            "SELECT sum(length(data)) FROM record_chunk JOIN message ON message.id = message_id"
            " WHERE conversation_id = ?"
        )
        return int(store.connection.execute(sql, (conversation.id,)).fetchone()[0]), done

    storage = StorageThread(path)
    storage.start()
    storage.submit(lambda store: write(store, "Short", _SHORT)).result()
    found = storage.submit(lambda store: write(store, "Long", tokens)).result()
    storage.close()
    return found


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--tokens", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=9)
    arguments = parser.parse_args()
    home = tempfile.TemporaryDirectory()
    os.environ["PROXIMA_HOME"] = home.name
    database = Path(home.name) / "proxima.db"
    taken, tokens = fill(database, arguments.tokens, write_replies())
    each = taken / tokens
    print(
        f"{tokens:,} tokens: {each:.0f} bytes of records a token, the whole file {database.stat().st_size / tokens:.0f}"
    )
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
        good = drive(program, arguments.rounds)
    finally:
        program.close()
        home.cleanup()
    return 0 if good and each <= _LIMIT_BYTES else 1


def drive(program: object, rounds: int) -> bool:
    """Open both in turns, then scroll the long one."""
    from PySide6.QtCore import QEvent, QObject

    from app.chat.page import ChatPage
    from app.program import Program

    assert isinstance(program, Program)
    chat, page = program.chat, program.window.findChild(ChatPage)
    bar = page.transcript.verticalScrollBar()
    page._token_switch.setChecked(True)

    class Painted(QObject):
        """Counts the paints of the transcript."""

        count = 0

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            self.count += event.type() == QEvent.Type.Paint
            return False

    painted = Painted()
    page.transcript.viewport().installEventFilter(painted)

    def opened(title: str) -> float:
        """ms from the click to the paint."""
        chat.new_conversation()
        wait(0.4)
        id = next(row.id for row in chat.shelf.rows if row.title == title)
        began = time.perf_counter()
        chat.open(id)
        wait(20, lambda: chat.conversation is not None and chat.conversation.id == id and len(chat.tree) > 1)
        wait(20, lambda: chat.token_text(chat.tree.path()[-1].id) is not None)
        before = painted.count
        page.transcript.viewport().update()
        wait(20, lambda: painted.count > before)
        return 1000 * (time.perf_counter() - began)

    wait(1.0)
    opened("Long")
    times = [(opened("Short"), opened("Long")) for _ in range(rounds)]
    short, long = (statistics.median(column) for column in zip(*times, strict=True))
    print(f"open: {_SHORT:,} tokens {short:.0f} ms, the long one {long:.0f} ms, ratio {long / short:.2f}")
    meter, worst = Meter(), 0.0
    for name, step, times_, pause_s in (
        ("by the wheel", lambda: bar.setValue(bar.value() - 120), 200, 0.02),
        ("by pages", lambda: bar.setValue(bar.value() - bar.pageStep()), 100, 0.05),
        ("by the thumb", lambda: bar.setValue((bar.value() + bar.maximum() // 7) % bar.maximum()), 30, 0.1),
    ):
        meter.take()
        for _ in range(times_):
            step()
            wait(pause_s)
        wait(0.3)
        cpu, wall = meter.take()
        worst = max(worst, cpu)
        print(f"scroll {name:14s} {cpu:6.1f} ms of the thread's time at a stretch, {wall:6.1f} ms on the wall")
    return long / short <= _LIMIT_RATIO and worst <= LIMIT_MS


if __name__ == "__main__":
    sys.exit(main())
