"""The LoRA adapters beside each model: which, how strong, on or off; kept with the settings of the program."""

from collections.abc import Callable
from pathlib import PurePath

import msgspec
from PySide6.QtCore import QObject, Signal

from app.settings.schema import Attached
from app.settings.store import SettingsStore
from app.workers.inference import InferenceWorker
from engine.errors import UserError
from engine.records import AdapterInfo, ModelInfo

MOST_SCALE = 2.0


class Adapters(QObject):
    """Changes are those of the loaded model's list. ``changed`` says that a list is another one, ``wanted`` (the path of the model)
    that the worker is to be told: what differs in scale alone is switched, and for anything else the model is loaded again.
    """

    changed = Signal()
    wanted = Signal(str)
    failed = Signal(object)  # UserError: the list could not be kept

    def __init__(self, worker: InferenceWorker, settings: SettingsStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker, self._settings = worker, settings
        self._new = ""  # the path of what was added last and has not been loaded yet

    def of(self, model: str) -> tuple[Attached, ...]:
        """What stands beside a model, by its path."""
        return self._settings.value.adapters.get(model, ())

    def to_load(self, model: str) -> tuple[AdapterInfo, ...]:
        """What the worker is asked for: those that are on; with scale 0 those that are off and in memory already."""
        loaded = {adapter.path for adapter in self._loaded(model)}
        return tuple(_info(a) for a in self.of(model) if a.on or a.path in loaded)

    @property
    def possible(self) -> bool:
        """Whether the loaded model can have any."""
        return self._worker.model is not None and self._worker.model.backend == "llama_cpp"

    @property
    def here(self) -> tuple[Attached, ...]:
        """Those of the loaded model."""
        return self.of(self._worker.model.path) if self._worker.model is not None else ()

    def add(self, path: str, name: str = "") -> None:
        """Put a file beside the loaded model, on. One that is there already is read anew."""
        self._new = path
        attached = Attached(name or PurePath(path).stem, path)
        self._replace(lambda before: (*(a for a in before if a.path != path), attached))

    def remove(self, path: str) -> None:
        """Take one away; its file stays."""
        self._replace(lambda before: tuple(a for a in before if a.path != path))

    def set_on(self, path: str, on: bool) -> None:
        self._change(path, on=on)

    def set_scale(self, path: str, scale: float) -> None:
        self._change(path, scale=min(max(scale, 0.0), MOST_SCALE))

    def settled(self) -> None:
        """What was asked for is loaded."""
        self._new = ""

    def give_up(self, model: str) -> bool:
        """The worker refused: what is on and not in memory goes off, what was just added goes away. False: it was none of them."""
        loaded = {adapter.path for adapter in self._loaded(model)}
        before = self.of(model)
        kept = (a for a in before if a.path != self._new)
        after = tuple(a if a.path in loaded else msgspec.structs.replace(a, on=False) for a in kept)
        self._new = ""
        self._keep(model, after)
        return after != before

    def _loaded(self, model: str) -> tuple[AdapterInfo, ...]:
        info: ModelInfo | None = self._worker.model
        return info.adapters if info is not None and info.path == model else ()

    def _change(self, path: str, **changes: float | bool) -> None:
        self._replace(
            lambda before: tuple(msgspec.structs.replace(a, **changes) if a.path == path else a for a in before)
        )

    def _replace(self, change: Callable[[tuple[Attached, ...]], tuple[Attached, ...]]) -> None:
        info = self._worker.model
        if info is None or not self._keep(info.path, change(self.of(info.path))):
            return
        now = {(a.path, a.scale) for a in info.adapters if a.scale}
        if self._new or now != {(a.path, a.scale) for a in self.to_load(info.path) if a.scale}:
            self.wanted.emit(info.path)

    def _keep(self, model: str, attached: tuple[Attached, ...]) -> bool:
        others = {path: found for path, found in self._settings.value.adapters.items() if path != model}
        try:
            self._settings.set(adapters={**others, model: attached} if attached else others)
        except UserError as error:
            self.failed.emit(error)
            return False
        self.changed.emit()
        return True


def _info(adapter: Attached) -> AdapterInfo:
    return AdapterInfo(adapter.name, adapter.path, adapter.scale if adapter.on else 0.0)


def with_adapters(name: str, adapters: tuple[AdapterInfo, ...]) -> str:
    """The name of a model with those that are on: ``Próxima + pirate × 0.5``."""
    words = (a.name if a.scale == 1 else f"{a.name} × {a.scale:g}" for a in adapters if a.scale)
    return " + ".join((name, *words))


def adapters_on(adapters: tuple[AdapterInfo, ...]) -> set[tuple[str, float]]:
    """Those that have an effect: by what the files hold, where that is known."""
    return {(adapter.file_hash or adapter.path, adapter.scale) for adapter in adapters if adapter.scale}
