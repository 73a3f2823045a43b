"""What window and worker say to each other: tagged structs in length-prefixed msgpack frames.

Frame: 4 bytes big-endian length, then that many bytes of msgpack. The window writes requests to the worker's standard
input, the worker writes events to a private copy of its standard output. The first frame each way is a Hello; unequal
versions end the conversation. Every request that carries a ``job`` ends in exactly one Done or Failed for that job, unless
the process ends first.
"""

from collections.abc import Iterator
from typing import Literal

import msgspec

from engine.records import (
    AdapterInfo,
    GenerationSettings,
    Message,
    ModelInfo,
    ReplySummary,
    SamplingSettings,
    SavedReply,
    Token,
    TokenRecord,
)
from engine.records.explore import Bounds, BranchNode, Column, Replayed, Side, Span
from engine.worker.hub_messages import HubEvent, HubJob
from engine.worker.library_messages import LibraryEvent, LibraryJob
from engine.worker.loading_messages import LoadingEvent, LoadingJob

VERSION = 1
MAX_FRAME_BYTES = 256 * 1024 * 1024


class _Message(msgspec.Struct, frozen=True, tag=True):
    """Base of everything on the wire; the class name is the tag."""


class Hello(_Message, frozen=True):
    version: int = VERSION
    engine_version: str = ""


# --- window -> worker ---------------------------------------------------------------------------------------------


class LoadModel(_Message, frozen=True):
    """Load the model at path (GGUF file, checkpoint or Hugging Face-style folder) in place of the present one.

    What is kept for this model comes before context_length, threads and gpu_layers; what stays auto (0, 0, -1) is chosen from what
    is free then. adapters stand beside a GGUF file; where nothing but their scales is other than before, they are switched and the
    model stays loaded, its cache cleared. ask: a model that will not fit into memory, or only with swap, ends in Failed with code
    "memory-ask" before anything is done.
    """

    job: int
    path: str
    context_length: int = 0
    threads: int = 0
    gpu_layers: int = -1
    adapters: tuple[AdapterInfo, ...] = ()
    ask: bool = False


class Generate(_Message, frozen=True):
    """Generate a reply to a conversation, or continue its last message if that is the assistant's.

    forced_ids are put at the start of the reply without being drawn (a branch); they are recorded as forced. states: what the
    stages that learn knew after what is continued, by name (recorded_states() of its last record).
    """

    job: int
    messages: tuple[Message, ...]
    settings: GenerationSettings
    forced_ids: tuple[int, ...] = ()
    states: dict[str, tuple[float, ...]] = {}


class Complete(_Message, frozen=True):
    """Generate after a plain text, without a chat template.

    special, here and wherever a plain text is asked about: names of control tokens in it are meant as such, as where somebody has
    written a template out; else they are text like any other.
    """

    job: int
    text: str
    settings: GenerationSettings
    special: bool = False


class Score(_Message, frozen=True):
    """Record every token of a text as the model sees it."""

    job: int
    text: str


class FullLogits(_Message, frozen=True):
    """The whole logits row with which the token at a position of a reply was picked.

    The worker evaluates the conversation up to there again (the cache is reused). reply_ids are the ids before the token,
    left_out is how many of the oldest messages the model was not shown (as PromptReady and ReplySummary tell). place: of the
    token of that number of the prompt instead, from 1. grammars: their texts by stage, of which the masks are wanted too.
    """

    job: int
    messages: tuple[Message, ...]
    reply_ids: tuple[int, ...]
    left_out: int = 0
    place: int = 0
    grammars: dict[str, str] = {}


class ScorePrompt(_Message, frozen=True):
    """How the model sees the prompt of a conversation, token by token: ``PromptLayout``, then ``Tokens``.

    Replies with ids of their own, which were recorded as they were written, are read but not recorded again. left_out: as in
    FullLogits.
    """

    job: int
    messages: tuple[Message, ...]
    left_out: int = 0


class Replay(_Message, frozen=True):
    """Whether a saved reply comes out the same with the loaded model, as ``ReplayFound``."""

    job: int
    saved: SavedReply


class NextToken(_Message, frozen=True):
    """What comes after a plain text: ``LogitsRow``, then one record for each chain, as ``Tokens``; the dart is that of position 0
    of a reply.
    """

    job: int
    text: str
    settings: tuple[GenerationSettings, ...]
    seed: int = 0
    special: bool = False


class ReadText(_Message, frozen=True):
    """How the model sees every token of a text, as ``TextScores``.

    known: int32 little-endian, the ids that are scored already; scoring begins with the first that differs.
    """

    job: int
    text: str
    known: bytes = b""
    special: bool = False


