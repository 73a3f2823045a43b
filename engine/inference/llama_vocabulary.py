"""The Vocabulary interface over a GGUF file's own tokenizer, through llama.cpp."""

import ctypes
import hashlib
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import llama_cpp

from engine.records import Token
from engine.tokenizer.text import clean

_PIECE_BYTES = 256


class LlamaVocabulary:
    """Tokens are read when they are first asked for. The model must stay loaded as long as this lives."""

    def __init__(self, model: Any) -> None:
        self._vocab = llama_cpp.llama_model_get_vocab(model)
        self.size = int(llama_cpp.llama_vocab_n_tokens(self._vocab))
        bos = int(llama_cpp.llama_vocab_bos(self._vocab))
        self.bos_id: int | None = bos if bos >= 0 else None
        self.adds_bos = bool(llama_cpp.llama_vocab_get_add_bos(self._vocab)) and self.bos_id is not None
        self._tokens: dict[int, Token] = {}
        self._buffer = ctypes.create_string_buffer(_PIECE_BYTES)

    @cached_property
    def end_ids(self) -> frozenset[int]:
        return frozenset(id for id in range(self.size) if llama_cpp.llama_vocab_is_eog(self._vocab, id))

    @cached_property
    def hash(self) -> str:
        digest = hashlib.sha256()
        for id in range(self.size):
            token = self.token(id)
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

    def token(self, id: int) -> Token:
        token = self._tokens.get(id)
        if token is None:
            control = bool(llama_cpp.llama_vocab_is_control(self._vocab, id))
            token = self._tokens[id] = Token(id, self._piece(id), control)
        return token

    def piece(self, id: int) -> bytes:
        token = self.token(id)
        return b"" if token.control else token.bytes

    def decode(self, ids: Sequence[int]) -> bytes:
        return b"".join(map(self.piece, ids))

    def _piece(self, id: int) -> bytes:
        size = llama_cpp.llama_token_to_piece(self._vocab, id, self._buffer, len(self._buffer), 0, True)
        if size < 0:
            self._buffer = ctypes.create_string_buffer(-size)
            size = llama_cpp.llama_token_to_piece(self._vocab, id, self._buffer, len(self._buffer), 0, True)
        return self._buffer.raw[:size]
