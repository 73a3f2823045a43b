"""The download queue: several at once up to a limit, written down, so that it goes on after the program or its process ended.

``downloads.json`` in its folder holds one line for each download; what has arrived of its files lies beside their places, as
engine.hub.download leaves it. One process works on a queue at a time.
"""

import threading
import time
import uuid
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import msgspec
from filelock import FileLock, Timeout

from engine.errors import Cancelled, UserError
from engine.hub.download import discard, received_bytes
from engine.hub.pull import missing_bytes, model_paths, pull
from engine.hub.repositories import Hub
from engine.hub.room import check_room
from engine.hub.speed import Speed
from engine.records.hub import Download, DownloadState, HubFile, HubModel

_FILE, _LOCK = "downloads.json", "downloads.lock"
#: How often progress is told, and how often it is written down; what has arrived is known from the files anyhow.
_TELL_EVERY_S = 0.25
#: After which a download is tried again by itself where the server could not be reached: a network comes back.
RETRY_S = 30.0
_ACTIVE, _RESULTS = frozenset({"running", "converting"}), frozenset({"converting", "done", "failed"})
_STOPPED = frozenset({"paused", "waiting"})
Told = Callable[[tuple[Download, ...]], None]
#: Turns a fetched folder into a GGUF file: path of the folder, quantisation, whether to stop; gives the path of the file.
Convert = Callable[[Path, str, Callable[[], bool]], Path]


def queued_bytes(folder: Path, models_folder: Path, repository: str, model: HubModel) -> int:
    """What the queue that is written down in a folder will still take of the disk, for who fetches a model beside it."""
    try:
        lines = msgspec.json.decode((folder / _FILE).read_bytes(), type=list[Download])
    except (OSError, msgspec.MsgspecError):
        return 0
    return sum(
        missing_bytes(line.repository, line.model, models_folder)
        for line in lines
        if line.state in ("waiting", "running") and (line.repository, line.model.name) != (repository, model.name)
    )


