"""The line under the conversation: model, speed, and how much of the context is in use."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from app.chat.status import Status
from app.widgets.elided_label import ElidedLabel
from app.widgets.formats import number
from app.widgets.theme import set_role, theme


class ContextMeter(QWidget):
    """How much of the context is taken, as a bar with its number beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._share = 0.0
        self.setFixedSize(72, 8)
        theme().changed.connect(self.update)

    def set_share(self, share: float) -> None:
        share = min(max(share, 0.0), 1.0)
        if share != self._share:
            self._share = share
            self.update()

    @property
    def _colour(self) -> str:
        return "warning" if self._share > 0.9 else "accent"

    def sizeHint(self) -> QSize:
        return QSize(72, 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().colour("track"))
        painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
        if self._share > 0:
            shape = QPainterPath()
            shape.addRoundedRect(QRectF(self.rect()), 4, 4)
            painter.setClipPath(shape)
            width = max(self.width() * self._share, 4.0)
            painter.fillRect(QRectF(0, 0, width, self.height()), theme().colour(self._colour))
        painter.end()


class StatusLine(QWidget):
    """Shows a Status; parts that are not known are left out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._status = Status()
        self._text = ElidedLabel("", parent=self)
        set_role(self._text, "caption")
        self._context = QLabel(self)
        set_role(self._context, "caption")
        self._meter = ContextMeter(self)
        self._meter.setAccessibleName(self.tr("Context in use"))
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 16, 6)
        row.setSpacing(8)
        row.addWidget(self._text, 1)
        row.addWidget(self._meter)
        row.addWidget(self._context)
        self._show()

    def set_status(self, status: Status) -> None:
        if status != self._status:
            self._status = status
            self._show()

    @property
    def text(self) -> str:
        """What can be read in the line."""
        return f"{self._text.text()} {self._context.text()}".strip()

    def _show(self) -> None:
        status = self._status
        parts = [status.model] if status.model else []
        if status.loading:
            parts.append(self.tr("loading…"))
        elif status.stopping:
            parts.append(self.tr("stopping…"))
        elif status.prompt_total:
            parts.append(
                self.tr("reading the conversation: {0} of {1} tokens").format(
                    number(status.prompt_done), number(status.prompt_total)
                )
            )
        if status.left_out:
            parts.append(self.tr("oldest messages left out: {0}").format(status.left_out))
        if status.tokens_per_s is not None:
            parts.append(self.tr("{0} tokens/s").format(_rate(status.tokens_per_s)))
        if status.first_token_s is not None:
            parts.append(self.tr("first token after {0} ms").format(number(status.first_token_s * 1000)))
        self._text.setText(" · ".join(parts))
        known = status.context_used is not None and bool(status.context_length)
        self._meter.setVisible(known)
        self._context.setVisible(known)
        if status.context_used is not None and status.context_length:
            share = status.context_used / status.context_length
            self._meter.set_share(share)
            self._context.setText(self.tr("context {0} %").format(round(100 * share)))
            tip = self.tr("{0} of {1} tokens that the model can see are in use").format(
                number(status.context_used), number(status.context_length)
            )
            self._meter.setToolTip(tip)
            self._context.setToolTip(tip)
            self._meter.setAccessibleDescription(tip)


def _rate(value: float) -> str:
    return number(value) if value >= 10 else number(value, 1)
