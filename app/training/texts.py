"""States, durations and sizes as they stand on the Training page."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication

from app.training.state import Run
from app.translation import QT_TRANSLATE_NOOP, translated
from app.widgets.formats import number, percent
from engine.runs.status import RunStatus

_STATES = {
    "starting": QT_TRANSLATE_NOOP("TrainingTexts", "starting"),
    "preparing": QT_TRANSLATE_NOOP("TrainingTexts", "reading the texts"),
    "running": QT_TRANSLATE_NOOP("TrainingTexts", "running"),
    "paused": QT_TRANSLATE_NOOP("TrainingTexts", "paused"),
    "finished": QT_TRANSLATE_NOOP("TrainingTexts", "finished"),
    "stopped": QT_TRANSLATE_NOOP("TrainingTexts", "stopped"),
    "failed": QT_TRANSLATE_NOOP("TrainingTexts", "failed"),
    "interrupted": QT_TRANSLATE_NOOP("TrainingTexts", "interrupted"),
}
_ASKED = {
    "pause": QT_TRANSLATE_NOOP("TrainingTexts", "pausing…"),
    "resume": QT_TRANSLATE_NOOP("TrainingTexts", "going on…"),
    "stop": QT_TRANSLATE_NOOP("TrainingTexts", "stopping…"),
    "save": QT_TRANSLATE_NOOP("TrainingTexts", "saving…"),
}
# Which token of the theme a state is drawn in.
STATE_COLOURS = {
    "running": "good",
    "failed": "bad",
    "interrupted": "warning",
    "paused": "warning",
    "starting": "accent",
}
translate = QCoreApplication.translate


def source_text(file: str) -> str:
    """The name of a file or folder; of texts that come with the program or are made up, what they are."""
    made_up = file in ("@addition", "@whole-sums")
    return translate("TrainingTexts", "sums that are made up") if made_up else Path(file).name.removeprefix("@")


def optimiser_text(kind: str) -> str:
    return {
        "muon": translate("TrainingTexts", "Muon with AdamW"),
        "adamw": "AdamW",
        "adam": "Adam",
        "sgd": "SGD",
    }[kind]


def state_text(state: str) -> str:
    return translated("TrainingTexts", _STATES[state])


def asked_text(command: str) -> str:
    """What a run is about to do, once its step is done."""
    return translated("TrainingTexts", _ASKED[command])


def cut_off_text(status: RunStatus) -> str:
    """What a run whose process ended without a word has left, "" for any other."""
    if status.state != "interrupted":
        return ""
    if status.resumable:
        return translate(
            "TrainingTexts",
            "Its process ended without a word, as when the machine is switched off. “Go on” takes it up at its last checkpoint.",
        )
    return translate(
        "TrainingTexts", "Its process ended without a word before a checkpoint was saved: it has to be begun anew."
    )


def progress_text(status: RunStatus) -> str:
    """Such as "step 300 of 2,000"."""
    return translate("TrainingTexts", "step {0} of {1}").format(number(status.step), number(status.steps))


def version_text(status: RunStatus) -> str:
    """What of a run's recipe this version could not read, "" where it read all of it."""
    parts = []
    if status.unknown:
        words = translate(
            "TrainingTexts", "Another version of Próxima wrote this run. Not known here, and passed over: {0}."
        )
        parts.append(words.format(", ".join(status.unknown)))
    if status.broken:
        words = translate("TrainingTexts", "Of its plan {0} cannot be read, so it can be looked at, but not go on.")
        parts.append(words.format(", ".join(status.broken)))
    return " ".join(parts)


def row_text(run: Run, state: str) -> str:
    """The second line of a run in the list."""
    status = run.status
    parts = [state_text(state)]
    if state in ("running", "paused", "stopped", "interrupted", "failed") and status.steps:
        parts.append(percent(status.step / status.steps))
    if status.bits_per_byte:
        mean = sum(status.bits_per_byte.values()) / len(status.bits_per_byte)
        parts.append(translate("TrainingTexts", "{0} bits per byte").format(number(mean, 2)))
    return " · ".join(parts)


def duration(seconds: float) -> str:
    """12 s, 3 min 20 s, 2 h 5 min, 3 days 4 h: two units that mean something."""
    whole = round(seconds)
    if whole < 60:
        return translate("TrainingTexts", "{0} s").format(whole)
    minutes, left = divmod(whole, 60)
    if minutes < 60:
        return translate("TrainingTexts", "{0} min {1} s").format(minutes, left)
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return translate("TrainingTexts", "{0} h {1} min").format(hours, minutes)
    days, hours = divmod(hours, 24)
    return translate("TrainingTexts", "{0} days {1} h").format(number(days), hours)


def count(value: float) -> str:
    """812, 12.3 k, 10.7 M, 1.2 G."""
    for size, unit in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if value >= size:
            scaled = value / (1e3 if unit == "k" else size)
            return f"{number(scaled, 1 if scaled < 100 else 0)} {unit}"
    return number(value)


def gigabytes(size_bytes: float) -> str:
    return f"{number(size_bytes / 1e9, 1)} GB"


def file_size(size_bytes: float) -> str:
    return gigabytes(size_bytes) if size_bytes >= 1e9 else f"{number(size_bytes / 1e6, 1)} MB"


def rate(tokens_per_s: float) -> str:
    return translate("TrainingTexts", "{0} tokens/s").format(number(tokens_per_s, 0 if tokens_per_s >= 10 else 1))
