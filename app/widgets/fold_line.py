"""One line that stands for what is folded away below it, and unfolds it."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.widgets.icons import icon
from app.widgets.theme import theme

_ICON = 16  # px
_EDGE = 8  # px


class FoldLine(QAbstractButton):
    """Checked is unfolded. The text is shortened where there is no room; all of it is in the tooltip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colour = "muted"
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.updateGeometry)

    def show_text(self, text: str, colour: str = "muted") -> None:
        """colour: by its token's name."""
        self._colour = colour
        self.setText(text)
        self.setAccessibleName(text)
        self.setToolTip(text)

    def sizeHint(self) -> QSize:
        return QSize(120, theme().px(28))

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme().colour("accent") if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(theme().colour("hover") if self.underMouse() else Qt.BrushStyle.NoBrush)
        if self.hasFocus() or self.underMouse():
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 6, 6)
        shown = icon("chevron-down" if self.isChecked() else "chevron-right", "muted")
        shown.paint(painter, QRect(_EDGE, (self.height() - _ICON) // 2, _ICON, _ICON))
        area = self.rect().adjusted(2 * _EDGE + _ICON, 0, -_EDGE, 0)
        painter.setFont(theme().font("caption"))
        painter.setPen(theme().colour(self._colour))
        text = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
