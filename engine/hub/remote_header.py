"""The header of a GGUF file that lies on a server, read as far as it goes and no further."""

import io
from collections.abc import Callable

import httpx2 as httpx
from huggingface_hub.utils import get_session  # type: ignore[attr-defined]

from engine.errors import Cancelled, UserError
from engine.header.gguf import read_gguf_stream
from engine.records import ModelHeader
from engine.records.hub import RemoteFile

#: A header is mostly its vocabulary, a few million bytes; what is longer is not worth the waiting.
MOST_BYTES = 48_000_000
_BLOCK, _LARGEST_BLOCK = 256 << 10, 4 << 20
_PATIENCE_S = 15.0


def read_remote_header(
    file: RemoteFile, headers: dict[str, str] | None = None, cancelled: Callable[[], bool] = lambda: False
) -> ModelHeader:
    """Metadata and tensors of the file, by asking for ranges of it. Raises UserError where that cannot be had, or Cancelled."""
    name = file.url.rsplit("/", 1)[-1]
    try:
        return read_gguf_stream(_Ranges(file, headers or {}, cancelled), name)
    except httpx.TransportError as error:
        raise _not_read(str(error)) from error


class _Ranges:
    """A file that is read from its beginning on; each block that is asked for is twice as long as the one before."""

    def __init__(self, file: RemoteFile, headers: dict[str, str], cancelled: Callable[[], bool]) -> None:
        self._file, self._headers, self._cancelled = file, headers, cancelled
        self._held, self._held_from = b"", 0
        self._place, self._block, self._fetched = 0, _BLOCK, 0

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._file.size_bytes}[whence]
        self._place = base + offset
        return self._place

    def read(self, size: int) -> bytes:
        wanted, parts = size, []
        while wanted > 0 and self._place < self._file.size_bytes:
            start = self._place - self._held_from
            if not 0 <= start < len(self._held):
                self._fetch()
                start = 0
            part = self._held[start : start + wanted]
            self._place += len(part)
            wanted -= len(part)
            parts.append(part)
        return b"".join(parts)

    def _fetch(self) -> None:
        if self._cancelled():
            raise Cancelled
        if self._fetched >= MOST_BYTES:
            raise _not_read(f"more than {MOST_BYTES} bytes")
        last = min(self._place + self._block, self._file.size_bytes) - 1
        asked = {**self._headers, "Accept-Encoding": "identity", "Range": f"bytes={self._place}-{last}"}
        with get_session().stream("GET", self._file.url, headers=asked, timeout=_PATIENCE_S) as response:
            if response.status_code != 206:  # a whole file is never wanted here
                raise _not_read(f"status {response.status_code}")
            data = b"".join(response.iter_raw())
        if len(data) != last + 1 - self._place:
            raise _not_read(f"{len(data)} bytes instead of {last + 1 - self._place}")
        self._held, self._held_from = data, self._place
        self._fetched += len(data)
        self._block = min(2 * self._block, _LARGEST_BLOCK)


def _not_read(why: str) -> UserError:
    return UserError("remote-header", "What this model needs could not be looked up.", "Its size alone is known.", why)
