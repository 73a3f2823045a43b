"""What the colours in the text tell, and their legend."""

import enum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.widgets.elided_combo import ElidedCombo
from app.widgets.rank_bins import RANKS, rank_cells
from app.widgets.token_colours import ScaleLegend, surprisal_cells


class Tint(enum.Enum):
    """What the colour behind a token tells."""

    SURPRISAL = "surprisal"
    RANK = "rank"
    ENTROPY = "entropy"
    NONE = "none"


class TintRow(QWidget):
    """``changed`` with the Tint."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ranks: tuple[int, ...] = RANKS
        self._box = ElidedCombo()
        self._box.setAccessibleName(self.tr("What the colours in the text tell"))
        for tint, text in (
            (Tint.SURPRISAL, self.tr("Colour by surprisal")),
            (Tint.RANK, self.tr("Colour by rank")),
            (Tint.ENTROPY, self.tr("Colour by the entropy before each token")),
            (Tint.NONE, self.tr("No colours")),
        ):
            self._box.addItem(text, tint)
        self.legend = ScaleLegend()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._box)
        column.addWidget(self.legend)
        self._box.currentIndexChanged.connect(self._on_changed)
        self._show()

    @property
    def tint(self) -> Tint:
        found: Tint = self._box.currentData()
        return found

    def set_tint(self, tint: Tint) -> None:
        self._box.setCurrentIndex(list(Tint).index(tint))

    def set_ranks(self, ranks: tuple[int, ...]) -> None:
        """The borders that the legend of the ranks tells."""
        self._ranks = ranks
        self._show()

    def _on_changed(self) -> None:
        self._show()
        self.changed.emit(self.tint)

    def _show(self) -> None:
        tint, name = self.tint, self.tr("Legend: {0}").format(self._box.currentText())
        self.legend.setVisible(tint != Tint.NONE)
        if tint == Tint.RANK:
            self.legend.show_scale(rank_cells(self._ranks), self.tr("rank"), "", name, "")
        elif tint == Tint.ENTROPY:
            self.legend.show_scale(surprisal_cells(), self.tr("sure"), self.tr("open (bits)"), name, "")
        elif tint == Tint.SURPRISAL:
            sentence = self.tr(
                "Each bit of surprisal halves the probability: 1 bit is 50 %, 3 bits 12.5 %, 10 bits 0.1 %."
            )
            self.legend.show_scale(surprisal_cells(), self.tr("expected"), self.tr("surprising (bits)"), name, sentence)
