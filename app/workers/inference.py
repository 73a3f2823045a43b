"""The inference worker as the window uses it: jobs out, typed events in; crashes are told, and mended."""

from enum import Enum, auto

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from app.workers.channel import Channel
from app.workers.outcome import Outcome
from engine.records import GenerationSettings, Message, ModelInfo
from engine.worker.protocol import (
    Cancel,
    Complete,
    Done,
    Event,
    Failed,
    FullLogits,
    Generate,
    LoadModel,
    LogitsRow,
    Progress,
    PromptReady,
    Request,
    Score,
    Tokenize,
    TokenList,
    Tokens,
)

_BACK_OFF_MS = (100, 500, 2_000, 8_000)
_CANCEL_DEADLINE_MS = 5_000
#: Ends in a row with the same model after which it is not loaded again by itself.
_FLAGGED_AFTER = 3


class WorkerState(Enum):
    STOPPED = auto()
    STARTING = auto()
    READY = auto()  # no model
    LOADING = auto()
    LOADED = auto()
    BUSY = auto()
    CRASHED = auto()  # and not to be started again by itself


class InferenceWorker(QObject):
    """A supervised process that serves one model.

    Every job that a method returns the number of ends in exactly one ``done`` or ``failed``. When the process ends unasked, the
    running job fails with code "crashed", ``crashed`` tells how, and the process is started again and the model loaded again.
    """

    stateChanged = Signal(object)
    modelLoaded = Signal(object)
    progress = Signal(object)
    promptReady = Signal(object)
    tokens = Signal(object)
    logits = Signal(object)
    tokenList = Signal(object)
    done = Signal(object)
    failed = Signal(object)
    crashed = Signal(object)

    def __init__(self, parent: QObject | None = None, command: list[str] | None = None) -> None:
        super().__init__(parent)
        self._command = command
        self._channel: Channel | None = None
        self._state = WorkerState.STOPPED
        self._model: ModelInfo | None = None
        self._wanted: LoadModel | None = None  # what is to be loaded again after a crash
        self._next_job = 1
        self._running: dict[int, Request] = {}
        self._cancelled: set[int] = set()
        self._ends_in_a_row = 0
        self._shutting_down = False
        self._restart = QTimer(self, singleShot=True)
        self._restart.timeout.connect(self.start)

    @property
    def state(self) -> WorkerState:
        return self._state

    @property
    def model(self) -> ModelInfo | None:
        """The loaded model, None while there is none."""
        return self._model

    @property
    def pid(self) -> int:
        """Process number, 0 while there is none."""
        return 0 if self._channel is None else self._channel.pid

    def start(self) -> None:
        """Start the process; a model that was loaded before a crash is loaded again."""
        if self._channel is not None or self._shutting_down:
            return
        self._restart.stop()
        self._channel = Channel(self, self._command)
        self._channel.ready.connect(self._on_ready)
        self._channel.message.connect(self._on_event)
        self._channel.ended.connect(self._on_ended)
        self._set_state(WorkerState.STARTING)
        self._channel.start()
        asked = [request for request in self._running.values() if isinstance(request, LoadModel)]
        for request in asked:  # asked for while there was no process
            self._channel.send(request)
        if self._wanted is not None and not asked:
            self._wanted = msgspec.structs.replace(self._wanted, job=self._number())
            self._submit(self._wanted)

    def load(self, path: str, context_length: int = 0, threads: int = 0, gpu_layers: int = -1) -> int:
        """Load a model in place of the present one; a flag for failing too often is lifted."""
        self._ends_in_a_row = 0
        job = self._number()
        self._wanted = LoadModel(job, path, context_length, threads, gpu_layers)
        self._submit(self._wanted)
        self.start()
        return job

    def generate(
        self, messages: tuple[Message, ...], settings: GenerationSettings, forced_ids: tuple[int, ...] = ()
    ) -> int:
        """Reply to a conversation, or continue its last message."""
        return self._submit(Generate(self._number(), tuple(messages), settings, tuple(forced_ids)))

    def complete(self, text: str, settings: GenerationSettings) -> int:
        """Go on from a plain text."""
        return self._submit(Complete(self._number(), text, settings))

    def score(self, text: str) -> int:
        """Record every token of a text."""
        return self._submit(Score(self._number(), text))

    def full_logits(self, messages: tuple[Message, ...], reply_ids: tuple[int, ...]) -> int:
        """The whole row with which the token after reply_ids was picked; comes as ``logits``."""
        return self._submit(FullLogits(self._number(), tuple(messages), tuple(reply_ids)))

    def tokenize(self, text: str) -> int:
        """The tokens of a text; come as ``tokenList``."""
        return self._submit(Tokenize(self._number(), text))

    def cancel(self, job: int) -> None:
        """Stop a job. One that does not end in time takes the process with it, and the model is loaded again."""
        if job not in self._running or self._channel is None:
            return
        self._cancelled.add(job)
        self._channel.send(Cancel(job))
        QTimer.singleShot(_CANCEL_DEADLINE_MS, self, lambda: self._on_cancel_deadline(job))

    def shutdown(self) -> None:
        """End the process for good; returns when it is gone."""
        self._shutting_down = True
        self._restart.stop()
        if self._channel is not None:
            self._channel.quit()
            self._channel.wait_ended(3_000)

    def _number(self) -> int:
        number, self._next_job = self._next_job, self._next_job + 1
        return number

    def _submit(self, request: LoadModel | Generate | Complete | Score | FullLogits | Tokenize) -> int:
        self._running[request.job] = request
        if self._channel is not None:
            self._channel.send(request)
            self._refresh_state()
        elif not isinstance(request, LoadModel):
            # Nobody is there to do it: it fails, after the caller has its number.
            job = request.job
            QTimer.singleShot(
                0, self, lambda: self._fail(job, "crashed", "The model is not running.", "Load it again.")
            )
        return request.job

    def _on_ready(self) -> None:
        self._refresh_state(ready=True)

    def _on_event(self, event: Event) -> None:
        match event:
            case Progress():
                self.progress.emit(event)
            case PromptReady():
                self.promptReady.emit(event)
            case Tokens():
                self.tokens.emit(event)
            case LogitsRow():
                self.logits.emit(event)
            case TokenList():
                self.tokenList.emit(event)
            case Done():
                self._on_done(event)
            case Failed():
                self._on_failed(event)

    def _on_done(self, done: Done) -> None:
        request = self._running.pop(done.job, None)
        self._cancelled.discard(done.job)
        if done.model is not None:
            self._model = done.model
            self.modelLoaded.emit(done.model)
        if not isinstance(request, LoadModel):
            self._ends_in_a_row = 0
        self._refresh_state()
        self.done.emit(done)

    def _on_failed(self, failed: Failed) -> None:
        request = self._running.pop(failed.job, None)
        self._cancelled.discard(failed.job)
        if isinstance(request, LoadModel) and request == self._wanted:
            # The worker may still hold the old model, or none; what failed is not tried again by itself.
            self._wanted = None if self._model is None else self._wanted
        self._refresh_state()
        self.failed.emit(failed)

    def _on_ended(self, outcome: Outcome) -> None:
        if self._channel is not None:
            self._channel.deleteLater()
            self._channel = None
        self._model = None
        if self._shutting_down:
            self._running.clear()
            self._set_state(WorkerState.STOPPED)
            return
        asked_for = bool(self._cancelled & set(self._running))
        self._ends_in_a_row += 0 if asked_for else 1
        flagged = self._ends_in_a_row >= _FLAGGED_AFTER
        jobs, self._running = self._running, {}
        self._set_state(WorkerState.CRASHED if flagged else WorkerState.STARTING)
        for job in jobs:
            if job in self._cancelled:
                self._fail(job, "cancelled", "Stopped.", "")
            else:
                self._fail(job, "crashed", f"The model's process ended ({outcome.short}).", "", outcome.stderr_tail)
        self._cancelled.clear()
        if not asked_for:
            self.crashed.emit(outcome)
        if flagged:
            self._wanted = None
        else:
            self._restart.start(_BACK_OFF_MS[min(self._ends_in_a_row, len(_BACK_OFF_MS) - 1)])

    def _fail(self, job: int, code: str, text: str, hint: str, detail: str = "") -> None:
        self._running.pop(job, None)
        self.failed.emit(Failed(job, code, text, hint, detail))

    def _on_cancel_deadline(self, job: int) -> None:
        if job in self._running and job in self._cancelled and self._channel is not None:
            self._channel.abandon()

    def _refresh_state(self, ready: bool = False) -> None:
        if self._channel is None or (self._state == WorkerState.STARTING and not ready):
            return
        if any(isinstance(request, LoadModel) for request in self._running.values()):
            self._set_state(WorkerState.LOADING)
        elif self._running:
            self._set_state(WorkerState.BUSY)
        else:
            self._set_state(WorkerState.READY if self._model is None else WorkerState.LOADED)

    def _set_state(self, state: WorkerState) -> None:
        if state != self._state:
            self._state = state
            self.stateChanged.emit(state)
