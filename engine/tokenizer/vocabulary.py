"""One interface over every vocabulary: text to ids, ids to bytes."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from engine.records import Token


class Vocabulary(Protocol):
    """Ids and the bytes that they stand for. Ours and a GGUF file's behave alike."""

    @property
    def size(self) -> int: ...

    @property
    def hash(self) -> str:
        """Hex digest over all entries; equal hashes mean that ids can be exchanged."""

    @property
    def bos_id(self) -> int | None: ...

    @property
    def eos_id(self) -> int | None:
        """The end that chat templates call ``eos_token``."""

    @property
    def end_ids(self) -> frozenset[int]:
        """Tokens that end a reply (end of text, end of turn)."""

    @property
    def adds_bos(self) -> bool:
        """Whether a text is to be started with ``bos_id``."""

    @property
    def added_ids(self) -> frozenset[int]:
        """Tokens that are no control tokens and yet stand for their whole name wherever it occurs, in plain text too."""

    def encode(self, text: str, special: bool = False, continues: bool = False) -> list[int]:
        """Ids of a text. With special, the names of control tokens in it become control tokens; without, they are plain text.

        continues: the text goes on after other text, so that a vocabulary that puts a blank before texts puts none here.
        No beginning-of-sequence token is added. Lone surrogates are replaced by engine.tokenizer.text.clean first.
        """

    def token(self, id: int) -> Token: ...

    def names(self, ids: Sequence[int]) -> tuple[bytes, ...]:
        """What token() gives as bytes, for many tokens at once."""

    def piece(self, id: int) -> bytes:
        """The bytes of a token; b"" for control tokens, so that joining pieces gives the visible text."""

    def decode(self, ids: Sequence[int]) -> bytes: ...


class StoredVocabulary(Vocabulary, Protocol):
    """A vocabulary of ours: it reads texts in bulk, can be saved, and knows how its model is chatted with."""

    @property
    def chat_template(self) -> str | None: ...

    def encode_many(self, texts: Sequence[str]) -> Iterator[list[int]]:
        """Ids of many plain texts."""

    def save(self, path: Path) -> None:
        """Write what engine.tokenizer.stored.read_vocabulary reads."""
