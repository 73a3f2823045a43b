"""First step of a new run: its texts, dropped here or chosen, with a look at how they are tokenised."""

from html import escape
from pathlib import Path

from PySide6.QtCore import QDir, QSize, QStandardPaths, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from app.training.planner import Planner
from app.training.shipped import SHIPPED, texts_of, title_of
from app.training.texts import count, source_text
from app.widgets.buttons import icon_button, text_button
from app.widgets.form import Choice, Form
from app.widgets.formats import number, visible
from app.widgets.icons import IconLabel
from app.widgets.theme import set_role, theme

_KINDS, _PACKED = ".txt .md .html .csv .tsv .jsonl .fasta", ".gz .xz"  # as docs/recipes.md tells them
_FILES_TOLD = 5
_FEW_TOKENS = 20_000
_FEW_CONVERSATIONS = 8  # as the reading of the texts does it


class DataStep(Form):
    """Files, what is in them, and what to know about it.

    ``shipped_wanted``: name and title of a recipe that needs none; ``recipe_wanted``: one that fills the plan, or "".
    """

    shipped_wanted = Signal(str, str)
    recipe_wanted = Signal(str)

    def __init__(self, planner: Planner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._planner = planner
        self.heading(self.tr("What it learns from"))
        self.sentence(
            self.tr(
                "Texts teach every word. Conversations (.jsonl with messages) can teach the assistant's words alone. "
                "Nothing leaves this machine."
            )
        )
        self.column.addWidget(self._drop_area())
        self._made_up = self._shipped()
        self.column.addWidget(self._made_up)
        self.recipe = Choice()
        self.recipe.currentIndexChanged.connect(lambda at: self.recipe_wanted.emit(self.recipe.itemData(at)))
        self.row(
            self.tr("Start from a recipe"),
            self.recipe,
            self.tr("A shape and a plan that were tried on such texts; everything can still be changed."),
        )
        self._texts = self.sentence()
        self.files = _Files(self)
        self.files.setAccessibleName(self.tr("Files and folders of the run"))
        self.files.setToolTip(self.tr("Del takes one out"))
        self.files.remove_wanted.connect(planner.remove_file)
        self.column.addWidget(self.files)
        self.counts = self.sentence("", "")
        self.warning = self.sentence("", "")
        self.problem = self.sentence("", "bad")
        self._heading = self.heading(self.tr("How it is tokenised"))
        self.shown = QTextBrowser()
        self.shown.setOpenLinks(False)
        self.shown.setAccessibleName(self.tr("The first documents as tokens"))
        self.shown.setMinimumHeight(180)
        self.shown.document().setDocumentMargin(8)
        self.column.addWidget(self.shown, 100)
        self.column.addStretch(1)
        planner.changed.connect(self.refresh)
        theme().changed.connect(self.refresh)
        self.refresh()

    def focus_first(self) -> None:
        self._choose.setFocus()

    def _drop_area(self) -> QWidget:
        area = QFrame()
        set_role(area, "card")
        words = QLabel(self.tr("Drop files or a folder here"))
        self._choose = text_button(area, self.tr("Choose files…"), self._ask_files, "primary")
        folder = text_button(area, self.tr("Choose a folder…"), self._ask_folder, "")
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self._choose)
        buttons.addWidget(folder)
        buttons.addStretch(1)
        column = QVBoxLayout(area)
        column.setContentsMargins(16, 16, 16, 16)
        column.addWidget(IconLabel("import", 28), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(words, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(buttons)
        kinds = QLabel(self.tr("{0}, also packed as {1}; .parquet").format(_KINDS, _PACKED))
        set_role(kinds, "caption")
        column.addWidget(kinds, 0, Qt.AlignmentFlag.AlignHCenter)
        return area

    def _shipped(self) -> QWidget:
        """What can be begun without texts, in one click."""
        area = QWidget()
        title = self.tr("Addition, column by column")
        self.addition = text_button(area, title, lambda: self.shipped_wanted.emit("addition", title), "")
        words = QLabel(
            self.tr(
                "No texts at hand? A tiny model learns to add from sums that are made up: numbers of any length, in minutes."
            )
        )
        words.setWordWrap(True)
        set_role(words, "muted")
        row = QHBoxLayout(area)
        row.setContentsMargins(0, 4, 0, 4)
        row.setSpacing(12)
        row.addWidget(words, 1)
        row.addWidget(self.addition)
        return area

    def refresh(self) -> None:
        """What the planner knows by now."""
        planner, draft = self._planner, self._planner.draft
        self.files.show_paths(draft.files)
        recipe = draft.base.name if draft.base is not None and draft.base.name in SHIPPED else ""
        self.recipe.offer([(self.tr("None"), ""), *((title_of(name), name) for name in SHIPPED)], recipe)
        self._texts.setText(texts_of(recipe))
        self._texts.setVisible(bool(recipe))
        self._made_up.setVisible(not draft.files and not recipe)
        self.problem.setText(planner.data_problem)
        self.problem.setVisible(bool(planner.data_problem))
        data = planner.data
        self.counts.setVisible(bool(draft.files) and not planner.data_problem)
        for part in (self._heading, self.shown):
            part.setVisible(data is not None)
        self.warning.setVisible(False)
        if data is None:
            self.counts.setText(self.tr("The texts are being read…"))
            return
        both, alone = self.tr("{0} documents, {1} conversations among them"), self.tr("{0} documents")
        documents = both if data.conversations else alone
        counted = self.tr("{0}; {1} characters, about {2} tokens").format(
            documents.format(number(data.documents), number(data.conversations)),
            count(data.characters),
            count(data.tokens),
        )
        if not data.whole:
            counted = self.tr("At least {0}; there is more than a quick look reads.").format(counted)
        self.counts.setText(counted)
        warnings = []
        if data.duplicates or data.junk:
            words = self.tr("Left out: {0} duplicates, {1} documents that are hardly text.")
            warnings.append(words.format(number(data.duplicates), number(data.junk)))
        if data.unread:
            words = self.tr("Files not read, or not to their end ({0}): {1}. Chosen by itself, a file says why.")
            names = ", ".join(data.unread[:_FILES_TOLD]) + ("…" if len(data.unread) > _FILES_TOLD else "")
            warnings.append(words.format(number(len(data.unread)), names))
        if data.no_answers:
            warnings.append(
                self.tr("There is no conversation, so every token is learnt, not the assistant's words alone.")
            )
        if data.whole and data.documents == data.conversations < _FEW_CONVERSATIONS:
            words = self.tr(
                "Of fewer than {0} conversations none is held out: how it does on unseen ones is not measured."
            )
            warnings.append(words.format(_FEW_CONVERSATIONS))
        elif data.tokens < _FEW_TOKENS:
            warnings.append(
                self.tr("That is little text: the model will soon know it by heart. Watch the held-out loss turn up.")
            )
        self.warning.setText("\n".join(warnings))
        self.warning.setVisible(bool(warnings))
        self._show_tokens()

    def _show_tokens(self) -> None:
        data = self._planner.data
        if data is None:
            return
        t = theme().tokens
        parts = []
        for document in data.shown:
            spans = []
            for place, (token, learnt) in enumerate(zip(document.tokens, document.learnt, strict=True)):
                ground = t.track if place % 2 else t.selection
                colour = t.text if learnt else t.muted
                shown = escape(visible(token.encode()))
                spans.append(f'<span style="background-color:{ground};color:{colour}">{shown}</span>')
            parts.append(f"<p>{'&#8203;'.join(spans)} …</p>")
        self.shown.setHtml("".join(parts))

    def _ask_files(self) -> None:
        dialog = QFileDialog(self.window(), self.tr("Texts to learn from"), _documents())
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(self._planner.add_files)
        dialog.open()

    def _ask_folder(self) -> None:
        dialog = QFileDialog(self.window(), self.tr("A folder of texts"), _documents())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(self._planner.add_files)
        dialog.open()


class _Files(QListWidget):
    remove_wanted = Signal(str)

    def show_paths(self, paths: tuple[str, ...]) -> None:
        if [self.item(place).toolTip() for place in range(self.count())] != list(paths):
            self.clear()
            for path in paths:
                item = QListWidgetItem(source_text(path))
                item.setToolTip(path)
                remover = self._remover(path)
                item.setSizeHint(QSize(0, remover.sizeHint().height()))
                self.addItem(item)
                self.setItemWidget(item, remover)
            rows = min(4, len(paths)) * max(24, self.sizeHintForRow(0))
            self.setFixedHeight(rows + 8)
        self.setVisible(bool(paths))

    def _remover(self, path: str) -> QWidget:
        """The button at the right of a row; the name is the row's own."""
        name = self.tr("Leave {0} out").format(Path(path).name)
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 1, 4, 1)
        layout.addStretch(1)
        layout.addWidget(icon_button(row, "x", name, lambda: self.remove_wanted.emit(path)))
        return row

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if event.key() == Qt.Key.Key_Delete and item is not None:
            self.remove_wanted.emit(item.toolTip())
        else:
            super().keyPressEvent(event)


def _documents() -> str:
    places = QStandardPaths.standardLocations(QStandardPaths.StandardLocation.DocumentsLocation)
    return next((place for place in places if QDir(place).exists()), QDir.homePath())
