"""What is said about the whole download queue, and in which order its lines stand. Translated, no widgets."""

from collections.abc import Sequence

from app.models.hub_texts import duration_text, size_text
from app.translation import QT_TRANSLATE_NOOP, translated
from app.widgets.formats import number
from engine.records.hub import Download, DownloadState

_CONTEXT = "Hub"
_FAILED, _DONE = QT_TRANSLATE_NOOP("Hub", "{0} failed"), QT_TRANSLATE_NOOP("Hub", "{0} done")
_PAUSED, _CONVERTING = QT_TRANSLATE_NOOP("Hub", "{0} paused"), QT_TRANSLATE_NOOP("Hub", "{0} being converted")
_FETCHED, _WAITING = QT_TRANSLATE_NOOP("Hub", "{0} being fetched"), QT_TRANSLATE_NOOP("Hub", "{0} waiting")
_OFFLINE = QT_TRANSLATE_NOOP("Hub", "{0} waiting: off-line mode is on")
_OF, _SPEED, _LEFT = (
    QT_TRANSLATE_NOOP("Hub", "{0} of {1}"),
    QT_TRANSLATE_NOOP("Hub", "{0}/s"),
    QT_TRANSLATE_NOOP("Hub", "{0} left"),
)
_ORDER: tuple[DownloadState, ...] = ("failed", "running", "converting", "waiting", "paused")


def in_order(lines: Sequence[Download]) -> list[Download]:
    """What needs the person first, what is done last and of that the newest first, else as they were asked for."""
    done = [line for line in lines if line.state == "done"]
    return [
        *sorted((line for line in lines if line.state != "done"), key=lambda line: _ORDER.index(line.state)),
        *done[::-1],
    ]


def queue_text(lines: Sequence[Download], offline: bool = False) -> str:
    """One line: how many are in which state, and how far all that is to arrive by itself has come."""
    counts = [
        (_FAILED, "failed"),
        (_FETCHED, "running"),
        (_CONVERTING, "converting"),
        (_OFFLINE if offline else _WAITING, "waiting"),
        (_PAUSED, "paused"),
        (_DONE, "done"),
    ]
    parts = []
    for text, state in counts:
        if count := sum(line.state == state for line in lines):
            parts.append(translated(_CONTEXT, text).format(number(count)))
    coming = [line for line in lines if line.state in ("running", "waiting")]
    if any(line.state == "running" for line in coming):
        total, done = sum(line.model.size_bytes for line in coming), sum(line.done_bytes for line in coming)
        parts.append(translated(_CONTEXT, _OF).format(size_text(done), size_text(total)))
        if speed := sum(line.speed for line in coming):
            parts.append(translated(_CONTEXT, _SPEED).format(size_text(speed)))
            parts.append(translated(_CONTEXT, _LEFT).format(duration_text((total - done) / speed)))
    return " · ".join(parts)


def badge_text(lines: Sequence[Download]) -> str:
    """For the name of the page's part: that something failed, else how far what is coming is; "" where nothing is."""
    if failed := sum(line.state == "failed" for line in lines):
        return translated(_CONTEXT, _FAILED).format(number(failed))
    coming = [line for line in lines if line.state in ("running", "converting", "waiting")]
    total = sum(line.model.size_bytes for line in coming)
    share = sum(line.done_bytes for line in coming) / total if total else 0.0
    return f"{number(int(100 * share))} %" if total else ""
