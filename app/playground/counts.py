"""Two small pictures of a scored text: how many tokens stood how far up, and how surprising they were."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.widgets.formats import number, percent
from app.widgets.rank_bins import LEVELS, RANKS
from app.widgets.theme import theme
from app.widgets.token_colours import tint


class RankCounts(QWidget):
    """A row for each bin of ranks: its name, a bar, the count and the share."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._limits: Sequence[int] = RANKS
        self._counts = [0] * len(LEVELS)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Tokens by rank"))
        theme().changed.connect(self.updateGeometry)
        theme().changed.connect(self.update)

    def set_counts(self, counts: Sequence[int], limits: Sequence[int] = RANKS) -> None:
        """How many tokens have a rank up to each limit, and above the last."""
        self._counts, self._limits = list(counts), limits
        names = self._names()
        self.setAccessibleDescription("; ".join(f"{name}: {n}" for name, n in zip(names, counts, strict=True)))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, theme().px(22) * len(self._counts))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme().font("caption"))
        metrics = QFontMetricsF(painter.font(), self)
        names = self._names()
        left = max(metrics.horizontalAdvance(name) for name in names) + 8
        right = metrics.horizontalAdvance("88,888 · 100 %")
        total, height = max(1, sum(self._counts)), theme().px(22)
        for row, (name, count) in enumerate(zip(names, self._counts, strict=True)):
            area = QRectF(0, row * height, self.width(), height)
            painter.setPen(theme().colour("muted"))
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, name)
            bar = QRectF(left, area.top() + 4, max(10.0, self.width() - left - right - 8), height - 8)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().colour("track"))
            painter.drawRoundedRect(bar, 3, 3)
            if count:
                painter.setPen(QPen(theme().colour("outline"), 1))
                painter.setBrush(tint(LEVELS[row]))
                painter.drawRoundedRect(
                    QRectF(bar.topLeft(), bar.size()).adjusted(
                        0.5, 0.5, -0.5 - bar.width() * (1 - max(count / total, 0.01)), -0.5
                    ),
                    3,
                    3,
                )
            painter.setPen(theme().colour("text"))
            text = f"{number(count)} · {percent(count / total)}"
            painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)

    def _names(self) -> list[str]:
        limits = [self.tr("top {0}").format(number(limit)) for limit in self._limits]
        return [*limits, self.tr("below")]


class Histogram(QWidget):
    """Counts of tokens by their surprisal; one column a bit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: list[int] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Tokens by surprisal in bits"))
        theme().changed.connect(self.updateGeometry)
        theme().changed.connect(self.update)

    def set_counts(self, counts: Sequence[int]) -> None:
        self._counts = list(counts)
        self.setAccessibleDescription("; ".join(f"{bit}: {n}" for bit, n in enumerate(counts) if n))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, theme().px(96))

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._counts:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme().font("caption"))
        foot = theme().px(18)
        height, width = self.height() - foot - 4, self.width() / len(self._counts)
        most = max(1, *self._counts)
        for bit, count in enumerate(self._counts):
            tall = height * count / most
            if count:
                painter.setPen(QPen(theme().colour("outline"), 1))
                painter.setBrush(tint(bit + 0.5))
                painter.drawRect(QRectF(bit * width + 1, 2 + height - tall, width - 2, tall))
            if bit % 5 == 0:
                painter.setPen(theme().colour("muted"))
                label = QRectF(bit * width - 8, self.height() - foot, width + 16, foot)
                last = bit == len(self._counts) - 1
                painter.drawText(label, Qt.AlignmentFlag.AlignCenter, f"{bit}+" if last else str(bit))
        painter.setPen(QPen(theme().colour("line"), 1))
        painter.drawLine(0, int(height + 2), self.width(), int(height + 2))
