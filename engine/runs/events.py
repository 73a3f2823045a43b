"""What a run tells: typed events, and their lines in ``events.jsonl``."""

import contextlib
import os
from pathlib import Path

import msgspec

from engine.records import TokenRecord


class _Event(msgspec.Struct, frozen=True, tag=True):
    """Base of all; the class name is the tag."""


class Started(_Event, frozen=True):
    parameters: int
    step: int
    steps: int
    tokens_per_step: int


class Preparing(_Event, frozen=True):
    """Bytes of a source that were read and packed so far."""

    source: str
    bytes: int


class Prepared(_Event, frozen=True):
    """What a source held: documents and their UTF-8 bytes, and how many were left out as exact duplicates and as junk.

    fingerprint: hex digest over the documents that stayed, so two runs can be told to have had the same texts. held_out: how many
    documents, or ends of texts, none is learnt of; None in runs that did not tell. unread: files in a folder that could not be
    read, or not to their end.
    """

    source: str
    documents: int
    bytes: int
    duplicates: int
    junk: int
    fingerprint: str
    held_out: int | None = None
    unread: tuple[str, ...] = ()


class StepDone(_Event, frozen=True):
    """loss in nats per learnt token, mean since the last such event; eta_s None while nothing is known."""

    step: int
    steps: int
    loss: float
    learning_rate_factor: float
    gradient_norm: float
    tokens_per_s: float
    eta_s: float | None


class Baseline(_Event, frozen=True):
    """Held-out loss of an n-gram model of that order, counted on ``tokens`` of the same texts; units as in Evaluated."""

    source: str
    order: int
    tokens: int
    loss: float
    bits_per_byte: float


class Evaluated(_Event, frozen=True):
    """Held-out loss of a source in nats a token; bits_per_byte over the UTF-8 bytes of its text."""

    step: int
    source: str
    loss: float
    bits_per_byte: float


class Sample(_Event, frozen=True):
    step: int
    prompt: str
    text: str


class ProbeToken(msgspec.Struct, frozen=True, array_like=True):
    """text: the token's bytes; those that are half a character as <0xNN>."""

    id: int
    text: str
    probability: float


#: The seed of a probe's dart: the same luck at each evaluation.
PROBE_SEED = 1


class Probe(_Event, frozen=True):
    """What the model expects after a prompt: the likeliest tokens first; entropy over the whole vocabulary.

    record: the token that the run's chain draws there, always with the same dart, and all that is known of it; None of runs that
    did not keep it. history: the ids of the prompt.
    """

    step: int
    prompt: str
    entropy_bits: float
    top: tuple[ProbeToken, ...]
    record: TokenRecord | None = None
    history: tuple[int, ...] = ()


class CheckpointSaved(_Event, frozen=True):
    step: int
    path: str


class Paused(_Event, frozen=True):
    step: int


class Resumed(_Event, frozen=True):
    step: int


class Failed(_Event, frozen=True):
    """The run ended with a sentence for the person; its last checkpoint was kept."""

    code: str
    text: str
    hint: str


class Finished(_Event, frozen=True):
    """why: "done", "time" (the recipe's minutes are over) or "stopped"."""

    step: int
    why: str
    seconds: float


TrainingEvent = (
    Started
    | Preparing
    | Prepared
    | Baseline
    | StepDone
    | Evaluated
    | Sample
    | Probe
    | CheckpointSaved
    | Paused
    | Resumed
    | Failed
    | Finished
)
EVENTS = "events.jsonl"
_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[TrainingEvent] = msgspec.json.Decoder(TrainingEvent)


def append_event(run: Path, event: TrainingEvent) -> None:
    """Add one line to the run's ``events.jsonl``; half a line that a kill or a full disk left there is ended first."""
    with (run / EVENTS).open("ab+") as file:
        if file.tell():
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":
                file.write(b"\n")
        file.write(event_json(event) + b"\n")


def event_json(event: TrainingEvent) -> bytes:
    """One line of JSON, without its end."""
    return _encoder.encode(event)


def read_events(run: Path, start: int = 0) -> tuple[list[TrainingEvent], int]:
    """The events from a place in the file on, and where to read on later; a line that is half written is left for then.

    Lines that are no event are passed over: a run of another version stays readable.
    """
    try:
        with (run / EVENTS).open("rb") as file:
            file.seek(start)
            data = file.read()
    except FileNotFoundError:
        return [], start
    whole = data[: data.rfind(b"\n") + 1]
    events = []
    for line in whole.splitlines():
        with contextlib.suppress(msgspec.MsgspecError):
            events.append(_decoder.decode(line))
    return events, start + len(whole)
