"""How each model of the library would go into memory now: worked out beside everything else, told as it is known. No widgets."""

from PySide6.QtCore import QObject, Signal

from app.models.state import ModelsState
from app.settings.store import SettingsStore
from app.workers.inference import InferenceWorker
from app.workers.library import LibraryWorker
from engine.records.loading import Fit, LoadSettings
from engine.worker.loading_messages import ModelsWeighed, WeighModels
from engine.worker.protocol import Event, Failed


class Weighing(QObject):
    """Follows the list of a ModelsState: asked again whenever that is read anew, as long as somebody looks at it.

    Its process is started by the first look, not with the program.
    """

    changed = Signal()

    def __init__(
        self,
        models: ModelsState,
        worker: LibraryWorker,
        inference: InferenceWorker,
        settings: SettingsStore,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._models, self._worker, self._inference, self._settings = models, worker, inference, settings
        self.watched_by = 0  # id of the view that is on the screen: another window's may come before this one's goes
        self.fits: dict[str, Fit] = {}  # by path
        self._asking = 0
        models.listed.connect(self._ask)
        inference.stateChanged.connect(lambda _: self.changed.emit())

    @property
    def in_use(self) -> str:
        """Path of the model that replies now; "" while there is none."""
        return self._inference.model.path if self._inference.model is not None else ""

    def _ask(self) -> None:
        if not self.watched_by:
            return
        value = self._settings.value
        general = LoadSettings(value.context_length, value.threads, value.gpu_layers)
        process = self._inference.pid if self._inference.model is not None else 0
        paths = tuple(model.path for model in self._models.models if not model.problem and not model.missing)
        self._worker.cancel(self._asking)
        self._asking = self._worker.ask(
            lambda job: WeighModels(job, paths, general, process), self._on_weighed, self._on_failed
        )

    def _on_weighed(self, event: Event) -> None:
        if isinstance(event, ModelsWeighed):
            self.fits |= event.fits
            self.changed.emit()

    def _on_failed(self, _failed: Failed) -> None:
        """A list without this word is as good as before; what is wrong with a file its card says."""
