"""One file from the network: resumed after any interruption, checked before it gets its name.

What has arrived lies in ``NAME.part``, and ``NAME.part.json`` says of what it is a part. Both stay when the process is killed
and go when the file is whole or turns out wrong. Ranges: RFC 9110, section 14.
"""

import hashlib
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx2 as httpx
import msgspec
from filelock import FileLock, Timeout
from huggingface_hub.utils import get_session  # type: ignore[attr-defined]

from engine.errors import Cancelled, UserError
from engine.hub.access import check_online, gated_error, unknown_token_error
from engine.hub.room import check_room
from engine.records.hub import RemoteFile

_CHUNK = 1 << 20
_PROGRESS_EVERY_S = 0.1
_TIMEOUT = httpx.Timeout(20.0, read=60.0)
#: How often an attempt may end without a single new byte before we give up, and how long we wait before the next.
_PATIENCE = 5
_LONGEST_WAIT_S, _LONGEST_ASKED_WAIT_S = 30.0, 300.0
_TRY_AGAIN = {408, 425, 429, 500, 502, 503, 504}


class _Part(msgspec.Struct, frozen=True):
    """Of what NAME.part is a part; etag as the server gave it."""

    file: RemoteFile
    etag: str = ""


def download(
    file: RemoteFile,
    target: Path,
    *,
    headers: dict[str, str] | None = None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    cancelled: Callable[[], bool] = lambda: False,
    wait: Callable[[float], None] = time.sleep,
) -> None:
    """Fetch the file to target, going on from what an earlier attempt left there. progress gets bytes done, and in all or 0.

    Raises UserError with what is wrong and what to do, Cancelled where cancelled() turned true; in both cases what has arrived
    is kept for the next attempt, unless its bytes are wrong.
    """
    check_online()
    with _disk_errors(target), _alone(target):
        _Fetch(file, target, headers or {}, progress, cancelled).run(wait)


def discard(target: Path) -> None:
    """Remove what an attempt that is given up has left."""
    _discard_part(target)
    _lock(target).unlink(missing_ok=True)


def received_bytes(target: Path) -> int:
    """How much of a file has arrived by attempts that did not end well; 0 where there was none."""
    part = _part(target)
    return part.stat().st_size if part.exists() and _about(target).exists() else 0


class _Fetch:
    """The state of one download over its attempts."""

    def __init__(
        self,
        file: RemoteFile,
        target: Path,
        headers: dict[str, str],
        progress: Callable[[int, int], None],
        cancelled: Callable[[], bool],
    ) -> None:
        self._file, self._target, self._headers = file, target, headers
        self._progress, self._cancelled = progress, cancelled
        self._total = file.size_bytes
        self._etag = ""
        self._told = 0.0
        self._digest = hashlib.sha256()
        self.size = 0
        self._take_up()

    def run(self, wait: Callable[[float], None]) -> None:
        """Attempt until the file is whole, or attempts bring nothing any more."""
        in_vain = 0
        while True:
            before = self.size
            try:
                self.attempt()
                self.finish()
                return
            except (httpx.TransportError, _TryAgain) as error:
                in_vain = in_vain + 1 if self.size <= before else 1
                if in_vain >= _PATIENCE:
                    raise _unreachable(self._file.url, error) from error
                asked = error.after_s if isinstance(error, _TryAgain) else 0.0
                wait(max(min(_LONGEST_ASKED_WAIT_S, asked), min(_LONGEST_WAIT_S, 0.5 * 2**in_vain)))
                if self._cancelled():
                    raise Cancelled from error

    def _take_up(self) -> None:
        """Go on from what lies there, if it is a part of this file."""
        try:
            about = msgspec.json.decode(_about(self._target).read_bytes(), type=_Part)
        except (FileNotFoundError, msgspec.MsgspecError):
            about = None
        known = about is not None and about.file == self._file and bool(about.etag or self._file.sha256)
        if not known or not _part(self._target).exists():
            _discard_part(self._target)
            return
        self._etag = about.etag if about is not None else ""
        with _part(self._target).open("rb") as part:
            while data := part.read(_CHUNK):
                self._digest.update(data)
                self.size += len(data)
                self._check()

    def attempt(self) -> None:
        """Ask for what is missing and write it down as it comes."""
        if self._total and self.size == self._total:
            return
        if self._total and self.size > self._total:
            self._start_anew()
        asked = {**self._headers, "Accept-Encoding": "identity"}  # places in a file are places in its own bytes
        if self.size:
            asked["Range"] = f"bytes={self.size}-"
            if self._etag:
                asked["If-Range"] = self._etag
        with get_session().stream("GET", self._file.url, headers=asked, timeout=_TIMEOUT) as response:
            if response.status_code == 416 and self.size:  # there is nothing after what we have, or it is another file
                self._start_anew()
                raise _TryAgain("the server has no such part")
            _check_status(response, self._file.url.partition("/resolve/")[0], "Authorization" in asked)
            self._agree_on_place(response)
            self._check_room()
            self._write_about(response.headers.get("etag", ""))
            with _part(self._target).open("ab") as part:
                for data in response.iter_raw():
                    part.write(data)
                    self._digest.update(data)
                    self.size += len(data)
                    self._check()
                part.flush()
                os.fsync(part.fileno())
        if self._total and self.size < self._total:
            raise _TryAgain("the connection ended too early")

    def finish(self) -> None:
        """Check the whole and give it its name."""
        self._progress(self.size, self.size)
        wrong_size = self._total and self.size != self._total
        if wrong_size or (self._file.sha256 and self._digest.hexdigest() != self._file.sha256.lower()):
            _discard_part(self._target)
            raise UserError(
                "download-wrong",
                f"{self._target.name} arrived with other bytes than it was announced with, and was removed.",
                "Try again; if it happens again, do not trust this source.",
            )
        _part(self._target).replace(self._target)
        _about(self._target).unlink(missing_ok=True)

    def _agree_on_place(self, response: httpx.Response) -> None:
        """See to it that what comes belongs after what is here."""
        if response.status_code == 206:
            place = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", response.headers.get("content-range", ""))
            if place is None or int(place[1]) != self.size:
                self._start_anew()
                raise _TryAgain("the server sent another part than it was asked for")
            total = 0 if place[2] == "*" else int(place[2])
        else:
            if self.size:  # the server begins at the beginning: it knows no ranges, or the file has changed
                self._start_anew()
            total = int(response.headers.get("content-length", 0))
        if self._total and total and total != self._total:
            _discard_part(self._target)
            raise UserError(
                "download-changed",
                f"{self._target.name} has {total:,} bytes now; {self._total:,} were announced.",
                "Look the repository up again.",
            )
        self._total = self._total or total

    def _start_anew(self) -> None:
        _part(self._target).unlink(missing_ok=True)
        self._digest, self.size, self._etag = hashlib.sha256(), 0, ""

    def _check_room(self) -> None:
        if self._total:
            check_room(self._target.parent, self._total - self.size)

    def _write_about(self, etag: str) -> None:
        self._etag = "" if etag.startswith("W/") else etag  # a weak one says nothing about bytes
        _about(self._target).write_bytes(msgspec.json.encode(_Part(self._file, self._etag)))

    def _check(self) -> None:
        if self._cancelled():
            raise Cancelled
        now = time.monotonic()
        if now - self._told > _PROGRESS_EVERY_S:
            self._progress(self.size, self._total)
            self._told = now


