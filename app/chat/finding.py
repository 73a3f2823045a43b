"""Find in the conversation: what the bar asks for is marked in the transcript, and stepped through."""

from PySide6.QtCore import QObject

from app.chat.find_bar import FindBar
from app.chat.finder import Place, find_places
from app.chat.state import ChatState
from app.chat.transcript import Transcript


class Finding(QObject):
    """The wires between a find bar, the messages that are shown and the transcript."""

    def __init__(self, bar: FindBar, transcript: Transcript, state: ChatState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bar, self._transcript, self._state = bar, transcript, state
        self._places: list[Place] = []
        self._place = 0
        bar.query_changed.connect(self._find)
        bar.stepped.connect(self._step)
        bar.closed.connect(self._end)

    def look_again(self) -> None:
        """Other messages are shown."""
        if self._bar.isVisible():
            self._find(self._bar.query)

    def _find(self, query: str) -> None:
        state = self._state
        self._places = find_places(((m.id, state.content(m.id)) for m in state.tree.path()), query)
        self._place = min(self._place, max(len(self._places) - 1, 0))
        self._show()

    def _step(self, step: int) -> None:
        if self._places:
            self._place = (self._place + step) % len(self._places)
        self._show()

    def _show(self) -> None:
        self._bar.set_count(self._place + 1, len(self._places))
        if not self._places:
            self._transcript.set_found({})
            return
        matches: dict[int, list[tuple[int, int]]] = {}
        for place in self._places:
            matches.setdefault(place.message_id, []).append((place.start, place.end))
        here = self._places[self._place]
        self._transcript.set_found(matches, (here.message_id, here.start, here.end))
        self._transcript.reveal(here.message_id, here.start)

    def _end(self) -> None:
        self._places = []
        self._transcript.set_found({})
        self._transcript.setFocus()
