"""Pure value types that travel between engine, worker, storage and window. Nothing heavy is imported here."""

from typing import Any, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.records.loading import LoadSettings

Role = Literal["system", "user", "assistant"]
FinishReason = Literal["stop", "length", "context", "cancelled"]
KEPT = 255  #: value in ``Candidates.removed_by`` for a candidate that survived every stage


class Token(msgspec.Struct, frozen=True, gc=False):
    """One vocabulary entry: its id and the bytes that it stands for (may be half a UTF-8 character).

    ``bytes`` of a control token is its visible name, and ``control`` is true.
    """

    id: int
    bytes: bytes
    control: bool = False


class Candidates(msgspec.Struct, frozen=True, gc=False):
    """The most likely tokens at one position, columnar, sorted by raw logit descending, then id. N is at most 64.

    The arrays are stored as little-endian bytes, so that a record costs one copy on its way to the disk.
    """

    ids: bytes  # int32 (N,)
    logits: bytes  # float32 (N,), raw
    final: bytes  # float32 (N,), probability after the chain; 0 where removed
    removed_by: bytes  # uint8 (N,), index into TokenRecord.stages, KEPT for survivors
    pieces: tuple[bytes, ...]  # N byte strings, so that a record explains itself without a model

    def __len__(self) -> int:
        return len(self.pieces)

    def id_array(self) -> NDArray[np.int32]:
        return np.frombuffer(self.ids, dtype="<i4")

    def logit_array(self) -> NDArray[np.float32]:
        return np.frombuffer(self.logits, dtype="<f4")

    def final_array(self) -> NDArray[np.float32]:
        return np.frombuffer(self.final, dtype="<f4")

    def removed_by_array(self) -> NDArray[np.uint8]:
        return np.frombuffer(self.removed_by, dtype="u1")


class StageTrace(msgspec.Struct, frozen=True, gc=False):
    """What one stage of the chain did at one position.

    kept: candidates that remain after it; mass: sum over the survivors of the probability just before the stage
    (1.0 for a stage that only reweights); divergence_bits: KL(after || before), in bits; cutoff: the threshold that it
    applied, in the unit of the stage (a probability, a logit, a rank), where it has one. state and next_state are what a stage
    that learns from the picked tokens knew before and after this one; () for all others.
    """

    name: str
    kept: int
    mass: float
    divergence_bits: float = 0.0
    cutoff: float | None = None
    state: tuple[float, ...] = ()
    next_state: tuple[float, ...] = ()


class TokenRecord(msgspec.Struct, frozen=True, gc=False):
    """Everything that is known about one generated or scored token.

    Raw numbers are over the full vocabulary before any sampler. position counts from 0 within the reply (or the scored text).
    dart is the uniform number in [0, 1) that picked the token, None where nothing was drawn (scored). That of a forced token would
    have picked another: its stages and probabilities after the chain are those of that draw.
    tail_mass and tail_square_mass are the sums of p and p squared over the vocabulary outside ``candidates``.
    """

    token: Token
    position: int
    logprob: float  # natural logarithm, raw, full vocabulary
    rank: int  # 1 + number of larger logits
    entropy_bits: float  # raw, full vocabulary
    log_sum_exp: float  # so that p = exp(logit - log_sum_exp)
    candidates: Candidates
    tail_mass: float
    tail_square_mass: float
    vocabulary_size: int
    stages: tuple[StageTrace, ...] = ()
    dart: float | None = None
    final_probability: float | None = None
    time_ms: float = 0.0  # since the previous token
    forced: bool = False  # put there by a person (a branch, an edit), not drawn

    @property
    def surprisal_bits(self) -> float:
        return -self.logprob / 0.6931471805599453


class StageSettings(msgspec.Struct, frozen=True):
    """One stage in the user's order: its registered name, whether it is on, and its parameter values.

    A stage with a number for each token (logit bias) has those among the values, keyed by the id; texts holds what is no number.
    """

    name: str
    enabled: bool = True
    values: dict[str, float] = {}
    texts: dict[str, str] = {}


