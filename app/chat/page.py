"""The chat page: list, conversation, dock; and the wires between them and the state."""

import math
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from app.chat.branches import Branches
from app.chat.composer import Composer
from app.chat.conversation_list import ConversationList
from app.chat.dock import Dock
from app.chat.files import ConversationFiles
from app.chat.find_bar import FindBar
from app.chat.finding import Finding
from app.chat.first_steps import FirstSteps
from app.chat.header import Header
from app.chat.manual_bar import ManualBar
from app.chat.message_commands import MessageCommands
from app.chat.replay_bar import ReplayBar
from app.chat.retro_bar import RetroBar
from app.chat.state import ChatState
from app.chat.status import current_status
from app.chat.status_line import StatusLine
from app.chat.system_prompt import SystemPromptPanel
from app.chat.token_bar import TokenBar
from app.chat.token_tint import MEASURES, TokenLook
from app.chat.transcript import Transcript
from app.palette.entries import Entry
from app.reading.links import ask_to_open
from app.reading.style import reading_style
from app.settings.memory import Memory
from app.widgets.formats import number, percent, visible
from app.widgets.page_actions import PageActions
from app.widgets.rank_bins import RANKS, valid_ranks, written_ranks
from app.widgets.side_panes import SidePanes
from app.widgets.theme import set_role, theme
from engine.records import TokenRecord


