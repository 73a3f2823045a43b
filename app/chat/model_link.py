"""Which model the page talks to, how far its loading is, and what waits for it."""

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, Signal

from app.chat.adapter_runs import AdapterRuns
from app.chat.adapters import Adapters, with_adapters
from app.chat.shown import Problem
from app.settings.store import SettingsStore
from app.widgets.titles import path_title
from app.workers.inference import InferenceWorker, WorkerState
from app.workers.outcome import Outcome
from engine.errors import UserError
from engine.records import AdapterInfo, ModelInfo
from engine.records.explore import Side
from engine.runs.adapters import TrainedAdapter
from engine.worker.protocol import Failed, Progress


class ModelChoice(msgspec.Struct, frozen=True):
    """A model that can be picked: the path to load, and the name to show where it is not the built-in one.

    flagged: it ended its process several times in a row.
    """

    name: str
    path: str
    built_in: bool = False
    adapters: tuple[AdapterInfo, ...] = ()  # beside it
    favourite: bool = False
    flagged: bool = False


class ModelLink(QObject):
    """Loads models and holds back what needs one until it is there."""

    changed = Signal()
    problem = Signal(object)  # Problem
    room_asked = Signal(str, object)  # path, Problem: it will not fit; load(path, ask=False) loads it all the same
    library_wanted = Signal()  # all models, and what is known of them
    adapters_wanted = Signal()  # to be shown
    compare_wanted = Signal(object, object)  # Side, Side: the loaded model without its adapters, and with them

    def __init__(self, worker: InferenceWorker, settings: SettingsStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = worker
        self._settings = settings
        self.adapters = Adapters(worker, settings, self)
        self.adapter_runs = AdapterRuns(settings.data_folder, self)
        self.adapters.wanted.connect(self.load)
        self.adapter_runs.made.connect(self.adapters.add)
        for source in (self.adapters, self.adapter_runs):
            source.failed.connect(self._on_refused)
        self._load_job: int | None = None
        self._loading_path = ""
        self._waiting: Callable[[], None] | None = None
        self.choices: tuple[ModelChoice, ...] = ()
        self._before_load: tuple[ModelChoice, ...] = ()
        self.load_share: float | None = None  # 0 to 1 while a model is being loaded and says how far it is
        worker.stateChanged.connect(lambda _: self._state_changed())
        worker.modelLoaded.connect(self._loaded)
        worker.progress.connect(self._progress)
        worker.failed.connect(self._failed)
        worker.crashed.connect(self._crashed)

    @property
    def model(self) -> ModelInfo | None:
        return self._worker.model

    @property
    def loading(self) -> bool:
        return self._worker.state in (WorkerState.STARTING, WorkerState.LOADING)

    @property
    def loading_name(self) -> str:
        """The name of what is being loaded; "" if that was asked for elsewhere."""
        return next((self.title(choice) for choice in self.choices if choice.path == self._loading_path), "")

    @property
    def model_name(self) -> str:
        """What the loaded model is called on the screen, with its adapters; "" while there is none."""
        model = self.model
        if model is None:
            return ""
        name = next((self.title(c) for c in self.choices if c.path == model.path), model.name)
        return with_adapters(name, model.adapters)

    @property
    def kept_name(self) -> str:
        """As model_name, for a reply to be headed by it in any language; the built-in model goes by the name in its file."""
        model = self.model
        if model is None:
            return ""
        name = next((c.name for c in self.choices if c.path == model.path), "") or model.name
        return with_adapters(name, model.adapters)

    def title(self, choice: ModelChoice) -> str:
        """The name of a choice in the present language, with its adapters."""
        return with_adapters(self.tr("Built-in model") if choice.built_in else choice.name, choice.adapters)

    @property
    def adapted(self) -> tuple[ModelChoice, ...]:
        """The loaded model with what stands beside it: all that is on together, then each alone."""
        model = self.model
        plain = next((c for c in self.choices if model is not None and c.path == model.path), None)
        if model is None or plain is None:
            return ()
        together = tuple(adapter for adapter in model.adapters if adapter.scale)
        alone = ((AdapterInfo(a.name, a.path, a.scale),) for a in self.adapters.here if a.scale)
        sets = dict.fromkeys((tuple(AdapterInfo(a.name, a.path, a.scale) for a in together), *alone))
        return tuple(msgspec.structs.replace(plain, adapters=beside) for beside in sets if beside)

    @property
    def can_cancel(self) -> bool:
        """Whether a loading that was asked for here is under way."""
        return self._load_job is not None and self.loading

    @property
    def waits(self) -> bool:
        """Whether something is held back until a model is there."""
        return self._waiting is not None

    def set_choices(self, choices: Sequence[ModelChoice]) -> None:
        self.choices = tuple(choices)
        self.changed.emit()

    def load(self, path: str, ask: bool = True) -> None:
        """Load a model with the settings of the program and the adapters that stand beside it.

        ask: where it will not fit into memory nothing is loaded, and ``room_asked`` says so.
        """
        value = self._settings.value
        self._before_load = self.choices
        if all(choice.path != path for choice in self.choices):
            self.choices = (*self.choices, ModelChoice(path_title(path), path))
        self._loading_path = path
        self.load_share = None
        beside = self.adapters.to_load(path)
        self._load_job = self._worker.load(
            path, value.context_length, value.threads, value.gpu_layers, adapters=beside, ask=ask
        )
        self.changed.emit()

    def compare_adapters(self) -> None:
        """Ask for the loaded model to be held against itself with what stands beside it; switched off, all of it is meant."""
        model = self.model
        if model is not None and self.adapters.here:
            here = self.adapters.here
            on = tuple(a for a in here if a.on) or here
            beside = tuple(AdapterInfo(a.name, a.path, a.scale) for a in on)
            self.compare_wanted.emit(Side(model.path), Side(model.path, None, beside))

    def put_beside(self, adapter: TrainedAdapter, model: str) -> None:
        """Load the model that a run began from, where it is not loaded, and put what the run has learnt beside it."""
        self._with(model, lambda: self.adapter_runs.make(adapter))

    def put_file_beside(self, adapter: str, model: str) -> None:
        """The same with an adapter's file."""
        self._with(model, lambda: self.adapters.add(adapter))

    def _with(self, model: str, then: Callable[[], None]) -> None:
        known = next((c.path for c in self.choices if Path(c.path).resolve() == Path(model).resolve()), model)
        if self.model is None or self.model.path != known:
            self.load(known)
        self.when_loaded(then)

    def _on_refused(self, error: UserError) -> None:
        self.problem.emit(Problem(error.text, error.hint, error.detail))

    def cancel_load(self) -> None:
        if self._load_job is not None:
            self._worker.cancel(self._load_job)

    def when_loaded(self, call: Callable[[], None]) -> None:
        """Do something as soon as a model is there; one that nobody loads yet is loaded now."""
        if self.model is not None and self._worker.state in (WorkerState.LOADED, WorkerState.BUSY):
            call()
            return
        self._waiting = call
        if not self.loading:
            wanted = self._loading_path or self._settings.value.default_model
            path = wanted or (self.choices[0].path if self.choices else "")
            if path:
                self.load(path)
            else:
                self._waiting = None
                self.problem.emit(Problem(self.tr("There is no model to reply."), self.tr("Choose one at the top.")))
        self.changed.emit()

    def drop_waiting(self) -> None:
        """What was held back is not wanted any more."""
        self._waiting = None
        self.changed.emit()

    def _state_changed(self) -> None:
        if self._worker.state == WorkerState.CRASHED:
            self._waiting = None
        self._release()
        self.changed.emit()

    def _loaded(self, _: ModelInfo) -> None:
        self._load_job = None
        self.load_share = None
        self.adapters.settled()
        self._release()
        self.changed.emit()

    def _release(self) -> None:
        if self._waiting is not None and self.model is not None and self._worker.state == WorkerState.LOADED:
            call, self._waiting = self._waiting, None
            call()

    def _progress(self, event: Progress) -> None:
        if event.phase == "load" and event.total:
            self.load_share = event.done / event.total
            self.changed.emit()

    def _failed(self, event: Failed) -> None:
        if event.job != self._load_job:
            return
        self._load_job = None
        self.load_share = None
        if event.code.startswith("adapter-") and self.adapters.give_up(self._loading_path):
            self.problem.emit(Problem(event.text, event.hint, event.detail))
            if self.model is None or self.model.path != self._loading_path:
                self.load(self._loading_path)  # without them
            self.changed.emit()
            return
        self._waiting = None
        if all(choice.path != self._loading_path for choice in self._before_load):  # it is not offered again
            self.choices = tuple(choice for choice in self.choices if choice.path != self._loading_path)
        if event.code == "memory-ask":
            self.room_asked.emit(self._loading_path, Problem(event.text, event.hint))
        elif event.code != "cancelled":
            self.problem.emit(Problem(event.text, event.hint, event.detail))
        self.changed.emit()

    def _crashed(self, outcome: Outcome) -> None:
        if self._worker.state == WorkerState.CRASHED:
            text = self.tr("The model stopped working several times in a row ({0}), so it was not loaded again.")
            hint = self.tr("Choose another model, or load it again at the top.")
        else:
            text = self.tr(
                "The model stopped working ({0}). It is being loaded again; nothing of the conversation is lost."
            )
            hint = ""
        mending = self._worker.state != WorkerState.CRASHED
        self.problem.emit(Problem(text.format(outcome.short), hint, outcome.stderr_tail, mending))
