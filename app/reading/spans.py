"""Where a character of the source stands in a laid-out document, and the other way round."""

from bisect import bisect_right


def utf16_length(text: str) -> int:
    """Length in the units in which Qt counts positions."""
    return len(text) if text.isascii() else len(text) + sum(character > "\uffff" for character in text)


class Spans:
    """Stretches of text that the document shows as the source has them, in the order of both.

    Document positions count UTF-16 units, source positions count characters.
    """

    def __init__(self) -> None:
        self._positions: list[int] = []
        self._sources: list[int] = []
        self._texts: list[str] = []

    def add(self, position: int, source: int, text: str) -> None:
        """Text stands at a document position and came from a source position; both not before the last one's."""
        self._positions.append(position)
        self._sources.append(source)
        self._texts.append(text)

    def truncate(self, position: int) -> None:
        """Forget everything from a document position on."""
        while self._positions and self._positions[-1] >= position:
            self._positions.pop()
            self._sources.pop()
            self._texts.pop()

    def to_source(self, position: int) -> int | None:
        """The source character that is drawn at a document position; None where the document shows something else there."""
        place = bisect_right(self._positions, position) - 1
        if place < 0:
            return None
        text, offset = self._texts[place], position - self._positions[place]
        if len(text) != utf16_length(text):
            offset = len(text.encode("utf-16-le")[: 2 * offset].decode("utf-16-le", "ignore"))
        return self._sources[place] + offset if offset < len(text) else None

    def to_document(self, source: int) -> int | None:
        """The document position at or after a source character; None where nothing of it is shown from there on."""
        place = bisect_right(self._sources, source) - 1
        if place >= 0:
            text, offset = self._texts[place], source - self._sources[place]
            if offset < len(text):
                return self._positions[place] + utf16_length(text[:offset])
        return self._positions[place + 1] if place + 1 < len(self._positions) else None

    def ranges(self, start: int, end: int) -> list[tuple[int, int]]:
        """Document ranges (from, to) that show the source characters start..end."""
        found: list[tuple[int, int]] = []
        place = max(0, bisect_right(self._sources, start) - 1)
        while place < len(self._sources) and self._sources[place] < end:
            source, text, position = self._sources[place], self._texts[place], self._positions[place]
            first, last = max(start - source, 0), min(end - source, len(text))
            if first < last:
                found.append((position + utf16_length(text[:first]), position + utf16_length(text[:last])))
            place += 1
        return found
