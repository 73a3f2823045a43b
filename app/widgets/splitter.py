"""Panes side by side whose borders are dragged, by the mouse or by the arrow keys; each border carries a grip."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSplitter, QSplitterHandle, QWidget

from app.widgets.theme import theme

HANDLE_WIDTH = 7  # px: a line of one, and room to take hold of it
_GRIP = (3, 32)  # px
_STEP = 16  # px for each press of an arrow key


class PaneSplitter(QSplitter):
    """Beside a middle pane, which takes what is left, one at either side. ``widths_changed`` when a person moved a border."""

    widths_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(HANDLE_WIDTH)
        self.splitterMoved.connect(lambda _position, _index: self.widths_changed.emit())
        theme().changed.connect(self._on_theme)

    def createHandle(self) -> QSplitterHandle:
        return _Handle(self)

    def name_border(self, index: int, name: str) -> None:
        """What the border to the left of the pane at this index is called."""
        handle = self.handle(index)
        handle.setAccessibleName(name)
        handle.setToolTip(name)

    def set_side_widths(self, left: int, right: int) -> None:
        """Widths in px of the first and the third pane, as far as their limits and the room allow; hidden ones take none."""
        left, right = (0 if self._hidden(index) else width for index, width in ((0, left), (2, right)))
        # The borders take room as well: sizes that add up to more than there is are made smaller, all of them.
        borders = self.handleWidth() * (sum(not self._hidden(index) for index in range(self.count())) - 1)
        self.setSizes([left, max(1, self.width() - borders - left - right), right])

    def _hidden(self, index: int) -> bool:
        pane = self.widget(index)
        return pane is None or pane.isHidden()

    def _on_theme(self) -> None:
        for index in range(1, self.count()):
            self.handle(index).update()


class _Handle(QSplitterHandle):
    """A one-pixel line with a grip in its middle: seen, reached by Tab, moved by the arrow keys."""

    def __init__(self, parent: PaneSplitter) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._panes = parent
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = theme().colour
        active = self.hasFocus() or self.underMouse()
        # The line stands at the edge of the middle pane, whose own lines meet it.
        line = self.width() - 1 if self._panes.handle(1) is self else 0
        grip = line - _GRIP[0] - 1 if line else 2
        painter.fillRect(self.rect(), colour("surface"))
        painter.fillRect(line, 0, 1, self.height(), colour("accent" if active else "line"))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("accent" if active else "outline"))
        area = QRectF(grip, (self.height() - _GRIP[1]) / 2, *_GRIP)
        painter.drawRoundedRect(area, _GRIP[0] / 2, _GRIP[0] / 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -_STEP, Qt.Key.Key_Right: _STEP}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.moveSplitter(self.x() + step)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()
