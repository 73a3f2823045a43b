"""For every test: folders of its own, and no thread left behind."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

# How long something takes is for benchmarks to say: a busy machine must not make a test fail.
# The same examples on every machine; `pytest --hypothesis-profile=explore` looks for others.
hypothesis.settings.register_profile("same", deadline=None, derandomize=True)
hypothesis.settings.register_profile("explore", deadline=None)
hypothesis.settings.load_profile("same")


@pytest.fixture(autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Data and settings of the program under test lie in a temporary folder; nothing of the person's is touched."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("PROXIMA_HOME", str(home))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    return home


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    """A thread that a test started has ended when the test has (pools of libraries are daemons and may stay)."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + 3
    while True:
        left = [t.name for t in threading.enumerate() if t not in before and t.is_alive() and not t.daemon]
        if not left:
            return
        if time.monotonic() > deadline:
            pytest.fail(f"threads left running: {left}")
        time.sleep(0.01)
