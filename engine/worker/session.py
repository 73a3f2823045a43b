"""What a worker holds between jobs: the loaded model and what belongs to it, and the models that are compared beside it."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from engine.errors import UserError
from engine.inference.language_model import LanguageModel
from engine.inference.load import scales_on, switch_adapters
from engine.inference.prompt import PromptBuilder
from engine.library.kept import Measurement, kept_settings
from engine.library.opening import OpenedModel, learn_speed, measure_speed, open_planned
from engine.records import AdapterInfo, Timing
from engine.records.loading import LoadSettings
from engine.worker.protocol import LoadModel

if TYPE_CHECKING:
    from engine.hub.queue import DownloadQueue


class Session:
    """At most one model that replies; beside it those of the last comparison."""

    def __init__(self) -> None:
        self._model: LanguageModel | None = None
        self._opened: OpenedModel | None = None
        self._prompts: PromptBuilder | None = None
        #: The request that the model was loaded by.
        self.loaded: LoadModel | None = None
        self._beside: dict[tuple[str, tuple[AdapterInfo, ...]], LanguageModel] = {}
        #: The download queue, where this process works on one.
        self.downloads: DownloadQueue | None = None

    @property
    def model(self) -> LanguageModel:
        """Raises UserError where none is loaded."""
        if self._model is None:
            raise UserError("no-model", "No model is loaded.", "Choose a model first.")
        return self._model

    @property
    def prompts(self) -> PromptBuilder:
        """Raises UserError where no model is loaded."""
        if self._prompts is None:
            raise UserError("no-model", "No model is loaded.", "Choose a model first.")
        return self._prompts

    def unload(self) -> bool:
        """Free the model; false where there was none."""
        if self._model is None:
            return False
        self._model.close()
        self._model = self._opened = self._prompts = self.loaded = None
        return True

    def take(self, model: LanguageModel, request: LoadModel) -> None:
        """The model is this session's from now on."""
        self._model, self.loaded = model, request
        self._prompts = PromptBuilder(model.vocabulary, model.info.chat_template)

    def open(self, opened: OpenedModel, request: LoadModel) -> None:
        """As take(), and its speed is measured when there is time."""
        self.take(opened.model, request)
        self._opened = opened

    @property
    def to_measure(self) -> bool:
        """Whether the loaded model's speed is not known yet, and measuring it would not cost anyone what is evaluated."""
        opened = self._opened
        return opened is not None and opened.measured is not None and not (opened.measured.probed or opened.model.ids)

    def measure(self, cancelled: Callable[[], bool]) -> Measurement | None:
        """Raises Cancelled as soon as cancelled() is true; it may be asked again then."""
        if self._opened is None:
            return None
        found = measure_speed(self._opened, cancelled)
        if found is not None:
            self._opened = msgspec.structs.replace(self._opened, measured=found)
        return found

    def learn(self, timing: Timing) -> None:
        """A reply was written: it may have been faster than what was measured."""
        if self._opened is not None and self._opened.measured is not None:
            better = learn_speed(self._opened.measured, timing)
            self._opened = msgspec.structs.replace(self._opened, measured=better)

    def beside(
        self,
        path: str,
        adapters: tuple[AdapterInfo, ...],
        context_length: int,
        threads: int,
        gpu_layers: int,
        *,
        progress: Callable[[float], None],
        cancelled: Callable[[], bool],
    ) -> LanguageModel:
        """A model for a comparison: the loaded one, one that is here already, or one that is loaded now and stays."""
        present = self._model.info if self._model is not None else None
        same = present is not None and present.path == path and scales_on(present.adapters) == scales_on(adapters)
        if self._model is not None and same:
            return self._model
        key = path, adapters
        if key not in self._beside:
            settings = kept_settings(Path(path)).over(LoadSettings(context_length, threads, gpu_layers))
            files = [Path(adapter.path) for adapter in adapters]
            model = open_planned(Path(path), settings, progress=progress, cancelled=cancelled, adapters=files).model
            switch_adapters(model, adapters)
            self._beside[key] = model
        return self._beside[key]

    def keep_beside(self, wanted: set[tuple[str, tuple[AdapterInfo, ...]]]) -> None:
        """Free the models of earlier comparisons but these, by path and adapters."""
        for key in set(self._beside) - wanted:
            self._beside.pop(key).close()
