"""The Training page: runs, the shown one's curves or a new one's plan, and the dock beside them."""

from functools import partial
from pathlib import Path

import msgspec
from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from app.palette.entries import Entry
from app.settings.memory import Memory
from app.training.curves import Curves
from app.training.dock import Dock
from app.training.draft import draft_of
from app.training.header import Header
from app.training.new_run import NewRun
from app.training.run_list import RunList
from app.training.state import TrainingState
from app.widgets.empty_state import EmptyState
from app.widgets.page_actions import PageActions
from app.widgets.side_panes import SidePanes
from app.widgets.theme import set_role


class TrainingPage(QWidget):
    """Shows a TrainingState. Every control calls an operation of the state."""

    def __init__(self, state: TrainingState, memory: Memory | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = state
        self.setAcceptDrops(True)
        self._actions = PageActions(self)
        self._make_actions()
        self.list = RunList(state, self)
        self.header = Header([self._list_switch], self._steering, [self._dock_switch], self)
        self.curves = Curves(state, self)
        self.empty = EmptyState(
            "graph",
            self.tr("Watch a model learn"),
            self.tr(
                "Give it texts, and a model learns to expect their next token. It trains on this machine, goes on when "
                "the window is closed, and every step can be seen."
            ),
            self.tr("New run"),
        )
        self.empty.acted.connect(self.new_run)
        self.new = NewRun(state, self)
        self.dock = Dock(state, self)
        self._lay_out(memory)
        self._connect()
        state.shown_changed.emit()  # a page that is made anew, as after a change of language, shows what was shown

    # --- for the window -------------------------------------------------------------------------------------------

    def menu_actions(self) -> dict[str, list[QAction]]:
        return self._actions.by_menu

    def palette_entries(self) -> list[Entry]:
        """Runs, for the palette."""
        return [
            Entry(self.tr("Run"), run.name, run=partial(self.open_run, run.path)) for run in self.state.runs.values()
        ]

    def key_help(self) -> tuple[tuple[str, str], ...]:
        """Keys that are no actions."""
        return (
            (self.tr("Read the values along a curve"), self.tr("Left, Right")),
            (self.tr("Look closer at a curve, and at all of it again"), self.tr("+, -, 0")),
            (self.tr("From evaluation to evaluation on the timeline"), self.tr("Left, Right")),
            (self.tr("Delete the run in the list"), self.tr("Del")),
        )

    def focus_first(self) -> None:
        if self._centre.currentWidget() is self.empty:
            self.empty.button.setFocus()
        elif self._centre.currentWidget() is self.new:
            self.new.focus_first()
        elif self.list.isVisible():
            self.list.focus_list()
        else:
            self.curves.loss.setFocus()

    # --- making ---------------------------------------------------------------------------------------------------

    def _make_actions(self) -> None:
        add, switch, state = self._actions.add, self._actions.add_switch, self.state
        add("file", self.tr("New training run"), self.new_run, "Ctrl+Alt+R", "plus", "Ctrl+N")
        self._delete = add("file", self.tr("Delete run"), self._delete_shown, "", "trash")
        self._pause = add("edit", self.tr("Pause"), lambda: state.tell("pause"), "", "pause")
        self._resume = add("edit", self.tr("Go on"), state.resume, "", "play")
        self._stop = add("edit", self.tr("Stop training"), lambda: state.tell("stop"), "", "stop")
        self._save = add("edit", self.tr("Save now"), lambda: state.tell("save"), "", "check")
        self._compare = add("edit", self.tr("Compare with…"), self._choose_compared, "", "layers")
        self._again = add("file", self.tr("New run like this"), self._plan_again, "", "copy")
        self._notes = add("edit", self.tr("Title, tags and notes of the run"), self._to_notes, "", "edit")
        add("edit", self.tr("Search all runs"), self._find, "", "search")
        self._compare.setIconText(self._compare.text())  # Qt would leave the dots out
        for action, tip in (
            (self._pause, self.tr("Save a checkpoint and wait, with everything in memory")),
            (self._resume, self.tr("Go on from where the run stands")),
            (self._stop, self.tr("Save a checkpoint and end; the run can be resumed")),
            (self._save, self.tr("Save a checkpoint now")),
            (self._again, self.tr("The same plan once more, to be changed before it is begun")),
            (self._compare, self.tr("Draw other runs beside this one, in bits per byte")),
        ):
            action.setToolTip(tip)
        self._steering = [self._pause, self._resume, self._save, self._stop, self._compare, self._again]
        self._list_switch = switch("view", self.tr("List of runs"), None, "", "panel-left", "Ctrl+B")
        self._dock_switch = switch("view", self.tr("Next token, samples and run"), lambda _: None, "", "panel-right")

    def _lay_out(self, memory: Memory | None) -> None:
        centre = QWidget(self)
        set_role(centre, "background")
        self._centre = QStackedWidget()
        for part in (self.empty, self.curves, self.new):
            self._centre.addWidget(part)
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(set_role(QFrame(), "line"))
        column.addWidget(self._centre, 1)
        self._panes = SidePanes(
            "training",
            (self.list, centre, self.dock),
            (self._list_switch, self._dock_switch),
            (self.tr("Width of the list of runs"), self.tr("Width of next token, samples and run")),
            memory,
            self,
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._panes)

    def _connect(self) -> None:
        state = self.state
        self.list.opened.connect(self.open_run)
        self.list.new_wanted.connect(self.new_run)
        self.list.delete_wanted.connect(state.delete)
        self.list.compare_wanted.connect(state.compare)
        self.new.left.connect(self._leave_new)
        state.listed.connect(self._show_header)
        state.grew.connect(self._show_header)
        state.shown_changed.connect(self._show)

    # --- showing --------------------------------------------------------------------------------------------------

    def open_run(self, path: Path) -> None:
        """Show the curves of a run."""
        self._centre.setCurrentWidget(self.curves)
        self.state.show(path)
        self._show()

    def new_run(self) -> None:
        """Plan a run."""
        self._centre.setCurrentWidget(self.new)
        self._show_header()
        self.new.focus_first()

    def _leave_new(self) -> None:
        self._centre.setCurrentWidget(self.curves)
        self._show()

    def _show(self) -> None:
        if self._centre.currentWidget() is not self.new:
            self._centre.setCurrentWidget(self.curves if self.state.shown_path is not None else self.empty)
        self._show_header()

    def _show_header(self) -> None:
        run = self.state.shown
        planning = self._centre.currentWidget() is self.new
        if self.state.shown_path is None and not planning and self.state.runs:
            self.state.show(next(iter(self.state.runs)))  # the latest one: an empty page says nothing
            return
        self._panes.put_dock_away(planning)  # what stands there is of another run
        state = self.state.state_of(run) if run is not None else ""
        asked = self.state.asked_of(run) if run is not None else None
        alive = run is not None and not planning
        self._pause.setEnabled(alive and state == "running")
        self._stop.setEnabled(alive and state in ("preparing", "running", "paused"))
        self._save.setEnabled(alive and state == "running")
        self._resume.setEnabled(alive and (state == "paused" or (run is not None and self._can_resume(state))))
        self._compare.setEnabled(alive and len(self.state.runs) > 1)
        ended = alive and state not in ("running", "paused", "preparing", "starting")
        self._again.setEnabled(ended and run is not None and draft_of(run.recipe) is not None)
        self._delete.setEnabled(ended)
        self._notes.setEnabled(alive)
        if planning:
            self.header.show_words(self.tr("New run"))
        elif run is None:
            begun = self.state.shown_path is not None
            self.header.show_words(self.tr("The training is being started…") if begun else self.tr("Training"))
        else:
            self.header.show_run(run, state, asked)

    def _can_resume(self, state: str) -> bool:
        return self.state.shown is not None and self.state.shown.status.resumable and state != "starting"

    # --- operations that need a widget ----------------------------------------------------------------------------

    def _delete_shown(self) -> None:
        if self.state.shown is not None:
            self.state.delete(self.state.shown.path)

    def _plan_again(self) -> None:
        shown = self.state.shown
        draft = draft_of(shown.recipe) if shown is not None else None
        if shown is not None and draft is not None:
            self.new.planner.take(msgspec.structs.replace(draft, title=f"{shown.title} 2"))
            self.new.go_to(2)
            self.new_run()

    def _choose_compared(self) -> None:
        shown = self.state.shown
        if shown is None:
            return
        menu = QMenu(self)
        for run in self.state.runs.values():
            if run is not shown:
                action = menu.addAction(run.name)
                action.setCheckable(True)
                action.setChecked(run.path in self.state.compared)
                action.toggled.connect(partial(self.state.compare, run.path))
        menu.popup(self.header.mapToGlobal(QPoint(self.header.width() // 2, self.header.height())))

    def _to_notes(self) -> None:
        self._dock_switch.setChecked(True)
        self.dock.show_pane(self.dock.about)
        self.dock.about.focus_title()

    def _find(self) -> None:
        self._list_switch.setChecked(True)
        self.list.focus_search()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Files that are dropped anywhere on the page are texts of a new run."""
        if self._centre.currentWidget() is not self.new:
            self.new_run()
        self.new.go_to(0)
        self.new.planner.add_files([url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()])
        event.acceptProposedAction()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.state.follower.watch(self, True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.state.follower.watch(self, False)
        self.dock.about.save()
