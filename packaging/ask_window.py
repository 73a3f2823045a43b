"""Starts the program on a virtual screen, types a message into its window and waits for the answer, as a person would.

    python packaging/ask_window.py --home FOLDER [--within FOLDER] [--shot FILE.png] -- COMMAND...

COMMAND is what opens the window; it must take the first FOLDER as its PROXIMA_HOME (which is set for it). Then the window is
closed by its keyboard shortcut. Prints when the window was there, and the answer. The exit code is 0 if there was one, everything
ended, and, with --within FOLDER, the window and its worker used files of that folder and of the system alone. Needs Xvfb and
xdotool, for the picture ImageMagick.
"""

import argparse
import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

QUESTION = "Who are you?"
WINDOW_S, ANSWER_S, END_S = 120, 90, 15
#: Where the system's own files may be mapped from.
SYSTEM = (
    "/usr/lib",
    "/lib",
    "/usr/share",
    "/usr/local/share",
    "/etc",
    "/var/cache/fontconfig",
    "/dev",
    "/memfd:",
    "/SYSV",
)
T = TypeVar("T")


def until(look: Callable[[], T | None], seconds: float, what: str, program: subprocess.Popen[bytes] | None = None) -> T:
    """The first result of look() that is true. Ends with a sentence when it stays false, or when the program has ended."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := look():
            return found
        if program is not None and program.poll() is not None:
            raise SystemExit(f"the program ended with {program.returncode} before there was {what}")
        time.sleep(0.05)
    raise SystemExit(f"waited {seconds:.0f} s in vain for {what}")


@contextlib.contextmanager
def screen() -> Iterator[str]:
    """A virtual display; its name."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1400x900x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as pipe:
            number = pipe.readline().strip()  # empty if the server ended
        if not number:
            raise SystemExit("Xvfb did not start")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()


def xdotool(display: str, *arguments: str) -> str:
    """What xdotool prints; empty where it fails, such as a search that finds nothing."""
    done = subprocess.run(
        ["xdotool", *arguments], capture_output=True, text=True, env={**os.environ, "DISPLAY": display}
    )
    return done.stdout if done.returncode == 0 else ""


def messages(home: Path) -> dict[str, str]:
    """Finished messages by role. A copy is read: the database belongs to the window."""
    with tempfile.TemporaryDirectory() as scratch:
        for path in home.glob("proxima.db*"):
            with contextlib.suppress(FileNotFoundError):
                shutil.copy(path, scratch)
        copy = Path(scratch) / "proxima.db"
        if not copy.exists():
            return {}
        with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(copy)) as database:
            return dict(
                database.execute("SELECT role, content FROM message WHERE state = 'complete' AND content <> ''")
            )
    return {}


def family(pid: int) -> list[int]:
    """A process and all that came of it."""
    with contextlib.suppress(OSError):
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        return [pid, *(inner for child in children for inner in family(int(child)))]
    return []


def foreign_files(pids: list[int], folders: list[Path]) -> set[str]:
    """Files that the processes have mapped and that are neither in these folders nor the system's."""
    allowed = (*(f"{folder.resolve()}/" for folder in folders), *SYSTEM)
    mapped = set()
    for pid in pids:
        for line in Path(f"/proc/{pid}/maps").read_text(encoding="utf-8").splitlines():
            fields = line.split(maxsplit=5)
            if len(fields) == 6 and fields[5].startswith("/"):
                mapped.add(fields[5].removesuffix(" (deleted)"))
    return {path for path in mapped if not path.startswith(allowed)}


def shown_window(display: str) -> str:
    """The window's number; empty as long as there is none."""
    return xdotool(display, "search", "--onlyvisible", "--name", "Próxima").partition("\n")[0]


def ask(program: subprocess.Popen[bytes], display: str, home: Path) -> str:
    """Wait for the window of a program that was just started, type the question and send it; the answer."""

    def typed() -> bool:
        if "user" in messages(home):
            return True
        xdotool(display, "key", "--clearmodifiers", "Return")  # once more: the window may not have been ready
        time.sleep(0.5)
        return False

    began = time.monotonic()
    window = until(lambda: shown_window(display), WINDOW_S, "a window", program)
    print(f"The window was there after {time.monotonic() - began:.1f} s.", flush=True)
    time.sleep(1)
    xdotool(display, "windowfocus", "--sync", window)
    xdotool(display, "type", "--delay", "30", QUESTION)
    until(typed, WINDOW_S, "a message in its database", program)
    return until(lambda: messages(home).get("assistant"), ANSWER_S, "an answer", program)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--within", type=Path)
    parser.add_argument("--shot", type=Path)
    parser.add_argument("command", nargs="+")
    arguments = parser.parse_args()
    if missing := [tool for tool in ("Xvfb", "xdotool") if shutil.which(tool) is None]:
        raise SystemExit(f"this needs {' and '.join(missing)}. On Debian or Ubuntu: sudo apt-get install xvfb xdotool")
    arguments.home.mkdir(parents=True, exist_ok=True)
    with screen() as display:
        environment = {**os.environ, "DISPLAY": display, "PROXIMA_HOME": str(arguments.home.resolve())}
        environment.pop("QT_QPA_PLATFORM", None)
        program = subprocess.Popen(arguments.command, env=environment, process_group=0)
        try:
            answer = ask(program, display, arguments.home)
            print(f"{QUESTION}\n{answer}")
            if arguments.shot:
                subprocess.run(["import", "-display", display, "-window", "root", str(arguments.shot)], check=True)
            pids = family(program.pid)
            foreign = foreign_files(pids, [arguments.within, arguments.home]) if arguments.within else set()
            xdotool(display, "key", "ctrl+q")
            until(lambda: program.poll() is not None, END_S, "the program to end")
            left = [pid for pid in pids if Path(f"/proc/{pid}").exists()]
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(program.pid, signal.SIGKILL)
    if foreign:
        print("files from elsewhere are in use:", *sorted(foreign), sep="\n    ", file=sys.stderr)
    if left or program.returncode:
        print(f"the program ended with {program.returncode}, processes left: {left}", file=sys.stderr)
    return 1 if foreign or left or program.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
