"""The adapters beside the loaded model: put there, switched, weighed, taken away."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.chat.adapter_runs import AdapterRuns
from app.chat.adapters import MOST_SCALE
from app.chat.model_link import ModelLink
from app.chat.shown import Problem
from app.settings.schema import Attached
from app.translation import error_text
from app.widgets.buttons import icon_button, text_button
from app.widgets.slider_row import SliderRow
from app.widgets.theme import set_role
from engine.runs.adapters import TrainedAdapter

_SETTLED_MS = 300  # a slider that moves does not clear the cache at every step


class AdapterDialog(QDialog):
    """Stays open beside the chat. What is changed is at once remembered and told to the worker."""

    def __init__(self, link: ModelLink, runs: AdapterRuns, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._link, self._runs = link, runs
        self._trained: tuple[TrainedAdapter, ...] = ()
        self._rows: dict[str, _AdapterRow] = {}
        self.setWindowTitle(self.tr("Adapters"))
        self._words = QLabel()
        self._words.setWordWrap(True)
        set_role(self._words, "muted")
        self._list = QVBoxLayout()
        self._list.setContentsMargins(0, 0, 8, 0)
        self._list.setSpacing(4)
        self._list.addStretch(1)
        self._problem = QLabel()
        self._problem.setWordWrap(True)
        set_role(self._problem, "bad")
        self.from_file = text_button(self, self.tr("Add a file…"), self._ask_file, "")
        self.from_run = text_button(self, self.tr("Add from a run"), self._open_menu, "")
        self.compare = text_button(self, self.tr("Compare with and without"), self._compare, "")
        self.compare.setToolTip(
            self.tr("What the model expects next with these adapters and without, in the Playground")
        )
        self._lay_out()
        link.adapters.changed.connect(self._show)
        link.changed.connect(self._show)
        link.problem.connect(self._on_problem)
        runs.found.connect(self._on_found)
        runs.changed.connect(self._show)
        self._model = ""
        self._show()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._link.model is not None:
            self._runs.look(self._link.model.path)  # a run may have ended since

    @property
    def words(self) -> str:
        return self._words.text()

    @property
    def problem(self) -> str:
        return self._problem.text()

    def row(self, path: str) -> "_AdapterRow":
        return self._rows[path]

    def menu(self) -> QMenu:
        """The runs that trained an adapter for this model."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for adapter in self._trained:
            text = self.tr("{0}, step {1}").format(adapter.title, adapter.step)
            menu.addAction(text, partial(self._runs.make, adapter))
        if not self._trained:
            menu.addAction(self.tr("No run has trained an adapter for this model yet")).setEnabled(False)
        return menu

    def _lay_out(self) -> None:
        inner = QWidget()
        set_role(inner, "surface")
        inner.setLayout(self._list)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setMinimumHeight(120)
        scroll.setWidget(inner)
        adding = QHBoxLayout()
        for button in (self.from_file, self.from_run, self.compare):
            adding.addWidget(button)
        adding.addStretch(1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(10)
        column.addWidget(self._words)
        column.addWidget(scroll, 1)
        column.addWidget(self._problem)
        column.addLayout(adding)
        column.addWidget(buttons)
        self.resize(560, 320)

    def _show(self) -> None:
        link, model = self._link, self._link.model
        if model is not None and model.path != self._model:
            self._model = model.path
            self._problem.clear()
            self._runs.look(model.path)
        possible = link.adapters.possible
        attached = link.adapters.here
        self._words.setText(self._sentence(attached))
        self._problem.setVisible(bool(self._problem.text()))
        for button in (self.from_file, self.from_run):
            button.setEnabled(possible and not self._runs.making)
        self.compare.setEnabled(possible and bool(attached))
        for path in set(self._rows) - {adapter.path for adapter in attached}:
            row = self._rows.pop(path)
            row.hide()
            row.deleteLater()
        for adapter in attached:
            if adapter.path not in self._rows:
                row = self._rows[adapter.path] = _AdapterRow(link, adapter, self)
                self._list.insertWidget(self._list.count() - 1, row)
            self._rows[adapter.path].show_adapter(adapter)

    def _sentence(self, attached: tuple[Attached, ...]) -> str:
        model = self._link.model
        if self._runs.making:
            return self.tr("The adapter of “{0}” is being written…").format(self._runs.making)
        if model is None:
            return self.tr("A model is needed first: adapters stand beside one.")
        if not self._link.adapters.possible:
            return self.tr("Adapters stand beside a GGUF file. Export this model as GGUF to use some with it.")
        if not attached:
            return self.tr(
                "No adapter stands beside {0} yet. A LoRA adapter changes how a model answers and leaves its file as it is."
            ).format(model.name)
        return self.tr(
            "Beside {0}. What was read so far is read anew when one is switched; each reply keeps which were on."
        ).format(model.name)

    def _compare(self) -> None:
        self.hide()
        self._link.compare_adapters()

    def _ask_file(self) -> None:
        dialog = QFileDialog(self, self.tr("Add an adapter"), str(Path.home()))
        dialog.setNameFilters([self.tr("Adapters (*.gguf)"), self.tr("All files (*)")])
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.add_file)
        dialog.open()

    def add_file(self, path: str) -> None:
        """Put a file beside the model."""
        self._problem.clear()
        self._link.adapters.add(path)

    def _open_menu(self) -> None:
        self.menu().popup(self.from_run.mapToGlobal(self.from_run.rect().bottomLeft()))

    def _on_found(self, found: tuple[TrainedAdapter, ...]) -> None:
        self._trained = found

    def _on_problem(self, problem: Problem) -> None:
        if self.isVisible():
            self._problem.setText(f"{error_text(problem.text)} {error_text(problem.hint)}".strip())
            self._show()


class _AdapterRow(QWidget):
    """One adapter: its switch, how strong it is, and away with it."""

    def __init__(self, link: ModelLink, adapter: Attached, parent: QWidget) -> None:
        super().__init__(parent)
        self._path = path = adapter.path
        adapters = link.adapters
        self.switch = QCheckBox()
        self.switch.setToolTip(path)
        self.switch.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.switch.toggled.connect(lambda on: adapters.set_on(path, on))
        self.scale = SliderRow(
            self.tr("Strength of {0}").format(adapter.name),
            "",
            minimum=0,
            maximum=MOST_SCALE,
            default=1,
            step=0.05,
            untitled=True,
        )
        sentence = self.tr("1 is as it was trained; less is weaker, more is stronger, 0 is nothing of it.")
        for control in self.scale.controls()[:2]:
            control.setToolTip(sentence)
        self._later = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._later.timeout.connect(lambda: adapters.set_scale(path, self.scale.value()))
        self.scale.valueChanged.connect(lambda _: self._later.start())
        self.remove = icon_button(self, "x", self.tr("Take this adapter away"), lambda: adapters.remove(path))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.switch, 2)
        row.addWidget(self.scale, 3)
        row.addWidget(self.remove)

    def show_adapter(self, adapter: Attached) -> None:
        with QSignalBlocker(self.switch):
            self.switch.setText(adapter.name)
            self.switch.setChecked(adapter.on)
        self.scale.setEnabled(adapter.on)
        if not self._later.isActive():
            self.scale.set_value(adapter.scale)
