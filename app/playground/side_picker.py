"""One side of a comparison: a model, and the chain after which it is looked at."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QWidget

from app.playground.models import Models
from app.sampling.texts import sampling_text
from app.widgets.elided_combo import ElidedCombo
from app.widgets.theme import set_role, theme
from app.widgets.titles import path_title
from engine.records import AdapterInfo, SamplingSettings
from engine.records.explore import Side
from engine.sampling.preset_file import Preset
from engine.sampling.presets import PRESETS

_FILE, _FOLDER = "file", "folder"


class SidePicker(QWidget):
    """``changed`` when another side was picked."""

    changed = Signal()

    def __init__(self, title: str, models: Models, runs: str = "", parent: QWidget | None = None) -> None:
        """runs: the folder in which a person looks for a run first."""
        super().__init__(parent)
        self._runs = runs
        self._models = models
        self._present = SamplingSettings()
        self._own: Sequence[Preset] = ()
        self._extra: list[str] = []  # opened here
        self._last = 0
        label = QLabel(title)
        label.setMinimumWidth(theme().px(56))
        set_role(label, "caption")
        self.model, self.chain = ElidedCombo(), ElidedCombo()
        self.model.setAccessibleName(self.tr("{0}: model").format(title))
        self.chain.setAccessibleName(self.tr("{0}: chain").format(title))
        self.model.activated.connect(self._on_model)
        self.chain.activated.connect(lambda _: self.changed.emit())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(label)
        row.addWidget(self.model, 3)
        row.addWidget(self.chain, 2)
        self.fill_models()
        self._fill_chains()

    def side(self) -> Side | None:
        """What is picked; None without a model."""
        data = self.model.currentData()
        if data is None or data[0] != "path":
            return None
        return Side(data[1], self.chain.currentData(), data[2])

    @property
    def words(self) -> str:
        """What is picked, to be read."""
        return f"{self.model.currentText()} · {self.chain.currentText()}"

    def pick_model(self, path: str, adapters: tuple[AdapterInfo, ...] = ()) -> None:
        """Offer a model that is not in the list yet, and pick it."""
        if path not in self._extra and all(choice.path != path for choice in self._models.choices):
            self._extra.append(path)
        self.fill_models()
        self._select(path, adapters)
        self.chain.setCurrentIndex(0)
        self.changed.emit()

    def pick_chain(self, place: int) -> None:
        self.chain.setCurrentIndex(place)

    def set_chains(self, present: SamplingSettings, own: Sequence[Preset]) -> None:
        self._present, self._own = present, own
        self._fill_chains()

    def fill_models(self) -> None:
        """The models that the program knows, those that were opened here, and two ways to others."""
        kept = self.side()
        self.model.clear()
        for choice in (*self._models.adapted, *self._models.choices):
            self.model.addItem(self._models.title(choice), ("path", choice.path, choice.adapters))
        for path in self._extra:
            self.model.addItem(path_title(path), ("path", path, ()))
        self.model.addItem(self.tr("Open a model file…"), (_FILE, "", ()))
        self.model.addItem(self.tr("Open a run or a checkpoint…"), (_FOLDER, "", ()))
        loaded = self._models.model
        if kept is not None:
            self._select(kept.path, kept.adapters)
        elif loaded is not None:
            on = any(adapter.scale for adapter in loaded.adapters)
            self._select(loaded.path, next((choice.adapters for choice in self._models.adapted if on), ()))

    def _fill_chains(self) -> None:
        place = max(0, self.chain.currentIndex())
        self.chain.clear()
        self.chain.addItem(self.tr("raw"), None)
        self.chain.addItem(self.tr("present chain"), self._present)
        for name, make in PRESETS.items():
            self.chain.addItem(sampling_text(name), make())
        for preset in self._own:
            self.chain.addItem(preset.name, preset.sampling)
        self.chain.setCurrentIndex(min(place, self.chain.count() - 1))

    def _select(self, path: str, adapters: tuple[AdapterInfo, ...] = ()) -> None:
        """Pick a model with these adapters; where those are not offered any more, the model alone, else the first."""
        offered = [self.model.itemData(place) for place in range(self.model.count())]
        found = (offered.index(data) for data in (("path", path, adapters), ("path", path, ())) if data in offered)
        self._last = next(found, 0)
        self.model.setCurrentIndex(self._last)

    def _on_model(self, place: int) -> None:
        kind = self.model.itemData(place)[0]
        if kind == "path":
            if place != self._last:
                self.chain.setCurrentIndex(0)  # another model is looked at as it is, until a chain is asked for
            self._last = place
            self.changed.emit()
            return
        self.model.setCurrentIndex(self._last)
        if kind == _FILE:
            path, _ = QFileDialog.getOpenFileName(
                self, self.tr("Open a model file"), "", self.tr("Models (*.gguf);;All files (*)")
            )
        else:
            path = QFileDialog.getExistingDirectory(self, self.tr("Open a run or a checkpoint"), self._runs)
        if path:
            self.pick_model(path)
