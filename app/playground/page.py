"""The playground page: documents, editor, dock; and the wires between them and the state."""

from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QSplitter, QVBoxLayout, QWidget

from app.palette.entries import Entry
from app.playground.addition_pane import AdditionPane
from app.playground.compare_pane import ComparePane
from app.playground.dock import Dock
from app.playground.document_list import DocumentList
from app.playground.drawer import Drawer
from app.playground.editor import Editor
from app.playground.experiment_pane import ExperimentPane
from app.playground.experiments import EXPERIMENTS, FOX, Experiment, experiment_text
from app.playground.header import Header
from app.playground.models import Models
from app.playground.state import PlaygroundState
from app.playground.status_line import StatusLine
from app.playground.tree_pane import TreePane
from app.sampling.subject import Subject
from app.settings.memory import Memory
from app.widgets.page_actions import PageActions
from app.widgets.side_panes import SidePanes
from app.widgets.theme import set_role, theme
from engine.records.explore import Side


class PlaygroundPage(QWidget):
    """Shows a PlaygroundState. Every control calls an operation of the state; nothing is decided here."""

    def __init__(
        self, state: PlaygroundState, models: Models, memory: Memory | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.state, self._models = state, models
        self._sought = ""  # words to go to, once the document is here
        self._problem: tuple[str, str] | None = None  # why there is no next token
        self._actions = PageActions(self)
        self._make_actions()
        self.list = DocumentList(self)
        self.header = Header([self._list_switch], [self._menu, self._grow, self._compare, self._dock_switch], self)
        self.editor = Editor(state.reading.scores, self)
        self.status = StatusLine(state, self)
        self.dock = Dock(state, self)
        self.drawer = Drawer(self)
        self.tree = TreePane(state.growing, self)
        self.compare = ComparePane(state.comparing, models, self)
        self.experiments = ExperimentPane(state.experimenting, self)
        self.drawer.add(self.experiments, self.tr("Experiment"))
        self.drawer.add(self.compare, self.tr("Compare"))
        self.addition = AdditionPane(state.adding, self)
        self.drawer.add(self.addition, self.tr("Addition, column by column"))
        self.drawer.add(self.tree, self.tr("Branches from the caret"))
        self._lay_out(memory)
        self._connect_parts()
        if memory is not None:
            text = self.dock.text
            text.restore_look(memory.get("playground_tint", []))
            text.tint_changed.connect(lambda _: memory.set("playground_tint", text.look()))
            text.ranks_changed.connect(lambda _: memory.set("playground_tint", text.look()))
        self._connect_state()
        self._show_document()
        self._show_list()
        self._show_model()
        state.following.changed.emit()  # a page that is made anew, as after a change of language, shows what is known

    # --- for the window -------------------------------------------------------------------------------------------

    def menu_actions(self) -> dict[str, list[QAction]]:
        """The page's actions by menu."""
        return self._actions.by_menu

    def palette_entries(self) -> list[Entry]:
        """Experiments and documents, for the palette."""
        experiments = [
            Entry(self.tr("Experiment"), experiment_text(experiment.title), run=partial(self.experiment, experiment))
            for experiment in EXPERIMENTS
        ]
        return experiments + [
            Entry(self.tr("Document"), row.title, run=partial(self.state.documents.open, row.id))
            for row in self.state.documents.rows
            if row.title
        ]

    def key_help(self) -> tuple[tuple[str, str], ...]:
        """Keys that are no actions."""
        return (
            (self.tr("Take the most likely or the selected candidate"), self.tr("Tab")),
            (self.tr("Take the candidate with this figure while typing"), self.tr("Alt+1 … Alt+9")),
            (self.tr("Take the candidate with this figure in the list"), self.tr("1 … 9")),
            (self.tr("Select a candidate while typing"), self.tr("Alt+Up, Alt+Down")),
            (self.tr("Stop writing"), self.tr("Esc")),
            (self.tr("Leave the text backwards"), self.tr("Shift+Tab")),
            (self.tr("Rename the document in the list"), self.tr("F2")),
            (self.tr("Delete the document in the list"), self.tr("Del")),
        )

    def focus_first(self) -> None:
        self.editor.setFocus()

    # --- making ---------------------------------------------------------------------------------------------------

    def _make_actions(self) -> None:
        add, switch, state = self._actions.add, self._actions.add_switch, self.state
        add("file", self.tr("New document"), self._new, "Ctrl+Shift+N", "plus", "Ctrl+N")
        add("file", self.tr("Rename document"), lambda: self.header.edit_title(), "", "edit")
        add("file", self.tr("Delete document"), self._delete, "", "trash")
        go_on = add("edit", self.tr("Go on writing from the caret"), state.go_on, "Ctrl+Return", "play")
        # Only here: on another page these keys belong to whatever is written there.
        go_on.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.addAction(go_on)
        self._grow = add("edit", self.tr("Branches from the caret"), self._on_grow, "Ctrl+Alt+T", "branch")
        self._compare = add("edit", self.tr("Compare two models or chains"), self._on_compare, "Ctrl+Alt+C", "layers")
        self._menu = add("edit", self.tr("Experiments"), self._show_menu, "Ctrl+Alt+E", "flask")
        add("edit", self.tr("Add two numbers"), self.open_addition, "", "plus")
        add("edit", self.tr("Put the text into the chat template"), state.lay_out, "", "chat")
        self._special = switch("edit", self.tr("Names of control tokens count"), state.documents.set_special)
        self._special.setToolTip(
            self.tr(
                "On: “<|user|>” and the like are the control tokens of that name. Off: they are text like any other."
            )
        )
        add("edit", self.tr("Explain the token at the caret"), self._explain, "Ctrl+I", "dart")
        add("edit", self.tr("To the candidates of the next token"), self._to_candidates, "Alt+0", "bars")
        add("edit", self.tr("Throw another dart"), state.new_luck, "", "dice")
        add("edit", self.tr("Search all documents"), self._find, "", "search")
        self._list_switch = switch("view", self.tr("List of documents"), None, "Ctrl+Shift+B", "panel-left", "Ctrl+B")
        self._dock_switch = switch("view", self.tr("Next token and text"), lambda _: None, "Ctrl+Alt+D", "panel-right")

    def _lay_out(self, memory: Memory | None) -> None:
        centre = QWidget(self)
        set_role(centre, "background")
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.drawers = QSplitter(Qt.Orientation.Vertical)
        self.drawers.setChildrenCollapsible(False)
        self.drawers.addWidget(self.editor)
        self.drawers.addWidget(self.drawer)
        for place in range(2):  # a smaller window takes from both: some lines of the text stay in sight
            self.drawers.setStretchFactor(place, 1)
        for part in (self.header, _line()):
            column.addWidget(part)
        column.addWidget(self.drawers, 1)
        for part in (_line(), self.status):
            column.addWidget(part)
        self._panes = SidePanes(
            "playground",
            (self.list, centre, self.dock),
            (self._list_switch, self._dock_switch),
            (self.tr("Width of the list of documents"), self.tr("Width of the next token and the text")),
            memory,
            self,
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._panes)

    def _connect_parts(self) -> None:
        state, editor, dock = self.state, self.editor, self.dock
        self.list.opened.connect(self._open)
        self.list.new_wanted.connect(self._new)
        self.list.renamed.connect(state.documents.rename)
        self.list.delete_wanted.connect(state.documents.delete)
        self.list.search_changed.connect(state.documents.search)
        self.header.renamed.connect(self._rename)
        editor.edited.connect(self._on_edited)
        editor.caret_moved.connect(state.move_caret)
        editor.caret_moved.connect(self._on_caret)
        editor.accept_wanted.connect(self._accept)
        editor.choose_wanted.connect(dock.next.choose)
        editor.step_wanted.connect(dock.next.step)
        editor.stop_wanted.connect(state.stop)
        dock.next.taken.connect(self._take)
        dock.text.place_wanted.connect(editor.reveal)
        dock.text.tint_changed.connect(editor.set_tint)
        dock.text.ranks_changed.connect(editor.set_ranks)
        dock.acted.connect(self._act)
        dock.replace_wanted.connect(self._replace_token)
        self.drawer.closed.connect(self._on_drawer_closed)
        self.experiments.run_wanted.connect(state.experiment)
        self.compare.compare_wanted.connect(state.compare)
        self.compare.place_wanted.connect(self._show_place)
        self.tree.grow_wanted.connect(state.grow_tree)
        self.tree.taken.connect(self._take_branch)
        self.status.write_wanted.connect(state.go_on)
        self.status.stop_wanted.connect(state.stop)

    def _connect_state(self) -> None:
        state = self.state
        state.documents.opened.connect(self._show_document)
        state.documents.renamed.connect(self._show_title)
        state.documents.listed.connect(self._show_list)
        state.documents.found.connect(self._show_hits)
        state.reading.changed.connect(self._on_scores)
        state.following.changed.connect(self._show_model)
        state.following.failed.connect(self._on_no_next)
        state.writing.grew.connect(self.editor.grow)
        state.writing.changed.connect(self._on_writing)
        state.model_changed.connect(self._show_model)
        state.explained.connect(self._show_explained)
        state.laid_out.connect(self.editor.replace)
        state.documents.special_changed.connect(self._show_special)
        state.sides_wanted.connect(self._show_sides)
        state.adding_wanted.connect(self.open_addition)
        self._models.changed.connect(self._show_model)

    # --- showing --------------------------------------------------------------------------------------------------

    def _show_document(self) -> None:
        documents = self.state.documents
        self.editor.show_text(documents.text, documents.caret)
        self.dock.text.set_text(documents.text)
        self._show_special()
        self._show_title()
        self._show_model()
        self._seek()

    def _show_special(self) -> None:
        self._special.setChecked(self.state.documents.special)
        self.status.refresh()

    def _show_title(self) -> None:
        row = self.state.documents.row
        self.header.show_title(row.title if row else "", row is not None)
        self.list.set_open(row.id if row else None)

    def _show_list(self) -> None:
        if not self.list.searching:
            self.list.show_rows(self.state.documents.rows)
            self._show_title()

    def _show_hits(self, query: str, hits: Any) -> None:
        if query:
            self.list.show_hits(query, hits)
        else:
            self.list.show_rows(self.state.documents.rows)

    def _show_model(self) -> None:
        """What the dock shows: candidates and scores, or why there are none."""
        state, models = self.state, self._models
        if state.model is not None:
            self._show_loaded()
            return
        self.header.show_model("")
        if state.loading:
            share = "" if models.load_share is None else f" {round(100 * models.load_share)} %"
            sentence = self.tr("What it expects next will stand here.") + share
            self.dock.show_empty(self.tr("The model is being loaded…"), sentence, "")
        else:
            action = self.tr("Load {0}").format(models.title(models.choices[0])) if models.choices else ""
            sentence = self.tr("With a model every place of the text has its candidates for the next token.")
            self.dock.show_empty(self.tr("No model is loaded"), sentence, action)

    def _show_loaded(self) -> None:
        state = self.state
        self.header.show_model(self._models.model_name)
        if self._problem is not None and state.following.record is None:
            self.dock.next.show_empty(self._problem[0], self._problem[1], self.tr("Try again"))
        elif state.following.record is None:
            self.dock.next.show_empty(self.tr("The model is asked…"), self.tr("What it expects next will stand here."))
        if state.text:
            self.dock.text.show_scores()
        else:
            sentence = self.tr("Type or paste a text, and every token of it is scored as you go.")
            action = self.tr("Begin with a fox")
            self.dock.text.show_empty(self.tr("Nothing is written yet"), sentence, action)

    def _on_scores(self) -> None:
        self.editor.viewport().update()
        self.dock.text.set_text(self.state.text)
        if self.state.reading.whole:
            self.status.show_totals(self.state.reading.scores.totals(self.state.text))

    def _on_writing(self) -> None:
        running = self.state.writing.running
        if running and not self.editor.isReadOnly():
            self.editor.begin_writing()
        elif not running and self.editor.isReadOnly():
            self.editor.end_writing()

    def _on_no_next(self, failed: Any) -> None:
        self._problem = (failed.text, failed.hint)

    # --- operations that need a widget ----------------------------------------------------------------------------

    def _on_edited(self, position: int, removed: int, added: int) -> None:
        self._problem = None
        was_empty = not self.state.text
        text = self.editor.text()
        self.dock.text.set_text(text)
        self.state.edited(text, self.editor.textCursor().position(), position, removed, added)
        if was_empty or not text:
            self._show_model()

    def _on_caret(self) -> None:
        if self.dock.inspector.isVisible():
            self.dock.follow_caret()
        else:
            self.editor.show_selected(None)  # the frame of a token that nobody looks at any more

    def _accept(self) -> None:
        if not self.dock.next.accept() and self.state.model is None:
            self.editor.focusNextChild()

    def _take(self, text: str) -> None:
        if not self.state.writing.running:
            self.editor.insert(text)
            self.state.following.ask()

    def _replace_token(self, index: int, text: str) -> None:
        """Put a candidate in the place of the token that is explained; the new one is explained when it is scored."""
        scores = self.state.reading.scores
        place = (int(scores.starts[index]), int(scores.ends[index])) if index < scores.valid else None
        if place is None or self.editor.selected != place or self.state.writing.running:
            self.state.notice.emit(self.tr("The text has changed meanwhile. Choose the token again."))
        else:
            self.editor.replace(text, *place)

    def _take_branch(self, text: str) -> None:
        """Put a path of the tree where the tree has grown; another one grows at its end."""
        before = self.state.growing.text
        self.editor.place_caret(len(before.encode("utf-16-le", "surrogatepass")) // 2)
        self._take(text)
        self.state.grow_tree()
        self.editor.setFocus()

    def _act(self) -> None:
        """The button of an empty state of the dock."""
        if self.state.model is None:
            if self._models.choices:
                self._models.load(self._models.choices[0].path)
        elif not self.state.text:
            self.editor.insert(FOX)
            self.editor.setFocus()
        else:
            self._problem = None
            self.state.following.ask()

    def _open(self, id: int) -> None:
        """A document of the list; one that a search found opens at what was found."""
        self._sought = self.list.query
        self.state.documents.open(id)
        row = self.state.documents.row
        if row is not None and row.id == id:
            self._seek()

    def _seek(self) -> None:
        sought, self._sought = self._sought, ""
        self.editor.seek(sought)

    def _new(self) -> None:
        self.state.documents.new()
        self.editor.setFocus()

    def _rename(self, title: str) -> None:
        if self.state.documents.row is not None:
            self.state.documents.rename(self.state.documents.row.id, title)

    def _delete(self) -> None:
        if self.state.documents.row is not None:
            self.state.documents.delete(self.state.documents.row.id)

    def _explain(self) -> None:
        self._dock_switch.setChecked(True)
        self.dock.explain(max(0, self.editor.textCursor().position() - 1))

    def _show_explained(self, subject: Subject) -> None:
        scores, index = self.state.reading.scores, subject.record.position
        if index < scores.valid and self.dock.inspector.isVisible():
            self.editor.show_place(int(scores.starts[index]), int(scores.ends[index]))

    def _to_candidates(self) -> None:
        self._dock_switch.setChecked(True)
        self.dock.show_pane(self.dock.next)
        self.dock.next.focus_bars()

    def _on_grow(self) -> None:
        self._open_drawer(self.tree)
        self.state.grow_tree()
        self.tree.view.setFocus()

    def experiment(self, experiment: Experiment) -> None:
        """Run one on its own text, and show what comes of it."""
        if not self.state.experiment(experiment, experiment.text):
            return
        if experiment.kind == "write":
            self._dock_switch.setChecked(True)
            self.dock.show_pane(self.dock.next)
            self.editor.setFocus()
        else:
            self._open_drawer(self.experiments, experiment_text(experiment.title))
            self.experiments.focus_first()

    def _show_menu(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for experiment in EXPERIMENTS:
            entry = menu.addAction(experiment_text(experiment.title), partial(self.experiment, experiment))
            entry.setToolTip(experiment_text(experiment.sentence))
        menu.addSeparator()
        menu.addAction(self.tr("Add two numbers"), self.open_addition)
        menu.setToolTipsVisible(True)
        menu.popup(self.header.mapToGlobal(QPoint(self.header.width() - menu.sizeHint().width(), self.header.height())))

    def open_addition(self) -> None:
        """Where a model that has learnt to add is given two numbers."""
        self._open_drawer(self.addition)
        self.addition.focus_first()

    def _on_compare(self) -> None:
        self.compare.set_chains(self.state.settings.sampling, self.dock.presets)
        self._open_drawer(self.compare)

    def _show_sides(self, left: Side, right: Side) -> None:
        self._on_compare()
        self.compare.left.pick_model(left.path, left.adapters)
        self.compare.right.pick_model(right.path, right.adapters)

    def _show_place(self, start: int, end: int) -> None:
        """Frame a place of the text without taking the focus from where it is."""
        if end <= self.editor.document().characterCount() - 1:
            self.editor.show_place(start, end)

    def _on_drawer_closed(self) -> None:
        self.state.growing.stop()
        self.state.experimenting.stop()
        self.state.adding.stop()
        self.state.comparing.release()
        self.editor.show_selected(None)
        self.editor.setFocus()

    def _open_drawer(self, pane: QWidget, title: str = "") -> None:
        """Show something below the text, with room for it; what a person has made larger stays so."""
        taken = 0 if self.drawer.isHidden() else self.drawer.height()
        self.drawer.open(pane, title)
        height = self.drawers.height()
        least = theme().px(400 if pane is self.tree else 320)
        lines = theme().px(110)  # some of the text stay in sight
        part = min(max(least, int(height * (0.6 if pane is self.tree else 0.65))), max(320, height - lines))
        if taken < part:
            self.drawers.setSizes([height - part, part])

    def _find(self) -> None:
        self._list_switch.setChecked(True)
        self.list.focus_search()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.state.writing.running:
            self.state.stop()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.state.set_active(True, self)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.state.set_active(False, self)


def _line() -> QWidget:
    return set_role(QFrame(), "line")
