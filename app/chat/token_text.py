"""Token records laid end to end as text: which token stands at which character."""

import codecs
from bisect import bisect_right
from collections.abc import Iterable

import msgspec

from engine.records import TokenRecord


class TokenRun(msgspec.Struct, frozen=True):
    """One token in the text. start and text are in characters; text is empty where its bytes only begin a character.

    template: a chat template put it there; control tokens of it are in the text by their names.
    """

    index: int
    start: int
    text: str
    record: TokenRecord
    template: bool = False


class TokenText:
    """Grows as records arrive. Bytes that make half a character wait for the token that brings the other half."""

    def __init__(self, records: Iterable[TokenRecord] = ()) -> None:
        self.content_from = 0  # where the message's own text begins, after what a template put before it
        self.runs: list[TokenRun] = []
        self._starts: list[int] = []
        self._parts: list[str] = []
        self._length = 0
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.extend(records)

    def __len__(self) -> int:
        return len(self.runs)

    @property
    def text(self) -> str:
        return "".join(self._parts)

    def extend(self, records: Iterable[TokenRecord], template: bool = False) -> list[TokenRun]:
        """Add records; returns their runs. template: a chat template put them there."""
        fresh: list[TokenRun] = []
        for record in records:
            if record.token.control:
                text = record.token.bytes.decode("utf-8", "replace") if template else ""
            else:
                text = self._decoder.decode(record.token.bytes)
            run = TokenRun(len(self.runs), self._length, text, record, template)
            self.runs.append(run)
            self._starts.append(self._length)
            self._parts.append(text)
            self._length += len(text)
            fresh.append(run)
        return fresh

    def at(self, offset: int) -> int | None:
        """Index of the token that covers the character at this offset; None outside the text."""
        if not 0 <= offset < self._length:
            return None
        return bisect_right(self._starts, offset) - 1

    def ids_before(self, index: int) -> tuple[int, ...]:
        """The ids of the tokens before this one."""
        return tuple(run.record.token.id for run in self.runs[:index])

    def shift_within(self, content: str) -> int:
        """How many characters of the tokens' text stand before the message's text (a template may trim leading space)."""
        found = self.text.find(content[:200], self.content_from) if content else 0
        if found >= 0:
            return found
        return max(0, self.content_from - (len(content) - len(content.lstrip())))
