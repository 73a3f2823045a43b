"""The pane over the conversation that shows all its branches as a map, and two versions of a message side by side."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.chat.branch_map import Segment, segments
from app.chat.branch_view import BranchView, Card
from app.chat.compare_view import CompareView
from app.chat.difference import first_difference, summary
from app.chat.state import ChatState
from app.chat.token_text import TokenText
from app.storage.rows import MessageRow
from app.widgets.buttons import icon_button, text_button
from app.widgets.formats import percent, visible
from app.widgets.theme import set_role

_WORDS = 60  # characters of a message that stand on its card


class Branches(QWidget):
    """Follows the state while it is seen. ``closed`` when the conversation itself is wanted again."""

    closed = Signal()

    def __init__(self, state: ChatState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "background")
        self._state = state
        self._segments: list[Segment] = []
        self._pair: tuple[int, int] | None = None  # the messages that are compared
        self._title = QLabel(self)
        set_role(self._title, "section")
        self._open: QPushButton = text_button(self, self.tr("Show this branch"), self._open_current, "")
        self._compare: QPushButton = text_button(self, self.tr("Compare versions"), self._compare_current, "")
        self._back: QPushButton = text_button(self, self.tr("Map"), self.show_map, "")
        self.map = BranchView(self)
        self.map.selected.connect(self._on_selected)
        self.map.opened.connect(lambda _: self._open_current())
        self.compare = CompareView(self)
        self.compare.chosen.connect(self._choose_pair)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.map)
        self._stack.addWidget(self.compare)
        row = QHBoxLayout()
        row.setContentsMargins(16, 8, 8, 8)
        row.setSpacing(8)
        row.addWidget(self._title, 1)
        for button in (self._back, self._compare, self._open):
            row.addWidget(button)
        row.addWidget(icon_button(self, "x", self.tr("Back to the conversation"), lambda: self.closed.emit()))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self._stack, 1)
        state.path_changed.connect(self._refresh)
        state.texts.loaded.connect(self._on_loaded)

    def show_map(self) -> None:
        """All branches; the segment of the last shown message is selected."""
        self._pair = None
        self._stack.setCurrentWidget(self.map)
        self._refresh()
        self.map.setFocus()

    def compare_versions(self, message_id: int) -> bool:
        """Put a message beside the version before it, or the one after; false where it is the only one."""
        siblings = self._state.tree.siblings(message_id)
        if len(siblings) < 2:
            return False
        place = siblings.index(message_id)
        self._pair = (siblings[max(place - 1, 0)], siblings[max(place, 1)])
        self._stack.setCurrentWidget(self.compare)
        self._refresh()
        self.compare.setFocus()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    # --- the map --------------------------------------------------------------------------------------------------

    def _refresh(self, _: object = None) -> None:
        if self.isHidden():
            return
        tree = self._state.tree
        if self._pair is not None and any(id not in tree for id in self._pair):
            self._pair = None
            self._stack.setCurrentWidget(self.map)
        compares = self._pair is not None
        for button, wanted in ((self._back, compares), (self._compare, not compares), (self._open, not compares)):
            button.setVisible(wanted)
        if self._pair is not None:
            self._show_pair(*self._pair)
            return
        self._segments = segments(tree)
        cards = [self._card(segment) for segment in self._segments]
        last = max((i for i, segment in enumerate(self._segments) if segment.shown), default=0)
        ends = sum(not segment.children for segment in self._segments)
        self._title.setText(self.tr("Branches of this conversation: {0}").format(ends))
        self.map.show_segments(self._segments, cards, last)

    def _card(self, segment: Segment) -> Card:
        message = self._state.tree[segment.first]
        notes = [self.tr("You") if message.role == "user" else message.model_name or self.tr("Próxima")]
        if segment.count > 1:
            notes.append(self.tr("{0} messages").format(segment.count))
        if segment.places > 1:
            notes.append(f"{segment.place}/{segment.places}")
        return Card(self._words(message), " · ".join(notes))

    def _words(self, message: MessageRow) -> str:
        content = self._state.content(message.id)
        if message.fork is not None:  # the words that it has in common with the others tell nothing
            others = [self._state.content(id) for id in self._state.tree.siblings(message.id) if id != message.id]
            same = max((_same(content, other) for other in others), default=0)
            start = content.rfind(" ", 0, same + 1) + 1 if same else 0
            content = f"…{content[start:]}" if start else content
        words = " ".join(content[: 4 * _WORDS].split())[:_WORDS] or "…"
        if message.fork is None:
            return words
        return f"“{visible(message.fork.piece)}” {percent(message.fork.probability)}: {words}"

    def _on_selected(self, index: int) -> None:
        self._compare.setEnabled(self._segments[index].places > 1)
        self._compare.setToolTip("" if self._segments[index].places > 1 else self.tr("There is no other version."))

    def _open_current(self) -> None:
        if self._segments:
            segment = self._segments[self.map.current]
            self.closed.emit()
            self._state.reveal(segment.first)

    def _compare_current(self) -> None:
        if self._segments:
            self.compare_versions(self._segments[self.map.current].first)

    # --- two versions ---------------------------------------------------------------------------------------------

    def _choose_pair(self, left: int, right: int) -> None:
        if self._pair is not None:
            siblings = self._state.tree.siblings(self._pair[0])
            self._pair = (siblings[left], siblings[right])
            self._show_pair(*self._pair)

    def _show_pair(self, left: int, right: int) -> None:
        state = self._state
        siblings = state.tree.siblings(left)
        self._title.setText(self.tr("Two of {0} versions").format(len(siblings)))
        names = [f"{place}/{len(siblings)}  {self._words(state.tree[id])}" for place, id in enumerate(siblings, 1)]
        self.compare.show_versions(names, siblings.index(left), siblings.index(right))
        tokens = [self._tokens(id) for id in (left, right)]
        if tokens[0] is None or tokens[1] is None:
            self.compare.show_waiting()
            return
        texts = (state.content(left), state.content(right))
        difference = first_difference(*texts, tokens[0], tokens[1])
        self.compare.show_difference(texts, difference, (summary(tokens[0]), summary(tokens[1])))

    def _tokens(self, message_id: int) -> TokenText | None:
        return self._state.token_text(message_id)

    def _on_loaded(self, message_id: int) -> None:
        if self._pair is not None and message_id in self._pair and not self.isHidden():
            self._show_pair(*self._pair)


def _same(left: str, right: str) -> int:
    """How many characters two texts have in common at their beginning."""
    pairs = zip(left, right, strict=False)
    return next((place for place, (a, b) in enumerate(pairs) if a != b), min(len(left), len(right)))
