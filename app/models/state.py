"""The library as the window knows it: the models, the shown one's card, and what can be done with them. No widgets."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.settings.store import SettingsStore
from app.workers.library import LibraryWorker
from engine.records.library import FoundModel, LibraryModel, ModelCard
from engine.worker.library_messages import (
    AddModels,
    ChangeModel,
    FoundElsewhere,
    HashModel,
    ListModels,
    LookElsewhere,
    ModelHashed,
    ModelRead,
    ModelsListed,
    ReadModel,
)
from engine.worker.protocol import Event, Failed, Progress


class ModelsState(QObject):
    """Two processes: one that reads headers, and one for sums over whole files, so that a list never waits for those."""

    listed = Signal()  # the models, or one of them, are others than before
    shown_changed = Signal()  # another model is shown
    card_changed = Signal()  # more is known of the shown one
    sums_changed = Signal()
    elsewhere_changed = Signal()
    refused_changed = Signal()
    failed = Signal(object)  # Failed
    notice = Signal(str)
    undoable = Signal(str, object)
    deleted = Signal(str, object)  # as undoable; the way back stays until the window is closed
    chat_wanted = Signal(str)
    beside_wanted = Signal(str, str)  # an adapter, and the model that it belongs to

    def __init__(
        self, settings: SettingsStore, worker: LibraryWorker, summing: LibraryWorker, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._settings, self.worker, self._summing = settings, worker, summing
        self.models: tuple[LibraryModel, ...] = ()
        self.known = False  # whether the library was read at all
        self.shown_path = ""
        self.card: ModelCard | None = None
        self.card_problem: Failed | None = None
        self.sums: tuple[tuple[str, str], ...] = ()
        self.sums_share: float | None = None  # 0 to 1 while they are being computed
        self.elsewhere: tuple[FoundModel, ...] | None = None  # None while nobody has looked
        self.looking = False
        self.refused: tuple[tuple[str, str], ...] = ()  # path and reason, of what was to be added last
        self.section = self.tab = (
            0  # the parts of the page and of the card that are open, for a window that is made anew
        )
        self._emptied = False
        self._listing = self._reading = self._sums_job = 0
        worker.failed.connect(self._on_failed)

    @property
    def folder(self) -> Path:
        """The data folder."""
        return self._settings.data_folder

    @property
    def shown(self) -> LibraryModel | None:
        return self.model(self.shown_path)

    @property
    def reading(self) -> bool:
        """Whether the shown model's header is being read."""
        return self._reading != 0

    def model(self, path: str) -> LibraryModel | None:
        return next((one for one in self.models if one.path == path), None)

    # --- operations -----------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Look again at what there is. The first time, what was deleted long ago goes for good."""
        folder, first = str(self.folder), not self._emptied
        if not first:
            self.worker.cancel(self._listing)
        self._emptied = True
        self._listing = self.worker.ask(lambda job: ListModels(job, folder, first), self._on_listed)

    def show(self, path: str) -> None:
        """Look at a model."""
        if path == self.shown_path and self.card is not None:
            return
        self.worker.cancel(self._reading)
        self.shown_path, self.card, self.card_problem, self.sums, self._reading = path, None, None, (), 0
        self.stop_sums()
        if path:
            folder = str(self.folder)
            self._reading = self.worker.ask(
                lambda job: ReadModel(job, folder, path), self._on_card, self._on_card_failed
            )
        self.shown_changed.emit()

    def chat(self, path: str) -> None:
        self.chat_wanted.emit(path)

    def chat_beside(self, adapter: str, path: str) -> None:
        """Chat with an adapter beside its model."""
        self.beside_wanted.emit(adapter, path)

    def set_favourite(self, path: str, on: bool) -> None:
        self._change(path, "favourite" if on else "plain")

    def add(self, paths: Sequence[str]) -> None:
        """Refer to files where they lie; the last one is shown."""
        self.take_in([FoundModel(path, "", "", 0) for path in paths])

    def take_in(self, found: Sequence[FoundModel]) -> None:
        """Refer to models of other programs, or to any."""
        if found:
            self.forget_refused()
            paths = tuple((one.path, one.program, one.name) for one in found)
            self.worker.ask(lambda job: AddModels(job, str(self.folder), paths), self._on_added)

    def forget_refused(self) -> None:
        """The person has read what could not be added."""
        self.refused = ()
        self.refused_changed.emit()

    def remove(self, path: str) -> None:
        """Take a file that is not ours off the list, with the way back."""
        self._take_away(path, "remove", self.tr("“{0}” was taken off the list; its file stays where it is."))

    def delete(self, path: str) -> None:
        """Delete a model of ours, with the way back."""
        self._take_away(path, "delete", self.tr("“{0}” was deleted."))

    def accept_template(self) -> None:
        """The chat template of the shown model is as the person wants it."""
        path, self.card = self.shown_path, None
        self._change(path, "template", lambda _: self.show(path))

    def compute_sums(self) -> None:
        """SHA-256 of the shown model's files."""
        self.stop_sums()
        path = self.shown_path
        self.sums_share = 0.0
        self._sums_job = self._summing.ask(lambda job: HashModel(job, path), self._on_sums, self._on_sums_failed)
        self.sums_changed.emit()

    def stop_sums(self) -> None:
        self._summing.cancel(self._sums_job)
        self.sums_share = None
        self.sums_changed.emit()

    def look_elsewhere(self) -> None:
        """Look, with the person's consent, at what other programs have."""
        self.looking = True
        self.worker.ask(lambda job: LookElsewhere(job, str(self.folder)), self._on_elsewhere, self._on_look_failed)
        self.elsewhere_changed.emit()

    def forget_elsewhere(self) -> None:
        """The next look is a new one, which the person asks for again."""
        self.elsewhere = None

    def tell_used(self, path: str) -> None:
        """It was loaded just now."""
        if not self._emptied:
            self.refresh()
        self._change(path, "used")

    def tell_failed(self, path: str) -> None:
        """It ended its process."""
        self._change(path, "failed")

    def tell_worked(self, path: str) -> None:
        """It did what it is for."""
        found = self.model(path)
        if found is not None and found.failures:
            self._change(path, "worked")

    def put_away(self) -> None:
        """The end of the window."""
        self.worker.shutdown()
        self._summing.shutdown()

    # --- what comes back ------------------------------------------------------------------------------------------

    def _change(
        self, path: str, action: str, then: Callable[[ModelsListed], None] | None = None, aside: str = ""
    ) -> None:
        def on_event(event: Event) -> None:
            self._on_listed(event)
            if isinstance(event, ModelsListed) and then is not None:
                then(event)

        folder = str(self.folder)
        self.worker.ask(lambda job: ChangeModel(job, folder, path, action, aside), on_event)  # type: ignore[arg-type]

    def _take_away(self, path: str, action: str, text: str) -> None:
        model = self.model(path)
        if model is None:
            return

        def done(listed: ModelsListed) -> None:
            def back() -> None:
                self._change(path, "undo", lambda _: self.show(path), listed.aside)

            (self.deleted if listed.aside else self.undoable).emit(text.format(model.name), back)

        self._change(path, action, done)

    def _on_listed(self, event: Event) -> None:
        if isinstance(event, ModelsListed):
            self.models, self.known = event.models, True
            if self.shown_path and self.shown is None:
                self.show("")
            self.listed.emit()

    def _on_added(self, event: Event) -> None:
        self._on_listed(event)
        if not isinstance(event, ModelsListed):
            return
        if event.added:
            self.show(event.added[-1])
        self.refused = event.refused
        self.refused_changed.emit()
        if len(event.added) > 1:
            self.notice.emit(
                self.tr("{0} models were added; their files stay where they are.").format(len(event.added))
            )

    def _on_card(self, event: Event) -> None:
        if isinstance(event, ModelRead):
            self.card, self._reading = event.card, 0
            self.card_changed.emit()
            if not self.sums and self.sums_share is None:
                self.sums = event.card.sums  # of another day
                self.sums_changed.emit()

    def _on_card_failed(self, event: Failed) -> None:
        self.card_problem, self._reading = event, 0
        self.card_changed.emit()

    def _on_sums(self, event: Event) -> None:
        if isinstance(event, Progress):
            self.sums_share = event.done / max(event.total, 1)
        elif isinstance(event, ModelHashed):
            self.sums, self.sums_share = event.sums, None
        self.sums_changed.emit()

    def _on_sums_failed(self, event: Failed) -> None:
        self.sums_share = None
        self.sums_changed.emit()
        self._on_failed(event)

    def _on_elsewhere(self, event: Event) -> None:
        if isinstance(event, FoundElsewhere):
            self.elsewhere, self.looking = event.found, False
            self.elsewhere_changed.emit()

    def _on_look_failed(self, event: Failed) -> None:
        self.looking = False
        self.elsewhere_changed.emit()
        self._on_failed(event)

    def _on_failed(self, event: Failed) -> None:
        if event.code != "cancelled":
            self.failed.emit(event)