class ExplainToken(_Message, frozen=True):
    """One token of a text, by its number: ``LogitsRow``, then its record, as ``Tokens``."""

    job: int
    text: str
    index: int
    special: bool = False


class GrowTree(_Message, frozen=True):
    """What might come after a text, as ``TreeNodes``; the sampled path is that of the chain with this seed."""

    job: int
    text: str
    bounds: Bounds
    sampling: SamplingSettings
    seed: int = 0
    special: bool = False


class CompareText(_Message, frozen=True):
    """How two models or two chains differ over a text, as ``Spans``. The models are loaded for it beside the loaded one.

    With messages the text is the reply to them, each model's template laid out before it.
    """

    job: int
    text: str
    left: Side
    right: Side
    seed: int = 0
    context_length: int = 0
    threads: int = 0
    gpu_layers: int = -1
    messages: tuple[Message, ...] = ()
    special: bool = False


class CompareNext(_Message, frozen=True):
    """What both sides expect after a text: two records, left and right, as ``Tokens``."""

    job: int
    text: str
    left: Side
    right: Side
    seed: int = 0
    context_length: int = 0
    threads: int = 0
    gpu_layers: int = -1
    messages: tuple[Message, ...] = ()
    special: bool = False


class AddNumbers(_Message, frozen=True):
    """Two whole numbers added column by column by a model that has learnt it, as ``Columns``."""

    job: int
    first: str
    second: str


class Tokenize(_Message, frozen=True):
    """The tokens of a text in a vocabulary: the loaded model's, single characters or bytes, or that of another model's file."""

    job: int
    text: str
    vocabulary: Literal["model", "characters", "bytes", "file"] = "model"
    path: str = ""


class NameTokens(_Message, frozen=True):
    """What some ids of the loaded model's vocabulary stand for, as ``TokenList``."""

    job: int
    ids: tuple[int, ...]


class LayOut(_Message, frozen=True):
    """A text as what a user says, in the model's chat template, up to where the reply begins: the tokens, as ``TokenList``.

    The token that is put before every text is not among them.
    """

    job: int
    text: str


class Cancel(_Message, frozen=True):
    """Stop a job; it then ends in Done with finish "cancelled", or Failed with code "cancelled"."""

    job: int


class Shutdown(_Message, frozen=True):
    """Finish: the worker ends with exit code 0."""


#: What ends in Done or Failed.
Job = (
    LoadModel
    | Generate
    | Complete
    | Score
    | FullLogits
    | ScorePrompt
    | Replay
    | NextToken
    | ReadText
    | ExplainToken
    | GrowTree
    | CompareText
    | CompareNext
    | AddNumbers
    | Tokenize
    | NameTokens
    | LayOut
    | HubJob
    | LoadingJob
    | LibraryJob
)
Request = Hello | Job | Cancel | Shutdown


# --- worker -> window ---------------------------------------------------------------------------------------------


class ModelUnloaded(_Message, frozen=True):
    """The model that was loaded before had to make room; whatever becomes of the job, it is gone."""

    job: int


class ModelMeasured(_Message, frozen=True):
    """How fast the loaded model is, as found while nothing else was asked: tokens/s of a reply and of a prompt. Of no job."""

    path: str
    tokens_per_s: float
    prompt_tokens_per_s: float


class Progress(_Message, frozen=True):
    """How far a job is. phase "load" counts in thousandths, "prompt", "score" and "replay" in tokens."""

    job: int
    phase: Literal["load", "prompt", "score", "replay"]
    done: int
    total: int


class PromptReady(_Message, frozen=True):
    """What the model is about to see: its size, how much of it the cache already held, what did not fit, the seed of the darts."""

    job: int
    prompt_tokens: int
    reused_tokens: int
    left_out: int
    seed: int
    context_length: int
    notes: tuple[str, ...] = ()


class Tokens(_Message, frozen=True):
    """New records, in order, together about 30 ms of work; text is what became visible with them (UTF-8 boundaries kept)."""

    job: int
    records: tuple[TokenRecord, ...]
    text: str


class LogitsRow(_Message, frozen=True):
    """float32 little-endian (V,), the ids of everything that stood before the token, prompt and reply, and the bytes of each.

    allowed: what the grammars that were asked for allow there, by stage; a bit for each token, as numpy packs them.
    """

    job: int
    logits: bytes
    history: tuple[int, ...] = ()
    pieces: dict[int, bytes] = {}
    allowed: dict[str, bytes] = {}


class PromptLayout(_Message, frozen=True):
    """The number of the message to which each token of a prompt belongs, -1 for the template's own. The records that follow have
    their numbers in the prompt as positions."""

    job: int
    owners: tuple[int, ...]


