"""From the bytes of tokens to text that may be shown: whole characters only, and nothing that may still become a stop string."""

import codecs
from collections.abc import Sequence


class VisibleText:
    """Takes pieces of bytes, gives the text that became certain with each.

    A character whose bytes are split over tokens waits for its other half. A text that may be the beginning of a stop string waits
    until that is decided; at a stop string the text ends before it and ``stopped`` is true.
    """

    def __init__(self, stop: Sequence[str] = ()) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._stop = tuple(text for text in stop if text)
        self._held = ""
        self.stopped = False

    def feed(self, piece: bytes) -> str:
        """The text that may be shown now."""
        if self.stopped:
            return ""
        decoded = self._decoder.decode(piece)
        if not self._stop:
            return decoded
        self._held += decoded
        ends = [place for text in self._stop if (place := self._held.find(text)) >= 0]
        if ends:
            self.stopped = True
            shown, self._held = self._held[: min(ends)], ""
            return shown
        keep = max((_overlap(self._held, text) for text in self._stop), default=0)
        cut = len(self._held) - keep
        shown, self._held = self._held[:cut], self._held[cut:]
        return shown

    def finish(self) -> str:
        """What is left at the end of the reply: text held for a stop string that did not come, half a character as U+FFFD."""
        if self.stopped:
            return ""
        shown, self._held = self._held + self._decoder.decode(b"", final=True), ""
        return shown


def _overlap(text: str, stop: str) -> int:
    """Length of the longest end of the text that the stop string begins with."""
    for size in range(min(len(text), len(stop) - 1), 0, -1):
        if stop.startswith(text[-size:]):
            return size
    return 0
