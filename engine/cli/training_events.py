"""Events of a training run as lines: for people on standard error, for programs as JSON on standard output."""

import sys
from collections.abc import Sequence

from engine.runs.events import (
    Baseline,
    CheckpointSaved,
    Evaluated,
    Failed,
    Finished,
    Paused,
    Prepared,
    Preparing,
    Probe,
    Resumed,
    Sample,
    Started,
    StepDone,
    TrainingEvent,
    event_json,
)

_FILES_TOLD = 5
NOTHING_HELD_OUT = "too few to hold any out, so nothing is measured on what it has not seen"


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def tell_event(event: TrainingEvent, json: bool = False) -> None:
    """One event, as a sentence on standard error or as a line of JSON on standard output."""
    if json:
        sys.stdout.write(event_json(event).decode() + "\n")
        sys.stdout.flush()
    else:
        say(sentence(event))


def sentence(event: TrainingEvent) -> str:
    match event:
        case Preparing():
            return f"packing {event.source}: {event.bytes / 1e6:,.1f} MB"
        case Prepared():
            held = f"{event.source}: {event.documents:,} documents, {event.bytes / 1e6:,.2f} MB"
            left = f"{held}; left out {event.duplicates:,} duplicates and {event.junk:,} that are no text"
            left += f"; {unread_files(event.unread)}" if event.unread else ""
            return left if event.held_out != 0 else f"{left}; {NOTHING_HELD_OUT}"
        case Started():
            tokens = f"{event.tokens_per_step:,} tokens a step"
            return f"{event.parameters:,} parameters, {tokens}, from step {event.step} to {event.steps}"
        case StepDone():
            eta = "" if event.eta_s is None else f"  {duration(event.eta_s)} left"
            rate = f"{event.tokens_per_s:,.0f} tokens/s"
            return f"step {event.step}/{event.steps}  loss {event.loss:.4f}  {rate}{eta}"
        case Baseline():
            counted = f"{event.order}-grams of {event.tokens / 1e6:.1f} M tokens"
            return (
                f"{counted}, held out, {event.source}: loss {event.loss:.4f}, {event.bits_per_byte:.4f} bits per byte"
            )
        case Evaluated():
            return f"held out, {event.source}: loss {event.loss:.4f}, {event.bits_per_byte:.4f} bits per byte"
        case Sample():
            return f"sample: {event.prompt}|{event.text}"
        case Probe():
            likely = ", ".join(f"{token.text!r} {token.probability:.1%}" for token in event.top[:5])
            return f"next: {event.prompt}| {likely}  ({event.entropy_bits:.2f} bits)"
        case CheckpointSaved():
            return f"saved {event.path}"
        case Paused():
            return f"paused at step {event.step}"
        case Resumed():
            return f"going on from step {event.step}"
        case Failed():
            return f"{event.text} {event.hint}".strip()
        case Finished():
            return f"finished at step {event.step} ({event.why})"


def unread_files(names: Sequence[str]) -> str:
    """What is said of the files in a folder that could not be read."""
    more = ", ..." if len(names) > _FILES_TOLD else ""
    told = f"{', '.join(names[:_FILES_TOLD])}{more}"
    count = f"{len(names):,} files" if len(names) > 1 else "1 file"
    return f"not read, or not to the end: {count} ({told}); named by itself, a file says why"


def duration(seconds: float) -> str:
    minutes, seconds = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {seconds} s"
