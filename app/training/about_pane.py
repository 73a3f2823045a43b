"""What a run is: title, tags and notes of the person's, its numbers, and what can be made of its checkpoints."""

from html import escape
from pathlib import Path

from PySide6.QtCore import QLocale, QSignalBlocker, Qt, QTimer, Slot
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from app.training.export_pane import ExportPane
from app.training.state import Run, TrainingState
from app.training.texts import count, duration, optimiser_text, source_text
from app.widgets.formats import number
from app.widgets.theme import set_role
from engine.runs.about import About, tags_from

_SAVE_AFTER_MS = 800


class AboutPane(QWidget):
    """Everything typed is saved a moment later, and when another run is opened."""

    def __init__(self, state: TrainingState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._path: Path | None = None
        self._later = QTimer(self, singleShot=True, interval=_SAVE_AFTER_MS)
        self._later.timeout.connect(self.save)
        self.title, self.tags, self.notes = QLineEdit(), QLineEdit(), QPlainTextEdit()
        self.tags.setPlaceholderText(self.tr("such as: poems, first tries"))
        self.notes.setTabChangesFocus(True)
        self.notes.setFixedHeight(90)
        for field in (self.title, self.tags):
            field.textEdited.connect(lambda _: self._later.start())
            field.editingFinished.connect(self.save)
        self.notes.textChanged.connect(self._later.start)
        self._facts = QLabel()
        self._facts.setTextFormat(Qt.TextFormat.RichText)
        self._facts.setWordWrap(True)
        self._facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.export = ExportPane(state)
        self._lay_out()
        state.shown_changed.connect(self._other)
        state.grew.connect(self._show_run)

    def save(self) -> None:
        """Keep what was typed."""
        self._later.stop()
        run = self._state.runs.get(self._path) if self._path is not None else None
        if run is not None:
            title = self.title.text().strip()
            about = About(
                "" if title == run.recipe.title else title, self.notes.toPlainText(), tags_from(self.tags.text())
            )
            self._state.set_about(run.path, about)

    def focus_title(self) -> None:
        self.title.setFocus()
        self.title.selectAll()

    def _lay_out(self) -> None:
        inner = QWidget()
        set_role(inner, "surface")
        column = QVBoxLayout(inner)
        column.setContentsMargins(12, 12, 12, 16)
        column.setSpacing(8)
        for text, field in (
            (self.tr("Title"), self.title),
            (self.tr("Tags, with commas between them"), self.tags),
            (self.tr("Notes"), self.notes),
        ):
            label = QLabel(text)
            set_role(label, "muted")
            label.setBuddy(field)
            field.setAccessibleName(text)
            column.addWidget(label)
            column.addWidget(field)
        column.addSpacing(8)
        column.addWidget(self._heading(self.tr("Checkpoints")))
        column.addWidget(self.export)
        column.addSpacing(8)
        column.addWidget(self._heading(self.tr("Plan")))
        column.addWidget(self._facts)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inner)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)

    def _heading(self, text: str) -> QLabel:
        label = QLabel(text)
        set_role(label, "section")
        return label

    def _other(self) -> None:
        self.save()
        run = self._state.shown
        self._path = run.path if run is not None else None
        if run is not None:
            with QSignalBlocker(self.notes):
                self.title.setText(run.title)
                self.tags.setText(", ".join(run.about.tags))
                self.notes.setPlainText(run.about.notes)
        self._show_run()

    @Slot()
    def _show_run(self) -> None:
        run = self._state.shown
        if run is not None:
            self._facts.setText(_table(self._plan(run)))

    def _plan(self, run: Run) -> list[tuple[str, str]]:
        recipe, history = run.recipe, run.history
        rows = []
        if history.started is not None:
            rows.append((self.tr("Parameters"), count(history.started.parameters)))
        if recipe.start_from:
            rows.append((self.tr("Begun from"), Path(recipe.start_from).name))
        if recipe.lora is not None:
            rows.append((self.tr("Learns"), self.tr("an adapter of rank {0}").format(recipe.lora.rank)))
        objective = {
            "pretraining": self.tr("every token of the texts"),
            "instruction": self.tr("the assistant's words"),
        }[recipe.objective]
        rows += [
            (self.tr("Objective"), objective),
            (self.tr("Texts"), ", ".join(source_text(file) for s in recipe.sources for file in s.files or (s.name,))),
            (
                self.tr("A step"),
                self.tr("{0} rows of {1} tokens").format(
                    number(recipe.batch * recipe.accumulate), number(recipe.block)
                ),
            ),
            (self.tr("Steps"), number(recipe.steps)),
            (self.tr("Optimiser"), optimiser_text(recipe.optimiser.kind)),
            (self.tr("Learning rate"), QLocale().toString(recipe.optimiser.learning_rate, "g", 6)),
        ]
        if recipe.minutes:
            rows.append((self.tr("At most"), duration(recipe.minutes * 60)))
        rows.append((self.tr("Folder"), str(run.path)))
        return rows


def _table(rows: list[tuple[str, str]]) -> str:
    cells = (
        f'<tr><td style="padding-right:12px">{escape(name)}</td><td>{escape(value)}</td></tr>' for name, value in rows
    )
    return f"<table>{''.join(cells)}</table>"
