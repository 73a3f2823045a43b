"""Checkpoints of the shown run: opened in the chat, or written as GGUF, with what that cost."""

from html import escape
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, Slot
from PySide6.QtWidgets import QComboBox, QFileDialog, QLabel, QMenu, QVBoxLayout, QWidget

from app.training.exporting import Exported, Quality
from app.training.state import Run, TrainingState
from app.training.texts import file_size
from app.widgets.buttons import text_button
from app.widgets.flow import FlowLayout
from app.widgets.form import Choice
from app.widgets.formats import number
from app.widgets.theme import set_role
from app.widgets.titles import path_title
from engine.runs.adapters import TrainedAdapter
from engine.runs.events import Sample

_QUANTISATIONS = ("q8_0", "q6_k", "q5_k_m", "q4_k_m", "")
_ADAPTER = "adapter"


class ExportPane(QWidget):
    """Which checkpoint, as what, and the numbers of the last file."""

    def __init__(self, state: TrainingState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.checkpoints, self.kind = Choice(), QComboBox()
        self.checkpoints.setAccessibleName(self.tr("Checkpoint"))
        self.kind.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)  # an adapter has longer words
        self.kind.setAccessibleName(self.tr("Size of the weights in the file"))
        self.chat = text_button(self, self.tr("Chat with it"), self._chat, "")
        self.playground = text_button(self, self.tr("Open in the Playground"), self._open_playground, "")
        self.compare = text_button(self, self.tr("Compare with…"), self._choose_compared, "")
        self.compare.setToolTip(
            self.tr("Over one text, in the Playground: how far apart two models lie, and where most")
        )
        self.add = text_button(self, self.tr("Add two numbers"), self._open_addition, "")
        self.adapter = text_button(self, self.tr("Put beside its model"), self._put_beside, "")
        self.adapter.setToolTip(self.tr("As an adapter of the chat's model, to be switched on and off there"))
        self.export = text_button(self, self.tr("Export as GGUF…"), self._ask, "")
        self.note, self.result = QLabel(), QLabel()
        self.result.setTextFormat(Qt.TextFormat.RichText)
        self.result.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for label in (self.note, self.result):
            label.setWordWrap(True)
        set_role(self.note, "caption")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.checkpoints)
        opening = (self.chat, self.playground, self.compare, self.adapter, self.add)
        for parts in (opening, (self.kind, self.export)):
            row = FlowLayout()  # the words are longer in other languages than in this
            for part in parts:
                row.addWidget(part)
            column.addLayout(row)
        column.addWidget(self.result)
        column.addWidget(self.note)
        for signal in (state.shown_changed, state.grew, state.exporting.written, state.exporting.failed):
            signal.connect(self.refresh)

    @Slot()
    def refresh(self) -> None:
        """The shown run as it is."""
        run = self._state.shown
        if run is None:
            return
        wanted = run.checkpoints
        # The newest stays the newest; another one that was picked stays picked as long as it is there.
        picked = self.checkpoints.currentData() if self.checkpoints.currentIndex() > 0 else None
        kept = picked if any(path == picked for path, _ in wanted) else wanted[0][0] if wanted else None
        self.checkpoints.offer([(self._named(run, path, step), path) for path, step in wanted], kept)
        self._offer(run.recipe.lora is not None)
        busy = self._state.exporting.running
        self.add.setVisible(run.recipe.name == "addition")
        self.adapter.setVisible(run.recipe.lora is not None and run.recipe.start_from.endswith(".gguf"))
        for widget in (
            *(self.checkpoints, self.chat, self.playground, self.compare, self.add, self.adapter),
            *(self.kind, self.export),
        ):
            widget.setEnabled(bool(wanted) and not (busy and widget is self.export))
        exported = self._state.exporting.results.get(run.path)
        self.result.setVisible(exported is not None)
        if exported is not None:
            self.result.setText(self._told(exported))
        if not wanted:
            self.note.setText(self.tr("There is no checkpoint yet; “Save now” makes one."))
        elif busy:
            self.note.setText(self.tr("The file is being written and measured on the held-out texts…"))
        elif exported is not None and not exported.quality:
            self.note.setText(self.tr("No texts were held out from this run, so what that cost could not be measured."))
        elif exported is not None:
            self.note.setText(self.tr("Bits per byte on the run's held-out texts; less is better."))
        else:
            self.note.setText(
                self.tr(
                    "The last two are kept, and the one that did best on the held-out texts. A GGUF file opens in every program "
                    "that runs such models."
                )
            )

    def _offer(self, adapter: bool) -> None:
        kinds = [(name.upper() if name else self.tr("16 bits"), name) for name in _QUANTISATIONS]
        if adapter:
            kinds = [(self.tr("whole model, {0}").format(text), name) for text, name in kinds]
            kinds.insert(0, (self.tr("adapter alone"), _ADAPTER))
        if [name for _, name in kinds] != [self.kind.itemData(place) for place in range(self.kind.count())]:
            self.kind.clear()
            for text, name in kinds:
                self.kind.addItem(text, name)

    def _told(self, exported: Exported) -> str:
        lines = [f"<b>{escape(Path(exported.path).name)}</b>, {file_size(exported.size_bytes)}"]
        several = len(exported.quality) > 1
        lines += [(f"{escape(one.source)}: " if several else "") + self._quality(one) for one in exported.quality]
        return "<br>".join(lines)

    def _quality(self, one: Quality) -> str:
        before = number(one.before, 3)
        if one.after is None:
            return self.tr("{0} bits per byte").format(before)
        after = number(one.after, 3)
        if one.alone is not None:
            words = self.tr("{0} bits per byte without the adapter, {1} with it")
            return words.format(number(one.alone, 3), after)
        return self.tr("{0} bits per byte before, {1} in the file").format(before, after)

    def _chat(self) -> None:
        if self.checkpoints.currentData():
            self._state.chat(self.checkpoints.currentData())

    def _open_playground(self) -> None:
        if self.checkpoints.currentData():
            self._state.playground_wanted.emit(self.checkpoints.currentData())

    def _open_addition(self) -> None:
        if self.checkpoints.currentData():
            self._state.adding_wanted.emit(self.checkpoints.currentData())

    def _put_beside(self) -> None:
        run = self._state.shown
        if run is not None and run.checkpoints:
            adapter = TrainedAdapter(run.path, run.title, run.checkpoints[0][1])
            self._state.adapter_wanted.emit(adapter, run.recipe.start_from)

    def _choose_compared(self) -> None:
        self.compared_menu().popup(self.compare.mapToGlobal(self.compare.rect().bottomLeft()))

    def _named(self, run: Run, path: str, step: int) -> str:
        if path == run.status.best:
            return self.tr("step {0}, the best on the held-out texts").format(number(step))
        return self.tr("step {0}").format(number(step))

    def compared_menu(self) -> QMenu:
        """What the picked checkpoint can be held against: others of its run, what it began from, other runs, the loaded model."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        run, picked = self._state.shown, self.checkpoints.currentData()
        if run is None or not picked:
            return menu
        prompt = next(iter(run.recipe.sample_prompts), "")
        sample = run.history.samples[-1] if run.history.samples else Sample(0, prompt, "")
        asked = sample.prompt if sample.text and run.recipe.objective == "instruction" else ""
        text = sample.text if asked else sample.prompt + sample.text

        def offer(words: str, path: str) -> None:
            menu.addAction(words, lambda: self._state.compare_wanted.emit(path, picked, text, asked))

        for path, step in run.checkpoints:
            if path != picked:
                offer(self.tr("step {0} of this run").format(number(step)), path)
        if run.recipe.start_from:
            offer(self.tr("what it began from: {0}").format(path_title(run.recipe.start_from)), run.recipe.start_from)
        for other in self._state.runs.values():
            if other is not run and other.checkpoints:
                path, step = other.checkpoints[0]
                offer(self.tr("{0}, step {1}").format(other.name, number(step)), path)
        offer(self.tr("the loaded model"), "")
        return menu

    def _ask(self) -> None:
        run = self._state.shown
        source = self.checkpoints.currentData()
        if run is None or not source:
            return
        kind = self.kind.currentData()
        places = QStandardPaths.standardLocations(QStandardPaths.StandardLocation.DocumentsLocation)
        dialog = QFileDialog(self.window(), self.tr("Export the model"), places[0] if places else "")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(self.tr("Model (*.gguf)"))
        dialog.setDefaultSuffix("gguf")
        dialog.selectFile(f"{run.path.name}{f'-{kind}' if kind else ''}.gguf")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        # The run's folder is named where its newest checkpoint is meant: it knows licence and sampling.
        named = str(run.path) if self.checkpoints.currentIndex() == 0 else source
        dialog.fileSelected.connect(lambda target: self._export(run.path, named, target, kind))
        dialog.open()

    def _export(self, run: Path, source: str, target: str, kind: str) -> None:
        adapter = kind == _ADAPTER
        self._state.exporting.start(run, source, target, "" if adapter else kind, adapter)
        self.refresh()
