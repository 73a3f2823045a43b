"""Chains that the user has named, kept by storage."""

from PySide6.QtCore import QObject, Signal

from app.storage.rows import Preset
from app.storage.thread import StorageThread
from app.workers.deliver import deliver
from engine.records import SamplingSettings


class Presets(QObject):
    """The list as it was read last; every change reads it again."""

    changed = Signal(object)  # list[Preset]
    failed = Signal(object)
    deleted = Signal(object)  # the Preset that is gone, for undo

    def __init__(self, storage: StorageThread, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._storage = storage
        self.rows: list[Preset] = []

    def refresh(self) -> None:
        deliver(self._storage.submit(lambda store: store.presets()), self, self._arrived, self.failed.emit)

    def save(self, name: str, sampling: SamplingSettings) -> None:
        """Keep a chain under a name; one of the same name is replaced."""
        future = self._storage.submit(lambda store: store.save_preset(name, sampling))
        deliver(future, self, lambda _: self.refresh(), self.failed.emit)

    def delete(self, name: str) -> None:
        gone = next((row for row in self.rows if row.name == name), None)

        def done(_: None) -> None:
            self.refresh()
            if gone is not None:
                self.deleted.emit(gone)

        future = self._storage.submit(lambda store: store.delete_preset(name))
        deliver(future, self, done, self.failed.emit)

    def _arrived(self, rows: list[Preset]) -> None:
        self.rows = rows
        self.changed.emit(rows)
