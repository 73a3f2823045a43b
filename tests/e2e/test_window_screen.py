"""The command opens its window on a real (virtual) screen: the libraries that the set-up installs are those that Qt needs."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs Xvfb")
START_S = 120


@pytest.fixture
def display() -> Iterator[str]:
    """A screen of its own; its name."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x800x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as pipe:
        number = pipe.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait(timeout=10)


def workers(pid: int) -> list[bytes]:
    """Command lines of a process's children that are workers; they start after the first paint."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    lines = [Path(f"/proc/{child}/cmdline").read_bytes() for child in children]
    return [line for line in lines if b"--worker" in line]


def test_the_window_is_painted_and_the_worker_follows(display: str, own_folders: Path) -> None:
    environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    program = subprocess.Popen([sys.executable, "-m", "app"], env=environment, stderr=subprocess.PIPE, text=True)
    try:
        end = time.monotonic() + START_S
        while not workers(program.pid):
            assert program.poll() is None and time.monotonic() < end
            time.sleep(0.05)
        program.send_signal(signal.SIGTERM)
        _, said = program.communicate(timeout=30)
    finally:
        program.kill()
    assert (program.returncode, said) == (0, "")
