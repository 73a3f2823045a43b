"""Runs made into GGUF files in a process of their own, and what the last file of each cost in bits per byte. No widgets."""

from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import QObject, Signal

from app.workers.verb import Verb
from engine.errors import UserError


class Quality(msgspec.Struct, frozen=True):
    """Bits per byte of the texts that were held out; alone: of the model without its adapter."""

    source: str
    tokens: int
    before: float
    after: float | None = None
    alone: float | None = None


class Exported(msgspec.Struct, frozen=True):
    """As ``proxima export --json`` tells it."""

    path: str
    size_bytes: int
    quality: tuple[Quality, ...] = ()


class Exporting(QObject):
    """One file at a time. ``written`` and ``failed`` (a UserError) end it."""

    written = Signal(object, bool)  # Exported; whether it is an adapter
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.results: dict[Path, Exported] = {}  # by run
        self._run = Path()
        self._adapter = False
        self._verb = Verb(self)
        self._verb.answered.connect(self._on_written)
        self._verb.failed.connect(self.failed)

    @property
    def running(self) -> bool:
        return self._verb.running

    def start(self, run: Path, source: str, target: str, quantisation: str, adapter: bool) -> None:
        """source: the run or one of its checkpoints. quantisation "" keeps 16 bits; an adapter is not quantised."""
        self._run, self._adapter = run, adapter
        self.results.pop(run, None)
        kind = ("--adapter",) if adapter else ("--quantize", quantisation) if quantisation else ()
        self._verb.start("export", source, "--out", target, *kind, "--json")

    def stop(self) -> None:
        self._verb.stop()

    def _on_written(self, told: Any) -> None:
        try:
            exported = msgspec.convert(told, Exported)
        except msgspec.ValidationError as error:
            self.failed.emit(UserError("export", self.tr("The file could not be written."), "", str(error)))
            return
        self.results[self._run] = exported
        self.written.emit(exported, self._adapter)