class ReplayFound(_Message, frozen=True):
    """How a saved reply came out."""

    job: int
    found: Replayed


class TokenList(_Message, frozen=True):
    job: int
    tokens: tuple[Token, ...]


class TextScores(_Message, frozen=True):
    """Consecutive tokens of a text from number ``first`` on; the first event of a job has none and says where scoring begins.

    Little-endian: ids int32, ends int32 (where each token ends in the text, in UTF-16 units), surprisal_bits float32, rank int32,
    entropy_bits float32. total: tokens of the whole text. A surprisal of nan is that of a token with nothing before it.
    """

    job: int
    first: int
    total: int
    ids: bytes = b""
    ends: bytes = b""
    surprisal_bits: bytes = b""
    rank: bytes = b""
    entropy_bits: bytes = b""


class TreeNodes(_Message, frozen=True):
    """More nodes of a tree, parents before children."""

    job: int
    nodes: tuple[BranchNode, ...]


class Spans(_Message, frozen=True):
    """More spans of a comparison, in the order of the text. exact: token by token, over the whole of a common vocabulary."""

    job: int
    spans: tuple[Span, ...]
    exact: bool


class Columns(_Message, frozen=True):
    """More columns of a sum, from the right; total: of the whole sum. right: the digits of Python's own sum, to check with; they
    take no part in it. From the left, as many as there are columns."""

    job: int
    columns: tuple[Column, ...]
    total: int
    right: str


class Done(_Message, frozen=True):
    """The job ended well. One of the fields is set where the job has a result."""

    job: int
    model: ModelInfo | None = None
    reply: ReplySummary | None = None


class Failed(_Message, frozen=True):
    """The job ended with a sentence for the user, or with a bug (code "internal", detail is the traceback)."""

    job: int
    code: str
    text: str
    hint: str = ""
    detail: str = ""


Event = (
    Hello
    | ModelUnloaded
    | ModelMeasured
    | Progress
    | PromptReady
    | Tokens
    | LogitsRow
    | PromptLayout
    | ReplayFound
    | TokenList
    | TextScores
    | TreeNodes
    | Spans
    | Columns
    | Done
    | Failed
    | HubEvent
    | LoadingEvent
    | LibraryEvent
)

_encoder = msgspec.msgpack.Encoder()
_request_decoder: msgspec.msgpack.Decoder[Request] = msgspec.msgpack.Decoder(Request)
_event_decoder: msgspec.msgpack.Decoder[Event] = msgspec.msgpack.Decoder(Event)


class ProtocolError(Exception):
    """Bytes that are no frame of this protocol; the connection is to be closed."""


def encode_frame(message: Request | Event) -> bytes:
    """The frame of one message, ready to be written."""
    body = _encoder.encode(message)
    return len(body).to_bytes(4, "big") + body


class FrameReader:
    """Cuts a stream of bytes into frame bodies; feed() takes what arrived and yields what is complete."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes]:
        self._buffer += data
        while len(self._buffer) >= 4:
            size = int.from_bytes(self._buffer[:4], "big")
            if size > MAX_FRAME_BYTES:
                raise ProtocolError(f"a frame of {size} bytes was announced")
            if len(self._buffer) < 4 + size:
                return
            body = bytes(self._buffer[4 : 4 + size])
            del self._buffer[: 4 + size]
            yield body


def decode_request(body: bytes) -> Request:
    """Raises ProtocolError for a body that is no request."""
    try:
        return _request_decoder.decode(body)
    except msgspec.MsgspecError as error:
        raise ProtocolError(str(error)) from error


def decode_event(body: bytes) -> Event:
    """Raises ProtocolError for a body that is no event."""
    try:
        return _event_decoder.decode(body)
    except msgspec.MsgspecError as error:
        raise ProtocolError(str(error)) from error


__all__ = [
    "MAX_FRAME_BYTES",
    "VERSION",
    "AddNumbers",
    "Cancel",
    "Columns",
    "Complete",
    "Done",
    "Event",
    "Failed",
    "FrameReader",
    "FullLogits",
    "Generate",
    "Hello",
    "Job",
    "LayOut",
    "LoadModel",
    "LogitsRow",
    "ModelMeasured",
    "ModelUnloaded",
    "NameTokens",
    "Progress",
    "PromptLayout",
    "PromptReady",
    "ProtocolError",
    "Replay",
    "ReplayFound",
    "Request",
    "Score",
    "ScorePrompt",
    "Shutdown",
    "TokenList",
    "Tokenize",
    "Tokens",
    "decode_event",
    "decode_request",
    "encode_frame",
]
