"""Time to the first paint and memory of the program's window against a bare PySide6 window.

    python tests/benchmarks/window_start.py [--rounds 7]

Each run is a process of its own, with an empty data folder; the two take turns, so that other work on the machine falls on both
alike. Time: from just before the process is made to the end of the first paint, on the clock that all processes share. Memory:
resident set of the window's process after it was idle for two seconds, and of the worker beside it, in which the model lies.
Without a display Qt's off-screen platform is used. Prints JSON: medians, and ratios as the medians of the pairs' ratios.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
_SETTLED_MS = 2_000
_NEVER_WANTED = ("torch", "llama_cpp", "tokenizers", "huggingface_hub", "typer", "rich", "gguf")


class Start(NamedTuple):
    """One start: seconds to the first paint, MB of the window's process and of its children, what is imported for nothing."""

    paint_s: float
    window_mb: float
    children_mb: float
    heavy: list[str]


def resident_mb(pid: int) -> float:
    """Resident set of a process, in MB of 1024 KiB."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def run(kind: str) -> Start:
    """Start a window of this kind and end it again."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "PROXIMA_HOME": home, "PYTHONPATH": str(ROOT)}
        # From the second start on a person's machine has the modules compiled.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        if not (environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")):
            environment.setdefault("QT_QPA_PLATFORM", "offscreen")
        command = [sys.executable, __file__, "--child", kind, repr(time.monotonic())]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    if done.returncode:
        sys.exit(f"the {kind} window failed:\n{done.stderr}")
    return Start(*json.loads(done.stdout.splitlines()[-1]))


# --- in the measured process ------------------------------------------------------------------------------------------


def child(kind: str, began: float) -> int:
    """Be a window of this kind, print a Start once it is idle, and end."""
    return _watched(bare if kind == "bare" else program, began)


def bare() -> int:
    """The least that a PySide6 program can be."""
    from PySide6.QtWidgets import QApplication, QMainWindow

    application = QApplication(sys.argv[:1])
    window = QMainWindow()
    window.resize(1200, 800)
    window.show()
    return application.exec()


def program() -> int:
    """What the command ``proxima`` does."""
    from app.__main__ import main

    sys.argv = ["proxima"]
    return main()


def _watched(begin: Callable[[], int], began: float) -> int:
    """Run a program whose first paint is waited for in its event loop: the window system asks for it only there."""
    from PySide6.QtCore import QEvent, QObject, QTimer
    from PySide6.QtWidgets import QApplication, QWidget

    class FirstPaint(QObject):
        """Looks at every event until a window was painted."""

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget) and watched.isWindow():
                QApplication.instance().removeEventFilter(self)
                QTimer.singleShot(0, self.painted)  # all of the window is painted within one event
            return False

        def painted(self) -> None:
            self.seconds = time.monotonic() - began
            QTimer.singleShot(_SETTLED_MS, self.settled)

        def settled(self) -> None:
            pids = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text(encoding="ascii").split()
            heavy = [name for name in _NEVER_WANTED if name in sys.modules]
            children = sum(resident_mb(int(pid)) for pid in pids)
            print(json.dumps(Start(self.seconds, resident_mb(os.getpid()), children, heavy)), flush=True)
            QApplication.quit()

    watcher, execute = FirstPaint(), QApplication.exec

    def watched_exec(*_: object) -> int:
        QApplication.instance().installEventFilter(watcher)
        return execute()

    QApplication.exec = watched_exec
    return begin()


# --- the comparison ---------------------------------------------------------------------------------------------------


def compare(rounds: int) -> dict[str, object]:
    """Medians over so many pairs of starts; one pair before them warms the disk's cache."""
    run("bare"), run("program")
    pairs = [(run("bare"), run("program")) for _ in range(rounds)]

    def median(pick: Callable[[tuple[Start, Start]], float]) -> float:
        return round(statistics.median(map(pick, pairs)), 3)

    return {
        "rounds": rounds,
        "first_paint_s": {
            "bare": median(lambda pair: pair[0].paint_s),
            "proxima": median(lambda pair: pair[1].paint_s),
            "ratio": median(lambda pair: pair[1].paint_s / pair[0].paint_s),
        },
        "window_mb": {
            "bare": median(lambda pair: pair[0].window_mb),
            "proxima": median(lambda pair: pair[1].window_mb),
            "ratio": median(lambda pair: pair[1].window_mb / pair[0].window_mb),
        },
        "worker_mb": median(lambda pair: pair[1].children_mb),
        "imported_for_nothing": sorted({name for _, program_start in pairs for name in program_start.heavy}),
    }


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--child", nargs=2, metavar=("KIND", "BEGAN"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        return child(arguments.child[0], float(arguments.child[1]))
    result = compare(arguments.rounds)
    print(json.dumps(result, indent=2))
    return 1 if result["imported_for_nothing"] else 0


if __name__ == "__main__":
    sys.exit(main())
