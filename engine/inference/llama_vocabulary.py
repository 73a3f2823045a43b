"""The Vocabulary interface over a GGUF file's own tokenizer, through llama.cpp."""

import ctypes
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import llama_cpp

from engine.records import Token
from engine.tokenizer.listed import ListedTokens
from engine.tokenizer.text import clean

#: No vocabulary has a token with this character in it, so nothing merges across it.
_BORDER = "\U000f0000"


class LlamaVocabulary(ListedTokens):
    """The tokens are read once, at the start. The model must stay loaded as long as this is asked to encode."""

    def __init__(self, model: Any) -> None:
        self.pointer = llama_cpp.llama_model_get_vocab(model)
        super().__init__(self._read())
        adds_bos = bool(llama_cpp.llama_vocab_get_add_bos(self.pointer))
        bos = int(llama_cpp.llama_vocab_bos(self.pointer))
        # For a file that names none, llama.cpp takes a number by habit, and any word may have that.
        named = bos >= 0 and (adds_bos or self._has(bos, llama_cpp.LLAMA_TOKEN_ATTR_CONTROL))
        self.bos_id: int | None = bos if named else None
        eos = int(llama_cpp.llama_vocab_eos(self.pointer))
        self.eos_id: int | None = eos if eos >= 0 else None
        self.adds_bos = adds_bos and named

    @cached_property
    def end_ids(self) -> frozenset[int]:
        return frozenset(id for id in range(self.size) if llama_cpp.llama_vocab_is_eog(self.pointer, id))

    @cached_property
    def added_ids(self) -> frozenset[int]:
        return frozenset(id for id in range(self.size) if self._has(id, llama_cpp.LLAMA_TOKEN_ATTR_USER_DEFINED))

    def encode(self, text: str, special: bool = False, continues: bool = False) -> list[int]:
        if not continues or not text or not self._border:
            return self._encode(text, special)
        ids, border = self._encode(_BORDER + text, special), self._border
        return ids[len(border) :] if ids[: len(border)] == border else self._encode(text, special)

    @cached_property
    def _border(self) -> list[int]:
        """Ids of the border where a blank is put before texts; [] where none is, or where the border could not be encoded."""
        if llama_cpp.llama_vocab_type(self.pointer) != llama_cpp.LLAMA_VOCAB_TYPE_SPM:
            return []
        if not {bytes([byte]) for byte in _BORDER.encode()} <= set(self._names):
            return []  # llama.cpp ends the process at a character that it has neither whole nor in bytes
        ids = self._encode(_BORDER, False)
        return ids if self.decode(ids).startswith(b" ") else []

    def _encode(self, text: str, special: bool) -> list[int]:
        data = clean(text).encode()
        room = len(data) + 8
        while True:
            ids = (llama_cpp.llama_token * room)()
            count = llama_cpp.llama_tokenize(self.pointer, data, len(data), ids, room, False, special)
            if count >= 0:
                return list(ids[:count])
            room = -count

    def _read(self) -> Iterator[Token]:
        room = 256
        buffer = ctypes.create_string_buffer(room)
        for id in range(int(llama_cpp.llama_vocab_n_tokens(self.pointer))):
            size = llama_cpp.llama_token_to_piece(self.pointer, id, buffer, room, 0, True)
            if size < 0:
                room = -size
                buffer = ctypes.create_string_buffer(room)
                size = llama_cpp.llama_token_to_piece(self.pointer, id, buffer, room, 0, True)
            # The token for unknown text is no text either: llama.cpp reads its name like those of control tokens.
            control = self._has(id, llama_cpp.LLAMA_TOKEN_ATTR_CONTROL | llama_cpp.LLAMA_TOKEN_ATTR_UNKNOWN)
            yield Token(id, ctypes.string_at(buffer, size), control)

    def _has(self, id: int, attributes: int) -> bool:
        return bool(llama_cpp.llama_vocab_get_attr(self.pointer, id) & attributes)
