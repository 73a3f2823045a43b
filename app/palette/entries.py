"""What the palette finds: entries, and how well one answers what was typed. No Qt."""

import unicodedata
from collections.abc import Callable, Iterable

import msgspec


class Entry(msgspec.Struct, frozen=True):
    """Something that can be chosen. keys is the shortcut as it is shown; run is None where the entry only informs."""

    group: str
    title: str
    keys: str = ""
    run: Callable[[], None] | None = None


def plain(text: str) -> str:
    """Lower case without accents, so that "acao" finds "ação"."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def matching(entries: Iterable[Entry], typed: str) -> list[Entry]:
    """Those that contain every word typed, best first; the given order where nothing was typed."""
    words = plain(typed).split()
    scored = []
    for place, entry in enumerate(entries):
        title = plain(entry.title)
        everything = f"{title} {plain(entry.group)} {plain(entry.keys)}"
        if all(word in everything for word in words):
            scored.append((-sum(_score(word, title) for word in words), place, entry))
    return [entry for _, _, entry in sorted(scored, key=lambda item: item[:2])]


def _score(word: str, title: str) -> int:
    if title.startswith(word):
        return 3
    if f" {word}" in title:
        return 2
    return 1 if word in title else 0
