"""Changes to the bytes of a GGUF file, for files that no writer would make."""

import struct


def with_number(data: bytes, key: str, value: int, type_number: int | None = None) -> bytes:
    """The file with another 32-bit value under a key, and optionally another type of it (of up to four bytes)."""
    name = struct.pack("<Q", len(key)) + key.encode()
    at = data.index(name) + len(name)
    kind = data[at : at + 4] if type_number is None else struct.pack("<I", type_number)
    return data[:at] + kind + struct.pack("<I", value) + data[at + 8 :]


def with_tensor_renamed(data: bytes, name: str, other: str) -> bytes:
    """The file with a tensor under another name of the same length."""
    if len(name) != len(other) or data.count(name.encode()) != 1:
        raise ValueError(name)
    return data.replace(name.encode(), other.encode())
