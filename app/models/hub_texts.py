"""What is said about repositories and downloads: sizes, fits, times. Translated, no widgets."""

from PySide6.QtCore import QDate, QLocale

from app.translation import QT_TRANSLATE_NOOP, error_text, translated
from app.widgets.formats import number
from engine.records.hub import Download, Repository
from engine.records.loading import Fit

_CONTEXT = "Hub"
FITS: dict[Fit, str] = {
    "fits": QT_TRANSLATE_NOOP("Hub", "Fits"),
    "tight": QT_TRANSLATE_NOOP("Hub", "Tight"),
    "swaps": QT_TRANSLATE_NOOP("Hub", "Will swap"),
    "too_large": QT_TRANSLATE_NOOP("Hub", "Will not fit"),
}
FIT_SENTENCES: dict[Fit, str] = {
    "fits": QT_TRANSLATE_NOOP("Hub", "It goes into the memory that is free now, with room to spare."),
    "tight": QT_TRANSLATE_NOOP(
        "Hub", "It just about goes into the memory that is free now; close other programs first."
    ),
    "swaps": QT_TRANSLATE_NOOP("Hub", "More than the memory that is free now: it would run, but very slowly."),
    "too_large": QT_TRANSLATE_NOOP("Hub", "More than can be had on this machine now."),
}
FIT_COLOURS: dict[Fit, str] = {"fits": "good", "tight": "warning", "swaps": "bad", "too_large": "bad"}
_STATES = {
    "waiting": QT_TRANSLATE_NOOP("Hub", "Waiting"),
    "running": QT_TRANSLATE_NOOP("Hub", "Fetching"),
    "paused": QT_TRANSLATE_NOOP("Hub", "Paused"),
    "converting": QT_TRANSLATE_NOOP("Hub", "Converting; this takes minutes"),
    "done": QT_TRANSLATE_NOOP("Hub", "In the library, its bytes checked"),
}
_GB, _MB = QT_TRANSLATE_NOOP("Hub", "{0} GB"), QT_TRANSLATE_NOOP("Hub", "{0} MB")
_BILLION, _MILLION = QT_TRANSLATE_NOOP("Hub", "{0} B parameters"), QT_TRANSLATE_NOOP("Hub", "{0} M parameters")
_FETCHED, _ONCE = QT_TRANSLATE_NOOP("Hub", "fetched {0} times"), QT_TRANSLATE_NOOP("Hub", "fetched once")
_LIKES, _LIKE = QT_TRANSLATE_NOOP("Hub", "{0} likes"), QT_TRANSLATE_NOOP("Hub", "1 like")
_CHANGED, _GATED = QT_TRANSLATE_NOOP("Hub", "changed {0}"), QT_TRANSLATE_NOOP("Hub", "gated")
_USUAL = QT_TRANSLATE_NOOP("Hub", "About {0} in the usual quantisation, of between four and five bits")
_OF, _SPEED, _LEFT = (
    QT_TRANSLATE_NOOP("Hub", "{0} of {1}"),
    QT_TRANSLATE_NOOP("Hub", "{0}/s"),
    QT_TRANSLATE_NOOP("Hub", "{0} left"),
)
_SECONDS, _MINUTES = QT_TRANSLATE_NOOP("Hub", "{0} s"), QT_TRANSLATE_NOOP("Hub", "{0} min")
_HOURS = QT_TRANSLATE_NOOP("Hub", "{0} h {1} min")
_NETWORK = QT_TRANSLATE_NOOP("Hub", "Waiting for the connection; tries again by itself")
_HELD = QT_TRANSLATE_NOOP("Hub", "Waiting: off-line mode is on")


def size_text(size_bytes: float) -> str:
    """4.1 GB, 98 MB."""
    if size_bytes >= 999_500_000:
        return _said(_GB).format(number(size_bytes / 1e9, 1 if size_bytes < 1e11 else 0))
    return _said(_MB).format(number(size_bytes / 1e6, 1 if size_bytes < 10e6 else 0))


def fit_text(fit: Fit) -> str:
    return _said(FITS[fit])


def fit_sentence(fit: Fit) -> str:
    return _said(FIT_SENTENCES[fit])


def parameters_text(parameters: int) -> str:
    """1.1 B parameters; "" where it is not known."""
    if not parameters:
        return ""
    if parameters >= 999_500_000:
        return _said(_BILLION).format(number(parameters / 1e9, 1))
    return _said(_MILLION).format(number(parameters / 1e6))


def row_text(found: Repository, size_bytes: int = 0) -> str:
    """The second line of a hit: what tells whether to look at it. size_bytes: of its usual quantisation, 0 where unknown."""
    size = f"≈ {size_text(size_bytes)}" if size_bytes else ""
    gated = _said(_GATED) if found.gated else ""
    return " · ".join(filter(None, (size, gated, _compact(found.downloads), found.licence)))


def row_tip(found: Repository, size_bytes: int, fit: Fit | None) -> str:
    """All that is known of a hit."""
    size = _said(_USUAL).format(size_text(size_bytes)) if size_bytes else ""
    licence = found.licence + (f" ({_said(_GATED)})" if found.gated else "")
    return "\n".join(filter(None, (found.name, about_text(found), licence, size, fit_sentence(fit) if fit else "")))


def about_text(found: Repository) -> str:
    """One line about a repository; its licence and gating are told apart from it."""
    day = found.changed.date() if found.changed else None
    changed = QLocale().toString(QDate(day.year, day.month, day.day), QLocale.FormatType.ShortFormat) if day else ""
    return " · ".join(
        filter(
            None,
            (
                found.architecture,
                parameters_text(found.parameters),
                _compact(found.downloads),
                _said(_LIKE if found.likes == 1 else _LIKES).format(number(found.likes)),
                _said(_CHANGED).format(changed) if changed else "",
            ),
        )
    )


def download_text(line: Download, offline: bool = False) -> str:
    """How a download stands, in one line."""
    size = line.model.size_bytes
    if line.state == "failed":
        return error_text(line.text)
    if line.state == "waiting" and offline:
        return _said(_HELD)
    if line.state == "waiting" and line.code:
        return _said(_NETWORK)
    parts = [_said(_STATES[line.state])]
    if line.state in ("running", "paused", "waiting"):
        parts.append(_said(_OF).format(size_text(line.done_bytes), size_text(size)))
    if line.state == "running" and line.speed:
        parts.append(_said(_SPEED).format(size_text(line.speed)))
        if line.seconds_left is not None:
            parts.append(_said(_LEFT).format(duration_text(line.seconds_left)))
    return " · ".join(parts)


def duration_text(seconds: float) -> str:
    """40 s, 12 min, 3 h 20 min."""
    if seconds < 60:
        return _said(_SECONDS).format(number(max(1, round(seconds))))
    minutes = round(seconds / 60)
    if minutes < 60:
        return _said(_MINUTES).format(number(minutes))
    return _said(_HOURS).format(number(minutes // 60), number(minutes % 60))


def _compact(downloads: int) -> str:
    return _said(_ONCE if downloads == 1 else _FETCHED).format(number(downloads))


def _said(text: str) -> str:
    return translated(_CONTEXT, text)
