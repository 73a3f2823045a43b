"""Search in the messages that are shown."""

from collections.abc import Iterable

import msgspec


class Place(msgspec.Struct, frozen=True):
    """Where a query stands: characters start..end of a message's content."""

    message_id: int
    start: int
    end: int


def find_places(messages: Iterable[tuple[int, str]], query: str) -> list[Place]:
    """Every place of the query, upper and lower case alike, in the order of reading."""
    wanted = query.casefold()
    if not wanted:
        return []
    places = []
    for id, content in messages:
        # Case folding may change lengths (ß): then lower case, which keeps them for all but a handful of letters, will do.
        text, needle = content.casefold(), wanted
        if len(text) != len(content):
            text, needle = content.lower(), query.lower()
            if len(text) != len(content):
                text, needle = content, query
        at = text.find(needle)
        while at >= 0:
            places.append(Place(id, at, at + len(needle)))
            at = text.find(needle, at + len(needle))
    return places
