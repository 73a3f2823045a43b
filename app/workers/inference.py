"""The inference worker as the window uses it: jobs out, typed events in; crashes are told, and mended."""

from enum import Enum, auto
from typing import Literal

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from app.workers.outcome import Outcome
from app.workers.supervisor import Supervisor
from engine.records import AdapterInfo, GenerationSettings, Message, ModelInfo, SamplingSettings, SavedReply
from engine.records.explore import Bounds, Side
from engine.worker.protocol import (
    AddNumbers,
    Cancel,
    Columns,
    CompareNext,
    CompareText,
    Complete,
    Done,
    Event,
    ExplainToken,
    Failed,
    FullLogits,
    Generate,
    GrowTree,
    Job,
    LayOut,
    LoadModel,
    LogitsRow,
    ModelMeasured,
    ModelUnloaded,
    NameTokens,
    NextToken,
    Progress,
    PromptLayout,
    PromptReady,
    ReadText,
    Replay,
    ReplayFound,
    Score,
    ScorePrompt,
    Spans,
    TextScores,
    Tokenize,
    TokenList,
    Tokens,
    TreeNodes,
)

_CANCEL_DEADLINE_MS = 5_000


class WorkerState(Enum):
    STOPPED = auto()
    STARTING = auto()
    READY = auto()  # no model
    LOADING = auto()
    LOADED = auto()
    BUSY = auto()
    CRASHED = auto()  # and not started again until something is asked of it


