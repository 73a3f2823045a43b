"""Which token of a rendered conversation belongs to which message, and which the template put there."""

from collections.abc import Sequence

import msgspec

from engine.inference.reading import byte_ends
from engine.inference.rendered import shown_bytes
from engine.records import Message

TEMPLATE = -1  #: the owner of what no message holds


class Place(msgspec.Struct, frozen=True):
    """Characters start..end of a text belong to the message of that number."""

    owner: int
    start: int
    end: int


def content_places(text: str, pieces: Sequence[str], contents: Sequence[str]) -> list[Place]:
    """Where the contents stand in a rendered text; those that the template changed by more than blanks at their ends are left out.

    pieces: the same conversation rendered with marks for the contents, cut at those: text, number of a content, text, ..., text.
    """
    found: list[Place] = []
    if not text.startswith(pieces[0]):
        return found
    at = len(pieces[0])
    for number, after in zip(pieces[1::2], pieces[2::2], strict=True):
        content = contents[int(number)]
        form = next((form for form in (content, content.strip()) if text.startswith(form + after, at)), None)
        if form is not None:
            found.append(Place(int(number), at, at + len(form)))
            at += len(form) + len(after)
            continue
        place = text.find(after, at)
        if place < 0:
            return found
        at = place + len(after)
    return found


def original_places(found: Sequence[Place], turns: Sequence[Message], messages: Sequence[Message]) -> list[Place]:
    """The places of the messages, also where some had been put together to one turn for the template's sake.

    found: the places of the turns.
    """
    if list(turns) == list(messages):
        return list(found)
    where = {place.owner: place for place in found}
    places: list[Place] = []
    number = 0
    for turn_number, turn in enumerate(turns):
        turn_place, at = where.get(turn_number), 0
        while number < len(messages):
            content = messages[number].content
            start = turn.content.find(content, at)
            if start < 0 or (at and not content):
                break
            at = start + len(content)
            if turn_place is not None:
                # A template that takes blanks away takes those at the start along.
                cut = turn_place.end - turn_place.start < len(turn.content)
                lead = len(turn.content) - len(turn.content.lstrip()) if cut else 0
                first = max(turn_place.start, turn_place.start + start - lead)
                places.append(Place(number, first, min(turn_place.start + at - lead, turn_place.end)))
            number += 1
    return places


def owners(text: str, pieces: Sequence[bytes], places: Sequence[Place]) -> tuple[int, ...]:
    """The owner of every token (n,); pieces: its bytes, control tokens by their names. A token belongs where its middle stands."""
    data, starts = shown_bytes(text)
    bounds = sorted((starts[place.start], starts[place.end], place.owner) for place in places)
    found: list[int] = []
    begin, at = 0, 0
    for end in byte_ends(data, pieces).tolist():
        middle = (begin + end) / 2
        while at < len(bounds) and bounds[at][1] < middle:
            at += 1
        inside = at < len(bounds) and bounds[at][0] <= middle and end > begin
        found.append(bounds[at][2] if inside else TEMPLATE)
        begin = end
    return tuple(found)
