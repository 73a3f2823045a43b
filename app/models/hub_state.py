"""The Hub as the window knows it: what was found, the shown repository, and the download queue. No widgets."""

import os
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.models.conversion_cost import ConversionCost
from app.settings.schema import Settings
from app.settings.store import SettingsStore
from app.workers.deliver import deliver
from app.workers.hub import HubWorker, total_memory
from app.workers.training import in_background
from engine.records.hub import Download, HubModel, ModelKind, Order, Repository
from engine.records.loading import Fit
from engine.worker.hub_messages import (
    AddDownload,
    ChangeDownload,
    DownloadsChanged,
    FitsRead,
    HubFound,
    KeepToken,
    OpenDownloads,
    ReadRepository,
    RepositoryRead,
    SearchHub,
    TokenPlace,
)
from engine.worker.protocol import Done, Event, Failed

UNDER_WAY = ("running", "waiting", "converting")
_QUEUE_FILE = "downloads.json"


class HubState(QObject):
    """Two processes: one that looks, one that fetches, so that a search never waits for a download or the other way round."""

    found_changed = Signal()  # the search began, ended or failed
    repository_changed = Signal()  # another one is shown, or more is known of it
    turned_to_another = Signal()
    downloads_changed = Signal()
    token_changed = Signal()
    offline_changed = Signal()
    finished = Signal(object)  # Download: a model is here
    failed = Signal(object)  # Failed, for the person to read
    chat_wanted = Signal(str)

    def __init__(
        self, settings: SettingsStore, looking: HubWorker, fetching: HubWorker, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._settings, self._looking, self._fetching = settings, looking, fetching
        self.words, self.order, self.kind, self.only_fitting = "", "downloads", "gguf", False  # of the search
        self.found: tuple[Repository, ...] = ()
        self.offers: dict[str, tuple[Fit, int]] = {}  # how the usual quantisation of what was found fits, and its bytes
        self.searched = False
        self.problem: Failed | None = None  # of the search
        self.shown = ""
        self.read: RepositoryRead | None = None
        self.fits: FitsRead | None = None
        self.read_problem: Failed | None = None
        self.downloads: tuple[Download, ...] = ()
        self.queue_unfolded: bool | None = None  # None: as there is room
        self._begun = False  # whether the queue was told of
        self._fetched: dict[
            tuple[str, str], str
        ] = {}  # what to load, by repository and model, of what arrived since the start
        self.watched_by = 0  # id of the view that has the queue on the screen, where a failure is told in its line
        self.token_place: str | None = None  # None while it is not known
        self._search = self._reading = self._asking_token = 0
        self._memory_bytes = total_memory()
        self.cost = ConversionCost(self)
        self.cost.changed.connect(self.downloads_changed)
        self.cost.failed.connect(self.failed)
        self._open = False
        self._offline, self._parallel = settings.value.offline, settings.value.parallel_downloads
        looking.message.connect(self._on_looking)
        fetching.message.connect(self._on_fetching)
        fetching.restarted.connect(self._reopen)
        settings.changed.connect(self._on_settings)

    @property
    def folder(self) -> Path:
        """The data folder; models lie in ``models`` below it."""
        return self._settings.data_folder

    @property
    def fetching_pid(self) -> int:
        """Number of the process that fetches, 0 while there is none."""
        return self._fetching.pid

    @property
    def offline(self) -> bool:
        """Whether nothing is to be fetched: the person wants it so, or the environment does."""
        return self._offline or self.forced_offline

    @property
    def forced_offline(self) -> bool:
        return os.environ.get("HF_HUB_OFFLINE", "").upper() in ("1", "ON", "YES", "TRUE")

    @property
    def needs_token(self) -> bool:
        """Whether nothing can be fetched of the shown repository before an access token is given."""
        return self.read is not None and self.read.details.repository.gated and self.token_place == ""

    @property
    def watched(self) -> bool:
        """Whether the queue is on the screen."""
        return self.watched_by != 0

    @property
    def searching(self) -> bool:
        return self._search != 0

    @property
    def reading(self) -> bool:
        """Whether the shown repository is still being looked at."""
        return self._reading != 0

    # --- operations -----------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Go on with downloads that the end of the program interrupted."""
        file = self.folder / _QUEUE_FILE
        deliver(in_background(lambda: file.exists() and file.stat().st_size > 2), self, self._begin_queue)

    def search(self, words: str, order: Order = "downloads", kind: ModelKind = "gguf") -> None:
        """Look for repositories; an earlier search is not waited for."""
        self._looking.cancel(self._search)
        self.words, self.order, self.kind, self.problem = words, order, kind, None
        self._search = self._looking.submit(lambda job: SearchHub(job, words, order, kind, offline=self._offline))
        self.found_changed.emit()

    def show(self, repository: str) -> None:
        """Look at a repository."""
        self._looking.cancel(self._reading)
        if repository != self.shown:
            self.turned_to_another.emit()
        self.shown, self.read, self.fits, self.read_problem = repository, None, None, None
        self._reading = self._looking.submit(
            lambda job: ReadRepository(job, repository, str(self.folder), offline=self._offline)
        )
        self.repository_changed.emit()

    def fetch(self, model: HubModel, convert: str = "") -> None:
        """Put a model of the shown repository into the queue."""
        repository = self.shown
        self._open_queue()
        self._fetching.submit(lambda job: AddDownload(job, repository, model, convert))

    def pause(self, id: str) -> None:
        self._fetching.submit(lambda job: ChangeDownload(job, id, "pause"))

    def resume(self, id: str) -> None:
        """Go on with one that was paused, or try one again that failed."""
        self._fetching.submit(lambda job: ChangeDownload(job, id, "resume"))

    def cancel(self, id: str) -> None:
        """Take it out of the queue with what has arrived; one that is done only leaves the list."""
        self._fetching.submit(lambda job: ChangeDownload(job, id, "cancel"))

    def pause_all(self) -> None:
        """Everything that runs or waits."""
        for line in self.downloads:
            if line.state in UNDER_WAY:
                self.pause(line.id)

    def resume_all(self) -> None:
        """Go on with everything that was paused."""
        for line in self.downloads:
            if line.state == "paused":
                self.resume(line.id)

    def clear_finished(self) -> None:
        """Take what is done off the list."""
        for line in self.downloads:
            if line.state == "done":
                self.cancel(line.id)

    def ask_token(self) -> None:
        """Find out where a token is kept."""
        self._asking_token = self._looking.submit(KeepToken)

    def keep_token(self, token: str) -> None:
        """Keep it, or forget it where it is empty."""
        self._asking_token = self._looking.submit(lambda job: KeepToken(job, token))

    def go_online(self) -> None:
        self._settings.set(offline=False)

    def local_path(self, model: HubModel) -> str:
        """What to load, of a model of the shown repository that is here; "" where it is not."""
        if arrived := self._fetched.get((self.shown, model.name)):
            return arrived
        return self.read.here.get(model.name, "") if self.read is not None else ""

    def may_fit(self, found: Repository) -> bool:
        """Whether its usual quantisation goes into the memory that is free now, as far as that is known."""
        fit, _ = self.offers.get(found.name, ("fits", 0))
        return fit in ("fits", "tight")

    def may_hold(self, size_bytes: float) -> bool:
        """Whether weights of this size go into this machine's memory at all."""
        return not self._memory_bytes or size_bytes <= self._memory_bytes

    def line_of(self, model: HubModel) -> Download | None:
        """The line of the queue for a model of the shown repository, unless it is done."""
        lines = (line for line in self.downloads if line.state != "done")
        return next((one for one in lines if (one.repository, one.model.name) == (self.shown, model.name)), None)

    def put_away(self) -> None:
        """The program ends; the queue goes on at its next start."""
        self.cost.stop()
        self._looking.shutdown()
        self._fetching.shutdown()

    # --- answers --------------------------------------------------------------------------------------------------

    def _on_looking(self, event: Event) -> None:
        match event:
            case HubFound(job=self._search, repositories=found, offers=offers):
                self.found, self.offers = found, offers
            case RepositoryRead(job=self._reading):
                self.read = event
                self._fetched = {key: path for key, path in self._fetched.items() if key[0] != self.shown}
                if event.details.repository.gated and self.token_place is None:
                    self.ask_token()
                self.repository_changed.emit()
            case FitsRead(job=self._reading):
                self.fits = event
                self.repository_changed.emit()
            case TokenPlace(place=place):
                changed, self.token_place = self.token_place not in (None, place), place
                self.token_changed.emit()
                if changed and self.shown:
                    self.show(self.shown)  # what was closed may be open now
            case Done(job=job) | Failed(job=job):
                self._end(job, event if isinstance(event, Failed) else None)

    def _end(self, job: int, failed: Failed | None) -> None:
        if job == self._search:
            self._search, self.problem = 0, failed
            self.searched = self.searched or failed is None
            if failed is not None:
                self.found = ()
            self.found_changed.emit()
        elif job == self._reading:
            self._reading = 0
            self.read_problem = failed
            self.repository_changed.emit()
        elif job == self._asking_token and failed is not None:
            self.failed.emit(failed)

    def _on_fetching(self, event: Event) -> None:
        match event:
            case DownloadsChanged(downloads=lines):
                self._take(lines)
            case Failed(code=code) if code != "cancelled":
                self.failed.emit(event)

    def _take(self, lines: tuple[Download, ...]) -> None:
        before = {line.id: line.state for line in self.downloads}
        self.downloads = lines
        done = [line for line in lines if line.state == "done"]
        self._fetched |= {(line.repository, line.model.name): line.path for line in done if not line.convert}
        self.downloads_changed.emit()
        if (
            not self._begun
        ):  # what was done before the start is in the library, and only conversions are compared from here
            self._begun = True
            for line in done:
                if not line.convert:
                    self.cancel(line.id)
        for line in lines:
            was = before.get(line.id)
            if was is None or was == line.state:
                continue
            if line.state == "done":
                self.finished.emit(line)
            elif line.state == "failed" and not self.watched:
                self.failed.emit(Failed(0, line.code, line.text, line.hint, line.detail))

    # --- the queue ------------------------------------------------------------------------------------------------

    def _begin_queue(self, there_is_one: bool) -> None:
        if there_is_one:
            self._open_queue()

    def _open_queue(self) -> None:
        if not self._open:
            self._open = True
            self._tell_queue()

    def _tell_queue(self) -> None:
        folder, parallel, offline = str(self.folder), self._parallel, self._offline
        self._fetching.submit(lambda job: OpenDownloads(job, folder, parallel, offline))

    def _reopen(self) -> None:
        """Its process ended: the next one begins with what is written down."""
        if self._open:
            self._tell_queue()

    def _on_settings(self, value: Settings) -> None:
        before = self._offline, self._parallel
        self._offline, self._parallel = value.offline, value.parallel_downloads
        if self._open and before != (self._offline, self._parallel):
            self._tell_queue()
        if before[0] != self._offline:
            self.offline_changed.emit()
