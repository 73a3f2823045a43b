"""Token records laid end to end as text: which token stands at which character."""

import codecs
from bisect import bisect_right
from collections.abc import Iterable

import msgspec

from engine.records import TokenRecord


class TokenRun(msgspec.Struct, frozen=True):
    """One token in the text. start and text are in characters; text is empty where its bytes only begin a character."""

    index: int
    start: int
    text: str
    record: TokenRecord


class TokenText:
    """Grows as records arrive. Bytes that make half a character wait for the token that brings the other half."""

    def __init__(self, records: Iterable[TokenRecord] = ()) -> None:
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

    def extend(self, records: Iterable[TokenRecord]) -> list[TokenRun]:
        """Add records; returns their runs."""
        fresh: list[TokenRun] = []
        for record in records:
            text = "" if record.token.control else self._decoder.decode(record.token.bytes)
            run = TokenRun(len(self.runs), self._length, text, record)
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
        found = self.text.find(content[:200]) if content else 0
        return max(found, 0)
