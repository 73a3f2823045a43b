"""Titles from first messages, and the day under which a conversation is listed."""

import datetime
import re

from PySide6.QtCore import QCoreApplication

from app.widgets.formats import number

LONGEST = 48


def title_from(text: str) -> str:
    """A short title: the first line with words in it, without Markdown marks, cut at a word."""
    for line in text.splitlines():
        plain = re.sub(r"^[\s#>*+\-`]+", "", line)
        plain = re.sub(r"[*`]+", "", plain).strip()
        if plain:
            break
    else:
        return ""
    if len(plain) <= LONGEST:
        return plain
    cut = plain[:LONGEST]
    # A language without spaces has no word to cut at.
    return (cut.rsplit(" ", 1)[0] if " " in cut[LONGEST // 2 :] else cut).rstrip(" ,;:.") + "…"


def days_ago(timestamp: float, today: datetime.date | None = None) -> int:
    """Whole calendar days between a moment (Unix seconds, local time) and today; 0 for today and for the future."""
    today = today or datetime.date.today()
    return max(0, (today - datetime.datetime.fromtimestamp(timestamp).date()).days)


def path_title(path: str) -> str:
    """What a model is called by its path: of a training's checkpoint the run and its step."""
    parts = path.replace("\\", "/").rstrip("/").split("/")
    step = re.fullmatch(r"checkpoint-(\d+)", parts[-1])
    if step is None:
        return parts[-1]
    words = QCoreApplication.translate("Titles", "{0}, step {1}")
    return words.format("/".join(parts[-2:-1]), number(int(step[1])))
