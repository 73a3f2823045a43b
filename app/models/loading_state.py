"""How the shown model would be loaded now, what that takes, and what is kept of it for the next load. No widgets."""

from typing import Any

import msgspec
from PySide6.QtCore import QObject, Signal

from app.settings.store import SettingsStore
from app.workers.inference import InferenceWorker, WorkerState
from app.workers.library import LibraryWorker
from engine.records.loading import AUTO, LoadSettings, Prospect
from engine.worker.loading_messages import KeepLoading, LoadPlanned, PlanLoad
from engine.worker.protocol import Event, Failed


class LoadingState(QObject):
    """One shown model. Settings that are changed are kept at once, and are those of its next load."""

    changed = Signal()
    failed = Signal(object)  # Failed, for the person to read
    load_wanted = Signal(str)

    def __init__(
        self,
        library: LibraryWorker,
        inference: InferenceWorker,
        settings: SettingsStore,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._library, self._inference, self._program = library, inference, settings
        self.path = ""
        self.settings = AUTO  # what is kept for the model, autos included
        self.prospect: Prospect | None = None  # None until it is known
        self.problem: Failed | None = None  # why there is none
        self._planning = 0
        self._keeping = 0  # how many changes are being kept
        self._to_load = ""  # what is to be loaded as soon as they are: the one who loads reads what is kept
        inference.modelLoaded.connect(lambda _: self.refresh())
        inference.modelMeasured.connect(lambda _: self.refresh())
        settings.changed.connect(lambda _: self.refresh())

    @property
    def loaded(self) -> bool:
        """Whether the shown model is the one that replies."""
        model = self._inference.model
        return model is not None and model.path == self.path

    @property
    def loading(self) -> bool:
        return self._inference.state in (WorkerState.STARTING, WorkerState.LOADING)

    @property
    def outdated(self) -> bool:
        """Whether the model is loaded in another way than it would be now."""
        model = self._inference.model
        if model is None or model.path != self.path or self.prospect is None:
            return False
        return self.settings.over(model.settings) != model.settings

    def show(self, path: str) -> None:
        """Look at another model; "" for none."""
        if path == self.path:
            self.refresh()
            return
        self.path, self.settings, self.prospect, self.problem = path, AUTO, None, None
        self._plan(None)
        self.changed.emit()

    def refresh(self) -> None:
        """Free memory is another one now, or more was measured."""
        if self.path and not self._keeping:
            self._plan(None)

    def set(self, **changes: Any) -> None:
        """Change settings of the shown model."""
        self._keep(msgspec.structs.replace(self.settings, **changes))

    def reset(self) -> None:
        """Everything automatic again."""
        self._keep(AUTO)

    def load(self) -> None:
        """Load it as it is set, as soon as that is kept."""
        self._to_load = self.path
        self._load_when_kept()

    def _keep(self, settings: LoadSettings) -> None:
        if settings == self.settings or not self.path:
            return
        path, self.settings = self.path, settings
        self._keeping += 1
        self._library.ask(lambda job: KeepLoading(job, path, settings), self._kept, self._kept)
        self._plan(settings)
        self.changed.emit()

    def _kept(self, event: Event) -> None:
        self._keeping -= 1
        if isinstance(event, Failed):
            self._to_load = ""
            self.failed.emit(event)
        self._load_when_kept()

    def _load_when_kept(self) -> None:
        if self._to_load and not self._keeping:
            path, self._to_load = self._to_load, ""
            self.load_wanted.emit(path)

    def _plan(self, settings: LoadSettings | None) -> None:
        self._library.cancel(self._planning)
        self._planning = 0
        if not self.path:
            return
        path, value = self.path, self._program.value
        general = LoadSettings(value.context_length, value.threads, value.gpu_layers)
        process = self._inference.pid if self._inference.model is not None else 0
        self._planning = self._library.ask(
            lambda job: PlanLoad(job, path, settings, general, process), self._on_plan, self._on_no_plan
        )

    def _on_plan(self, event: Event) -> None:
        if isinstance(event, LoadPlanned):
            self.settings, self.prospect, self.problem = event.settings, event.prospect, None
            self.changed.emit()

    def _on_no_plan(self, failed: Failed) -> None:
        self.prospect, self.problem = None, failed
        self.changed.emit()