class SamplingSettings(msgspec.Struct, frozen=True):
    """The chain that picks tokens: stages in the order in which they are applied, and the seed of the darts.

    seed None means a new one for each reply; the one that was drawn is stored with the reply. Non-negative.
    """

    stages: tuple[StageSettings, ...] = ()
    seed: int | None = None


class GenerationSettings(msgspec.Struct, frozen=True):
    """How a reply is generated. max_tokens 0 means until the model stops or the context is full."""

    sampling: SamplingSettings = SamplingSettings()
    max_tokens: int = 0
    stop: tuple[str, ...] = ()
    when_full: Literal["drop_oldest", "stop"] = "drop_oldest"
    candidates: int = 64  # how many of the most likely tokens a record keeps; 0 records the numbers only


class Message(msgspec.Struct, frozen=True):
    """One turn of a conversation. token_ids are the ids that the reply was generated as, valid for one vocabulary only."""

    role: Role
    content: str
    token_ids: tuple[int, ...] | None = None
    vocabulary_hash: str = ""


class AdapterInfo(msgspec.Struct, frozen=True):
    """A LoRA adapter beside a loaded model; scale 0 is off. file_hash tells its file from any other, "" where nobody looked."""

    name: str
    path: str
    scale: float = 1.0
    file_hash: str = ""


class ModelInfo(msgspec.Struct, frozen=True):
    """What the window may know about a loaded model."""

    name: str
    path: str
    backend: Literal["llama_cpp", "decoder", "ngram"]
    architecture: str
    parameters: int
    quantisation: str
    vocabulary_size: int
    vocabulary_hash: str
    context_length: int  # of the loaded context, in tokens
    trained_context_length: int
    size_bytes: int
    chat_template: str | None
    template_hash: str
    devices: str = "CPU"
    metadata: dict[str, str] = {}
    adapters: tuple[AdapterInfo, ...] = ()
    recommended: SamplingSettings | None = None  # the chain that the file's maker recommends
    file_hash: str = ""  # tells this file or folder from any other
    layers: int = 0  # with the one that gives the logits, as gpu_layers counts; 0 is unknown
    settings: LoadSettings = LoadSettings()  # how it was loaded, without any auto


class ModelHeader(msgspec.Struct, frozen=True):
    """The header of a model file, read without loading it."""

    format: Literal["gguf", "safetensors"]
    metadata: dict[str, Any]
    tensors: tuple["TensorInfo", ...]
    size_bytes: int


class TensorInfo(msgspec.Struct, frozen=True):
    """One tensor of a file: shape as the framework writes it (slowest dimension first), type name, place in the file."""

    name: str
    shape: tuple[int, ...]
    type: str
    offset: int
    size_bytes: int


class Timing(msgspec.Struct, frozen=True):
    """How long a reply took. Rates are tokens per second; prompt_tokens counts those really evaluated, not the reused ones."""

    prompt_tokens: int
    reused_tokens: int
    generated_tokens: int
    prompt_s: float
    generation_s: float

    @property
    def tokens_per_s(self) -> float:
        return self.generated_tokens / self.generation_s if self.generation_s > 0 else 0.0


class ReplySummary(msgspec.Struct, frozen=True):
    """How a reply ended and what is needed to play it again."""

    text: str
    finish: FinishReason
    seed: int
    timing: Timing
    prompt_tokens: int
    context_used: int
    context_length: int
    left_out: int = 0  # oldest messages that did not fit and were not shown to the model
    notes: tuple[str, ...] = ()  # what was done differently than asked, e.g. a system prompt folded into the first turn
    model_path: str = ""
    model_hash: str = ""  # ModelInfo.file_hash
    template_hash: str = ""
    engine_version: str = ""
    prompt_hash: str = ""  # of the ids before the reply, as it began
    adapters: tuple[AdapterInfo, ...] = ()  # those that were on


class SavedReply(msgspec.Struct, frozen=True):
    """A reply as it was saved, with all that is needed to play it again: what the model was shown, and what it did.

    messages end before the reply. kept: how many of the first tokens another reply had drawn, which this one branched off.
    """

    messages: tuple[Message, ...]
    settings: GenerationSettings
    summary: ReplySummary
    records: tuple[TokenRecord, ...]
    vocabulary_hash: str
    kept: int = 0
