"""The header of a safetensors file, by a reader of our own: what is announced is checked, tensor data is never touched.

Format: the safetensors project's README; a little-endian length, a JSON object, then the data without gaps.
"""

import itertools
import math
from pathlib import Path
from typing import Any

import msgspec

from engine.header.broken import BrokenError, clear_errors, shown
from engine.records import ModelHeader, TensorInfo

_MAX_HEADER = 100_000_000
#: Bits of one value; types of less than a byte fill whole bytes together.
_BITS = {
    "BOOL": 8, "U8": 8, "I8": 8, "U16": 16, "I16": 16, "U32": 32, "I32": 32, "U64": 64, "I64": 64,
    "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6, "F8_E4M3": 8, "F8_E5M2": 8, "F8_E8M0": 8, "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8,
    "F16": 16, "BF16": 16, "F32": 32, "F64": 64, "C64": 64,
}  # fmt: skip


class _Entry(msgspec.Struct):
    dtype: str
    shape: list[int]
    data_offsets: tuple[int, int]


def read_safetensors_header(path: Path) -> ModelHeader:
    """Metadata and tensors of a safetensors file, in the order of their data.

    Raises UserError for a file that is cut off, whose header is no valid JSON or over 100 MB, or whose tensors overlap,
    leave gaps or do not fit their shapes.
    """
    with clear_errors(path), path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(0)
        if size < 8:
            raise BrokenError("it is empty" if size == 0 else "it ends too early")
        length = int.from_bytes(file.read(8), "little")
        if length > _MAX_HEADER:
            raise BrokenError(f"it announces a header of {length} bytes, or it is no safetensors file")
        if 8 + length > size:
            raise BrokenError("it ends too early, or it is no safetensors file")
        return _header(file.read(length), size)


def _header(text: bytes, size: int) -> ModelHeader:
    try:
        entries: dict[str, msgspec.Raw] = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
        metadata: dict[str, Any] = dict(
            msgspec.json.decode(entries.pop("__metadata__", msgspec.Raw(b"{}")), type=dict[str, str])
        )
        tensors = [_tensor(name, msgspec.json.decode(raw, type=_Entry)) for name, raw in entries.items()]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BrokenError(f"its header is not what it should be ({error})") from error
    start = 8 + len(text)
    tensors.sort(key=lambda tensor: (tensor.offset, tensor.size_bytes))
    end = 0
    for tensor in tensors:
        if tensor.offset != end:
            what = "overlaps another" if tensor.offset < end else "leaves a gap before it"
            raise BrokenError(f"the data of {shown(tensor.name)} {what}")
        end += tensor.size_bytes
    if start + end != size:
        raise BrokenError("it ends too early" if start + end > size else "there is more in it than it announces")
    placed = tuple(
        TensorInfo(tensor.name, tensor.shape, tensor.type, start + tensor.offset, tensor.size_bytes)
        for tensor in tensors
    )
    return ModelHeader("safetensors", metadata, placed, size)


def _tensor(name: str, entry: _Entry) -> TensorInfo:
    if entry.dtype not in _BITS:
        raise BrokenError(f"the tensor {shown(name)} has the unknown type {shown(entry.dtype)}")
    if len(entry.shape) > 32 or any(extent < 0 for extent in entry.shape):
        raise BrokenError(f"the shape of {shown(name)} is impossible")
    # Multiplied step by step, so that a hostile shape cannot make a number of millions of digits.
    for count in itertools.accumulate(entry.shape, lambda product, extent: product * extent, initial=1):
        if count > 1 << 48:
            raise BrokenError(f"the tensor {shown(name)} is impossibly large")
    bits = math.prod(entry.shape) * _BITS[entry.dtype]
    begin, end = entry.data_offsets
    if bits % 8 or begin < 0 or end - begin != bits // 8:
        raise BrokenError(f"the data of {shown(name)} does not fit its shape")
    return TensorInfo(name, tuple(entry.shape), entry.dtype, begin, bits // 8)
