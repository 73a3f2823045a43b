"""The library and the chat's models: what is known is offered, what is loaded or fails is noted."""

from PySide6.QtCore import QObject, Signal

from app.chat.model_link import ModelChoice, ModelLink
from app.models.state import ModelsState
from app.workers.inference import InferenceWorker
from engine.records import ModelInfo
from engine.records.library import LibraryModel
from engine.worker.protocol import Done


class KnownModels(QObject):
    """The wires between the two, for as long as the program runs.

    ``template_changed``: the loaded model lays out conversations in another way than when it was seen last.
    """

    template_changed = Signal(str, str)  # path, name

    def __init__(
        self, models: ModelsState, link: ModelLink, worker: InferenceWorker, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._models, self._link, self._worker = models, link, worker
        self._unchecked = ""  # was loaded just now, and the library has not answered yet
        models.listed.connect(self._offer)
        models.listed.connect(self._check_template)
        worker.modelLoaded.connect(self._on_loaded)
        worker.modelCrashed.connect(models.tell_failed)
        worker.done.connect(self._on_done)

    def _offer(self) -> None:
        """What can be loaded, the favourites first, then what was used last; and what the chat knows beside it."""
        good = [model for model in self._models.models if not model.problem]
        good.sort(key=lambda model: (not model.favourite, -model.used, model.origin != "bundled", model.name.lower()))
        offered = {model.path for model in good}
        broken = {model.path for model in self._models.models} - offered
        if self._worker.model is not None:
            broken.discard(self._worker.model.path)
        others = [
            choice
            for choice in self._link.choices
            if choice.path not in offered and (choice.built_in or choice.path not in broken)
        ]
        choices = [_choice(model) for model in good]
        built_in = [choice for choice in others if choice.built_in]
        self._link.set_choices([*built_in, *choices, *(choice for choice in others if not choice.built_in)])

    def _on_loaded(self, model: ModelInfo) -> None:
        self._unchecked = model.path
        self._models.tell_used(model.path)

    def _check_template(self) -> None:
        model = self._models.model(self._unchecked)
        if model is not None and model.used:
            self._unchecked = ""
            if model.template_changed:
                self.template_changed.emit(model.path, model.name)

    def _on_done(self, done: Done) -> None:
        # A load alone is no proof: some models end the process at the first word.
        if done.model is None and self._worker.model is not None:
            self._models.tell_worked(self._worker.model.path)


def _choice(model: LibraryModel) -> ModelChoice:
    built_in = model.origin == "bundled"
    return ModelChoice("" if built_in else model.name, model.path, built_in, (), model.favourite, model.flagged)
