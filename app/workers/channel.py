"""One worker process: frames on its pipes as Qt signals, its end as an Outcome."""

import os
import sys
from collections import deque

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

from app.workers.outcome import Outcome
from engine.worker.protocol import (
    VERSION,
    FrameReader,
    Hello,
    ProtocolError,
    Request,
    Shutdown,
    decode_event,
    encode_frame,
)

_STDERR_BYTES = 8192
_HELLO_DEADLINE_MS = 20_000
_QUIT_DEADLINE_MS = 2_000
_TERMINATE_DEADLINE_MS = 2_000


def worker_command() -> list[str]:
    """The same program with --worker: in a frozen build the executable itself, else this Python."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "--worker"]
    return [sys.executable, "-m", "app", "--worker"]


class Channel(QObject):
    """A worker from its start to its end. ``ended`` comes exactly once, whatever happens."""

    ready = Signal()
    message = Signal(object)
    ended = Signal(object)

    def __init__(self, parent: QObject | None = None, command: list[str] | None = None) -> None:
        super().__init__(parent)
        self._command = command or worker_command()
        self._frames = FrameReader()
        self._stderr: deque[bytes] = deque()
        self._waiting: list[bytes] = []  # for the time after the hello
        self._hello = self._unreadable = self._over = self._hung = False
        self._process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("PYTHONUNBUFFERED", "1")
        environment.insert("GGML_NO_BACKTRACE", "1")
        self._process.setProcessEnvironment(environment)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.readyReadStandardError.connect(self._read_stderr)
        self._process.finished.connect(self._on_finished)
        self._process.errorOccurred.connect(self._on_error)
        self._deadline = QTimer(self, singleShot=True)
        self._deadline.timeout.connect(self._on_deadline)

    @property
    def pid(self) -> int:
        return self._process.processId()

    @property
    def is_ready(self) -> bool:
        """Whether the worker has said hello and lives."""
        return self._hello and not self._over

    def start(self) -> None:
        self._process.start(self._command[0], self._command[1:])
        self._write(Hello())
        self._deadline.start(_HELLO_DEADLINE_MS)

    def send(self, request: Request) -> None:
        """Write a request; what is sent before the worker's hello waits for it."""
        if self._hello:
            self._write(request)
        else:
            self._waiting.append(encode_frame(request))

    def quit(self) -> None:
        """Ask the worker to end; one that does not is ended by force."""
        if self._over or self._process.state() == QProcess.ProcessState.NotRunning:
            return
        self._write(Shutdown())
        self._deadline.start(_QUIT_DEADLINE_MS)

    def abandon(self) -> None:
        """The worker does not answer: end it, politely for a moment, then by force."""
        if self._over:
            return
        self._hung = True
        self._process.terminate()
        self._deadline.start(_TERMINATE_DEADLINE_MS)

    def wait_ended(self, timeout_ms: int) -> None:
        """Block until the process is gone, for the end of the program; it is killed at the deadline."""
        if not self._process.waitForFinished(timeout_ms):
            self._process.kill()
            self._process.waitForFinished(1000)

    def _write(self, request: Request) -> None:
        self._process.write(encode_frame(request))

    def _read(self) -> None:
        data = bytes(self._process.readAllStandardOutput().data())
        if self._unreadable:
            return
        try:
            for body in self._frames.feed(data):
                message = decode_event(body)
                if isinstance(message, Hello):
                    self._on_hello(message)
                elif self._hello:
                    self.message.emit(message)
                else:
                    raise ProtocolError("the worker did not say hello first")
        except ProtocolError as error:
            self._unreadable = True
            self._stderr.append(f"\nunreadable event: {error}\n".encode())
            self._process.kill()

    def _on_hello(self, hello: Hello) -> None:
        if hello.version != VERSION:
            raise ProtocolError(f"the worker speaks version {hello.version}, the window {VERSION}")
        self._deadline.stop()
        self._hello = True
        for frame in self._waiting:
            self._process.write(frame)
        self._waiting.clear()
        self.ready.emit()

    def _read_stderr(self) -> None:
        data = bytes(self._process.readAllStandardError().data())
        self._stderr.append(data)
        if os.environ.get("PROXIMA_DEBUG"):
            sys.stderr.buffer.write(data)
        while sum(map(len, self._stderr)) - len(self._stderr[0]) > _STDERR_BYTES:
            self._stderr.popleft()

    def _on_deadline(self) -> None:
        if not self._hello:
            self._hung = True
        self._process.kill()

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._stderr.append(self._process.errorString().encode())
            self._end(Outcome(127, None, self._tail()))

    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        self._read()
        self._read_stderr()
        if status == QProcess.ExitStatus.CrashExit:
            # On Unix Qt gives the signal's number as the code; Windows has no signals.
            self._end(Outcome(None, code, self._tail(), self._hung))
        else:
            self._end(Outcome(code, None, self._tail(), self._hung))

    def _end(self, outcome: Outcome) -> None:
        if self._over:
            return
        self._over = True
        self._deadline.stop()
        self.ended.emit(outcome)

    def _tail(self) -> str:
        return b"".join(self._stderr)[-_STDERR_BYTES:].decode("utf-8", "replace")
