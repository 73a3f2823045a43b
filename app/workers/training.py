"""Training runs as the window sees them: folders that are read on a thread, and processes of their own that outlive it."""

import contextlib
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from app.workers.latest import LatestRunner
from engine.errors import UserError
from engine.runs.about import About, read_about
from engine.runs.control import is_running
from engine.runs.detached import start_detached
from engine.runs.events import CheckpointSaved, Probe, Sample, StepDone, TrainingEvent, read_events
from engine.runs.history import History
from engine.runs.recipe import RECIPE, Recipe, read_recipe
from engine.runs.status import RunStatus, find_runs, saved_checkpoints, status_of
from engine.runs.stored import stored_recipe

T = TypeVar("T")
_LOOK_EVERY_MS = 1000


class RunNews(msgspec.Struct, frozen=True):
    """A run as it was found. history is whole where it was read from its start, else None, and events go on from before.

    checkpoints: path and step of those that are there, the newest first.
    """

    path: Path
    recipe: Recipe
    status: RunStatus
    about: About
    history: History | None
    events: tuple[TrainingEvent, ...]
    checkpoints: tuple[tuple[str, int], ...]
    changed: float  # Unix seconds


class RunsFollower(QObject):
    """While anybody watches, looks into a folder of runs every second. ``found`` tells of all of them, the latest first."""

    found = Signal(object)  # tuple[RunNews, ...]
    failed = Signal(object)

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._known: dict[Path, _Followed] = {}
        self._anew: set[Path] = set()
        self._watchers: set[int] = set()
        self._looking = False
        self._runner = LatestRunner(self)
        self._runner.finished.connect(self._on_found)
        self._runner.failed.connect(self._on_failed)
        self._timer = QTimer(self, interval=_LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)

    def watch(self, who: object, on: bool) -> None:
        """Follow for somebody, or no longer; what was missed is read when it goes on."""
        if on == (id(who) in self._watchers):
            return
        if on:
            self._watchers.add(id(who))
            self._timer.start()
            self.look()
        else:
            self._watchers.discard(id(who))
            if not self._watchers:
                self._timer.stop()

    def stop(self) -> None:
        """Leave the disk alone, whoever watches."""
        self._watchers.clear()
        self._timer.stop()

    def look(self) -> None:
        """Read what is new, unless that is being done."""
        if not self._looking:
            self._looking = True
            self._runner.ask(self._read)

    def read_anew(self, run: Path) -> None:
        """The next look brings the whole history of a run again."""
        self._anew.add(run)

    def _read(self) -> tuple[RunNews, ...]:
        """On the thread."""
        news = []
        known: dict[Path, _Followed] = {}
        anew, self._anew = self._anew, set()
        for run in find_runs(self._folder):
            followed = None if run in anew else self._known.get(run)
            followed = followed or _Followed(run)
            with contextlib.suppress(UserError, OSError):  # a folder that is being made or taken away
                news.append(followed.news())
                known[run] = followed
        self._known = known
        return tuple(news)

    def _on_found(self, news: tuple[RunNews, ...]) -> None:
        self._looking = False
        self.found.emit(news)

    def _on_failed(self, error: Exception) -> None:
        self._looking = False
        if isinstance(error, UserError):  # a run vanished between two looks
            return
        self.failed.emit(error)


class _Followed:
    """How far one run was read."""

    def __init__(self, run: Path) -> None:
        self._run, self._place, self._fresh = run, 0, True
        self._telling: list[TrainingEvent] = []  # what its status depends on

    def news(self) -> RunNews:
        run, events_file = self._run, self._run / "events.jsonl"
        size = events_file.stat().st_size if events_file.exists() else 0
        if size < self._place:  # begun anew in the same folder
            self._place, self._fresh, self._telling = 0, True, []
        running = is_running(run)  # asked before the events are read, so that the last ones are not missed
        events, self._place = read_events(run, self._place)
        for event in events:
            if isinstance(event, Sample | Probe | CheckpointSaved):
                continue
            if isinstance(event, StepDone) and self._telling and isinstance(self._telling[-1], StepDone):
                self._telling[-1] = event
            else:
                self._telling.append(event)
        history = None
        if self._fresh:
            history, self._fresh = History(), False
            for event in events:
                history.add(event)
        stored = stored_recipe(run)
        return RunNews(
            run,
            stored.recipe,
            status_of(run, stored, self._telling, running),
            read_about(run),
            history,
            () if history is not None else tuple(events),
            saved_checkpoints(run),
            (events_file if size else run / RECIPE).stat().st_mtime,
        )


def in_background(job: Callable[[], T]) -> "Future[T]":
    """Do something that takes a while on a thread of its own."""
    future: Future[T] = Future()

    def work() -> None:
        try:
            result = job()
        except BaseException as error:
            future.set_exception(error)
        else:
            future.set_result(result)

    threading.Thread(target=work, name="run", daemon=True).start()
    return future


def start_run(recipe: Recipe, data: Path, out: Path) -> "Future[None]":
    """Begin a run in a process of its own; the future ends when it holds its lock, or with a UserError."""
    return in_background(lambda: start_detached(recipe, data, out))


def resume_run(run: Path) -> "Future[None]":
    """Go on from the last checkpoint, in a process of its own."""
    return in_background(lambda: start_detached(read_recipe(run), run, run, resume=True))


def absolute(files: Sequence[str]) -> tuple[str, ...]:
    """Paths that mean the same from every folder."""
    return tuple(str(Path(file).expanduser().absolute()) for file in files)