class InferenceWorker(QObject):
    """A supervised process that serves one model.

    Every job that a method returns the number of ends in exactly one ``done`` or ``failed``; jobs run one after the other, as they
    were asked for. When the process ends unasked, its jobs fail with code "crashed", ``crashed`` tells how, and the process is
    started again and the model loaded again - at most twice for one model that never does a job.
    """

    stateChanged = Signal(object)
    modelLoaded = Signal(object)
    modelMeasured = Signal(object)
    progress = Signal(object)
    promptReady = Signal(object)
    tokens = Signal(object)
    logits = Signal(object)
    promptLayout = Signal(object)
    replayFound = Signal(object)
    tokenList = Signal(object)
    textScores = Signal(object)
    treeNodes = Signal(object)
    spans = Signal(object)
    columns = Signal(object)
    done = Signal(object)
    failed = Signal(object)
    crashed = Signal(object)
    modelCrashed = Signal(str)  # the path of what was loaded, or being loaded, when the process ended unasked

    def __init__(self, parent: QObject | None = None, command: list[str] | None = None) -> None:
        super().__init__(parent)
        self._state = WorkerState.STOPPED
        self._model: ModelInfo | None = None
        self._held: LoadModel | None = None  # what the process has loaded
        self._wanted: LoadModel | None = None  # what it is to have: to be loaded again after a crash
        self._next_job = 1
        self._jobs: dict[int, Job] = {}
        self._cancelled: set[int] = set()
        self._supervisor = Supervisor(self, command)
        self._supervisor.ready.connect(self._refresh_state)
        self._supervisor.message.connect(self._on_event)
        self._supervisor.ended.connect(self._on_ended)

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
        return self._supervisor.pid

    def start(self) -> None:
        """Start the process, if it does not run."""
        self._supervisor.start()
        self._refresh_state()

    def load(
        self,
        path: str,
        context_length: int = 0,
        threads: int = 0,
        gpu_layers: int = -1,
        adapters: tuple[AdapterInfo, ...] = (),
        ask: bool = False,
    ) -> int:
        """Load a model in place of the present one, or switch its adapters; ends that are held against the process are forgiven.

        ask: one that will not fit into memory fails with code "memory-ask" before anything is done.
        """
        self._supervisor.praise()
        self._wanted = LoadModel(self._number(), path, context_length, threads, gpu_layers, adapters, ask)
        self._supervisor.start()
        return self._submit(self._wanted)

    def generate(
        self,
        messages: tuple[Message, ...],
        settings: GenerationSettings,
        forced_ids: tuple[int, ...] = (),
        states: dict[str, tuple[float, ...]] | None = None,
    ) -> int:
        """Reply to a conversation, or continue its last message. Gives ``progress``, ``promptReady``, ``tokens``."""
        return self._submit(Generate(self._number(), tuple(messages), settings, tuple(forced_ids), states or {}))

    def complete(self, text: str, settings: GenerationSettings, special: bool = False) -> int:
        """Go on from a plain text. special, here and below: names of control tokens in it are meant as such."""
        return self._submit(Complete(self._number(), text, settings, special))

    def score(self, text: str) -> int:
        """Record every token of a text; they come as ``tokens``."""
        return self._submit(Score(self._number(), text))

    def full_logits(
        self,
        messages: tuple[Message, ...],
        reply_ids: tuple[int, ...],
        left_out: int = 0,
        place: int = 0,
        grammars: dict[str, str] | None = None,
    ) -> int:
        """The whole row with which the token after reply_ids was picked, or token ``place`` of the prompt; comes as ``logits``."""
        request = FullLogits(self._number(), tuple(messages), tuple(reply_ids), left_out, place, grammars or {})
        return self._submit(request)

    def score_prompt(self, messages: tuple[Message, ...], left_out: int = 0) -> int:
        """Record every token of the prompt of a conversation; gives ``promptLayout``, ``progress``, ``tokens``."""
        return self._submit(ScorePrompt(self._number(), tuple(messages), left_out))

    def replay(self, saved: SavedReply) -> int:
        """Whether a saved reply comes out the same; comes as ``replayFound``."""
        return self._submit(Replay(self._number(), saved))

    def next_token(
        self, text: str, settings: tuple[GenerationSettings, ...], seed: int = 0, special: bool = False
    ) -> int:
        """What comes after a plain text: a record for each of the settings, as ``tokens``."""
        return self._submit(NextToken(self._number(), text, tuple(settings), seed, special))

    def read_text(self, text: str, known: bytes = b"", special: bool = False) -> int:
        """How the model sees every token of a text, from the first on that is not among the known ids; as ``textScores``."""
        return self._submit(ReadText(self._number(), text, known, special))

    def explain_token(self, text: str, index: int, special: bool = False) -> int:
        """The record of one token of a text, as ``tokens``."""
        return self._submit(ExplainToken(self._number(), text, index, special))

    def grow_tree(
        self, text: str, bounds: Bounds, sampling: SamplingSettings, seed: int = 0, special: bool = False
    ) -> int:
        """What might come after a text, as ``treeNodes``."""
        return self._submit(GrowTree(self._number(), text, bounds, sampling, seed, special))

    def compare_text(
        self,
        text: str,
        left: Side,
        right: Side,
        seed: int = 0,
        options: tuple[int, int, int] = (0, 0, -1),
        messages: tuple[Message, ...] = (),
        special: bool = False,
    ) -> int:
        """How two models or chains differ over a text, as ``spans``. options: context length, threads, layers on a GPU.

        messages: the conversation that the text is the reply to.
        """
        return self._submit(CompareText(self._number(), text, left, right, seed, *options, messages, special))

    def compare_next(
        self,
        text: str,
        left: Side,
        right: Side,
        seed: int = 0,
        options: tuple[int, int, int] = (0, 0, -1),
        messages: tuple[Message, ...] = (),
        special: bool = False,
    ) -> int:
        """What both sides expect after a text: two records, as ``tokens``."""
        return self._submit(CompareNext(self._number(), text, left, right, seed, *options, messages, special))

    def add_numbers(self, first: str, second: str) -> int:
        """A sum written by a model that has learnt to add, as ``columns``."""
        return self._submit(AddNumbers(self._number(), first, second))

    def tokenize(
        self, text: str, vocabulary: Literal["model", "characters", "bytes", "file"] = "model", path: str = ""
    ) -> int:
        """The tokens of a text; come as ``tokenList``."""
        return self._submit(Tokenize(self._number(), text, vocabulary, path))

    def lay_out(self, text: str) -> int:
        """A text as what a user says, in the chat template of the model; its tokens come as ``tokenList``."""
        return self._submit(LayOut(self._number(), text))

    def name_tokens(self, ids: tuple[int, ...]) -> int:
        """What some ids of the loaded model stand for; come as ``tokenList``."""
        return self._submit(NameTokens(self._number(), tuple(ids)))

    def cancel(self, job: int) -> None:
        """Stop a job. One that does not end in time takes the process with it, and the model is loaded again."""
        if job in self._jobs and job not in self._cancelled:
            self._cancelled.add(job)
            self._supervisor.send(Cancel(job))
            self._watch_cancel(job)

    def shutdown(self) -> None:
        """End the process for good; returns when it is gone. Jobs that run end without a word."""
        self._jobs.clear()
        self._cancelled.clear()
        self._supervisor.shutdown()
        self._model = self._held = None
        self._set_state(WorkerState.STOPPED)

    def _number(self) -> int:
        number, self._next_job = self._next_job, self._next_job + 1
        return number

    def _submit(self, request: Job) -> int:
        self._jobs[request.job] = request
        self._supervisor.send(request)
        self._refresh_state()
        return request.job

    def _watch_cancel(self, job: int) -> None:
        QTimer.singleShot(_CANCEL_DEADLINE_MS, self, lambda: self._on_cancel_deadline(job))

    def _on_cancel_deadline(self, job: int) -> None:
        if job not in self._jobs or job not in self._cancelled:
            return
        if self._supervisor.is_ready:
            self._supervisor.abandon()
        else:  # the process has not heard of it yet
            self._watch_cancel(job)

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
            case PromptLayout():
                self.promptLayout.emit(event)
            case ReplayFound():
                self.replayFound.emit(event)
            case TokenList():
                self.tokenList.emit(event)
            case TextScores():
                self.textScores.emit(event)
            case TreeNodes():
                self.treeNodes.emit(event)
            case Spans():
                self.spans.emit(event)
            case Columns():
                self.columns.emit(event)
            case ModelMeasured():
                self.modelMeasured.emit(event)
            case ModelUnloaded():
                self._model = self._held = None
            case Done():
                self._on_done(event)
            case Failed():
                self._on_failed(event)

    def _on_done(self, done: Done) -> None:
        request = self._jobs.pop(done.job, None)
        self._cancelled.discard(done.job)
        if isinstance(request, LoadModel):
            self._model, self._held = done.model, request
        else:  # a load alone is no proof: some models end the process at the first word
            self._supervisor.praise()
        self._refresh_state()
        if done.model is not None:
            self.modelLoaded.emit(done.model)
        self.done.emit(done)

    def _on_failed(self, failed: Failed) -> None:
        request = self._jobs.pop(failed.job, None)
        self._cancelled.discard(failed.job)
        if request == self._wanted:
            self._wanted = self._held
        self._refresh_state()
        self.failed.emit(failed)

    def _on_ended(self, outcome: Outcome, asked: bool) -> None:
        jobs, cancelled = self._jobs, self._cancelled
        loads = [request.path for request in jobs.values() if isinstance(request, LoadModel)]
        blamed = loads[0] if loads else self._held.path if self._held is not None else ""
        self._jobs, self._cancelled = {}, set()
        if self._wanted is not None and self._wanted.job in cancelled:
            self._wanted = self._held
        if self._supervisor.gave_up:
            self._wanted = None
        self._model = self._held = None
        self._set_state(WorkerState.CRASHED if self._supervisor.gave_up else WorkerState.STARTING)
        if self._wanted is not None:
            self._wanted = msgspec.structs.replace(self._wanted, job=self._number(), ask=False)
            self._submit(self._wanted)
        for job in jobs:
            if job in cancelled:
                self.failed.emit(Failed(job, "cancelled", self.tr("Stopped.")))
            else:
                text = self.tr("The model's process ended ({0}).").format(outcome.short)
                self.failed.emit(Failed(job, "crashed", text, "", outcome.stderr_tail))
        if not asked:
            self.crashed.emit(outcome)
            if blamed:
                self.modelCrashed.emit(blamed)

    def _refresh_state(self) -> None:
        if not self._supervisor.is_ready:
            self._set_state(WorkerState.STARTING)
        elif any(isinstance(request, LoadModel) for request in self._jobs.values()):
            self._set_state(WorkerState.LOADING)
        elif self._jobs:
            self._set_state(WorkerState.BUSY)
        else:
            self._set_state(WorkerState.READY if self._model is None else WorkerState.LOADED)

    def _set_state(self, state: WorkerState) -> None:
        if state != self._state:
            self._state = state
            self.stateChanged.emit(state)
