"""The worker process: a reader that hears requests at any moment, and one thread that runs jobs in order.

Order at start: keep the window's pipe, point standard output at standard error - before llama.cpp is imported, whose loader and
logs write to descriptor 1 - then say hello, then work.
"""

import faulthandler
import os
import queue
import signal
import threading
import traceback
from collections.abc import Callable

from engine import __version__
from engine.errors import Cancelled, UserError
from engine.worker.protocol import (
    VERSION,
    Cancel,
    Complete,
    Done,
    Event,
    Failed,
    FrameReader,
    FullLogits,
    Generate,
    Hello,
    LoadModel,
    ProtocolError,
    Request,
    Score,
    Shutdown,
    Tokenize,
    decode_request,
    encode_frame,
)

EXIT_VERSION, EXIT_PROTOCOL = 3, 4
_Job = LoadModel | Generate | Complete | Score | FullLogits | Tokenize


def main() -> int:
    """Run until the window says Shutdown or goes away."""
    pipe = os.dup(1)
    os.dup2(2, 1)
    # An abort in llama.cpp would otherwise start a debugger.
    os.environ.setdefault("GGML_NO_BACKTRACE", "1")
    faulthandler.enable()
    # Ctrl+C in a terminal reaches the whole group; the window decides when its workers end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return Host(0, pipe).run()


class Host:
    """Reads requests from one descriptor and writes events to another."""

    def __init__(self, requests: int, events: int) -> None:
        self._requests, self._events = requests, events
        self._write_lock = threading.Lock()
        self._jobs: queue.SimpleQueue[_Job] = queue.SimpleQueue()
        self._cancelled: set[int] = set()

    def run(self) -> int:
        """The reader's loop; returns the exit code."""
        self.send(Hello(VERSION, __version__))
        threading.Thread(target=self._work, name="jobs", daemon=True).start()
        reader = FrameReader()
        while data := os.read(self._requests, 1 << 16):
            try:
                for body in reader.feed(data):
                    code = self._hear(decode_request(body))
                    if code is not None:
                        os._exit(code)
            except ProtocolError as error:
                os.write(2, f"unreadable request: {error}\n".encode())
                os._exit(EXIT_PROTOCOL)
        # The window is gone: nothing that a job might still do is of use, and a native call cannot be waited for.
        os._exit(0)

    def send(self, event: Event) -> None:
        """Write one event whole."""
        data = memoryview(encode_frame(event))
        with self._write_lock:
            try:
                while data:
                    data = data[os.write(self._events, data) :]
            except BrokenPipeError:
                os._exit(0)

    def _hear(self, request: Request) -> int | None:
        match request:
            case Hello(version=version):
                return None if version == VERSION else EXIT_VERSION
            case Cancel(job=job):
                self._cancelled.add(job)
            case Shutdown():
                return 0
            case _:
                self._jobs.put(request)
        return None

    def _work(self) -> None:
        # Imported here: the hello must not wait for llama.cpp.
        from engine.worker.jobs import generate, inspect, load
        from engine.worker.reporter import Reporter
        from engine.worker.session import Session

        session = Session()
        while True:
            request = self._jobs.get()
            job = request.job
            reporter = Reporter(job, self.send, self._is_cancelled(job))
            try:
                if job in self._cancelled:
                    raise Cancelled
                match request:
                    case LoadModel():
                        done: Done = load.run(session, request, reporter)
                    case Generate():
                        done = generate.run_chat(session, request, reporter)
                    case Complete():
                        done = generate.run_text(session, request, reporter)
                    case Score():
                        done = inspect.run_score(session, request, reporter)
                    case FullLogits():
                        done = inspect.run_logits(session, request, reporter)
                    case Tokenize():
                        done = inspect.run_tokenize(session, request, reporter)
                self.send(done)
            except Cancelled:
                self.send(Failed(job, "cancelled", "Stopped."))
            except UserError as error:
                self.send(Failed(job, error.code, error.text, error.hint, error.detail))
            except MemoryError:
                self.send(
                    Failed(
                        job,
                        "memory",
                        "There is not enough memory for this.",
                        "Choose a smaller model or a shorter context.",
                    )
                )
            except Exception as error:
                detail = traceback.format_exc()
                self.send(Failed(job, "internal", f"Something went wrong: {error}", "Please report this.", detail))
            finally:
                self._cancelled.discard(job)

    def _is_cancelled(self, job: int) -> Callable[[], bool]:
        return lambda: job in self._cancelled
