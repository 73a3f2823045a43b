"""The transcript: messages with tokens that can be selected, text that can be copied, and places that a search found."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QWidget

from app.chat.message_column import MessageColumn
from app.chat.message_view import MessageView
from app.chat.selection import TranscriptSelection
from app.chat.shown import ShownMessage
from app.chat.token_document import TokenFormat
from app.chat.token_text import TokenText
from app.reading.style import ReadingStyle

Matches = dict[int, list[tuple[int, int]]]  # message id -> ranges of its content


class TranscriptSource(Protocol):
    """Where the transcript asks for what it does not keep."""

    def content(self, message_id: int) -> str:
        """The whole text as it is now, also while it is being written."""

    def token_text(self, message_id: int) -> TokenText | None:
        """The tokens of a message if they are at hand; if they are not, they are fetched and records_loaded() follows."""


class Transcript(MessageColumn):
    """What a click, a key or a search means in the column of messages."""

    command = Signal(int, object)
    edited = Signal(int, str)
    token_clicked = Signal(int, int)  # message, character of its content
    token_step = Signal(int)  # -1, 1: the token before, after
    token_begun = Signal(int, int)  # message, 1: its first token is wanted, -1: its last
    token_line_step = Signal(int)  # -1, 1: the token above, below
    token_cleared = Signal()
    candidates_wanted = Signal()  # of the selected token, by key
    link_activated = Signal(str)
    menu_requested = Signal(int, QPoint)

    def __init__(
        self, source: TranscriptSource, style: ReadingStyle, format_of: TokenFormat, parent: QWidget | None = None
    ) -> None:
        self._source = source
        self._format_of = format_of
        self._selection = TranscriptSelection()
        self._found: Matches = {}
        self._found_here: tuple[int, int, int] | None = None
        self._token_view = False
        self._marked: tuple[int, int] | None = None  # message, token
        self._changes: tuple[int, tuple[int, ...]] | None = None  # message, tokens that other sliders would change
        self._current: int | None = None
        self._pressed_at: QPoint | None = None
        super().__init__(style, parent)
        self.setAccessibleName(self.tr("Conversation"))

    def update_message(self, shown: ShownMessage) -> None:
        view = self._views.get(shown.id)
        if view is not None and view.body.shows_tokens and view.shown.row.content != shown.row.content:
            view.show_reading()  # its tokens are others now, and are drawn anew
        super().update_message(shown)

    def set_messages(self, items: Sequence[ShownMessage], *, to_end: bool = False) -> None:
        self._selection.clear()
        if to_end or self._current not in {item.id for item in items}:
            self.set_current(None)
        super().set_messages(items, to_end=to_end)
        self._apply_selection()

    def set_token_view(self, on: bool) -> None:
        if on == self._token_view:
            return
        self._token_view = on
        anchor = self._anchor()
        for view in self._views.values():
            self._dress(view)
        self._measure_all()
        self._place(anchor)

    def show_changes(self, message_id: int, indices: Sequence[int]) -> None:
        """Mark the tokens of a message that other sliders would change, and of no other; none where there are none."""
        before, self._changes = self._changes, (message_id, tuple(indices)) if indices else None
        for id in {message_id, before[0] if before is not None else message_id}:
            if (view := self._views.get(id)) is not None:
                self._dress(view)

    def retint(self) -> None:
        """The look of the tokens has changed."""
        anchor = self._anchor()
        for id, view in self._views.items():
            if view.body.shows_tokens and (token_text := self._source.token_text(id)) is not None:
                view.show_tokens(token_text, self._format_of)
                self._dress(view)
        self._measure_all()
        self._place(anchor)

    def records_loaded(self, message_id: int) -> None:
        """The tokens of a message can be had now."""
        if (view := self._views.get(message_id)) is not None:
            self._dress(view)
            self._height_changed(message_id)

    def redraw_tokens(self, message_ids: Iterable[int]) -> None:
        """The tokens of these messages are others now."""
        anchor = self._anchor()
        for id in message_ids:
            if (view := self._views.get(id)) is not None:
                if view.body.shows_tokens:
                    view.show_reading()
                self._dress(view)
        self._measure_all()
        self._place(anchor)

    def toggle_thoughts(self, message_id: int) -> bool:
        """Unfold or fold what the model thought before its reply; false where there is nothing of the kind."""
        self.reveal(message_id)
        view = self._views.get(message_id)
        return view is not None and view.toggle_thoughts()

    def code_of(self, message_id: int) -> str:
        """All code of a message, block by block."""
        self.reveal(message_id)
        view = self._views.get(message_id)
        return "" if view is None else "\n\n".join(block.text for block in view.body.code)

    def edit(self, message_id: int) -> None:
        self.reveal(message_id)
        if (view := self._views.get(message_id)) is not None:
            view.edit()

    # --- tokens, search, the current message ----------------------------------------------------------------------

    def mark_token(self, message_id: int, index: int | None) -> None:
        """Frame a token, and no other."""
        if self._marked is not None and (view := self._views.get(self._marked[0])) is not None:
            view.mark_token(None)
        self._marked = None if index is None else (message_id, index)
        if index is None or (view := self._views.get(message_id)) is None:
            return
        if (token_text := self._source.token_text(message_id)) is not None:
            view.know_tokens(token_text)
        view.mark_token(index)
        ranges = view.body.token_ranges(index)
        if ranges:
            self._show_rect(view, view.text.range_rect(*ranges[0]).toAlignedRect())

    def token_beside(self, message_id: int, index: int, lines: int) -> int | None:
        """The character of the content that stands one line above (-1) or below (1) a token."""
        view = self._views.get(message_id)
        ranges = view.body.token_ranges(index) if view else []
        if view is None or not ranges:
            return None
        rect = view.text.character_rect(ranges[0][0])
        y = rect.top() - 6 if lines < 0 else rect.bottom() + 6
        position = view.text.position_at(QPoint(int(rect.center().x()), int(y)))
        return view.body.offset_at(position)

    def set_found(self, matches: Matches, here: tuple[int, int, int] | None = None) -> None:
        """Places that a search found; they are marked wherever they come on the screen.

        here is the one at which the search stands: message and range of its content.
        """
        self._found, self._found_here = matches, here
        for view in self._views.values():
            self._mark_found(view)

    @property
    def current(self) -> int | None:
        return self._current

    def set_current(self, message_id: int | None) -> None:
        """Choose the message that keyboard and menu act on."""
        for id in (self._current, message_id):
            if id is not None and (view := self._views.get(id)) is not None:
                view.set_current(id == message_id)
        self._current = message_id

    def step_current(self, step: int) -> None:
        """Go to the message before (-1) or after (1) the current one; from none, to the last."""
        if not self._items:
            return
        last = len(self._items) - 1
        index = last if self._current is None else min(max(self._index[self._current] + step, 0), last)
        self.set_current(self._items[index].id)
        self.reveal(self._items[index].id)
        self.set_current(self._items[index].id)

    # --- selection ------------------------------------------------------------------------------------------------

    def selected_text(self) -> str:
        views = {self._index[id]: view.text for id, view in self._views.items()}
        return self._selection.text(views, lambda index: self._source.content(self._items[index].id))

    def copy_selection(self) -> bool:
        """Copy what is selected; false if nothing is."""
        text = self.selected_text()
        if text:
            QGuiApplication.clipboard().setText(text)
        return bool(text)

    def select_all(self) -> None:
        if self._items:
            self._selection.between((0, 0), (len(self._items) - 1, 1 << 30))
            self._apply_selection()

    def _apply_selection(self) -> None:
        for id, view in self._views.items():
            self._selection.apply(self._index[id], view.text)

    def _on_pressed(self, id: int, position: int, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._pressed_at = event.globalPosition().toPoint()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._selection.extend((self._index[id], position))
        else:
            self._selection.begin((self._index[id], position))
        self._apply_selection()

    def _on_dragged(self, at: QPoint) -> None:
        point = self.viewport().mapFromGlobal(at)
        if point.y() < 0 or point.y() > self.viewport().height():
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + (24 if point.y() > 0 else -24))
        place = self._place_at(point)
        if place is not None:
            self._selection.extend(place)
            self._apply_selection()

    def _on_released(self, id: int, event: QMouseEvent) -> None:
        moved = self._pressed_at is None or (
            (event.globalPosition().toPoint() - self._pressed_at).manhattanLength()
            >= QGuiApplication.styleHints().startDragDistance()
        )
        self._pressed_at = None
        view = self._views.get(id)
        if moved or view is None or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            return
        point = event.position().toPoint()
        if link := view.text.link_at(point):
            if not view.open_link(link):
                self.link_activated.emit(link)
            return
        self.set_current(None)
        character = view.text.character_at(point)
        offset = None if character is None else view.body.offset_at(character)
        if offset is None:
            self.token_cleared.emit()
        else:
            self.token_clicked.emit(id, offset)

    def _on_double_clicked(self, id: int, position: int) -> None:
        first, last = self._views[id].text.word_at(position)
        self._selection.between((self._index[id], first), (self._index[id], last))
        self._apply_selection()

    def _place_at(self, point: QPoint) -> tuple[int, int] | None:
        if not self._items:
            return None
        index = self._index_at(point.y())
        view = self._views.get(self._items[index].id)
        if view is None:
            return None
        return index, view.text.position_at(view.text.mapFrom(self.viewport(), point))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, bar = event.key(), self.verticalScrollBar()
        keys = Qt.Key
        if self._marked is not None and key in (keys.Key_Left, keys.Key_Right):
            self.token_step.emit(1 if key == keys.Key_Right else -1)
        elif key in (keys.Key_Left, keys.Key_Right) and (message := self._to_begin_in()) is not None:
            self.token_begun.emit(message, 1 if key == keys.Key_Right else -1)
        elif self._marked is not None and key in (keys.Key_Up, keys.Key_Down):
            self.token_line_step.emit(1 if key == keys.Key_Down else -1)
        elif self._marked is not None and key in (keys.Key_Return, keys.Key_Enter):
            self.candidates_wanted.emit()
        elif self._marked is not None and key == keys.Key_Escape:
            self.token_cleared.emit()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_selection()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.select_all()
        elif key == keys.Key_Home:
            bar.setValue(0)
        elif key == keys.Key_End:
            self.scroll_to_end()
        elif key == keys.Key_Menu and self._current is not None:
            self.menu_requested.emit(self._current, self.viewport().mapToGlobal(QPoint(40, 40)))
        elif key == keys.Key_Space:
            bar.setValue(bar.value() + bar.pageStep())
        else:
            super().keyPressEvent(event)

    def _to_begin_in(self) -> int | None:
        """The message whose tokens the keys go to while none is selected: the current one, else the last reply."""
        replies = [item.id for item in self._items if item.row.role == "assistant"]
        return self._current if self._current is not None else replies[-1] if replies else None

    def _on_menu(self, id: int, at: QPoint) -> None:
        self.set_current(id)
        self.menu_requested.emit(id, at)

    def _dress(self, view: MessageView) -> None:
        """Give a message the form that the switch asks for, and its marks."""
        id = view.shown.id
        writing = view.shown.writing
        wants = self._token_view and (view.shown.row.role == "assistant" or bool(self._source.token_text(id)))
        if writing and (token_text := self._source.token_text(id)) is not None:
            view.know_tokens(token_text)
        if wants and not view.body.shows_tokens:
            if (token_text := self._source.token_text(id)) is not None and (writing or len(token_text)):
                view.show_tokens(token_text, self._format_of)
        elif not wants and view.body.shows_tokens:
            view.show_reading()
        self._mark_found(view)
        self._mark_changes(view)
        if self._marked is not None and self._marked[0] == id:
            token_text = self._source.token_text(id)
            if token_text is not None:
                view.know_tokens(token_text)
                view.mark_token(self._marked[1])

    def _mark_changes(self, view: MessageView) -> None:
        id, indices = self._changes if self._changes is not None else (None, ())
        token_text = self._source.token_text(view.shown.id) if id == view.shown.id else None
        if token_text is None:
            view.text.set_changes([], [])
            return
        view.know_tokens(token_text)
        ranges = [view.body.token_ranges(index) for index in indices]
        view.text.set_changes([place for found in ranges for place in found], ranges[0])

    def _mark_found(self, view: MessageView) -> None:
        id, here = view.shown.id, self._found_here
        places = [place for start, end in self._found.get(id, []) for place in view.body.ranges(start, end)]
        view.text.set_found(places, view.body.ranges(*here[1:]) if here is not None and here[0] == id else [])

    def _content(self, message_id: int) -> str:
        return self._source.content(message_id)

    def _connect(self, view: MessageView) -> None:
        id = view.shown.id
        view.command.connect(self.command)
        view.edited.connect(self.edited)
        view.text.pressed.connect(lambda position, event: self._on_pressed(id, position, event))
        view.text.dragged.connect(self._on_dragged)
        view.text.released.connect(lambda position, event: self._on_released(id, event))
        view.text.double_clicked.connect(lambda position: self._on_double_clicked(id, position))
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(lambda at: self._on_menu(id, view.mapToGlobal(at)))
        view.set_current(id == self._current)
        self._selection.apply(self._index[id], view.text)
