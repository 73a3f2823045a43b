"""The header of a GGUF file, by a reader of our own: lengths are checked before anything is read, tensor data is never touched.

Format: the ggml project's specification of GGUF, versions 2 and 3.
"""

import math
import struct
import time
from collections.abc import Collection
from pathlib import Path
from typing import Any, Protocol

from engine.header.broken import BrokenError, OtherKindError, clear_errors, shown
from engine.header.ggml_types import GGML_TYPES
from engine.records import ModelHeader, TensorInfo

_FORMATS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d"}
_SCALARS = {number: struct.Struct(text) for number, text in _FORMATS.items()}
_U32, _U64 = _SCALARS[4], _SCALARS[10]
_STRING, _ARRAY = 8, 9
#: Elements of an array that are kept; longer ones (vocabularies) are read past and only counted.
KEPT_ELEMENTS = 64
_MAX_KEYS, _MAX_TENSORS, _MAX_STRING, _MAX_ARRAY = 100_000, 200_000, 16 * 1024 * 1024, 50_000_000
_MAX_HEADER = 512 * 1024 * 1024
_TOKENS = "tokenizer.ggml.tokens"
#: A header of a real model takes tenths of a second; how often the clock is looked at.
_MAX_SECONDS, _LOOK_EVERY = 15.0, 65_536


class Bytes(Protocol):
    """What a header is read from: a file, or something that behaves like one."""

    def read(self, size: int, /) -> bytes: ...

    def seek(self, offset: int, whence: int = 0, /) -> int: ...

    def tell(self) -> int: ...


class ArrayLength(int):
    """Stands in the metadata for an array that was too long to keep."""


def read_gguf_header(path: Path, whole: Collection[str] = ()) -> ModelHeader:
    """Metadata and tensors of a GGUF file. Arrays of more than KEPT_ELEMENTS are given as ArrayLength, but for the keys ``whole``.

    Raises UserError for a file that is no GGUF, is cut off, contradicts itself, declares what llama.cpp would abort on, or whose
    header takes longer than any model's.
    """
    with clear_errors(path), path.open("rb", buffering=1 << 20) as file:
        return _read(file, whole, _MAX_SECONDS)


def read_gguf_stream(file: Bytes, name: str, whole: Collection[str] = ()) -> ModelHeader:
    """The same of something that is no file of this machine, by the name that messages give it."""
    with clear_errors(Path(name)):
        return _read(file, whole)


def _read(file: Bytes, whole: Collection[str], seconds: float = math.inf) -> ModelHeader:
    size = file.seek(0, 2)
    file.seek(0)
    return _Reader(file, size, whole, seconds).header()


