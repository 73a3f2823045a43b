"""The runs that are known, the one that is shown, and what can be done with them. No widgets."""

import re
import shutil
import unicodedata
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, Signal

from app.training.exporting import Exported, Exporting
from app.workers.deliver import deliver
from app.workers.training import RunNews, RunsFollower, in_background, resume_run, start_run
from engine.errors import UserError
from engine.runs.about import About, read_about, write_about
from engine.runs.control import Command, is_running, tell, was_cut_off
from engine.runs.history import History
from engine.runs.recipe import Recipe, load_recipe
from engine.runs.removal import purge, put_back, set_aside
from engine.runs.status import RunStatus, find_runs, run_status

_EVALUATIONS = 15
_ALIVE = ("preparing", "running", "paused")
_OFFERED = 3  # of runs that were cut off, the latest
_SHOWN = ("status", "about", "checkpoints")


class Run:
    """A run as it stands: grows while it is followed."""

    def __init__(self, news: RunNews) -> None:
        self.path = news.path
        self.has_twin = False
        self.history = History()
        self.take(news)

    def take(self, news: RunNews) -> bool:
        """Take in what was found; whether its events say anything new."""
        before = [getattr(self, name, None) for name in _SHOWN]
        self.recipe: Recipe = news.recipe
        self.status: RunStatus = news.status
        self.about: About = news.about
        self.checkpoints = news.checkpoints
        self.changed = news.changed
        if news.history is not None:
            self.history = news.history
        for event in news.events:
            self.history.add(event)
        return news.history is not None or bool(news.events) or before != [getattr(self, name) for name in _SHOWN]

    @property
    def title(self) -> str:
        return self.about.title or self.recipe.title or self.path.name

    @property
    def name(self) -> str:
        """The title, with the folder where another run is called the same."""
        return f"{self.title} ({self.path.name})" if self.has_twin else self.title

    def matches(self, query: str) -> bool:
        """Whether every word of a search stands in title, tags, notes or name."""
        text = " ".join((self.title, self.recipe.name, self.path.name, self.about.notes, *self.about.tags)).casefold()
        return all(word in text for word in query.casefold().split())


class _Asked(msgspec.Struct, frozen=True):
    """A command, and how the run stood when it was given."""

    command: Command
    state: str
    checkpoints: int

    def is_done(self, run: Run) -> bool:
        saved = self.command == "save" and len(run.history.checkpoints) > self.checkpoints
        return saved or run.status.state != self.state


