"""The list of runs by day, with the search above it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QListWidgetItem, QMenu, QWidget

from app.training.state import Run, TrainingState
from app.training.texts import row_text
from app.widgets.row_list import Row
from app.widgets.searched_list import SearchedList, id_of, under_days

_TAGS = 18  # letters of them at the end of a row; all of them are in its tip


class RunList(SearchedList):
    """Shows the runs of a state; asks for what is to be done with them by signals."""

    opened = Signal(object)  # Path
    delete_wanted = Signal(object)
    compare_wanted = Signal(object, bool)

    def __init__(self, state: TrainingState, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("Search all runs: titles, tags and notes"),
            self.tr("Runs"),
            self.tr("New run"),
            "Ctrl+N",
            parent,
        )
        self._state = state
        self.search.textChanged.connect(lambda _: self.refresh())
        self.rows.chosen.connect(lambda path, _: self.opened.emit(path))
        self.rows.delete_wanted.connect(self.delete_wanted.emit)
        state.listed.connect(self.refresh)
        state.shown_changed.connect(self.refresh)
        self.refresh()

    def focus_list(self) -> None:
        self.rows.setFocus()

    def refresh(self) -> None:
        """Show what the state knows, as far as it matches the search."""
        query, known = self.search.text(), bool(self._state.runs)
        runs = [run for run in self._state.runs.values() if run.matches(query)]
        self.rows.set_rows(under_days((run.changed, self._row(run)) for run in runs))
        none = self.tr("Nothing found for “{0}”.").format(query) if known else self.tr("Your runs will stand here.")
        self.show_empty("" if runs else none, not known)

    def fill_menu(self, menu: QMenu, item: QListWidgetItem) -> None:
        path, shown = id_of(item), self._state.shown
        menu.addAction(self.tr("Open"), lambda: self.opened.emit(path))
        if shown is not None and shown.path != path:
            on = path not in self._state.compared
            text = self.tr("Compare with the shown run") if on else self.tr("Do not compare")
            menu.addAction(text, lambda: self.compare_wanted.emit(path, on))
        menu.addSeparator()
        menu.addAction(self.tr("Delete"), lambda: self.delete_wanted.emit(path))

    def _row(self, run: Run) -> Row:
        shown, snippet = self._state.shown, row_text(run, self._state.state_of(run))
        opened = shown is not None and shown.path == run.path
        tags = ", ".join(run.about.tags)
        tip = "\n".join(filter(None, (run.title, snippet, tags, str(run.path))))
        note = tags if len(tags) <= _TAGS else f"{tags[: _TAGS - 1]}…"
        return Row(run.path, run.name, snippet, opened, tip=tip, note=(note, "accent"))