class _Reader:
    """Walks through a file of a known size and never believes a length before it was compared with what is left."""

    def __init__(self, file: Bytes, size: int, whole: Collection[str], seconds: float) -> None:
        self._file, self._size, self._whole = file, size, whole
        self._end, self._claims = time.monotonic() + seconds, 0
        self._left = min(size, _MAX_HEADER)

    def header(self) -> ModelHeader:
        if self._size == 0:
            raise BrokenError("it is empty")
        if self._take(4) != b"GGUF":
            raise OtherKindError("it does not begin as a GGUF file does")
        version = self._number(_U32)
        if version not in (2, 3):
            raise BrokenError(f"it says that it has version {version} of the format, and only 2 and 3 are known")
        n_tensors, n_keys = self._number(_U64), self._number(_U64)
        if n_tensors > _MAX_TENSORS or n_keys > _MAX_KEYS:
            raise BrokenError(f"it announces {n_tensors} tensors and {n_keys} keys")
        metadata: dict[str, Any] = {}
        for _ in range(n_keys):
            key = self._string(65_535)
            if key in metadata:
                raise BrokenError(f"the key {shown(key)} stands in it twice")
            metadata[key] = self._value(key, self._number(_U32), depth=0)
        tensors = [self._tensor() for _ in range(n_tensors)]
        _check_metadata(metadata)
        return ModelHeader("gguf", metadata, self._placed(metadata, tensors), self._size)

    def _tensor(self) -> TensorInfo:
        name = self._string(4096)
        dimensions = self._number(_U32)
        if dimensions > 4:
            raise BrokenError(f"the tensor {shown(name)} has {dimensions} dimensions")
        shape = [self._number(_U64) for _ in range(dimensions)]  # fastest dimension first
        type_number, offset = self._number(_U32), self._number(_U64)
        if type_number not in GGML_TYPES:
            raise BrokenError(f"the tensor {shown(name)} has the unknown type {type_number}")
        type_name, block, block_bytes = GGML_TYPES[type_number]
        count = math.prod(shape)
        if not 0 < count <= 1 << 48:
            raise BrokenError(f"the tensor {shown(name)} would have {count:.3g} values")
        if (shape[0] if shape else 1) % block:
            raise BrokenError(f"the rows of {shown(name)} do not fit its type {type_name}")
        return TensorInfo(name, tuple(reversed(shape)), type_name, offset, count // block * block_bytes)

    def _placed(self, metadata: dict[str, Any], tensors: list[TensorInfo]) -> tuple[TensorInfo, ...]:
        """The tensors with offsets from the start of the file, all of whose data is there."""
        alignment = metadata.get("general.alignment", 32)
        if not _is_integer(alignment, 1, 1 << 20) or alignment & (alignment - 1):
            raise BrokenError(f"its alignment is {alignment!r}")
        start = -(-self._file.tell() // alignment) * alignment
        placed: dict[str, TensorInfo] = {}
        for tensor in tensors:
            if tensor.name in placed:
                raise BrokenError(f"the tensor {shown(tensor.name)} stands in it twice")
            offset = start + tensor.offset
            if offset % alignment or offset + tensor.size_bytes > self._size:
                raise BrokenError(f"the data of the tensor {shown(tensor.name)} lies beyond the end of the file")
            placed[tensor.name] = TensorInfo(tensor.name, tensor.shape, tensor.type, offset, tensor.size_bytes)
        return tuple(placed.values())

    def _value(self, key: str, type_number: int, depth: int) -> Any:
        if type_number in _SCALARS:
            return self._number(_SCALARS[type_number])
        if type_number == _STRING:
            return self._string(_MAX_STRING)
        if type_number == _ARRAY and depth < 2:
            return self._array(key, depth)
        raise BrokenError(f"the value of {shown(key)} has the unknown type {type_number}")

    def _array(self, key: str, depth: int) -> Any:
        element, count = self._number(_U32), self._number(_U64)
        if count > _MAX_ARRAY:
            raise BrokenError(f"{shown(key)} announces a list of {count} elements")
        if key == _TOKENS and element == _STRING:
            return self._distinct_strings(count)
        if count <= KEPT_ELEMENTS or key in self._whole:
            return [self._value(key, element, depth + 1) for _ in range(count)]
        if element == _STRING:
            for _ in range(count):
                self._take(self._number(_U64))
        elif element in _SCALARS:
            self._skip(count * _SCALARS[element].size)
        else:
            raise BrokenError(f"{shown(key)} is a long list of lists")
        return ArrayLength(count)

    def _distinct_strings(self, count: int) -> Any:
        """A vocabulary. One entry that stands in it twice ends llama.cpp by an abort."""
        seen = set()
        kept = []
        limit = count if _TOKENS in self._whole else KEPT_ELEMENTS
        for place in range(count):
            text = self._take(self._number(_U64))
            if text in seen:
                raise BrokenError(f"the token {shown(text.decode('utf-8', 'replace'))} stands in its vocabulary twice")
            seen.add(text)
            if place < limit:
                kept.append(text.decode("utf-8", "replace"))
        return kept if count <= limit else ArrayLength(count)

    def _string(self, limit: int) -> str:
        size = self._number(_U64)
        if size > limit:
            raise BrokenError(f"a text of {size} bytes is announced")
        return self._take(size).decode("utf-8", "replace")

    def _number(self, format: struct.Struct) -> Any:
        return format.unpack(self._take(format.size))[0]

    def _skip(self, size: int) -> None:
        self._claim(size)
        self._file.seek(size, 1)

    def _take(self, size: int) -> bytes:
        self._claim(size)
        data = self._file.read(size)
        if len(data) != size:
            raise BrokenError("it ends too early")
        return data

    def _claim(self, size: int) -> None:
        if size > self._left:
            raise BrokenError("it ends too early")
        self._left -= size
        self._claims += 1
        if self._claims % _LOOK_EVERY == 0 and time.monotonic() > self._end:
            raise BrokenError("its header takes too long to read")


def _is_integer(value: Any, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _check_metadata(metadata: dict[str, Any]) -> None:
    """What llama.cpp answers with an abort instead of an error, and what no model has."""
    architecture = metadata.get("general.architecture")
    if not isinstance(architecture, str) or not architecture:
        raise BrokenError("it does not say what kind of model it is")
    blocks = metadata.get(f"{architecture}.block_count", 1)
    if not _is_integer(blocks, 1, 512):
        raise BrokenError(f"it says that it has {blocks!r} layers")
    for key in ("context_length", "embedding_length"):
        value = metadata.get(f"{architecture}.{key}", 1)
        if not _is_integer(value, 1, (1 << 31) - 1):
            raise BrokenError(f"its {key.replace('_', ' ')} is {value!r}")
    for key in ("general.name", "tokenizer.ggml.model", "tokenizer.chat_template"):
        if not isinstance(metadata.get(key, ""), str):
            raise BrokenError(f"{shown(key)} is no text")
