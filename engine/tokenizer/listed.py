"""What every vocabulary answers from the list of its tokens alone."""

import contextlib
import hashlib
from collections.abc import Iterable, Sequence
from functools import cached_property
from operator import itemgetter

from engine.records import Token


class ListedTokens:
    """The half of Vocabulary that needs no encoder."""

    def __init__(self, tokens: Iterable[Token]) -> None:
        self._tokens = list(tokens)
        self._names = [token.bytes for token in self._tokens]

    @property
    def size(self) -> int:
        return len(self._tokens)

    @cached_property
    def hash(self) -> str:
        digest = hashlib.sha256()
        for token in self._tokens:
            digest.update(len(token.bytes).to_bytes(4, "little") + token.bytes + bytes([token.control]))
        return digest.hexdigest()

    def token(self, id: int) -> Token:
        if id >= len(self._tokens):  # embeddings are often padded beyond the vocabulary
            return Token(id, f"[{id}]".encode(), control=True)
        return self._tokens[id]

    def names(self, ids: Sequence[int]) -> tuple[bytes, ...]:
        # A record asks for 64 at once; itemgetter fetches them three times as fast as a loop, with cold caches.
        if len(ids) > 1:
            with contextlib.suppress(IndexError):
                found: tuple[bytes, ...] = itemgetter(*ids)(self._names)
                return found
        return tuple([self.token(id).bytes for id in ids])

    def piece(self, id: int) -> bytes:
        token = self.token(id)
        return b"" if token.control else token.bytes

    def decode(self, ids: Sequence[int]) -> bytes:
        return b"".join(map(self.piece, ids))
