"""A selection that runs over several messages."""

from collections.abc import Callable, Mapping

from app.chat.text_view import TextView

Place = tuple[int, int]  # index of the message, position in its document


class TranscriptSelection:
    """Two places and what lies between; messages that are not on the screen take part with their whole text."""

    def __init__(self) -> None:
        self._anchor: Place | None = None
        self._head: Place | None = None

    @property
    def is_empty(self) -> bool:
        return self._anchor is None or self._anchor == self._head

    def clear(self) -> None:
        self._anchor = self._head = None

    def begin(self, place: Place) -> None:
        self._anchor = self._head = place

    def extend(self, place: Place) -> None:
        if self._anchor is None:
            self._anchor = place
        self._head = place

    def between(self, first: Place, last: Place) -> None:
        self._anchor, self._head = first, last

    def apply(self, index: int, view: TextView) -> None:
        """Show in this message what of it is selected."""
        start, end = self._ordered()
        if start is None or end is None or not start[0] <= index <= end[0]:
            view.clear_selection()
            return
        view.select(start[1] if index == start[0] else 0, end[1] if index == end[0] else view.end)

    def text(self, views: Mapping[int, TextView], content: Callable[[int], str]) -> str:
        """What is selected, messages apart by an empty line."""
        start, end = self._ordered()
        if start is None or end is None:
            return ""
        parts = []
        for index in range(start[0], end[0] + 1):
            view = views.get(index)
            inside = start[0] < index < end[0]
            parts.append(content(index) if view is None or inside else view.selected_text)
        return "\n\n".join(part for part in parts if part)

    def _ordered(self) -> tuple[Place | None, Place | None]:
        if self.is_empty or self._anchor is None or self._head is None:
            return None, None
        return min(self._anchor, self._head), max(self._anchor, self._head)
