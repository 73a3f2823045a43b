"""The vocabulary of a model that came without one: ids can be evaluated, text cannot be read."""

import hashlib
from collections.abc import Sequence

from engine.errors import UserError
from engine.records import Token


class NumberedVocabulary:
    """Implements Vocabulary with entries that show nothing but their number."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.hash = hashlib.sha256(f"numbers below {size}".encode()).hexdigest()
        self.bos_id: int | None = None
        self.eos_id: int | None = None
        self.end_ids: frozenset[int] = frozenset()
        self.added_ids: frozenset[int] = frozenset()
        self.adds_bos = False

    def encode(self, text: str, special: bool = False, continues: bool = False) -> list[int]:
        """Only the empty text has ids. Raises UserError for any other."""
        if text:
            raise UserError(
                "tokenizer-missing",
                "This model came without a tokenizer, so it cannot read text.",
                "Put its tokenizer.json beside the weights.",
            )
        return []

    def token(self, id: int) -> Token:
        return Token(id, f"[{id}]".encode(), control=True)

    def names(self, ids: Sequence[int]) -> tuple[bytes, ...]:
        return tuple([self.token(id).bytes for id in ids])

    def piece(self, id: int) -> bytes:
        return b""

    def decode(self, ids: Sequence[int]) -> bytes:
        return b""
