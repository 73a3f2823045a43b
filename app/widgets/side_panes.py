"""A middle pane between two at the sides, which fold by hand and in a narrow window, and keep the width that they were given."""

from collections.abc import Callable
from typing import Any

from PySide6.QtGui import QAction, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.settings.memory import Memory
from app.widgets.folding import Folding
from app.widgets.splitter import PaneSplitter
from app.widgets.tokens import DOCK_WIDTH, LIST_WIDTH


class SidePanes(QWidget):
    """name: under which widths and folding are remembered. The switches are checkable actions that follow the panes."""

    def __init__(
        self,
        name: str,
        panes: tuple[QWidget, QWidget, QWidget],
        switches: tuple[QAction, QAction],
        borders: tuple[str, str],
        memory: Memory | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._name, self._memory = name, memory
        self._away = False
        self._list, _, self._dock = panes
        self._list_switch, self._dock_switch = switches
        self._folding = Folding(self._remembered("list", True), self._remembered("dock", True))
        widths = self._remembered("widths", [LIST_WIDTH, DOCK_WIDTH])
        good = len(widths) == 2 and all(isinstance(width, int) and width > 0 for width in widths)
        self._widths = list(widths) if good else [LIST_WIDTH, DOCK_WIDTH]
        self._folding.resize(0)  # until the width is known nothing asks for room
        self._panes = PaneSplitter(self)
        for pane in panes:
            self._panes.addWidget(pane)
        for place, border in enumerate(borders, 1):
            self._panes.name_border(place, border)
        self._panes.widths_changed.connect(self._keep_widths)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._panes)
        self._list_switch.toggled.connect(lambda on: self._set(self._folding.set_list, on))
        self._dock_switch.toggled.connect(lambda on: self._set(self._folding.set_dock, on))
        self._fold()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._folding.resize(self.window().width())
        self._fold()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._folding.resize(self.window().width())
        self._fold()

    def put_dock_away(self, away: bool) -> None:
        """Hide the pane at the right for a while, whatever is wanted of it, or no longer."""
        if away != self._away:
            self._away = away
            self._dock_switch.setEnabled(not away)
            self._fold()

    def _set(self, call: Callable[[bool], None], on: bool) -> None:
        call(on)
        self._remember("list", self._folding.list_wanted)
        self._remember("dock", self._folding.dock_wanted)
        self._fold()

    def _fold(self) -> None:
        for switch, open, pane in (
            (self._list_switch, self._folding.list_open, self._list),
            (self._dock_switch, self._folding.dock_open and not self._away, self._dock),
        ):
            blocked = switch.blockSignals(True)
            switch.setChecked(open)
            switch.blockSignals(blocked)
            pane.setVisible(open)
        self._panes.set_side_widths(self._widths[0], self._widths[1])

    def _keep_widths(self) -> None:
        for place, pane in ((0, self._list), (1, self._dock)):
            if pane.isVisible():
                self._widths[place] = pane.width()
        self._remember("widths", self._widths)

    def _remembered(self, part: str, default: Any) -> Any:
        return self._memory.get(f"{self._name}_{part}", default) if self._memory is not None else default

    def _remember(self, part: str, value: Any) -> None:
        if self._memory is not None:
            self._memory.set(f"{self._name}_{part}", value)
