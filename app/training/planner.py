"""The plan of a new run, and what is found out about it: its texts, and how fast it would go on this machine. No widgets."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import QObject, QTemporaryDir, QTimer, Signal

from app.training.draft import Draft, Shape, for_start
from app.translation import told_text
from app.workers.training import absolute
from app.workers.verb import Verb
from engine.errors import UserError

_LOOK_AFTER_MS = 400
_MEASURE_S = 5.0


class Shown(msgspec.Struct, frozen=True):
    """The beginning of a document as tokens."""

    tokens: tuple[str, ...]
    learnt: tuple[bool, ...]
    conversation: bool


class DataPreview(msgspec.Struct, frozen=True):
    """As ``proxima preview --data --json`` tells it."""

    documents: int
    conversations: int
    characters: int
    tokens: int
    vocabulary_size: int
    whole: bool
    no_answers: bool
    duplicates: int
    junk: int
    shown: tuple[Shown, ...]
    unread: tuple[str, ...] = ()


class SpeedPreview(msgspec.Struct, frozen=True):
    """As ``proxima preview --seconds --json`` tells it."""

    parameters: int
    trained: int
    tokens_per_s: float
    memory_bytes: int
    device: str


class Planner(QObject):
    """``changed``: the draft or what is known of it did. Files are looked at by themselves, the speed is measured when asked."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.draft = Draft()
        self.data: DataPreview | None = None
        self.speed: SpeedPreview | None = None
        self.data_problem = self.speed_problem = ""
        self._speed_key: Any = None
        self._pace: float | None = None  # arithmetic a second of a model from scratch, as it was measured last
        self._folder = QTemporaryDir()
        self._reading, self._measuring = Verb(self), Verb(self)
        self._reading.answered.connect(self._on_data)
        self._reading.failed.connect(self._on_no_data)
        self._measuring.answered.connect(self._on_speed)
        self._measuring.failed.connect(self._on_no_speed)
        self._later = QTimer(self, singleShot=True, interval=_LOOK_AFTER_MS)
        self._later.timeout.connect(self._read)

    @property
    def reading(self) -> bool:
        return self._later.isActive() or self._reading.running

    @property
    def measuring(self) -> bool:
        return self._measuring.running

    def reset(self) -> None:
        """An empty plan."""
        self.put_away()
        self.draft = Draft()
        self.data = self.speed = None
        self.data_problem = self.speed_problem = ""
        self.changed.emit()

    def put_away(self) -> None:
        """Nothing is asked any more."""
        self._later.stop()
        self._reading.stop()
        self._measuring.stop()

    def change(self, **fields: Any) -> None:
        """Change what the plan says."""
        before, self.draft = self.draft, msgspec.structs.replace(self.draft, **fields)
        self._after(before)

    def take(self, draft: Draft) -> None:
        """Go on from another plan."""
        before, self.draft = self.draft, draft
        self._after(before)

    def start_from(self, path: str) -> None:
        """From scratch with "", else train on a model: what suits it is filled in."""
        before, self.draft = self.draft, for_start(self.draft, path)
        self._after(before)

    def add_files(self, paths: Sequence[str]) -> None:
        files = dict.fromkeys((*self.draft.files, *absolute(paths)))
        title = self.draft.title or next((Path(file).stem.split(".")[0] for file in files), "")
        self.change(files=tuple(files), title=title)

    def remove_file(self, path: str) -> None:
        self.change(files=tuple(file for file in self.draft.files if file != path))

    def measure(self) -> None:
        """Train for some seconds on nothing, in a process of its own, to know the speed."""
        self.speed_problem = ""
        self.speed = None
        try:
            plan = self._write("speed", self.draft.recipe_shape())
        except (UserError, ValueError) as error:
            self.speed_problem = told_text(str(error))
        else:
            self._speed_key = _speed_key(self.draft)
            self._measuring.start("preview", plan, "--seconds", str(_MEASURE_S), "--json")
        self.changed.emit()

    def seconds(self) -> float | None:
        """How long the run would take, where the speed is known."""
        if self.speed is None or self.speed.tokens_per_s <= 0:
            return None
        return self._within(self.draft.tokens / self.speed.tokens_per_s)

    def guess(self, shape: Shape) -> float | None:
        """About how many seconds the plan would take with another shape, by the speed that was measured with one."""
        try:
            flops = msgspec.structs.replace(self.draft, shape=shape).flops()
        except (UserError, ValueError):
            return None
        return None if flops is None or self._pace is None else self._within(flops / self._pace)

    def _within(self, seconds: float) -> float:
        return min(seconds, 60 * self.draft.minutes) if self.draft.minutes else seconds

    def _after(self, before: Draft) -> None:
        if self._speed_key is not None and _speed_key(self.draft) != self._speed_key:
            self._measuring.stop()
            self.speed, self._speed_key, self.speed_problem = None, None, ""
        if _data_key(before) != _data_key(self.draft):
            self._reading.stop()
            self.data, self.data_problem = None, ""
            if self.draft.files:
                self._later.start()
        self.changed.emit()

    def _read(self) -> None:
        try:
            plan = self._write("data", self.draft.recipe())
        except (UserError, ValueError) as error:
            self.data_problem = told_text(str(error))
        else:
            self._reading.start("preview", plan, "--data", str(self.draft.data), "--json")
        self.changed.emit()

    def _write(self, name: str, recipe: Any) -> str:
        path = Path(self._folder.filePath(f"{name}.json"))
        path.write_bytes(msgspec.json.encode(recipe))
        return str(path)

    def _on_data(self, told: Any) -> None:
        self.data = msgspec.convert(told, DataPreview)
        self.changed.emit()

    def _on_no_data(self, error: UserError) -> None:
        self.data_problem = error.text
        self.changed.emit()

    def _on_speed(self, told: Any) -> None:
        self.speed = msgspec.convert(told, SpeedPreview)
        flops = self.draft.flops()
        if flops is not None and self.speed.tokens_per_s > 0:
            self._pace = flops / self.draft.tokens * self.speed.tokens_per_s
        self.changed.emit()

    def _on_no_speed(self, error: UserError) -> None:
        self.speed_problem = error.text
        self.changed.emit()


def _data_key(draft: Draft) -> object:
    source = draft.base.sources[0].shape if draft.base is not None else ""
    return draft.files, draft.start_from, draft.characters, draft.shape.vocabulary_size, draft.objective, source


def _speed_key(draft: Draft) -> object:
    """All that the speed depends on."""
    learns = draft.start_from, draft.adapter, draft.rank, draft.targets, draft.shape, draft.optimiser, draft.base
    computed = draft.precision, draft.compile, draft.recompute, draft.device, draft.threads
    return learns, computed, draft.block, draft.batch, draft.accumulate
