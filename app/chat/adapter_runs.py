"""Adapters that runs of the person's own have trained for a model, and their way into a file that stands beside it."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.workers.deliver import deliver
from app.workers.training import in_background
from app.workers.verb import Verb
from engine.errors import UserError
from engine.runs.adapters import TrainedAdapter, trained_adapters


class AdapterRuns(QObject):
    """``found`` brings what look() found, ``made`` path and title of a file, ``failed`` a UserError. Files lie in ``folder``."""

    found = Signal(object)  # tuple[TrainedAdapter, ...]
    made = Signal(str, str)
    failed = Signal(object)
    changed = Signal()  # whether a file is being made

    def __init__(self, data_folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runs, self._folder = data_folder / "runs", data_folder / "adapters"
        self._verb = Verb(self)
        self._verb.answered.connect(lambda _: self._on_made())
        self._verb.failed.connect(self._on_failed)
        self._target, self._title = "", ""

    @property
    def making(self) -> str:
        """The title of the run whose adapter is being written; "" for none."""
        return self._title if self._verb.running else ""

    def look(self, model: str) -> None:
        """Find the runs that trained an adapter for this model."""
        runs = self._runs
        deliver(in_background(lambda: trained_adapters(runs, Path(model))), self, self.found.emit, lambda _: None)

    def make(self, adapter: TrainedAdapter) -> None:
        """Write the newest checkpoint's adapter to a file; one of the same run and step is written anew."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self.failed.emit(UserError("adapter-folder", self.tr("The adapter could not be written."), "", str(error)))
            return
        self._target = str(self._folder / f"{adapter.run.name}-{adapter.step}.gguf")
        self._title = adapter.title
        arguments = ("--adapter", "--name", adapter.title, "--out", self._target, "--no-measure")
        self._verb.start("export", str(adapter.run), *arguments)
        self.changed.emit()

    def stop(self) -> None:
        self._verb.stop()

    def _on_made(self) -> None:
        self.changed.emit()
        self.made.emit(self._target, self._title)

    def _on_failed(self, error: UserError) -> None:
        self.changed.emit()
        self.failed.emit(error)
