"""Second step of a new run: a model from scratch, or one that is trained on."""

import msgspec
from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QFileDialog, QRadioButton, QWidget

from app.paths import bundled_model
from app.training.draft import PRESETS, Draft, Shape
from app.training.planner import Planner
from app.training.state import TrainingState
from app.training.texts import count, duration, gigabytes, rate
from app.translation import told_text
from app.widgets.buttons import text_button
from app.widgets.form import Choice, Form, show_value, whole
from engine.errors import UserError

_FILE = "file"  # the entry that asks for one


class ModelStep(Form):
    """Shape with parameters, memory and time; or which model, and how much of it learns."""

    def __init__(self, planner: Planner, state: TrainingState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._planner, self._state = planner, state
        self.heading(self.tr("Which model learns"))
        self.scratch = QRadioButton(self.tr("A new one, from scratch"))
        self.scratch.setToolTip(self.tr("It knows nothing yet and learns your texts alone."))
        self.onward = QRadioButton(self.tr("One that knows something already"))
        self.onward.setToolTip(
            self.tr("It keeps what it knows and learns your texts on top: minutes instead of hours.")
        )
        group = QButtonGroup(self)
        for button in (self.scratch, self.onward):
            group.addButton(button)
            self.column.addWidget(button)
        self.scratch.clicked.connect(lambda: planner.start_from(""))
        self.onward.clicked.connect(lambda: planner.start_from(planner.draft.start_from or self._first()))
        self._make_scratch()
        self._make_onward()
        self.numbers = self.sentence("", "")
        self.problem = self.sentence("", "bad")
        self.measure = text_button(self, self.tr("Measure the speed here (5 seconds)"), planner.measure, "")
        self.column.addWidget(self.measure, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addStretch(1)
        planner.changed.connect(self.refresh)
        state.listed.connect(self.refresh)
        self.refresh()

    def focus_first(self) -> None:
        (self.onward if self._planner.draft.start_from else self.scratch).setFocus()

    def _make_scratch(self) -> None:
        change = self._change_shape
        self.preset = Choice()
        self.preset.currentIndexChanged.connect(self._choose_preset)
        self.d_model = whole(16, 8192, 64, lambda value: change(d_model=value))
        self.layers = whole(1, 128, 1, lambda value: change(n_layers=value))
        self.heads = whole(1, 128, 1, lambda value: change(n_heads=value))
        self.inner = whole(16, 32768, 64, lambda value: change(d_ff=value))
        self.words = whole(300, 131072, 1024, lambda value: change(vocabulary_size=value))
        self.characters = QCheckBox(self.tr("letter by letter"))
        self.characters.toggled.connect(lambda on: self._planner.change(characters=on))
        add = self.row
        self._scratch_rows = [
            add(
                self.tr("Size"),
                self.preset,
                self.tr("Parameters, memory, and about how long once the speed is known. More learn more."),
            ),
            add(self.tr("Width"), self.d_model, self.tr("Numbers that carry what is known of each token.")),
            add(self.tr("Layers"), self.layers, self.tr("How many times the tokens look at each other.")),
            add(self.tr("Heads"), self.heads, self.tr("Looks at once in a layer; they share the width evenly.")),
            add(self.tr("Inner width"), self.inner, self.tr("Numbers inside the feed-forward part of a layer.")),
            add(
                self.tr("Tokens"),
                self.characters,
                self.tr("Letters make tiny models learn spelling; else pieces of words."),
            ),
        ]
        self._words_row = add(
            self.tr("Vocabulary"),
            self.words,
            self.tr("How many pieces of words it has; they are learnt from your texts."),
        )

    def _make_onward(self) -> None:
        self.source = Choice()
        self.source.currentIndexChanged.connect(self._choose_source)
        self.learns = Choice()
        self.learns.currentIndexChanged.connect(self._choose_learning)
        self.rank = whole(1, 256, 1, lambda value: self._planner.change(rank=value))
        self._onward_rows = [
            self.row(self.tr("Model"), self.source, self.tr("The built-in one, a run of yours, or a GGUF file.")),
            self.row(
                self.tr("What learns"),
                self.learns,
                self.tr("An adapter (LoRA) is small, quick, and can be switched off; all weights can learn more."),
            ),
        ]
        self._rank_row = self.row(
            self.tr("Rank"), self.rank, self.tr("Size of the adapter: 4 for a tone, 32 for knowledge.")
        )

    def refresh(self) -> None:
        """The draft, and what is known of it."""
        planner, draft = self._planner, self._planner.draft
        scratch = not draft.start_from
        self.scratch.setChecked(scratch)
        self.onward.setChecked(not scratch)
        for row in self._scratch_rows:
            row.setVisible(scratch)
        self._words_row.setVisible(scratch and not draft.characters)
        for row in self._onward_rows:
            row.setVisible(not scratch)
        self._rank_row.setVisible(not scratch and draft.adapter)
        self._show_shape(draft)
        self.source.offer(self._sources(), draft.start_from)
        self.learns.offer(((self.tr("An adapter"), True), (self.tr("All weights"), False)), draft.adapter)
        show_value(self.rank, draft.rank)
        self._show_numbers(draft)
        self.measure.setEnabled(not planner.measuring)

    def _show_shape(self, draft: Draft) -> None:
        presets = [(self._preset_name(shape, draft), shape) for shape in PRESETS.values()]
        if draft.shape not in PRESETS.values():
            presets.append((self.tr("Own shape"), draft.shape))
        self.preset.offer(presets, draft.shape)
        shape = draft.shape
        for box, value in (
            (self.d_model, shape.d_model),
            (self.layers, shape.n_layers),
            (self.heads, shape.n_heads),
            (self.inner, shape.d_ff),
            (self.words, shape.vocabulary_size),
        ):
            show_value(box, value)
        blocked = self.characters.blockSignals(True)
        self.characters.setChecked(draft.characters)
        self.characters.blockSignals(blocked)

    def _preset_name(self, shape: Shape, draft: Draft) -> str:
        """Such as 12.2 M · 1.1 GB · 2 h 5 min."""
        other = msgspec.structs.replace(draft, shape=shape, start_from="")
        parts = [count(other.parameters() or 0), gigabytes(other.memory_bytes() or 0)]
        if (seconds := self._planner.guess(shape)) is not None:
            parts.append(duration(seconds))
        return " · ".join(parts)

    def _show_numbers(self, draft: Draft) -> None:
        planner = self._planner
        problem = planner.speed_problem
        parts: list[str] = []
        try:
            parameters, memory = draft.parameters(), draft.memory_bytes()
            if parameters is not None and memory is not None:
                words = self.tr("{0} parameters, about {1} of memory while it learns")
                parts.append(words.format(count(parameters), gigabytes(memory)))
        except (UserError, ValueError) as error:
            problem = told_text(str(error))
        seconds, scratch = planner.seconds(), not draft.start_from
        if planner.measuring:
            parts.append(self.tr("The speed is being measured…"))
        elif planner.speed is not None and seconds is not None:
            words = self.tr("Measured: {0} on {1}, {2} of memory; the plan would take about {3}.")
            speed = planner.speed
            memory_text = gigabytes(speed.memory_bytes)
            parts.append(words.format(rate(speed.tokens_per_s), speed.device, memory_text, duration(seconds)))
        elif scratch and (guessed := planner.guess(draft.shape)) is not None:
            words = self.tr("By the speed of another size, the plan would take about {0}.")
            parts.append(words.format(duration(guessed)))
        self.numbers.setText("\n".join(parts))
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))

    def _sources(self) -> list[tuple[str, object]]:
        found: list[tuple[str, object]] = []
        bundled = bundled_model()
        if bundled is not None:
            found.append((self.tr("Built-in model"), str(bundled)))
        for run in self._state.runs.values():
            if run.checkpoints:
                found.append((self.tr("Run: {0}").format(run.name), str(run.path)))
        chosen = self._planner.draft.start_from
        if chosen and all(path != chosen for _, path in found):
            found.append((chosen.replace("\\", "/").rsplit("/", 1)[-1], chosen))
        found.append((self.tr("Choose a file…"), _FILE))
        return found

    def _first(self) -> str:
        """What is offered first; the bundled model where there is one."""
        return next((str(path) for _, path in self._sources() if path != _FILE), "")

    def _choose_source(self, place: int) -> None:
        path = self.source.itemData(place)
        if path == _FILE:
            self._ask_file()
            self.refresh()
        elif path:
            self._planner.start_from(path)

    def _choose_learning(self, place: int) -> None:
        adapter = bool(self.learns.itemData(place))
        self._planner.change(adapter=adapter, learning_rate=2e-3 if adapter else 3e-4)

    def _choose_preset(self, place: int) -> None:
        shape = self.preset.itemData(place)
        if isinstance(shape, Shape):
            self._planner.change(shape=shape)

    def _change_shape(self, **fields: int) -> None:
        self._planner.change(shape=msgspec.structs.replace(self._planner.draft.shape, **fields))

    def _ask_file(self) -> None:
        places = QStandardPaths.standardLocations(QStandardPaths.StandardLocation.DocumentsLocation)
        dialog = QFileDialog(self.window(), self.tr("A model to train on"), places[0] if places else "")
        dialog.setNameFilter(self.tr("Model (*.gguf)"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._planner.start_from)
        dialog.open()