class TrainingState(QObject):
    """``listed``: the list or a state in it changed; ``shown_changed``: another run is shown; ``grew``: the shown one told more."""

    listed = Signal()
    shown_changed = Signal()
    grew = Signal()
    compared_changed = Signal()
    started = Signal()  # a run that was begun here holds its lock
    ended = Signal(object)  # Run that was going on when it was last looked at
    failed = Signal(object)  # UserError
    cut_off = Signal(str, object)  # title and path of a run whose process ended without a word, told once; it can go on
    notice = Signal(str)
    undoable = Signal(str, object)
    chat_wanted = Signal(str)  # path of a checkpoint
    playground_wanted = Signal(str)
    adding_wanted = Signal(str)
    adapter_wanted = Signal(object, str)  # TrainedAdapter, the model that it was trained beside
    # Left, "" for the loaded model; right; a text where there is none yet; what that is the reply to, or "".
    compare_wanted = Signal(str, str, str, str)
    exported = Signal(str)  # path of a whole model

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folder = folder
        self.runs: dict[Path, Run] = {}
        self.known = False  # whether the folder was read at all
        self.compared: tuple[Path, ...] = ()
        self._shown: Path | None = None
        self._starting: set[Path] = set()
        self._asked: dict[Path, _Asked] = {}
        self._going: set[Path] = set()
        self._away = False
        self._said: dict[Path, About] = {}  # until it is found in the folder
        self._files = _file_thread()
        self.exporting = Exporting(self)
        self.exporting.written.connect(self._on_exported)
        self.exporting.failed.connect(self.failed)
        self.follower = RunsFollower(folder, self)
        self.follower.found.connect(self._take)

    def start(self) -> None:
        """Once, after the window is painted: what was deleted long ago goes for good, and what was cut off is offered."""

        def look() -> tuple[list[tuple[str, Path]], bool]:
            purge(self.folder)
            runs = find_runs(self.folder)
            found = [run_status(run) for run in runs if was_cut_off(run)]
            return [(_title(one), Path(one.path)) for one in found if one.resumable], any(map(is_running, runs))

        def offer(found: tuple[list[tuple[str, Path]], bool]) -> None:
            cut_off, going = found
            for title, path in cut_off[:_OFFERED]:
                self.cut_off.emit(title, path)
            if going and not self._away:
                self.follower.look()

        deliver(in_background(look), self, offer)

    def put_away(self) -> None:
        """The end of the window; runs go on."""
        self._away = True
        self.follower.stop()
        self.exporting.stop()
        self._files.shutdown()  # what was asked of the disk is done
        self._files = _file_thread()

    # --- what is known --------------------------------------------------------------------------------------------

    @property
    def shown(self) -> Run | None:
        return self.runs.get(self._shown) if self._shown is not None else None

    @property
    def shown_path(self) -> Path | None:
        """The folder of the run that is shown, or will be as soon as it is found there."""
        return self._shown

    def state_of(self, run: Run) -> str:
        """As in RunStatus, or "starting" between the button and the first sign of life."""
        return "starting" if run.path in self._starting else run.status.state

    def asked_of(self, run: Run) -> Command | None:
        """What the run was told and has not done yet."""
        asked = self._asked.get(run.path)
        return asked.command if asked is not None else None

    def show(self, path: Path | None) -> None:
        if path != self._shown:
            self._shown = path
            self.compared = tuple(other for other in self.compared if other != path)
            self.shown_changed.emit()

    def compare(self, path: Path, on: bool) -> None:
        """Draw another run beside the shown one, or no longer."""
        others = tuple(other for other in self.compared if other != path)
        self.compared = (*others, path) if on else others
        self.compared_changed.emit()

    # --- what is done ---------------------------------------------------------------------------------------------

    def begin(self, recipe: Recipe, data: Path) -> None:
        """Start a run of its own folder and show it."""
        try:
            recipe.check_shape()
        except UserError as error:
            self.failed.emit(error)
            return
        recipe = msgspec.structs.replace(recipe, title=self._free_title(recipe.title))
        out = self._free_folder(recipe.title)
        self._starting.add(out)
        self._shown = out
        self.compared = ()

        def refused(error: BaseException) -> None:
            self._files.submit(shutil.rmtree, out, ignore_errors=True)
            self._ended_starting(out, error)

        deliver(start_run(recipe, data, out), self, lambda _: self._has_started(out), refused)
        self.follower.look()
        self.shown_changed.emit()

    def begin_shipped(self, name: str, title: str) -> None:
        """Start a recipe that comes with the program and needs no texts."""

        def begin(recipe: Recipe) -> None:
            often = min(recipe.evaluate_every, recipe.steps // _EVALUATIONS)  # to be watched on the timeline
            self.begin(msgspec.structs.replace(recipe, title=title, evaluate_every=often), self.folder)

        self.with_shipped(name, begin)

    def with_shipped(self, name: str, then: Callable[[Recipe], None]) -> None:
        """Read a recipe that comes with the program, and go on with it."""
        deliver(self._files.submit(load_recipe, name), self, then, self._on_error)

    def tell(self, command: Command) -> None:
        """Steer the shown run. It hears of it at the end of a step."""
        run = self.shown
        if run is None:
            return
        path = run.path

        def refused(error: BaseException) -> None:
            self._asked.pop(path, None)
            self.grew.emit()
            self._on_error(error)

        self._asked[path] = _Asked(command, run.status.state, len(run.history.checkpoints))
        deliver(in_background(lambda: tell(path, command)), self, lambda _: self.follower.look(), refused)
        self.grew.emit()

    def resume(self) -> None:
        """Go on with the shown run: a paused one at once, one that has ended from its last checkpoint."""
        run = self.shown
        if run is not None and run.status.state == "paused":
            self.tell("resume")
        elif run is not None:
            self.resume_ended(run.path)

    def resume_ended(self, path: Path) -> None:
        """Show a run that has ended, and go on from its last checkpoint."""
        self.show(path)
        self._starting.add(path)
        deliver(
            resume_run(path),
            self,
            lambda _: self._has_started(path),
            lambda error: self._ended_starting(path, error),
        )
        self.listed.emit()
        self.grew.emit()

    def delete(self, path: Path) -> None:
        """Put a run aside, with the way back."""
        deliver(self._files.submit(set_aside, path), self, lambda aside: self._was_deleted(path, aside), self._on_error)

    def set_about(self, path: Path, about: About) -> None:
        """Title, notes and tags of a run."""
        run = self.runs.get(path)
        if run is None or run.about == about:
            return
        run.about = self._said[path] = about

        def refused(error: BaseException) -> None:
            self._said.pop(path, None)
            self._on_error(error)

        deliver(self._files.submit(write_about, path, about), self, None, refused)
        self.listed.emit()

    def chat(self, checkpoint: str) -> None:
        self.chat_wanted.emit(checkpoint)

    # --- what comes back ------------------------------------------------------------------------------------------

    def _take(self, found: tuple[RunNews, ...]) -> None:
        changed = not self.known or {news.path for news in found} != set(self.runs)
        self.known = True
        told: set[Path] = set()
        runs: dict[Path, Run] = {}
        for news in found:
            said = self._said.get(news.path)
            if said is not None and news.about != said:  # looked up before it was written
                news = msgspec.structs.replace(news, about=said)
            else:
                self._said.pop(news.path, None)
            run = self.runs.get(news.path)
            if run is None and news.history is None:  # it came back after it was taken from here
                self.follower.read_anew(news.path)
                self.follower.look()
                continue
            if run is None:
                run = Run(news)
                told.add(news.path)
            elif run.take(news):
                told.add(news.path)
            runs[news.path] = run
            if run.status.state in _ALIVE:
                self._going.add(news.path)
            elif news.path in self._going and news.path not in self._starting:
                self._going.discard(news.path)
                self.ended.emit(run)
            if news.path in self._asked and self._asked[news.path].is_done(run):
                del self._asked[news.path]
                told.add(news.path)
        self._going &= set(runs)
        if not self._away:  # whatever page is open, how a run ends is told
            self.follower.watch(self, bool(self._going or self._starting))
        appeared = self._shown in runs and self._shown not in self.runs
        there = {news.path for news in found}
        gone = self._shown is not None and self._shown not in there and self._shown not in self._starting
        self.runs = runs
        titles = Counter(run.title for run in runs.values())
        for run in runs.values():
            run.has_twin = titles[run.title] > 1
        if changed or told:
            self.listed.emit()
        if gone:
            self._shown = None
        if gone or appeared:
            self.shown_changed.emit()
        elif self._shown in told:
            self.grew.emit()
        if told & set(self.compared):
            self.compared_changed.emit()

    def _was_deleted(self, path: Path, aside: Path) -> None:
        title = self.runs[path].title if path in self.runs else path.name
        self.runs.pop(path, None)
        self.compare(path, False)
        if self._shown == path:
            self.show(None)
        self.listed.emit()

        def back(run: Path) -> None:
            self.show(run)
            self.follower.look()

        def undo() -> None:
            deliver(self._files.submit(put_back, aside, path), self, back, self._on_error)

        self.undoable.emit(self.tr("“{0}” was deleted.").format(title), undo)

    def _on_exported(self, exported: Exported, adapter: bool) -> None:
        if adapter:
            words = self.tr("{0} was written. It is put beside its model in the chat, by the menu of the model.")
            self.notice.emit(words.format(Path(exported.path).name))
        else:
            self.exported.emit(exported.path)

    def _has_started(self, path: Path) -> None:
        self._starting.discard(path)
        self.follower.look()
        self.started.emit()

    def _ended_starting(self, path: Path, error: BaseException) -> None:
        self._starting.discard(path)
        self.follower.look()
        self._on_error(error)

    def _on_error(self, error: BaseException) -> None:
        if not isinstance(error, UserError):
            raise error
        self.failed.emit(error)

    def _free_title(self, title: str) -> str:
        """With a number where a run is called so already."""
        taken = {run.title for run in self.runs.values()}
        base, number, free = re.sub(r" \d+$", "", title), 2, title
        while free in taken:
            free, number = f"{base} {number}", number + 1
        return free

    def _free_folder(self, title: str) -> Path:
        plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
        name = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:40] or "run"
        number, out = 2, self.folder / name
        while out.exists():
            out, number = self.folder / f"{name}-{number}", number + 1
        return out


def _title(status: RunStatus) -> str:
    path = Path(status.path)
    return read_about(path).title or status.title or path.name


def _file_thread() -> ThreadPoolExecutor:
    """One thing after the other, and to the end even when the program ends; there is no thread before the first one."""
    return ThreadPoolExecutor(1, "runs")
