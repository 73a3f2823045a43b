"""A ``tokenizer.model`` as SentencePiece writes it, as the keys of a GGUF file.

The file is a protocol buffer; read are the few fields that matter (sentencepiece_model.proto of the SentencePiece project).
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.errors import UserError
from engine.tokenizer.sentence_piece import SCORES, TOKENS, TYPES

_PIECES, _TRAINER, _NORMALIZER = 1, 2, 3
_PIECE, _SCORE, _TYPE = 1, 2, 3
_MODEL_TYPE, _UNKNOWN, _BOS, _EOS, _ADD_PREFIX = 3, 40, 41, 42, 3
_BPE, _NORMAL, _MOST_BYTES = 2, 1, 64_000_000


def read_sentence_piece(path: Path) -> dict[str, Any]:
    """The metadata for SentencePieceVocabulary. Raises UserError for a file that is damaged, or of another kind than BPE."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ValueError("too large")
        fields = list(_fields(path.read_bytes()))
        pieces = [dict(_fields(value)) for number, value in fields if number == _PIECES]
        trainer = _merged(fields, _TRAINER)
        tokens = [piece[_PIECE].decode() for piece in pieces]
        scores = [struct.unpack("<f", piece.get(_SCORE, bytes(4)))[0] for piece in pieces]
        types = [int(piece.get(_TYPE, _NORMAL)) for piece in pieces]
        ids = {name: _signed(trainer.get(key, usual)) for name, key, usual in _SPECIAL}
        prefix = bool(_merged(fields, _NORMALIZER).get(_ADD_PREFIX, 1))
    except (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError, struct.error) as error:
        raise UserError(
            "tokenizer-file", f"{path} cannot be read as a tokenizer.", "Fetch the file again.", repr(error)
        ) from error
    if trainer.get(_MODEL_TYPE, 1) != _BPE:
        raise UserError("tokenizer-kind", f"{path.name} is no BPE tokenizer.", "Use the model as a GGUF file instead.")
    return {
        "tokenizer.ggml.model": "llama",
        "tokenizer.ggml.pre": "default",
        TOKENS: tokens,
        SCORES: scores,
        TYPES: types,
        "tokenizer.ggml.add_space_prefix": prefix,
        **{f"tokenizer.ggml.{name}_token_id": id for name, id in ids.items() if 0 <= id < len(tokens)},
    }


_SPECIAL = (("unknown", _UNKNOWN, 0), ("bos", _BOS, 1), ("eos", _EOS, 2))


def _merged(fields: list[tuple[int, Any]], number: int) -> dict[int, Any]:
    return {key: value for found, data in fields if found == number for key, value in _fields(data)}


def _signed(value: int) -> int:
    return value - (1 << 64) if value >= 1 << 63 else value


def _fields(data: bytes) -> Iterator[tuple[int, Any]]:
    """Number and value of each field: integers, and bytes for all else."""
    place = 0
    while place < len(data):
        tag, place = _varint(data, place)
        kind = tag & 7
        if kind == 0:
            value, place = _varint(data, place)
            yield tag >> 3, value
            continue
        size = {1: 8, 5: 4}.get(kind)
        if kind == 2:
            size, place = _varint(data, place)
        if size is None or place + size > len(data):
            raise ValueError("a field of an unknown kind, or cut off")
        yield tag >> 3, data[place : place + size]
        place += size


def _varint(data: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while shift < 70:
        byte = data[place]
        value, place, shift = value | (byte & 127) << shift, place + 1, shift + 7
        if byte < 128:
            return value, place
    raise ValueError("an integer without an end")
