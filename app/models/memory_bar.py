"""What a model takes of the memory that is free, as one bar."""

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.widgets.theme import theme


class Piece(msgspec.Struct, frozen=True):
    """A part of what is needed: its name, bytes, and the colour by its token's name."""

    name: str
    size_bytes: int
    colour: str


class MemoryBar(QWidget):
    """Pieces from the left; the track ends where free memory does, and what goes beyond lies behind a line there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pieces: tuple[Piece, ...] = ()
        self._free = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.update)

    def show_pieces(self, pieces: Sequence[Piece], free_bytes: int, words: str) -> None:
        """words: the same in words, for those who do not see it."""
        self._pieces, self._free = tuple(pieces), free_bytes
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.update()

    def spans(self, width: float) -> list[tuple[float, float]]:
        """Where each piece begins and ends on a bar of this width."""
        whole = max(self._free, sum(piece.size_bytes for piece in self._pieces), 1)
        found, start = [], 0.0
        for piece in self._pieces:
            end = start + piece.size_bytes / whole * width
            found.append((start, end))
            start = end
        return found

    def sizeHint(self) -> QSize:
        return QSize(280, theme().px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour, width, height = theme().colour, float(self.width()), float(self.height())
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(0, 2, width, height - 4), 4, 4)
        painter.setClipPath(shape)
        painter.fillRect(self.rect(), colour("track"))
        for piece, (start, end) in zip(self._pieces, self.spans(width), strict=True):
            painter.fillRect(QRectF(start, 2, max(end - start, 1.0), height - 4), colour(piece.colour))
        painter.setClipping(False)
        need = sum(piece.size_bytes for piece in self._pieces)
        if need > self._free > 0:
            x = self._free / need * width
            painter.setPen(QPen(colour("bad"), 2, Qt.PenStyle.SolidLine))
            painter.drawLine(QPointF(x, 0), QPointF(x, height))
