"""The token that is selected, and the branch that one of its candidates would begin."""

import math
from collections.abc import Sequence
from typing import Literal, Protocol

import msgspec
from PySide6.QtCore import QObject, Signal

from app.chat.token_text import TokenText
from app.storage.rows import Fork
from engine.records import GenerationSettings, TokenRecord


class TokenSource(Protocol):
    """Texts and tokens of the messages that are shown."""

    def content(self, message_id: int) -> str: ...

    def token_text(self, message_id: int) -> TokenText | None: ...


class Branch(msgspec.Struct, frozen=True):
    """A reply that goes another way: the ids it begins with, where it leaves the other, and what is known of the tokens before."""

    message_id: int
    forced_ids: tuple[int, ...]
    fork: Fork
    kept: tuple[TokenRecord, ...] = ()


Given = Literal["", "template", "text"]  # "" for what a model wrote


class Origin(msgspec.Struct, frozen=True):
    """How a token came about: the settings and the seed of its reply, and the ids of the reply before it.

    given: it was not written by a model: whether the template put it there, or a person (or an imported text). kept: it stands
    before the place at which its reply left another one, from which it was taken.
    """

    settings: GenerationSettings | None = None
    seed: int | None = None
    before: tuple[int, ...] = ()
    given: Given = ""
    kept: bool = False


class TokenChoice(QObject):
    """At most one token of one message."""

    chosen = Signal(object)  # TokenRecord | None
    marked = Signal(int, object)  # message, index | None
    nothing_recorded = Signal(int)  # message
    passed = Signal(int, int)  # message, -1 or 1: one went on before its first, or after its last token

    def __init__(self, source: TokenSource, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._wanted: tuple[int, int] | None = None  # message, character: chosen before its records were here
        self._expected: tuple[int, int] | None = None  # message, index: chosen before it was written
        self.selected: tuple[int, int] | None = None  # message, index
        self.was_used = False  # whether the user has ever found out that words can be clicked

    def choose_at(self, message_id: int, offset: int) -> None:
        """Select the token that a character of a message's content belongs to, as soon as its records are here."""
        texts = self._source.token_text(message_id)
        if texts is None:
            self._wanted = (message_id, offset)
            return
        index = texts.at(offset + texts.shift_within(self._source.content(message_id)))
        if index is None:
            self.clear()
            self.nothing_recorded.emit(message_id)
        else:
            self.choose(message_id, index)

    def records_arrived(self, message_id: int) -> None:
        if self._wanted is not None and self._wanted[0] == message_id:
            wanted, self._wanted = self._wanted, None
            self.choose_at(*wanted)

    def expect(self, message_id: int, index: int) -> None:
        """Select a token of a reply as soon as it is written, unless another is selected before."""
        self._expected = (message_id, index)
        self.grown(message_id)

    def grown(self, message_id: int) -> None:
        """There may be more tokens of this message."""
        if self._expected is not None and self._expected[0] == message_id:
            self.choose(*self._expected)

    def texts_changed(self, message_ids: frozenset[int]) -> None:
        """The tokens of these messages are others now."""
        if self.selected is not None and self.selected[0] in message_ids:
            self.clear()

    def choose(self, message_id: int, index: int) -> None:
        texts = self._source.token_text(message_id)
        if texts is None or not 0 <= index < len(texts):
            return
        self.selected, self._expected = (message_id, index), None
        self.was_used = True
        self.marked.emit(message_id, index)
        self.chosen.emit(texts.runs[index].record)

    def step(self, step: int) -> None:
        """Select the token before (-1) or after (1) the selected one; ``passed`` where the message has none there."""
        if self.selected is None:
            return
        message_id, index = self.selected[0], self.selected[1] + step
        texts = self._source.token_text(message_id)
        if texts is not None and not 0 <= index < len(texts):
            self.passed.emit(message_id, step)
        else:
            self.choose(message_id, index)

    def begin(self, message_id: int, step: int) -> None:
        """Select the first (1) or the last (-1) token of a message, as soon as its records are here."""
        texts = self._source.token_text(message_id)
        if texts is None or not len(texts):
            self.choose_at(message_id, 0 if step > 0 else max(0, len(self._source.content(message_id)) - 1))
        else:
            self.choose(message_id, 0 if step > 0 else len(texts) - 1)

    def show_only(self, message_ids: Sequence[int]) -> None:
        """A token of a version that is hidden now is no longer the selected one."""
        if self.selected is not None and self.selected[0] not in message_ids:
            self.clear()

    def clear(self) -> None:
        self._wanted = self._expected = None
        if self.selected is not None:
            message_id, self.selected = self.selected[0], None
            self.marked.emit(message_id, None)
            self.chosen.emit(None)

    def branch(
        self, candidate_id: int, at: tuple[int, int] | None = None, beyond: tuple[bytes, float] | None = None
    ) -> Branch | None:
        """The branch that puts a candidate in the place of the selected token, or of another (message, index).

        beyond: bytes and raw probability of a candidate that is not among those recorded; None where they are not known either.
        """
        place = self.selected if at is None else at
        if place is None:
            return None
        message_id, index = place
        texts = self._source.token_text(message_id)
        if texts is None or not 0 <= index < len(texts):
            return None
        record = texts.runs[index].record
        ids = record.candidates.id_array().tolist()
        if candidate_id in ids:
            row = ids.index(candidate_id)
            piece = record.candidates.pieces[row]
            probability = math.exp(float(record.candidates.logit_array()[row]) - record.log_sum_exp)
        elif beyond is not None:
            piece, probability = beyond
        else:
            return None
        before = texts.ids_before(index)
        kept = tuple(run.record for run in texts.runs[:index])
        return Branch(message_id, (*before, candidate_id), Fork(index, piece, min(probability, 1.0)), kept)
