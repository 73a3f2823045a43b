"""Heights one below the other: sums, changes and look-ups in logarithmic time (a Fenwick tree)."""

from collections.abc import Sequence


class Offsets:
    """The heights of a column of things, in px. The n-th begins where the first n end."""

    def __init__(self, heights: Sequence[int] = ()) -> None:
        self._heights = list(heights)
        self._tree = [0, *self._heights]
        for place in range(1, len(self._tree)):
            above = place + (place & -place)
            if above < len(self._tree):
                self._tree[above] += self._tree[place]

    def __len__(self) -> int:
        return len(self._heights)

    def __getitem__(self, index: int) -> int:
        return self._heights[index]

    def set(self, index: int, height: int) -> int:
        """Change a height; returns by how much."""
        change = height - self._heights[index]
        if change:
            self._heights[index] = height
            place = index + 1
            while place < len(self._tree):
                self._tree[place] += change
                place += place & -place
        return change

    def top(self, index: int) -> int:
        """Where the index-th begins; top(len) is the whole."""
        total = 0
        while index > 0:
            total += self._tree[index]
            index -= index & -index
        return total

    @property
    def total(self) -> int:
        return self.top(len(self._heights))

    def at(self, y: int) -> int:
        """Index of the one that covers y; the first or last where y is outside."""
        if not self._heights:
            return 0
        place, left = 0, max(y, 0)
        step = 1 << (len(self._heights).bit_length() - 1)
        while step:
            if place + step < len(self._tree) and self._tree[place + step] <= left:
                place += step
                left -= self._tree[place]
            step >>= 1
        return min(place, len(self._heights) - 1)
