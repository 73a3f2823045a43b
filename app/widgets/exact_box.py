"""A box in which a number stands exactly: as many decimals as it has, at least two, at most four."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QDoubleSpinBox, QWidget

from app.widgets.theme import set_role, theme

DECIMALS = 4
_AROUND = 24  # px beside the digits


class ExactBox(QDoubleSpinBox):
    """A value counts when it is complete (Enter, or the focus goes); what is out of range cannot be typed."""

    def __init__(
        self,
        minimum: float,
        maximum: float,
        *,
        integer: bool = False,
        step: float = 0.01,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._integer = integer
        self.setDecimals(0 if integer else DECIMALS)
        self.setRange(minimum, maximum)
        self.setSingleStep(1 if integer else max(step, 10**-DECIMALS))
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setKeyboardTracking(False)
        set_role(self, "bare")
        theme().changed.connect(self._dress)
        self._dress()

    def textFromValue(self, value: float) -> str:
        """The shortest text that is the value."""
        if self._integer:
            return super().textFromValue(value)
        text, point = super().textFromValue(value), self.locale().decimalPoint()
        whole, _, decimals = text.partition(point)
        return whole + point + decimals.rstrip("0").ljust(2, "0")

    def _dress(self) -> None:
        font = theme().font("number")
        self.setFont(font)
        widest = "1000000" if self._integer else "0.0000"
        self.setFixedWidth(QFontMetrics(font).horizontalAdvance(widest) + _AROUND)
