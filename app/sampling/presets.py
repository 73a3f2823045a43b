"""Chains that the user has named, kept by storage."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.storage.rows import Preset
from app.storage.store import Store
from app.storage.thread import StorageThread
from app.workers.deliver import deliver
from engine.records import SamplingSettings


class Presets(QObject):
    """The list as it was read last; every change reads it again."""

    changed = Signal(object)  # list[Preset]
    failed = Signal(object)
    deleted = Signal(object)  # the Preset that is gone, for undo
    replaced = Signal(object)  # the Preset as it was

    def __init__(self, storage: StorageThread, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._storage = storage
        self.rows: list[Preset] = []

    def refresh(self) -> None:
        deliver(self._storage.submit(lambda store: store.presets()), self, self._arrived, self.failed.emit)

    def save(self, name: str, sampling: SamplingSettings) -> None:
        """Keep a chain under a name; one of the same name is replaced, which can be undone."""
        old = self._row(name)

        def done(_: None) -> None:
            self.refresh()
            if old is not None and old.sampling != sampling:
                self.replaced.emit(old)

        self._change(lambda store: store.save_preset(name, sampling), done)

    def rename(self, old: str, new: str) -> None:
        """Another name for a chain."""
        self._change(lambda store: store.rename_preset(old, new), lambda _: self.refresh())

    def delete(self, name: str) -> None:
        gone = self._row(name)

        def done(_: None) -> None:
            self.refresh()
            if gone is not None:
                self.deleted.emit(gone)

        self._change(lambda store: store.delete_preset(name), done)

    def put_back(self, preset: Preset) -> None:
        """Undo: the preset is as it was."""
        self._change(lambda store: store.save_preset(preset.name, preset.sampling), lambda _: self.refresh())

    def _row(self, name: str) -> Preset | None:
        return next((row for row in self.rows if row.name == name), None)

    def _change(self, call: Callable[[Store], None], on_done: Callable[[None], None]) -> None:
        deliver(self._storage.submit(call), self, on_done, self.failed.emit)

    def _arrived(self, rows: list[Preset]) -> None:
        self.rows = rows
        self.changed.emit(rows)
