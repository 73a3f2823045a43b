"""The Vocabulary interface over a GGUF file's own tokenizer, through llama.cpp."""

import ctypes
import hashlib
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from operator import itemgetter
from typing import Any

import llama_cpp

from engine.records import Token
from engine.tokenizer.text import clean


class LlamaVocabulary:
    """The tokens are read once, at the start. The model must stay loaded as long as this is asked to encode."""

    def __init__(self, model: Any) -> None:
        self._vocab = llama_cpp.llama_model_get_vocab(model)
        self.size = int(llama_cpp.llama_vocab_n_tokens(self._vocab))
        bos = int(llama_cpp.llama_vocab_bos(self._vocab))
        self.bos_id: int | None = bos if bos >= 0 else None
        self.adds_bos = bool(llama_cpp.llama_vocab_get_add_bos(self._vocab)) and self.bos_id is not None
        tokens = list(self._read())
        self._names = [token.bytes for token in tokens]
        self.token: Callable[[int], Token] = tokens.__getitem__

    @cached_property
    def end_ids(self) -> frozenset[int]:
        return frozenset(id for id in range(self.size) if llama_cpp.llama_vocab_is_eog(self._vocab, id))

    @cached_property
    def hash(self) -> str:
        digest = hashlib.sha256()
        for token in map(self.token, range(self.size)):
            digest.update(len(token.bytes).to_bytes(4, "little") + token.bytes + bytes([token.control]))
        return digest.hexdigest()

    def encode(self, text: str, special: bool = False) -> list[int]:
        data = clean(text).encode()
        room = len(data) + 8
        while True:
            ids = (llama_cpp.llama_token * room)()
            count = llama_cpp.llama_tokenize(self._vocab, data, len(data), ids, room, False, special)
            if count >= 0:
                return list(ids[:count])
            room = -count

    def names(self, ids: Sequence[int]) -> tuple[bytes, ...]:
        # A record asks for 64 at once; itemgetter fetches them three times as fast as a loop, with cold caches.
        return itemgetter(*ids)(self._names) if len(ids) > 1 else tuple([self._names[id] for id in ids])

    def piece(self, id: int) -> bytes:
        token = self.token(id)
        return b"" if token.control else token.bytes

    def decode(self, ids: Sequence[int]) -> bytes:
        return b"".join(map(self.piece, ids))

    def _read(self) -> Iterator[Token]:
        room = 256
        buffer = ctypes.create_string_buffer(room)
        for id in range(self.size):
            size = llama_cpp.llama_token_to_piece(self._vocab, id, buffer, room, 0, True)
            if size < 0:
                room = -size
                buffer = ctypes.create_string_buffer(room)
                size = llama_cpp.llama_token_to_piece(self._vocab, id, buffer, room, 0, True)
            yield Token(id, ctypes.string_at(buffer, size), bool(llama_cpp.llama_vocab_is_control(self._vocab, id)))
