"""The header of a GGUF file, by a reader of our own: lengths are checked before anything is read, tensor data is never touched.

Format: the ggml project's specification of GGUF, versions 2 and 3.
"""

import struct
from pathlib import Path
from typing import IO, Any

from engine.errors import UserError
from engine.records import ModelHeader, TensorInfo

_SCALARS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d"}
_STRING, _ARRAY = 8, 9
#: Elements of an array that are kept; longer ones (vocabularies) are read past and only counted.
KEPT_ELEMENTS = 64
_MAX_KEYS, _MAX_TENSORS, _MAX_STRING, _MAX_ARRAY = 100_000, 200_000, 16 * 1024 * 1024, 50_000_000
_MAX_HEADER = 512 * 1024 * 1024
#: ggml type number -> name, values in a block, bytes of a block.
_TYPES = {
    0: ("F32", 1, 4), 1: ("F16", 1, 2), 2: ("Q4_0", 32, 18), 3: ("Q4_1", 32, 20), 6: ("Q5_0", 32, 22), 7: ("Q5_1", 32, 24),
    8: ("Q8_0", 32, 34), 9: ("Q8_1", 32, 36), 10: ("Q2_K", 256, 84), 11: ("Q3_K", 256, 110), 12: ("Q4_K", 256, 144),
    13: ("Q5_K", 256, 176), 14: ("Q6_K", 256, 210), 15: ("Q8_K", 256, 292), 16: ("IQ2_XXS", 256, 66), 17: ("IQ2_XS", 256, 74),
    18: ("IQ3_XXS", 256, 98), 19: ("IQ1_S", 256, 50), 20: ("IQ4_NL", 32, 18), 21: ("IQ3_S", 256, 110), 22: ("IQ2_S", 256, 82),
    23: ("IQ4_XS", 256, 136), 24: ("I8", 1, 1), 25: ("I16", 1, 2), 26: ("I32", 1, 4), 27: ("I64", 1, 8), 28: ("F64", 1, 8),
    29: ("IQ1_M", 256, 56), 30: ("BF16", 1, 2), 34: ("TQ1_0", 256, 54), 35: ("TQ2_0", 256, 66), 39: ("MXFP4", 32, 17),
}  # fmt: skip


class ArrayLength(int):
    """Stands in the metadata for an array that was too long to keep."""


class _BrokenError(Exception):
    """What is wrong, in words that fit after "This file is damaged: "."""


def read_gguf_header(path: Path) -> ModelHeader:
    """Metadata and tensors of a GGUF file. Arrays of more than KEPT_ELEMENTS are given as ArrayLength.

    Raises UserError for a file that is no GGUF, is cut off, contradicts itself, or declares what llama.cpp would abort on.
    """
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(0)
            return _Reader(file, size).header()
    except OSError as error:
        raise UserError(
            "model-file", f"{path} cannot be read.", "Check the file and its rights.", str(error)
        ) from error
    except _BrokenError as error:
        raise UserError("model-broken", f"{path.name} is damaged: {error}.", "Fetch the file again.") from error


