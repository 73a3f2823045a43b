"""Everything that the page can do, as actions for menus, palette and shortcuts."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence

from app.widgets.icons import set_icon

HERE = "here"  # property of an action: its keys while its page is open


class PageActions(QObject):
    """Makes actions by menu; ``by_menu`` is what the window takes."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.by_menu: dict[str, list[QAction]] = {"file": [], "edit": [], "view": []}

    def add(
        self,
        menu: str,
        text: str,
        call: Callable[[], object],
        keys: str = "",
        icon: str = "",
        here: str = "",
    ) -> QAction:
        """An action that does something. here: keys that are its own while the page is open, whosever they are elsewhere."""
        action = self._make(menu, text, keys, icon, here)
        action.triggered.connect(lambda: call())
        return action

    def add_switch(
        self,
        menu: str,
        text: str,
        call: Callable[[bool], object] | None,
        keys: str = "",
        icon: str = "",
        here: str = "",
    ) -> QAction:
        """An action that is on or off; without a call, somebody else follows it."""
        action = self._make(menu, text, keys, icon, here)
        action.setCheckable(True)
        if call is not None:
            action.toggled.connect(call)
        return action

    def _make(self, menu: str, text: str, keys: str, icon: str, here: str) -> QAction:
        action = QAction(text, self)
        action.setProperty(HERE, here)
        if keys:
            action.setShortcut(QKeySequence(keys))
        if here or keys:
            shown = QKeySequence(here or keys).toString(QKeySequence.SequenceFormat.NativeText)
            action.setToolTip(f"{text} ({shown})")
        if icon:
            set_icon(action, icon)
        self.by_menu[menu].append(action)
        return action
