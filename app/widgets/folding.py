"""Which of the side panes are open: what one wants, as far as the window is wide enough. No Qt."""

LIST_BELOW = 1100  # px of window width: the list folds first
DOCK_BELOW = (
    1000  # then the dock; below that there is room for one of them, and the one that is opened closes the other
)


class Folding:
    """A pane that the width has folded can be opened by hand; that holds until the width crosses its limit again."""

    def __init__(self, list_open: bool = True, dock_open: bool = True) -> None:
        self.list_wanted, self.dock_wanted = list_open, dock_open
        self._width = 10_000
        self._list_forced: bool | None = None  # what was chosen while there is little room
        self._dock_forced: bool | None = None

    @property
    def list_open(self) -> bool:
        return self.list_wanted if self._width >= LIST_BELOW else bool(self._list_forced)

    @property
    def dock_open(self) -> bool:
        return self.dock_wanted if self._width >= DOCK_BELOW else bool(self._dock_forced)

    def resize(self, width: int) -> None:
        if (width < LIST_BELOW) != (self._width < LIST_BELOW):
            self._list_forced = None
        if (width < DOCK_BELOW) != (self._width < DOCK_BELOW):
            self._dock_forced = None
        self._width = width

    def set_list(self, open: bool) -> None:
        if self._width >= LIST_BELOW:
            self.list_wanted = open
        else:
            self._list_forced = open
            if open and self._width < DOCK_BELOW:
                self._dock_forced = False

    def set_dock(self, open: bool) -> None:
        if self._width >= DOCK_BELOW:
            self.dock_wanted = open
        else:
            self._dock_forced = open
            if open:
                self._list_forced = False