class _Reader:
    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file, self._size = file, size

    def header(self) -> ModelHeader:
        if self._size == 0:
            raise _BrokenError("it is empty")
        if self._take(4) != b"GGUF":
            raise _BrokenError("it does not begin as a GGUF file does")
        version = self._number("<I")
        if version not in (2, 3):
            raise _BrokenError(f"it says that it has version {version} of the format")
        n_tensors, n_keys = self._number("<Q"), self._number("<Q")
        if n_tensors > _MAX_TENSORS or n_keys > _MAX_KEYS:
            raise _BrokenError(f"it announces {n_tensors} tensors and {n_keys} keys")
        metadata: dict[str, Any] = {}
        for _ in range(n_keys):
            key = self._string(65_535)
            if key in metadata:
                raise _BrokenError(f"the key {key!r} stands in it twice")
            metadata[key] = self._value(self._number("<I"), depth=0)
        tensors = [self._tensor() for _ in range(n_tensors)]
        self._check_data(metadata, tensors)
        _check_metadata(metadata)
        return ModelHeader("gguf", metadata, tuple(tensors), self._size)

    def _tensor(self) -> TensorInfo:
        name = self._string(4096)
        dimensions = self._number("<I")
        if dimensions > 4:
            raise _BrokenError(f"the tensor {name!r} has {dimensions} dimensions")
        shape = [self._number("<Q") for _ in range(dimensions)]
        type_number, offset = self._number("<I"), self._number("<Q")
        if type_number not in _TYPES:
            raise _BrokenError(f"the tensor {name!r} has the unknown type {type_number}")
        type_name, block, block_bytes = _TYPES[type_number]
        count = 1
        for extent in shape:
            count *= extent
            if count > 1 << 48:
                raise _BrokenError(f"the tensor {name!r} is impossibly large")
        if shape and shape[0] % block:
            raise _BrokenError(f"the rows of {name!r} do not fit its type {type_name}")
        return TensorInfo(name, tuple(reversed(shape)), type_name, offset, count // block * block_bytes)

    def _check_data(self, metadata: dict[str, Any], tensors: list[TensorInfo]) -> None:
        alignment = metadata.get("general.alignment", 32)
        if (
            not isinstance(alignment, int)
            or isinstance(alignment, bool)
            or alignment <= 0
            or alignment & (alignment - 1)
        ):
            raise _BrokenError(f"its alignment is {alignment!r}")
        start = -(-self._file.tell() // alignment) * alignment
        names = set()
        for tensor in tensors:
            if tensor.name in names:
                raise _BrokenError(f"the tensor {tensor.name!r} stands in it twice")
            names.add(tensor.name)
            if tensor.offset % alignment or start + tensor.offset + tensor.size_bytes > self._size:
                raise _BrokenError(f"the data of the tensor {tensor.name!r} lies beyond the end of the file")

    def _value(self, type_number: int, depth: int) -> Any:
        if type_number in _SCALARS:
            return self._number(_SCALARS[type_number])
        if type_number == _STRING:
            return self._string(_MAX_STRING)
        if type_number == _ARRAY and depth < 2:
            return self._array(depth)
        raise _BrokenError(f"a value has the unknown type {type_number}")

    def _array(self, depth: int) -> Any:
        element, count = self._number("<I"), self._number("<Q")
        if count > _MAX_ARRAY:
            raise _BrokenError(f"a list of {count} elements is announced")
        if element in _SCALARS and count > KEPT_ELEMENTS:
            self._skip(count * struct.calcsize(_SCALARS[element]))
            return ArrayLength(count)
        if element == _STRING and count > KEPT_ELEMENTS:
            for _ in range(count):
                self._skip(self._number("<Q"))
            return ArrayLength(count)
        if count > KEPT_ELEMENTS:
            raise _BrokenError("lists of lists that long are no metadata")
        return [self._value(element, depth + 1) for _ in range(count)]

    def _string(self, limit: int) -> str:
        size = self._number("<Q")
        if size > limit:
            raise _BrokenError(f"a text of {size} bytes is announced")
        return self._take(size).decode("utf-8", "replace")

    def _number(self, format: str) -> Any:
        return struct.unpack(format, self._take(struct.calcsize(format)))[0]

    def _skip(self, size: int) -> None:
        if self._file.tell() + size > min(self._size, _MAX_HEADER):
            raise _BrokenError("it ends too early")
        self._file.seek(size, 1)

    def _take(self, size: int) -> bytes:
        if self._file.tell() + size > min(self._size, _MAX_HEADER):
            raise _BrokenError("it ends too early")
        return self._file.read(size)


def _check_metadata(metadata: dict[str, Any]) -> None:
    """What llama.cpp answers with an abort instead of an error, and what no model has."""
    architecture = metadata.get("general.architecture")
    if not isinstance(architecture, str) or not architecture:
        raise _BrokenError("it does not say what kind of model it is")
    blocks = metadata.get(f"{architecture}.block_count")
    if blocks is not None and (isinstance(blocks, bool) or not isinstance(blocks, int) or not 1 <= blocks <= 512):
        raise _BrokenError(f"it says that it has {blocks!r} layers")
    for key in ("context_length", "embedding_length"):
        value = metadata.get(f"{architecture}.{key}")
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 1 << 31):
            raise _BrokenError(f"its {key.replace('_', ' ')} is {value!r}")