class ChatPage(QWidget):
    """Shows a ChatState. Every control calls an operation of the state; nothing is decided here."""

    def __init__(self, state: ChatState, memory: Memory | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = state
        self._memory = memory
        self.files = ConversationFiles(state, self)
        self._actions = PageActions(self)
        self._make_actions()
        self._make_parts()
        self._lay_out()
        self._connect_parts()
        self._connect_state()
        self._token_switch.setChecked(self._remembered("chat_tokens", False))
        self._prompt_scores.setChecked(self._token_switch.isChecked() and self._remembered("chat_prompt_tokens", False))
        self._show_list()
        self._show_conversation()
        self._show_path(True)

    # --- for the window -------------------------------------------------------------------------------------------

    def menu_actions(self) -> dict[str, list[QAction]]:
        """The page's actions by menu."""
        return self._actions.by_menu

    def palette_entries(self) -> list[Entry]:
        """Conversations and models, for the palette."""
        state = self.state
        entries = [
            Entry(self.tr("Model"), state.link.title(choice), run=partial(state.link.load, choice.path))
            for choice in state.link.choices
        ]
        for row in state.shelf.rows:
            entries.append(Entry(self.tr("Conversation"), row.title, run=partial(state.open, row.id)))
        return entries

    def key_help(self) -> tuple[tuple[str, str], ...]:
        """Keys that are no actions."""
        return (
            (self.tr("Send the message"), self.tr("Enter")),
            (self.tr("New line in the message"), self.tr("Shift+Enter")),
            (self.tr("Token before and after the selected one"), self.tr("Left, Right")),
            (self.tr("Token above and below the selected one"), self.tr("Up, Down")),
            (self.tr("From the selected token to its candidates, and back"), self.tr("Enter, Esc")),
            (self.tr("A candidate in the inspector: more likely, less likely, banned, no bias"), self.tr("+, -, B, 0")),
            (self.tr("Rename the conversation in the list"), self.tr("F2")),
            (self.tr("Delete the conversation in the list"), self.tr("Del")),
        )

    def focus_first(self) -> None:
        self.composer.setFocus()

    # --- making ---------------------------------------------------------------------------------------------------

    def _make_actions(self) -> None:
        add, switch, state = self._actions.add, self._actions.add_switch, self.state
        add("file", self.tr("New conversation"), self._new, "Ctrl+N", "plus")
        add("file", self.tr("Import a conversation…"), self.files.ask_import, "", "import")
        self._of_conversation = [
            add("file", self.tr("Export as Markdown…"), lambda: self._export("md"), "", "export"),
            add("file", self.tr("Export as JSON…"), lambda: self._export("json"), "", "export"),
            add("file", self.tr("Rename conversation"), lambda: self.header.edit_title(), "", "edit"),
            add("file", self.tr("Delete conversation"), self._delete_conversation, "", "trash"),
        ]
        add("file", self.tr("Open a model file…"), lambda: self.header.picker.choose_file(), "Ctrl+O", "file")
        add(
            "file",
            self.tr("Open a model folder…"),
            lambda: self.header.picker.choose_folder(),
            "Ctrl+Shift+O",
            "folder",
        )
        beside = add(
            "file", self.tr("Adapters of the model…"), lambda: self.header.picker.open_adapters(), "", "layers"
        )
        beside.setToolTip(self.tr("LoRA adapters that change how the model answers"))
        self.commands = MessageCommands(state, self._actions, self)
        by_hand = switch("edit", self.tr("One token at a time"), self._set_by_hand, "Ctrl+Shift+M", "next")
        by_hand.setToolTip(self.tr("Choose each token of the next reply yourself"))
        self._stop = add("edit", self.tr("Stop the reply"), state.stop, "Esc", "stop")
        add("edit", self.tr("Find in the conversation"), lambda: self.find_bar.open_bar(), "Ctrl+F", "search")
        add("edit", self.tr("Find in all conversations"), self._find_in_all, "Ctrl+Shift+F", "search")
        self._token_switch = switch("view", self.tr("Show tokens"), self._set_token_view, "Ctrl+T", "tokens")
        self._prompt_scores = switch(
            "view", self.tr("Score the prompt too"), self._set_prompt_scores, "Ctrl+Shift+T", "tokens"
        )
        add("view", self.tr("Next surprising token"), lambda: self.legend.step_peak(1), "F8", "chevron-right")
        add("view", self.tr("Surprising token before"), lambda: self.legend.step_peak(-1), "Shift+F8", "chevron-left")
        self._prompt_switch = switch("view", self.tr("System prompt"), self._set_prompt_open, "Ctrl+Shift+S", "user")
        self._list_switch = switch("view", self.tr("List of conversations"), None, "Ctrl+B", "panel-left")
        self._dock_switch = switch("view", self.tr("Sampling and tokens"), None, "Ctrl+Alt+B", "panel-right")
        self._map_switch = switch("view", self.tr("Map of the branches"), self._set_map, "Ctrl+M", "branch")
        add("view", self.tr("Next area"), lambda: self._step_area(1), "F6")
        add("view", self.tr("Previous area"), lambda: self._step_area(-1), "Shift+F6")
        add("view", self.tr("Previous message"), lambda: self._step_message(-1), "Ctrl+Up", "arrow-up")
        add("view", self.tr("Next message"), lambda: self._step_message(1), "Ctrl+Down", "arrow-down")
        add(
            "view",
            self.tr("To the end of the conversation"),
            lambda: self.transcript.scroll_to_end(),
            "Ctrl+End",
            "to-end",
        )

    def _make_parts(self) -> None:
        self.list = ConversationList(self)
        self.header = Header(
            self.state.link,
            [self._list_switch],
            [self._map_switch, self._prompt_switch, self._token_switch, self._dock_switch],
            self,
        )
        self.prompt = SystemPromptPanel(self)
        self.prompt.hide()
        self.find_bar = FindBar(self)
        self.find_bar.hide()
        self.manual_bar = ManualBar(self)
        self.manual_bar.hide()
        self._look = self._remembered_look()
        self.legend = TokenBar(self.state, self._look, self)
        self.legend.hide()
        self.retro = RetroBar(self.state, self)
        self.replay = ReplayBar(self.state, self)
        self.transcript = Transcript(self.state, reading_style(theme()), self._look, self)
        self.branches = Branches(self.state, self)
        self.finding = Finding(self.find_bar, self.transcript, self.state, self)
        self.first_steps = FirstSteps(self)
        self.composer = Composer(self)
        self.status = StatusLine(self)
        self.dock = Dock(self.state, self)
        self.commands.serve(self.transcript, self.files, self._compare)

    def _lay_out(self) -> None:
        self._body = QStackedWidget(self)
        self._body.setMinimumHeight(theme().px(96))  # what stands below goes first, whatever the pages here would like
        self._body.addWidget(self.first_steps)
        self._body.addWidget(self.transcript)
        self._body.addWidget(self.branches)
        centre = QWidget(self)
        set_role(centre, "background")
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.header, _line(), self.prompt, self.find_bar, self.legend):
            column.addWidget(part)
        column.addWidget(self._body, 1)
        #: Below the conversation: what one reads does not move when something comes here, and messages stand above all of it.
        self.foot = QWidget(centre)
        self.foot.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        below = QVBoxLayout(self.foot)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(0)
        for part in (self.retro, self.replay, self.manual_bar, self.composer):
            below.addWidget(part)
        column.addWidget(self.foot)
        column.addWidget(_line())
        column.addWidget(self.status)
        panes = SidePanes(
            "chat",
            (self.list, centre, self.dock),
            (self._list_switch, self._dock_switch),
            (self.tr("Width of the list of conversations"), self.tr("Width of sampling and tokens")),
            self._memory,
            self,
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(panes)

    def _connect_parts(self) -> None:
        state, transcript = self.state, self.transcript
        self.list.opened.connect(self._open)
        self.list.new_wanted.connect(self._new)
        self.list.renamed.connect(state.rename)
        self.list.delete_wanted.connect(state.delete)
        self.list.export_wanted.connect(self.files.ask_export)
        self.list.import_wanted.connect(self.files.ask_import)
        self.list.search_changed.connect(state.shelf.search)
        self.header.renamed.connect(self._rename)
        self.prompt.changed.connect(state.set_system_prompt)
        self.first_steps.tried.connect(self._send)
        self.composer.sent.connect(self._send)
        self.composer.stopped.connect(state.stop)
        self.composer.text_changed.connect(state.draft.set)
        transcript.command.connect(self.commands.run)
        self.legend.look_changed.connect(self._retint)
        transcript.edited.connect(state.edit)
        transcript.token_clicked.connect(state.choice.choose_at)
        transcript.token_step.connect(state.choice.step)
        transcript.token_begun.connect(state.choice.begin)
        transcript.token_line_step.connect(self._step_line)
        transcript.token_cleared.connect(state.choice.clear)
        transcript.candidates_wanted.connect(self._enter_candidates)
        self.dock.inspector.candidates.bars.left.connect(self.transcript.setFocus)
        transcript.link_activated.connect(lambda address: ask_to_open(address, self))
        transcript.menu_requested.connect(self._message_menu)
        self.dock.token_chosen.connect(lambda: self._dock_switch.setChecked(True))
        manual, bar = state.manual, self.manual_bar
        bar.chosen.connect(manual.choose)
        bar.drawn.connect(manual.draw)
        bar.undone.connect(manual.undo)
        bar.ended.connect(manual.end)
        bar.gone_on.connect(state.go_on_by_itself)
        self.branches.closed.connect(lambda: self._map_switch.setChecked(False))
        theme().changed.connect(self._restyle)

    def _connect_state(self) -> None:
        state = self.state
        state.shelf.changed.connect(self._show_list)
        state.shelf.found.connect(self._show_hits)
        state.conversation_changed.connect(self._show_conversation)
        state.path_changed.connect(self._show_path)
        state.message_changed.connect(self.transcript.update_message)
        state.reply_grew.connect(self.transcript.grow)
        state.status_changed.connect(self._show_status)
        state.sent.connect(self.composer.accepted)
        state.draft_restored.connect(self.composer.set_text)
        state.problem.connect(self._on_problem)
        state.texts.loaded.connect(self.transcript.records_loaded)
        state.choice.marked.connect(self.transcript.mark_token)
        state.choice.chosen.connect(self._tell_token)
        state.manual.changed.connect(self._show_manual)
        state.retro.changed.connect(self._show_changes)
        state.scores.changed.connect(self.transcript.redraw_tokens)
        state.scores.progressed.connect(lambda: self._prompt_scores.setChecked(state.scores.on))
        state.revealed.connect(self._leave_map)
        state.revealed.connect(self.transcript.reveal)

    # --- showing --------------------------------------------------------------------------------------------------

    def _show_list(self) -> None:
        if not self.list.searching:
            self.list.show_rows(self.state.shelf.rows)

    def _show_hits(self, query: str, hits: Any) -> None:
        if query:
            self.list.show_hits(query, hits)
        else:
            self.list.show_rows(self.state.shelf.rows)

    def _show_conversation(self) -> None:
        row = self.state.conversation
        self.header.set_title(row.title if row else "", row is not None)
        self.prompt.set_text(self.state.system_prompt)
        self.list.set_open(row.id if row else None)
        for action in self._of_conversation:
            action.setEnabled(row is not None)
        self._show_status()

    def _show_path(self, to_end: bool) -> None:
        items = self.state.shown()
        self.transcript.set_messages(items, to_end=to_end)
        self._show_body()
        for action in self.commands.actions_in_order:
            action.setEnabled(bool(items))
        self.finding.look_again()
        self._show_status()

    def _show_body(self) -> None:
        """The conversation, the map over it, or the invitation to begin one."""
        if not len(self.state.tree):
            self._body.setCurrentWidget(self.first_steps)
            self._map_switch.setChecked(False)
        else:
            self._body.setCurrentWidget(self.branches if self._map_switch.isChecked() else self.transcript)

    def _show_status(self) -> None:
        state = self.state
        here = state.writing_here or state.link.waits
        elsewhere = self.tr("A reply is being written in another conversation.") if state.runner.reply else ""
        self.composer.set_busy(here, "" if here else elsewhere)
        self._stop.setEnabled(here)
        self.status.set_status(current_status(state))

    def _restyle(self) -> None:
        self.transcript.set_style(reading_style(theme()))
        # Labels and buttons take their new size when they are polished, which comes after this.
        QTimer.singleShot(0, self.transcript, self.transcript.measure_again)

    # --- operations that need a widget ----------------------------------------------------------------------------

    def _new(self) -> None:
        self.state.new_conversation()
        self.composer.setFocus()

    def _open(self, id: int, message_id: int | None) -> None:
        self.state.open(id, message_id)

    def _send(self, text: str) -> None:
        self._map_switch.setChecked(False)
        self.composer.setFocus()
        if not self.state.send(text):
            self.composer.refused()

    def _on_problem(self, _: object) -> None:
        self.composer.refused()

    def _rename(self, title: str) -> None:
        if self.state.conversation is not None:
            self.state.rename(self.state.conversation.id, title)

    def _delete_conversation(self) -> None:
        if self.state.conversation is not None:
            self.state.delete(self.state.conversation.id)

    def _export(self, kind: str) -> None:
        if self.state.conversation is not None:
            self.files.ask_export(self.state.conversation.id, kind)

    def _set_by_hand(self, on: bool) -> None:
        self.state.manual.wanted = on
        if not on:
            self.state.go_on_by_itself()

    def _show_manual(self) -> None:
        """The bar of the reply that is made token by token, while there is one."""
        manual, bar = self.state.manual, self.manual_bar
        began = manual.active and not bar.isVisible()
        had_focus = bar.isAncestorOf(self.window().focusWidget() or self) or bar.hasFocus()
        bar.setVisible(manual.active)
        bar.show_proposal(manual.proposal, manual.can_undo)
        if began or (manual.active and had_focus):
            bar.setFocus()
        elif had_focus:
            self.composer.setFocus()

    def _leave_map(self, _message_id: int, _offset: int) -> None:
        self._map_switch.setChecked(False)

    def _set_map(self, open: bool) -> None:
        self._show_body()
        if open:
            self.branches.show_map()
        else:
            self.transcript.setFocus()

    def _compare(self, message_id: int) -> None:
        if len(self.state.tree.siblings(message_id)) < 2:
            self.state.notice.emit(self.tr("There is no other version of this message."))
            return
        self._map_switch.setChecked(True)
        self.branches.compare_versions(message_id)

    def _step_area(self, step: int) -> None:
        """Give the focus to the list, the conversation, the composer or the dock: the one after that which has it."""
        areas = [area for area in (self.list, self.transcript, self.composer, self.dock) if area.isVisible()]
        focus = self.window().focusWidget()
        here = next((i for i, area in enumerate(areas) if focus is not None and area.isAncestorOf(focus)), None)
        if focus in areas:
            here = areas.index(focus)
        area = areas[0 if here is None else (here + step) % len(areas)]
        (self.dock.first if area is self.dock else area).setFocus(Qt.FocusReason.TabFocusReason)

    def _step_message(self, step: int) -> None:
        self.transcript.setFocus()
        self.transcript.step_current(step)

    def _message_menu(self, message_id: int, at: QPoint) -> None:
        menu = QMenu(self)
        menu.addActions(self.commands.actions_in_order)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)

    def _step_line(self, lines: int) -> None:
        selected = self.state.choice.selected
        if selected is not None:
            offset = self.transcript.token_beside(*selected, lines)
            if offset is not None:
                self.state.choice.choose_at(selected[0], offset)

    def _enter_candidates(self) -> None:
        self._dock_switch.setChecked(True)
        self.dock.enter_candidates()

    def _tell_token(self, record: TokenRecord | None) -> None:
        """The selected token, for screen readers."""
        if record is not None and not math.isnan(record.logprob):
            text = self.tr("{0}: raw probability {1}, rank {2}")
            text = text.format(visible(record.token.bytes), percent(math.exp(record.logprob)), number(record.rank))
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.transcript, text))

    def _find_in_all(self) -> None:
        self._list_switch.setChecked(True)
        self.list.focus_search()

    def _set_token_view(self, on: bool) -> None:
        self.transcript.set_token_view(on)
        self.legend.setVisible(on)
        self._remember("chat_tokens", on)
        if not on:
            self._prompt_scores.setChecked(False)

    def _set_prompt_scores(self, on: bool) -> None:
        if on:  # it is in the token view that they are seen
            self._token_switch.setChecked(True)
        self.state.scores.set_on(on)
        self._remember("chat_prompt_tokens", on)

    def _show_changes(self) -> None:
        found = self.state.retro.found
        changes = () if found is None else found.result.changes
        indices = [change.index for change in changes]
        self.transcript.show_changes(found.message_id if found is not None else -1, indices)
        self.legend.strip.set_marked(frozenset(indices))

    def _retint(self) -> None:
        self.transcript.retint()
        if self._memory is not None:
            self._memory.set("chat_tint", [self._look.measure, written_ranks(self._look.ranks)])

    def _remembered_look(self) -> TokenLook:
        kept: list[Any] = self._memory.get("chat_tint", []) if self._memory is not None else []
        if len(kept) != 2 or kept[0] not in MEASURES:
            return TokenLook()
        return TokenLook(kept[0], valid_ranks(str(kept[1])) or RANKS)

    def _set_prompt_open(self, open: bool) -> None:
        self.prompt.save()
        self.prompt.setVisible(open)
        if open:
            self.prompt.setFocus()

    def _remembered(self, name: str, default: Any) -> Any:
        return self._memory.get(name, default) if self._memory is not None else default

    def _remember(self, name: str, value: Any) -> None:
        if self._memory is not None:
            self._memory.set(name, value)


def _line() -> QWidget:
    return set_role(QFrame(), "line")