class _TryAgain(Exception):  # noqa: N818 - it is no error yet
    """This attempt ended; another may do better."""

    def __init__(self, why: str, after_s: float = 0.0) -> None:
        super().__init__(why)
        self.after_s = after_s


def _check_status(response: httpx.Response, page: str, token_sent: bool) -> None:
    status = response.status_code
    if status in (200, 206):
        return
    if status in _TRY_AGAIN:
        raise _TryAgain(f"the server answered {status}", _seconds(response.headers.get("retry-after", "")))
    if status == 403 or response.headers.get("x-error-code") == "GatedRepo":
        raise gated_error(page, token_sent)
    if status == 401 and token_sent:
        raise unknown_token_error()
    if status == 401:
        raise UserError("hub-token", "The server wants to know who asks.", "Give an access token of your account.")
    if status == 404:
        raise UserError("hub-not-found", "The server has no such file.", "Check the name of repository and file.")
    raise UserError("hub-answer", f"The server answered {status}.", "Try again later.", str(response.url))


def _seconds(retry_after: str) -> float:
    """RFC 9110, section 10.2.3: a number of seconds, or a date."""
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after[:9])
    try:
        return max(0.0, parsedate_to_datetime(retry_after).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return 0.0


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    """Two that write into one file would spoil it; a lock of a process that is gone does not hold."""
    target.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(_lock(target), timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise UserError(
            "download-twice", f"{target.name} is being fetched already.", "Wait until that is done.", str(target)
        ) from error
    try:
        yield
    finally:
        lock.release()
        _lock(target).unlink(missing_ok=True)


@contextmanager
def _disk_errors(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UserError(
            "download-write", f"{target.name} cannot be written.", "Check that there is room on the disk.", str(error)
        ) from error


def _unreachable(url: str, error: Exception) -> UserError:
    host: Any = httpx.URL(url).host
    return UserError(
        "offline",
        f"{host} cannot be reached, or does not go on sending.",
        "Check the connection; what has arrived is kept.",
        f"{type(error).__name__}: {error}",
    )


def _discard_part(target: Path) -> None:
    for path in (_part(target), _about(target)):
        path.unlink(missing_ok=True)


def _part(target: Path) -> Path:
    return target.with_name(target.name + ".part")


def _lock(target: Path) -> Path:
    return target.with_name(target.name + ".part.lock")


def _about(target: Path) -> Path:
    return target.with_name(target.name + ".part.json")
