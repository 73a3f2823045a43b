"""The worker process: a reader that hears requests at any moment, and one thread that runs jobs in order.

Order at start: keep the window's pipe, point standard output at standard error - before llama.cpp is imported, whose loader and
logs write to descriptor 1 - then say hello, then work.

The process ends with code 0 when it is asked to or when the window is gone (its end of the pipe is closed), also in the middle of a
job; with EXIT_VERSION when the window speaks another version, with EXIT_PROTOCOL after bytes that are no request, with
EXIT_BROKEN when it cannot work at all, such as without a library that it needs.
"""

import contextlib
import faulthandler
import os
import signal
import threading
import traceback
from collections import deque
from typing import TYPE_CHECKING, NoReturn

from engine import __version__
from engine.errors import Cancelled, UserError
from engine.worker.protocol import (
    VERSION,
    Cancel,
    Done,
    Event,
    Failed,
    FrameReader,
    Hello,
    Job,
    ModelMeasured,
    ProtocolError,
    Request,
    Shutdown,
    decode_request,
    encode_frame,
)

if TYPE_CHECKING:
    from engine.worker.session import Session

#: How long nothing was asked before the speed of a model that was just loaded is measured.
_IDLE_S = 1.0
EXIT_VERSION, EXIT_PROTOCOL, EXIT_BROKEN = 3, 4, 5


def main() -> NoReturn:
    """Run until the window says Shutdown or goes away."""
    pipe = os.dup(1)
    os.dup2(2, 1)
    # An abort in llama.cpp would otherwise start a debugger.
    os.environ.setdefault("GGML_NO_BACKTRACE", "1")
    # One thread alone: reading the stacks of others while they run may crash, and would hide the real signal.
    faulthandler.enable(all_threads=False)
    # Ctrl+C in a terminal reaches the whole group; the window decides when its workers end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Host(0, pipe).run()


class Host:
    """Reads requests from one descriptor and writes events to another."""

    def __init__(self, requests: int, events: int) -> None:
        self._requests, self._events = requests, events
        self._write_lock = threading.Lock()
        self._waiting: deque[Job] = deque()
        self._changed = threading.Condition()  # guards the three around it
        self._running: int | None = None
        self._stop = False  # the running job was cancelled

    def run(self) -> NoReturn:
        """The reader's loop; it ends by ending the process, for a native call of the job thread cannot be waited for."""
        self.send(Hello(VERSION, __version__))
        threading.Thread(target=self._work, name="jobs", daemon=True).start()
        reader = FrameReader()
        while data := os.read(self._requests, 1 << 16):
            try:
                for body in reader.feed(data):
                    self._hear(decode_request(body))
            except ProtocolError as error:
                os.write(2, f"unreadable request: {error}\n".encode())
                os._exit(EXIT_PROTOCOL)
        os._exit(0)

    def send(self, event: Event) -> None:
        """Write one event whole; a pipe that is closed at the other end ends the process."""
        data = memoryview(encode_frame(event))
        with self._write_lock:
            try:
                while data:
                    data = data[os.write(self._events, data) :]
            except BrokenPipeError:
                os._exit(0)

    def _hear(self, request: Request) -> None:
        match request:
            case Hello(version=version):
                if version != VERSION:
                    os._exit(EXIT_VERSION)
            case Cancel(job=job):
                self._cancel(job)
            case Shutdown():
                os._exit(0)
            case _:
                with self._changed:
                    self._waiting.append(request)
                    self._changed.notify()

    def _cancel(self, job: int) -> None:
        """Tell the running job to stop; one that waits ends here and now, without waiting for those before it."""
        with self._changed:
            if job == self._running:
                self._stop = True
                return
            for request in self._waiting:
                if request.job == job:
                    self._waiting.remove(request)
                    break
            else:
                return  # it has ended already
        self.send(Failed(job, "cancelled", "Stopped."))

    def _work(self) -> None:
        try:
            # Imported here: the hello must not wait for llama.cpp.
            from engine.worker.jobs import run
            from engine.worker.reporter import Reporter
            from engine.worker.session import Session

            session = Session()
            while True:
                request = self._next(_IDLE_S if session.to_measure else None)
                if request is None:
                    self._measure(session)
                    continue
                reporter = Reporter(request.job, self.send, lambda: self._stop)
                try:
                    event: Event = run(session, request, reporter)
                except Exception as error:
                    # What was produced before it went wrong is the user's.
                    reporter.flush()
                    event = _as_failed(request.job, error)
                with self._changed:
                    self._running = None
                self.send(event)
                if isinstance(event, Done) and event.reply is not None:
                    session.learn(event.reply.timing)
        except BaseException:
            traceback.print_exc()
            os._exit(EXIT_BROKEN)

    def _measure(self, session: "Session") -> None:
        """Until somebody asks for something."""
        with contextlib.suppress(Cancelled):
            found = session.measure(lambda: bool(self._waiting))
            if found is not None and found.tokens_per_s:
                self.send(ModelMeasured(found.path, found.tokens_per_s, found.prompt_tokens_per_s))

    def _next(self, timeout_s: float | None = None) -> Job | None:
        """The next request; None where none came in time."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._waiting, timeout_s):
                return None
            request = self._waiting.popleft()
            self._running, self._stop = request.job, False
            return request


def _as_failed(job: int, error: Exception) -> Failed:
    """How a job's end is told. The worker lives on after each of them."""
    match error:
        case Cancelled():
            return Failed(job, "cancelled", "Stopped.")
        case UserError():
            return Failed(job, error.code, error.text, error.hint, error.detail)
        case MemoryError():
            hint = "Choose a smaller model or a shorter context."
            return Failed(job, "memory", "There is not enough memory for this.", hint)
    detail = "".join(traceback.format_exception(error))
    return Failed(job, "internal", f"Something went wrong: {error}", "Please report this.", detail)