class DownloadQueue:
    """Downloads into models_folder. told gets all lines whenever one changes, on any thread; make_hub a Hub with today's token.

    verified gets each file that has come, with the SHA-256 that it was found to have.
    """

    def __init__(
        self,
        folder: Path,
        models_folder: Path,
        make_hub: Callable[[], Hub],
        told: Told = lambda _: None,
        convert: Convert | None = None,
        parallel: int = 2,
        held: bool = False,
        verified: Callable[[Path, str], None] = lambda _path, _sha256: None,
    ) -> None:
        self._verified = verified
        self._file, self._models, self._make_hub = folder / _FILE, models_folder, make_hub
        self._told, self._convert, self._parallel = told, convert, parallel
        self._guard = threading.RLock()
        self._stops: dict[str, threading.Event] = {}  # of those that a thread works on
        self._threads: list[threading.Thread] = []
        self._later: dict[str, threading.Timer] = {}  # of those that wait for the network
        self._closed, self._held = False, held
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(folder / _LOCK, timeout=0)
        try:
            self._lock.acquire()
        except Timeout as error:
            raise UserError(
                "queue-twice", "Another Próxima is fetching models.", "Use that one, or close it.", str(folder)
            ) from error
        self._lines = {line.id: line for line in self._read()}
        self._fill()

    # --- what a person does ---------------------------------------------------------------------------------------

    @property
    def downloads(self) -> tuple[Download, ...]:
        """All lines, in the order in which they were asked for."""
        with self._guard:
            return tuple(self._lines.values())

    def add(self, repository: str, model: HubModel, convert: str = "") -> Download:
        """Fetch a model. One that is in the queue already is taken up again instead of a second time."""
        model_paths(repository, model, self._models)  # an unsafe name is refused here and now
        with self._guard:
            for line in self._lines.values():
                if (line.repository, line.model.name, line.convert) == (repository, model.name, convert):
                    if line.state != "done":
                        self.resume(line.id)
                        return self._lines[line.id]
                    del self._lines[line.id]
                    break
            line = Download(uuid.uuid4().hex, repository, model, convert=convert)
            self._lines[line.id] = line
            self._changed()
            self._check_room(line)
            self._fill()
            return self._lines[line.id]

    def pause(self, id: str) -> None:
        """Stop it and keep what has arrived."""
        with self._guard:
            line = self._lines.get(id)
            if line is not None and line.state in ("waiting", *_ACTIVE):
                self._forget_later(id)
                self._put(id, state="paused", code="", text="", hint="", detail="")
                self._stop(id)

    def resume(self, id: str) -> None:
        """Go on with one that was paused or has failed."""
        with self._guard:
            line = self._lines.get(id)
            if line is not None and (line.state in ("paused", "failed") or id in self._later):
                self._forget_later(id)
                self._put(id, state="waiting", code="", text="", hint="", detail="")
                self._check_room(line)
                self._fill()

    def cancel(self, id: str) -> None:
        """Take it out of the queue, and remove what has arrived of it. One that is done only leaves the queue."""
        with self._guard:
            line = self._lines.pop(id, None)
            if line is None:
                return
            self._forget_later(id)
            if id in self._stops:
                self._stop(id)  # its thread cleans up
            elif line.state != "done":
                self._discard(line)
            self._changed()

    def set_parallel(self, limit: int) -> None:
        """How many may run at once; those that run already go on."""
        with self._guard:
            self._parallel = limit
            self._fill()

    def hold(self, on: bool) -> None:
        """Off-line: nothing runs, and what ran waits; until it is let go again."""
        with self._guard:
            self._held = on
            for id in list(self._stops) if on else ():
                if id in self._lines and self._lines[id].state in _ACTIVE:
                    self._put(id, state="waiting", speed=0.0, seconds_left=None)
                self._stop(id)
            self._fill()

    def close(self) -> None:
        """Stop, keeping everything; those that ran go on when the queue is opened again."""
        with self._guard:
            self._closed = True
            for id in list(self._later):
                self._forget_later(id)
            for id in list(self._stops):
                self._stop(id)
        for thread in self._threads:
            thread.join(10)
        with self._guard:
            self._write()
        self._lock.release()

    # --- threads --------------------------------------------------------------------------------------------------

    def _fill(self) -> None:
        """Start what waits, as far as the limit goes."""
        with self._guard:
            for line in list(self._lines.values()):
                if self._closed or self._held or len(self._stops) >= self._parallel:
                    return
                if line.state == "waiting" and line.id not in self._stops and line.id not in self._later:
                    self._stops[line.id] = threading.Event()
                    self._put(line.id, state="running", code="", text="", hint="", detail="")
                    thread = threading.Thread(target=self._work, args=(line.id,), name="download", daemon=True)
                    self._threads = [one for one in self._threads if one.is_alive()] + [thread]
                    thread.start()

    def _work(self, id: str) -> None:
        line, stop = self._lines[id], self._stops[id]
        try:
            path = self._fetch(line, stop)
            for file, target in self._targets(line):
                if file.remote.sha256:
                    self._verified(target, file.remote.sha256)
            if line.convert and self._convert is not None:
                self._put(id, state="converting", speed=0.0, seconds_left=None)
                path = self._convert(path.parent, line.convert, stop.is_set)
            size = line.model.size_bytes
            self._put(id, state="done", path=str(path), done_bytes=size, speed=0.0, seconds_left=None)
        except Cancelled:
            pass
        except UserError as error:
            self._fail(id, error)
        except Exception as error:  # a bug ends this download, not the others
            self._fail(id, UserError("internal", f"Something went wrong: {error}", "Please report this.", repr(error)))
        with self._guard:
            del self._stops[id]
            if id not in self._lines:
                self._discard(line)
            elif not self._closed:
                self._put(id, speed=0.0, seconds_left=None)
            self._fill()

    def _fetch(self, line: Download, stop: threading.Event) -> Path:
        speed, last = Speed(), 0.0

        def progress(done: int, total: int) -> None:
            nonlocal last
            now = time.monotonic()
            speed.tell(now, done)
            if now - last >= _TELL_EVERY_S:
                last = now
                left = speed.seconds_left(now, total - done)
                self._put(line.id, done_bytes=done, speed=speed.bytes_a_second(now), seconds_left=left, save=False)

        def wait(seconds: float) -> None:
            stop.wait(seconds)

        hub, promised = self._make_hub(), self._promised(line)
        return pull(hub, line.repository, line.model, self._models, progress, stop.is_set, wait, promised)

    def _check_room(self, line: Download) -> None:
        """What will find no room when its turn comes fails at once."""
        try:
            self._models.mkdir(parents=True, exist_ok=True)
            check_room(self._models, missing_bytes(line.repository, line.model, self._models), self._promised(line))
        except UserError as error:
            told = {"code": error.code, "text": error.text, "hint": error.hint, "detail": error.detail}
            self._lines[line.id] = msgspec.structs.replace(self._lines[line.id], state="failed", **told)
            self._changed()
        except OSError:
            pass  # the download itself says what is wrong with the folder

    def _promised(self, line: Download) -> int:
        """What those that run and those that wait before this one will still take of the disk."""
        with self._guard:
            lines = list(self._lines.values())
            place = next((n for n, other in enumerate(lines) if other.id == line.id), len(lines))
            others = [
                *(one for one in lines[:place] if one.state == "waiting"),
                *(one for one in lines if one.state in _ACTIVE),
            ]
            own = {target for _, target in self._targets(line)}
            files = {target: file.remote.size_bytes for one in others for file, target in self._targets(one)}
        missing = {target: size for target, size in files.items() if target not in own and not target.exists()}
        return sum(max(size - received_bytes(target), 0) for target, size in missing.items())

    def _stop(self, id: str) -> None:
        if id in self._stops:
            self._stops[id].set()

    def _fail(self, id: str, error: UserError) -> None:
        with self._guard:
            if (
                error.code == "offline"
                and id in self._lines
                and self._lines[id].state == "running"
                and not self._closed
            ):
                self._put(id, state="waiting", code=error.code, text=error.text, hint=error.hint, detail=error.detail)
                self._later[id] = threading.Timer(RETRY_S, self.resume, (id,))
                self._later[id].daemon = True
                self._later[id].start()
                return
        self._put(id, state="failed", code=error.code, text=error.text, hint=error.hint, detail=error.detail)

    def _forget_later(self, id: str) -> None:
        timer = self._later.pop(id, None)
        if timer is not None:
            timer.cancel()

    # --- lines ----------------------------------------------------------------------------------------------------

    def _put(self, id: str, save: bool = True, **changes: Any) -> None:
        """Change a line; the fields are those of Download."""
        with self._guard:
            line = self._lines.get(id)
            # A thread that was told to stop does not overrule the person who paused, took it out or closed.
            stopped = self._closed or line is None or (line.state in _STOPPED and changes.get("state") in _RESULTS)
            if line is not None and not stopped:
                self._lines[id] = msgspec.structs.replace(line, **changes)
                self._changed(save)

    def _changed(self, save: bool = True) -> None:
        with self._guard:
            if save:
                self._write()
            self._told(self.downloads)

    def _read(self) -> Iterable[Download]:
        """What the file says, as it stands after an end of any kind. A file that cannot be read is set aside, not lost."""
        try:
            lines = msgspec.json.decode(self._file.read_bytes(), type=list[Download])
        except FileNotFoundError:
            return
        except (OSError, msgspec.MsgspecError):
            self._file.replace(self._file.with_name("downloads.broken.json"))
            return
        for line in lines:
            state: DownloadState = "waiting" if line.state in _ACTIVE else line.state
            done = line.model.size_bytes if state == "done" else self._received(line)
            yield msgspec.structs.replace(line, state=state, done_bytes=done, speed=0.0, seconds_left=None)

    def _write(self) -> None:
        temporary = self._file.with_name(_FILE + ".new")
        try:
            temporary.write_bytes(msgspec.json.encode(list(self._lines.values())))
            temporary.replace(self._file)
        except OSError:  # a full disk stops the downloads themselves, and those say so
            temporary.unlink(missing_ok=True)

    def _received(self, line: Download) -> int:
        return sum(
            file.remote.size_bytes if target.exists() else received_bytes(target)
            for file, target in self._targets(line)
        )

    def _discard(self, line: Download) -> None:
        """Remove what has arrived, but for files that another line is about: the same weights for another quantisation."""
        needed = {target for other in self._lines.values() for _, target in self._targets(other)}
        for _, target in self._targets(line):
            if target not in needed:
                discard(target)

    def _targets(self, line: Download) -> list[tuple[HubFile, Path]]:
        try:
            paths = model_paths(line.repository, line.model, self._models)
            return list(zip(line.model.files, paths, strict=True))
        except UserError:  # somebody wrote in the file
            return []
