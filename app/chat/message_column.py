"""A column of messages of which only those on the screen exist as widgets, and which can follow its end."""

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QPushButton, QWidget

from app.chat.message_view import MessageView
from app.chat.offsets import Offsets
from app.chat.shown import ShownMessage
from app.chat.token_text import TokenRun
from app.reading.style import COLUMN_WIDTH, ReadingStyle
from app.widgets.buttons import text_button
from app.widgets.icons import set_icon

_PADDING = 16  # px above the first message and below the last
_MARGIN = 300  # px above and below the screen in which messages are kept ready
_NEAR_END = 8  # px: closer than this counts as the end


class MessageColumn(QAbstractScrollArea):
    """Cost of an arriving token does not depend on the number of messages: heights are summed in a tree, one widget grows.

    What a click or a key means is a subclass's.
    """

    def __init__(self, style: ReadingStyle, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._items: list[ShownMessage] = []
        self._index: dict[int, int] = {}
        self._views: dict[int, MessageView] = {}
        self._offsets = Offsets()
        self._measured: dict[int, int] = {}  # heights of messages that were on the screen, at this width
        self._stick = True
        self._placing = False
        self.setFrameShape(self.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().setSingleStep(40)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self._to_end = self._make_to_end()

    def _content(self, message_id: int) -> str:
        """The whole text of a message as it is now; a subclass knows of text that is still arriving."""
        return self._items[self._index[message_id]].row.content

    def _connect(self, view: MessageView) -> None:
        """A widget was made: a subclass connects what is done with it."""

    def _dress(self, view: MessageView) -> None:
        """A widget was made or has changed: a subclass gives it the form that its text is to have."""

    def set_messages(self, items: Sequence[ShownMessage], *, to_end: bool = False) -> None:
        """Show these; widgets of messages that stay are kept, and what is on the screen stays where it is."""
        anchor = self._anchor()
        self._items = list(items)
        self._index = {item.id: index for index, item in enumerate(self._items)}
        for id in [id for id in self._views if id not in self._index]:
            self._drop(id)
        for id, view in self._views.items():
            shown = self._items[self._index[id]]
            if view.shown != shown:
                view.show_message(shown)
                self._dress(view)
        self._measure()
        self._stick = to_end or self._stick
        self._place(anchor)

    def update_message(self, shown: ShownMessage) -> None:
        """A newer value of a message that is shown."""
        index = self._index.get(shown.id)
        if index is None:
            return
        self._items[index] = shown
        if (view := self._views.get(shown.id)) is not None:
            view.show_message(shown)
            self._dress(view)
            self._height_changed(shown.id)

    def grow(self, message_id: int, text: str, runs: list[TokenRun]) -> None:
        """Text has arrived for a message."""
        if (view := self._views.get(message_id)) is not None:
            view.grow(text, runs)
            self._height_changed(message_id)
        elif message_id in self._index:
            self._place()

    def set_style(self, style: ReadingStyle) -> None:
        """Colours or sizes have changed."""
        self._style = style
        anchor = self._anchor()
        for view in self._views.values():
            view.set_style(style)
            self._dress(view)
        self._measure_all()
        self._place(anchor)
        self.viewport().update()

    def reveal(self, message_id: int, offset: int | None = None) -> None:
        """Scroll so that a message, or a character of its content, can be seen."""
        index = self._index.get(message_id)
        if index is None:
            return
        self._stick = False
        if message_id not in self._views:
            self._set_scroll(_PADDING + self._offsets.top(index) - self.viewport().height() // 3)
            self._place()
        view = self._views.get(message_id)
        if view is None:
            return
        ranges = view.body.ranges(offset, offset + 1) if offset is not None else []
        if ranges:
            self._show_rect(view, view.text.range_rect(*ranges[0]).toAlignedRect())
        else:
            self._show_rect(view, QRect(0, 0, 10, min(view.text.height(), self.viewport().height() // 2)))

    def scroll_to_end(self) -> None:
        self._stick = True
        self._place()

    @property
    def sticks(self) -> bool:
        """Whether the view follows the end as it grows."""
        return self._stick

    def live_views(self) -> dict[int, MessageView]:
        """The messages that exist as widgets at this moment, by id."""
        return dict(self._views)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        anchor = self._anchor()
        if event.size().width() != event.oldSize().width():
            self._measure_all()
        self._place(anchor)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self._style.background)
        painter.end()

    def _scrolled(self) -> None:
        if self._placing:
            return
        bar = self.verticalScrollBar()
        self._stick = bar.value() >= bar.maximum() - _NEAR_END
        self._place()

    @property
    def _width(self) -> int:
        return min(COLUMN_WIDTH, max(self.viewport().width() - 32, 200))

    def _anchor(self) -> tuple[int, int] | None:
        """The first message on the screen, and how far it is scrolled out."""
        if not self._items or not len(self._offsets):
            return None
        y = self.verticalScrollBar().value() - _PADDING
        index = min(self._offsets.at(y), len(self._items) - 1)
        return self._items[index].id, y - self._offsets.top(index)

    def _measure_all(self) -> None:
        """Nothing of what was measured holds any more."""
        self._measured.clear()
        self._measure()

    def _measure(self) -> None:
        """Measure what is on the screen; of the rest keep what is known, and guess what is not."""
        per_line = max(self._width // 8, 20)
        line = round(self._style.body.pixelSize() * 1.6)
        heights = []
        for item in self._items:
            view = self._views.get(item.id)
            if view is not None:
                self._measured[item.id] = view.layout_for(self._width)
            known = self._measured.get(item.id)
            if known is None:
                known = 80 + line * (1 + len(item.row.content) // per_line + item.row.content.count("\n"))
            heights.append(known)
        self._offsets = Offsets(heights)

    def measure_again(self) -> None:
        """Sizes have changed by something else than a message."""
        anchor = self._anchor()
        self._measure_all()
        self._place(anchor)

    def _height_changed(self, id: int) -> None:
        index, view = self._index.get(id), self._views.get(id)
        if index is None or view is None:
            return
        above = _PADDING + self._offsets.top(index) < self.verticalScrollBar().value()
        old = self._offsets[index]
        self._measured[id] = view.layout_for(self._width)
        change = self._offsets.set(index, self._measured[id])
        if change:
            bottom = _PADDING + self._offsets.top(index) + old
            shift = change if above and not self._stick and bottom <= self.verticalScrollBar().value() else 0
            self._place(shift=shift)

    def _place(self, anchor: tuple[int, int] | None = None, shift: int = 0) -> None:
        """Make the widgets that are needed, measure them, and put all of them where they belong."""
        if self._placing:
            return
        self._placing = True
        try:
            if anchor is not None and anchor[0] in self._index and not self._stick:
                self._update_range()
                self._set_scroll(_PADDING + self._offsets.top(self._index[anchor[0]]) + anchor[1])
            for _ in range(6):  # a guess that was wrong brings others onto the screen
                self._update_range()
                if self._stick:
                    self._set_scroll(self.verticalScrollBar().maximum())
                elif shift:
                    self._set_scroll(self.verticalScrollBar().value() + shift)
                    shift = 0
                if not self._make_visible():
                    break
            self._move_views()
        finally:
            self._placing = False
        self._place_to_end()

    def _update_range(self) -> None:
        height = self.viewport().height()
        bar = self.verticalScrollBar()
        bar.setPageStep(height)
        bar.setRange(0, max(0, self._offsets.total + 2 * _PADDING - height))

    def _set_scroll(self, value: int) -> None:
        placing, self._placing = self._placing, True
        self.verticalScrollBar().setValue(value)
        self._placing = placing

    def _index_at(self, y: int) -> int:
        """The message that is at a height of the viewport."""
        return self._offsets.at(y + self.verticalScrollBar().value() - _PADDING)

    def _range_on_screen(self, margin: int) -> range:
        if not self._items:
            return range(0)
        top = self.verticalScrollBar().value() - _PADDING
        return range(self._offsets.at(top - margin), self._offsets.at(top + self.viewport().height() + margin) + 1)

    def _make_visible(self) -> bool:
        """Make and measure what is on the screen; true if a guess of a height was wrong."""
        changed = False
        for index in self._range_on_screen(_MARGIN):
            item = self._items[index]
            if item.id in self._views:
                continue
            above = _PADDING + self._offsets.top(index) < self.verticalScrollBar().value()
            view = self._make_view(item)
            self._measured[item.id] = view.layout_for(self._width)
            change = self._offsets.set(index, self._measured[item.id])
            changed = changed or change != 0
            if above and change and not self._stick:
                self._update_range()
                self._set_scroll(self.verticalScrollBar().value() + change)
        return changed

    def _move_views(self) -> None:
        keep = {self._items[index].id for index in self._range_on_screen(_MARGIN * 4)}
        left = (self.width() - self._width) // 2  # of the whole, so that it stands in line with the composer
        top = _PADDING - self.verticalScrollBar().value()
        for id, view in list(self._views.items()):
            if id not in keep and not view.editing:
                self._drop(id)
                continue
            index = self._index[id]
            view.setGeometry(left, top + self._offsets.top(index), self._width, self._offsets[index])
            view.show()

    def _make_view(self, item: ShownMessage) -> MessageView:
        if item.writing:
            row = msgspec.structs.replace(item.row, content=self._content(item.id))
            item = msgspec.structs.replace(item, row=row)
        view = MessageView(item, self._style, self.viewport())
        self._views[item.id] = view
        view.height_changed.connect(self._height_changed)
        self._connect(view)
        self._dress(view)
        return view

    def _drop(self, id: int) -> None:
        view = self._views.pop(id)
        view.hide()
        view.deleteLater()

    def _show_rect(self, view: MessageView, rect: QRect) -> None:
        """Scroll just so far that a rectangle of a message's text is on the screen."""
        top = view.text.mapTo(self.viewport(), rect.topLeft()).y()
        bottom = top + rect.height()
        move = 0
        if top < 12:
            move = top - 24
        elif bottom > self.viewport().height() - 12:
            move = bottom - self.viewport().height() + 24
        if move:
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + move)

    def _make_to_end(self) -> QPushButton:
        button = text_button(self.viewport(), self.tr("To the end"), self.scroll_to_end, "")
        set_icon(button, "to-end")
        button.hide()
        return button

    def _place_to_end(self) -> None:
        wanted = not self._stick and bool(self._items)
        self._to_end.setVisible(wanted)
        if wanted:
            size = self._to_end.sizeHint()
            x = (self.viewport().width() - size.width()) // 2
            self._to_end.setGeometry(QRect(QPoint(x, self.viewport().height() - size.height() - 12), size))
            self._to_end.raise_()
