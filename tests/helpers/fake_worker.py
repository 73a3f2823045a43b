"""A worker without a process, for tests of the window: it replays what a test gives it."""

import re
from collections import deque
from itertools import pairwise

import msgspec
import numpy as np
from PySide6.QtCore import QObject, QTimer

from app.workers.inference import InferenceWorker, WorkerState
from app.workers.outcome import Outcome
from engine.records import (
    AdapterInfo,
    GenerationSettings,
    Message,
    ModelInfo,
    ReplySummary,
    SamplingSettings,
    SavedReply,
    Timing,
    Token,
    TokenRecord,
)
from engine.records.explore import Bounds, BranchNode, Replayed, Side, Span
from engine.worker.protocol import (
    Done,
    Failed,
    LogitsRow,
    Progress,
    PromptLayout,
    PromptReady,
    ReplayFound,
    Spans,
    TextScores,
    TokenList,
    Tokens,
    TreeNodes,
)
from tests.helpers.records import make_record

MODEL = ModelInfo(
    name="Pretend",
    path="/models/pretend.gguf",
    backend="llama_cpp",
    architecture="llama",
    parameters=1_000_000,
    quantisation="Q8_0",
    vocabulary_size=2,
    vocabulary_hash="pretend",
    context_length=4096,
    trained_context_length=4096,
    size_bytes=1_000_000,
    chat_template=None,
    template_hash="",
)


