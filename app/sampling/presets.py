"""Chains that the user has named: kept by storage, shown in the panel, passed on as files."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QFileDialog

from app.sampling.panel import SamplingPanel
from app.sampling.preset_bar import shipped_names
from app.storage.files import file_name, write_file
from app.storage.store import Store
from app.storage.thread import StorageThread
from app.workers.deliver import deliver
from engine.records import SamplingSettings
from engine.sampling.preset_file import Preset, encode_presets, free_name, read_presets


class Presets(QObject):
    """Does what the panel's preset bar asks for. The list is read again after every change, and when the panel is opened:
    another panel may have changed it.
    """

    changed = Signal(object)  # list[Preset]
    failed = Signal(object)  # UserError, or what storage raised
    undoable = Signal(str, object)  # sentence, Callable[[], None]
    notice = Signal(str)

    def __init__(self, storage: StorageThread, panel: SamplingPanel) -> None:
        super().__init__(panel)
        self._storage, self._panel = storage, panel
        self.rows: list[Preset] = []
        bar = panel.presets
        bar.save_wanted.connect(lambda name: self.save(name, panel.settings().sampling))
        bar.rename_wanted.connect(self.rename)
        bar.delete_wanted.connect(self.delete)
        bar.export_wanted.connect(self.ask_export)
        bar.import_wanted.connect(self.ask_import)
        panel.opened.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        deliver(self._storage.submit(lambda store: store.presets()), self, self._arrived, self.failed.emit)

    def save(self, name: str, sampling: SamplingSettings) -> None:
        """Keep a chain under a name; one of the same name is replaced, which can be undone."""
        old = self._row(name)

        def done() -> None:
            if old is not None and old.sampling != sampling:
                self.undoable.emit(self.tr("Preset replaced."), lambda: self._put_back(old))

        self._change(lambda store: store.save_preset(name, sampling), done)

    def rename(self, old: str, new: str) -> None:
        """Another name for a chain."""
        self._change(lambda store: store.rename_preset(old, new))

    def delete(self, name: str) -> None:
        gone = self._row(name)

        def done() -> None:
            if gone is not None:
                self.undoable.emit(self.tr("Preset deleted."), lambda: self._put_back(gone))

        self._change(lambda store: store.delete_preset(name), done)

    def ask_export(self, names: Sequence[str]) -> None:
        """Ask where to, then write these presets to a file."""
        dialog = QFileDialog(self._panel.window(), self.tr("Export presets"), _documents())
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(self.tr("Presets (*.json)"))
        dialog.setDefaultSuffix("json")
        dialog.selectFile(file_name(names[0] if len(names) == 1 else self.tr("Presets"), ".json"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self.export(names, Path(path)))
        dialog.open()

    def ask_import(self) -> None:
        """Ask which file, then take in its presets."""
        dialog = QFileDialog(self._panel.window(), self.tr("Import presets"), _documents())
        dialog.setNameFilter(self.tr("Presets (*.json)"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self.import_file(Path(path)))
        dialog.open()

    def export(self, names: Sequence[str], path: Path) -> None:
        """Write the presets of these names to a file."""
        presets = [row for row in self.rows if row.name in names]
        future = self._storage.submit(lambda _: write_file(path, encode_presets(presets)))
        done = self.tr("Exported to {0}").format(path.name)
        deliver(future, self, lambda _: self.notice.emit(done), self.failed.emit)

    def import_file(self, path: Path) -> None:
        """Take in the presets of a file, all or none. Nothing is replaced: where a name is taken a number is put after it."""
        reserved = shipped_names()

        def done(added: list[str]) -> None:
            self.refresh()
            if not added:
                self.notice.emit(self.tr("These presets are here already."))
                return
            one = self.tr("Preset imported: {0}").format(added[0])
            text = one if len(added) == 1 else self.tr("{0} presets imported.").format(len(added))
            self.undoable.emit(text, lambda: self._change(lambda store: _remove(store, added)))

        deliver(self._storage.submit(lambda store: _take_in(store, path, reserved)), self, done, self.failed.emit)

    def _put_back(self, preset: Preset) -> None:
        self._change(lambda store: store.save_preset(preset.name, preset.sampling))

    def _row(self, name: str) -> Preset | None:
        return next((row for row in self.rows if row.name == name), None)

    def _change(self, call: Callable[[Store], None], on_done: Callable[[], None] | None = None) -> None:
        def done(_: None) -> None:
            self.refresh()
            if on_done is not None:
                on_done()

        deliver(self._storage.submit(call), self, done, self.failed.emit)

    def _arrived(self, rows: list[Preset]) -> None:
        if rows == self.rows:
            return
        self.rows = rows
        self._panel.set_presets([(row.name, row.sampling) for row in rows])
        self.changed.emit(rows)


def _take_in(store: Store, path: Path, reserved: set[str]) -> list[str]:
    """Add the presets of a file that are not there yet; the names under which they were added."""
    known = {row.name: row.sampling.stages for row in store.presets()}
    added = []
    for preset in read_presets(path):
        if known.get(preset.name) == preset.sampling.stages:
            continue
        name = free_name(preset.name, {*known, *reserved})
        store.save_preset(name, preset.sampling)
        known[name] = preset.sampling.stages
        added.append(name)
    return added


def _remove(store: Store, names: Sequence[str]) -> None:
    for name in names:
        store.delete_preset(name)


def _documents() -> str:
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation) or str(Path.home())