class FakeWorker(InferenceWorker):
    """The signals and methods of InferenceWorker; jobs end by timers on the Qt thread, one after the other.

    replies: texts for the next jobs, ``reply`` is said when there are no more. token_ms: time between tokens. fail_next: the next
    job ends with this Failed (its job number is set). crash_after: after so many tokens of the next reply the process "dies";
    it comes back by itself with its model. row, row_history: what is answered when logits are asked for.
    replayed: what a replay finds, None for the same.
    requests: every call as (name, arguments), to look at.
    """

    def __init__(self, parent: QObject | None = None, *, reply: str = "One two three.", token_ms: int = 0) -> None:
        super().__init__(parent)
        self.reply, self.token_ms = reply, token_ms
        self.replies: deque[str] = deque()
        self.fail_next: Failed | None = None
        self.row, self.row_history = b"", ()
        self.replayed: Replayed | None = None
        self.prompt_tokens = 12
        self.crash_after: int | None = None
        self.requests: list[tuple] = []
        self._queue: deque[tuple[int, str, list[bytes], int]] = deque()  # job, kind, pieces, first position
        self._sent: list[TokenRecord] = []
        self._text = ""
        self._step = QTimer(self)
        self._step.timeout.connect(self._go_on)

    def start(self) -> None:
        if self.state == WorkerState.STOPPED:
            self._set_state(WorkerState.READY)

    def load(
        self,
        path: str,
        context_length: int = 0,
        threads: int = 0,
        gpu_layers: int = -1,
        adapters: tuple[AdapterInfo, ...] = (),
        ask: bool = False,
    ) -> int:
        self.asks_for_room = ask  # whether the last load was to ask first
        self.start()
        return self._put("load", [], path, context_length, threads, gpu_layers, *([adapters] if adapters else []))

    def generate(
        self,
        messages: tuple[Message, ...],
        settings: GenerationSettings,
        forced_ids: tuple[int, ...] = (),
        states: dict[str, tuple[float, ...]] | None = None,
    ) -> int:
        before = len(messages[-1].token_ids or ()) if messages and messages[-1].role == "assistant" else 0
        forced = [b" forced"] * len(forced_ids)
        pieces = (forced + self._pieces(settings))[: settings.max_tokens or None]
        return self._put("generate", pieces, messages, settings, forced_ids, first_position=before)

    def complete(self, text: str, settings: GenerationSettings, special: bool = False) -> int:
        return self._put("complete", self._pieces(settings), text, settings, *_told(special))

    def score(self, text: str) -> int:
        return self._put("score", _cut(text), text)

    def full_logits(
        self,
        messages: tuple[Message, ...],
        reply_ids: tuple[int, ...],
        left_out: int = 0,
        place: int = 0,
        grammars: dict[str, str] | None = None,
    ) -> int:
        return self._put("full_logits", [], messages, reply_ids, left_out, *([place] if place else []))

    def score_prompt(self, messages: tuple[Message, ...], left_out: int = 0) -> int:
        return self._put("score_prompt", [], messages, left_out)

    def replay(self, saved: SavedReply) -> int:
        return self._put("replay", [], saved)

    def tokenize(self, text: str, vocabulary: str = "model", path: str = "") -> int:
        pieces = [c.encode() for c in text] if vocabulary != "model" else _cut(text)
        return self._put("tokenize", pieces, text, vocabulary, path)

    def name_tokens(self, ids: tuple[int, ...]) -> int:
        return self._put("name_tokens", [], ids)

    def next_token(
        self, text: str, settings: tuple[GenerationSettings, ...], seed: int = 0, special: bool = False
    ) -> int:
        return self._put("next_token", [b" next"] * len(settings), text, settings, seed, *_told(special))

    def read_text(self, text: str, known: bytes = b"", special: bool = False) -> int:
        return self._put("read_text", _cut(text), text, known, *_told(special))

    def explain_token(self, text: str, index: int, special: bool = False) -> int:
        return self._put("explain_token", [_cut(text)[index]], text, index, *_told(special))

    def grow_tree(
        self, text: str, bounds: Bounds, sampling: SamplingSettings, seed: int = 0, special: bool = False
    ) -> int:
        return self._put("grow_tree", [], text, bounds, sampling, seed, *_told(special))

    def compare_text(self, text: str, left: Side, right: Side, seed=0, options=(), messages=(), special=False) -> int:
        return self._put("compare_text", _cut(text), text, left, right, seed, options, messages, *_told(special))

    def compare_next(self, text: str, left: Side, right: Side, seed=0, options=(), messages=(), special=False) -> int:
        pieces = [b" left", b" right"]
        return self._put("compare_next", pieces, text, left, right, seed, options, messages, *_told(special))

    def lay_out(self, text: str) -> int:
        return self._put("lay_out", [b"<user>", text.encode(), b"<end>", b"<reply>"], text)

    def add_numbers(self, first: str, second: str) -> int:
        return self._put("add_numbers", [], first, second)

    def cancel(self, job: int) -> None:
        self.requests.append(("cancel", job))
        for place, waiting in enumerate(self._queue):
            if waiting[0] != job:
                continue
            if place == 0 and waiting[1] in ("generate", "complete"):
                self._finish("cancelled")
            else:
                del self._queue[place]
                self._settle()
                self.failed.emit(Failed(job, "cancelled", "Stopped."))
            return

    def crash(self, outcome: Outcome | None = None, come_back: bool = True) -> None:
        """The process dies now: every job fails, ``crashed`` tells how; then it is there again, with its model."""
        jobs, model = [waiting[0] for waiting in self._queue], self._model
        self._queue.clear()
        self._step.stop()
        self._model = None
        self._forget_reply()
        self._set_state(WorkerState.STARTING if come_back else WorkerState.CRASHED)
        for job in jobs:
            self.failed.emit(Failed(job, "crashed", "The model's process ended (SIGSEGV)."))
        self.crashed.emit(outcome or Outcome(None, 11, "Segmentation fault"))
        if come_back:
            self._set_state(WorkerState.READY)
            if model is not None:
                self.load(model.path, adapters=model.adapters)

    def shutdown(self) -> None:
        self._step.stop()
        self._queue.clear()
        self._set_state(WorkerState.STOPPED)

    def _pieces(self, settings: GenerationSettings) -> list[bytes]:
        pieces = _cut(self.replies.popleft() if self.replies else self.reply)
        return pieces[: settings.max_tokens] if settings.max_tokens else pieces

    def _put(self, kind: str, pieces: list[bytes], *arguments: object, first_position: int = 0) -> int:
        job = self._number()
        self.requests.append((kind, *arguments))
        self._queue.append((job, kind, pieces, first_position))
        self._settle()
        return job

    def _settle(self) -> None:
        """The state that belongs to the queue, and the clock that empties it."""
        kinds = [waiting[1] for waiting in self._queue]
        if "load" in kinds:
            self._set_state(WorkerState.LOADING)
        elif kinds:
            self._set_state(WorkerState.BUSY)
        else:
            self._set_state(WorkerState.READY if self._model is None else WorkerState.LOADED)
        if kinds and not self._step.isActive():
            self._step.start(self.token_ms)
        elif not kinds:
            self._step.stop()

    def _go_on(self) -> None:
        """One step of the first job: its beginning, one token, or its end."""
        job, kind, pieces, first_position = self._queue[0]
        if self.fail_next is not None:
            failed, self.fail_next = self.fail_next, None
            self._queue.popleft()
            self._forget_reply()
            self._settle()
            self.failed.emit(Failed(job, failed.code, failed.text, failed.hint, failed.detail))
        elif kind in ("generate", "complete", "score"):
            if self.crash_after is not None and len(self._sent) >= self.crash_after:
                self.crash_after = None
                self.crash()
                return
            if not self._sent and kind != "score":
                self.progress.emit(Progress(job, "prompt", 12, 12))
                self.promptReady.emit(PromptReady(job, 12, 0, 0, 7, 4096))
            if len(self._sent) == len(pieces):
                asked = (
                    next(call[2] for call in reversed(self.requests) if call[0] == kind) if kind != "score" else None
                )
                limit = asked.max_tokens if asked is not None else 0
                self._finish("length" if limit and len(pieces) >= limit else "stop")
                return
            piece = pieces[len(self._sent)]
            record = make_record(first_position + len(self._sent), piece, id=1 + len(self._sent))
            record = msgspec.structs.replace(record, forced=piece == b" forced")
            text = "" if kind == "score" else piece.decode()
            self._sent.append(record)
            self._text += text
            self.tokens.emit(Tokens(job, (record,), text))
        elif kind == "load":
            self._queue.popleft()
            asked = next(call for call in reversed(self.requests) if call[0] == "load")
            self.progress.emit(Progress(job, "load", 1000, 1000))
            beside = asked[5] if len(asked) > 5 else ()
            self._model = msgspec.structs.replace(MODEL, path=asked[1], adapters=beside)
            self._settle()
            self.modelLoaded.emit(self._model)
            self.done.emit(Done(job, model=self._model))
        else:
            self._queue.popleft()
            if kind in ("next_token", "explain_token") and self.row:
                self.logits.emit(LogitsRow(job, self.row, self.row_history))
            if kind in ("next_token", "explain_token", "compare_next"):
                self.tokens.emit(
                    Tokens(job, tuple(make_record(0, piece, id=1 + n) for n, piece in enumerate(pieces)), "")
                )
            elif kind == "read_text":
                self._read(job, pieces)
            elif kind == "grow_tree":
                self.treeNodes.emit(TreeNodes(job, _TREE))
            elif kind == "compare_text":
                self.spans.emit(Spans(job, _spans(pieces), True))
            elif kind == "name_tokens":
                ids = next(call[1] for call in reversed(self.requests) if call[0] == "name_tokens")
                self.tokenList.emit(TokenList(job, tuple(Token(id, b"n%d" % id) for id in ids)))
            elif kind == "score_prompt":
                self._score_prompt(job)
            elif kind == "replay":
                saved = next(call[1] for call in reversed(self.requests) if call[0] == "replay")
                total = len(saved.records)
                self.progress.emit(Progress(job, "replay", total, total))
                self.replayFound.emit(ReplayFound(job, self.replayed or Replayed(total, total, None, 0.0, ())))
            elif kind in ("tokenize", "lay_out"):
                self.tokenList.emit(TokenList(job, tuple(Token(id, piece) for id, piece in enumerate(pieces))))
            else:
                self.logits.emit(LogitsRow(job, self.row or make_record(0).candidates.logits, self.row_history))
            self._settle()
            self.done.emit(Done(job))

    def _score_prompt(self, job: int) -> None:
        """A template that writes <role> before every message and <end> after it, and <reply> at the end."""
        _, messages, left_out = next(call for call in reversed(self.requests) if call[0] == "score_prompt")
        tokens: list[tuple[int, Token]] = []
        for owner, message in enumerate(messages):
            if left_out and 0 < owner <= left_out:
                continue
            tokens.append((-1, Token(1, f"<{message.role}>".encode(), True)))
            tokens += [(owner, Token(5, piece)) for piece in _cut(message.content)]
            tokens.append((-1, Token(2, b"<end>", True)))
        tokens.append((-1, Token(3, b"<reply>", True)))
        self.promptLayout.emit(PromptLayout(job, tuple(owner for owner, _ in tokens)))
        for place, (owner, token) in enumerate(tokens):
            if owner < 0 or not messages[owner].token_ids:
                record = msgspec.structs.replace(make_record(place, token.bytes), token=token, dart=None)
                self.tokens.emit(Tokens(job, (record,), ""))
        self.progress.emit(Progress(job, "score", len(tokens), len(tokens)))

    def _read(self, job: int, pieces: list[bytes]) -> None:
        """Scores of pieces that the window does not know: the id of each is its length, its surprisal one bit more each time."""
        known = np.frombuffer(
            next(call[2] for call in reversed(self.requests) if call[0] == "read_text"), "<i4"
        ).tolist()
        ids = [len(piece) for piece in pieces]
        first = next((n for n, (a, b) in enumerate(zip(known, ids, strict=False)) if a != b), min(len(known), len(ids)))
        self.textScores.emit(TextScores(job, first, len(ids)))
        ends = np.cumsum([len(piece.decode().encode("utf-16-le")) // 2 for piece in pieces])
        new = np.arange(first, len(ids))
        if len(new):
            columns = np.array(ids)[new], ends[new], (new + 1).astype("<f4"), 10 ** new.clip(max=6), np.ones(len(new))
            kinds = "<i4", "<i4", "<f4", "<i4", "<f4"
            parts = [column.astype(kind).tobytes() for column, kind in zip(columns, kinds, strict=True)]
            self.textScores.emit(TextScores(job, first, len(ids), *parts))

    def _finish(self, finish: str) -> None:
        """End the first job well."""
        job, kind, _, _ = self._queue.popleft()
        timing = Timing(12, 0, len(self._sent), 0.01, 0.001 * max(1, len(self._sent)))
        before = self.prompt_tokens
        path = self.model.path if self.model is not None else ""
        summary = ReplySummary(self._text, finish, 7, timing, before, before + len(self._sent), 4096, model_path=path)
        self._forget_reply()
        self._settle()
        self.done.emit(Done(job) if kind == "score" else Done(job, reply=summary))

    def _forget_reply(self) -> None:
        self._sent, self._text = [], ""


def _told(special: bool) -> tuple[bool, ...]:
    """Among the arguments of a call only where it is so."""
    return (True,) if special else ()


def _node(
    id: int, parent: int, piece: bytes, p: float, bits: float, depth: int, rank: int, **flags: bool
) -> BranchNode:
    return BranchNode(
        id,
        parent,
        id,
        piece,
        False,
        p,
        bits,
        rank,
        depth,
        flags.get("greedy", False),
        flags.get("sampled", False),
        False,
    )


#: Greedy begins with " a"; the most likely path of two is " b c"; the chain draws " d e".
_TREE = (
    _node(0, -1, b" a", 0.4, 1.32, 1, 1, greedy=True),
    _node(1, -1, b" b", 0.35, 1.51, 1, 2),
    _node(2, -1, b" d", 0.1, 3.32, 1, 3, sampled=True),
    _node(3, 0, b" x", 0.2, 3.64, 2, 1, greedy=True),
    _node(4, 0, b" y", 0.1, 4.64, 2, 2),
    _node(5, 1, b" c", 0.9, 1.67, 2, 1),
    _node(6, 2, b" e", 0.5, 4.32, 2, 1, sampled=True),
)


def _spans(pieces: list[bytes]) -> tuple[Span, ...]:
    ends = [0, *np.cumsum([len(piece.decode()) for piece in pieces]).tolist()]
    return tuple(
        Span(start, end, 1.0 + n, 2.0, 0.5 * n, min(1.0, 0.1 * n)) for n, (start, end) in enumerate(pairwise(ends))
    )


def _cut(text: str) -> list[bytes]:
    """A text as pieces that look like tokens: words with the space before them."""
    return [piece.encode() for piece in re.findall(r"\s*\S+|\s+$", text)]
