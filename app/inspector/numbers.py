"""The numbers of a token, in two groups: of the model's own distribution, and after the chain."""

import math

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from app.inspector.rows import Table
from app.widgets.formats import bits, count, number, percent
from app.widgets.theme import set_role
from engine.records import TokenRecord


class Numbers(QWidget):
    """Each number has its sentence as a tooltip, and its full precision for screen readers."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.values: dict[str, QLabel] = {}
        self._captions: list[QLabel] = []
        self._grids: list[tuple[QGridLayout, list[tuple[QLabel, QLabel]]]] = []
        self._pairs = 2  # of name and value beside each other
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self._add(
            column,
            (
                ("raw", self.tr("Probability"), self.tr("Of the model itself, over the full vocabulary.")),
                ("rank", self.tr("Rank"), self.tr("1 + the number of tokens with a larger logit, full vocabulary.")),
                ("surprisal", self.tr("Surprisal"), self.tr("-log2 of the raw probability, in bits.")),
                (
                    "margin",
                    self.tr("Margin"),
                    self.tr("Raw probability of the first candidate less that of the second."),
                ),
                ("entropy", self.tr("Entropy"), self.tr("Of the raw distribution over the full vocabulary, in bits.")),
                (
                    "choices",
                    self.tr("Effective choices"),
                    self.tr("2 to the power of the entropy: as many equal choices would be as uncertain."),
                ),
            ),
        )
        self._after_chain = self._add(
            column,
            (
                ("final", self.tr("Probability"), self.tr("The probability with which it was drawn.")),
                (
                    "distortion",
                    self.tr("Distortion"),
                    self.tr("How far the chain moved the distribution: KL(final || raw), in bits."),
                ),
            ),
        )

    def show_record(self, record: TokenRecord, table: Table, final_title: str) -> None:
        """table: the candidates as they are shown, of the reply or tried; final_title names the second group."""
        self._captions[0].setText(self.tr("Raw, over all {0} tokens").format(number(record.vocabulary_size)))
        self._captions[1].setText(final_title)
        chosen = next((row for row in table.rows if row.id == record.token.id), None)
        final = None if not table.drawn else record.final_probability if chosen is None else chosen.final
        raw, kl = 2.0**-record.surprisal_bits, distortion(table)
        self._put("raw", percent(raw), raw)
        self._put("rank", number(record.rank), None)
        self._put("surprisal", self.tr("{0} bits").format(bits(record.surprisal_bits)), record.surprisal_bits)
        margin = _margin(record)
        self._put("margin", "–" if margin is None else percent(margin), margin)
        self._put("entropy", self.tr("{0} bits").format(bits(record.entropy_bits)), record.entropy_bits)
        self._put("choices", count(2.0**record.entropy_bits), 2.0**record.entropy_bits)
        for part in self._after_chain:
            part.setVisible(table.drawn)
        self._put("final", "–" if final is None else percent(final), final)
        text = self.tr("{0} bits") if table.final_left == 0 else self.tr("about {0} bits")
        self._put("distortion", "–" if kl is None else text.format(bits(kl)), kl)

    def _add(self, column: QVBoxLayout, cells: tuple[tuple[str, str, str], ...]) -> list[QWidget]:
        """A group with its caption; returns all of its parts."""
        caption = QLabel()
        caption.setWordWrap(True)
        column.addWidget(set_role(caption, "caption"))
        self._captions.append(caption)
        grid, pairs = QGridLayout(), list[tuple[QLabel, QLabel]]()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(2)
        for key, title, sentence in cells:
            name, value = QLabel(title), QLabel()
            set_role(name, "muted")
            for label in (name, value):
                label.setToolTip(sentence)
            name.setWordWrap(True)
            value.setAccessibleName(title)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self.values[key] = value
            pairs.append((name, value))
        self._grids.append((grid, pairs))
        self._fill(grid, pairs)
        column.addLayout(grid)
        return [caption, *(label for pair in pairs for label in pair)]

    def set_pairs(self, pairs: int) -> None:
        """How many names with their values stand beside each other: 2, or 1 where there is no room for that."""
        if pairs != self._pairs:
            self._pairs = pairs
            for grid, cells in self._grids:
                self._fill(grid, cells)

    def _fill(self, grid: QGridLayout, cells: list[tuple[QLabel, QLabel]]) -> None:
        for column in (1, 3):
            grid.setColumnStretch(column, 1 if column < 2 * self._pairs else 0)
        for place, (name, value) in enumerate(cells):
            row, column = place // self._pairs, 2 * (place % self._pairs)
            grid.addWidget(name, row, column)  # moves what is in the grid already
            grid.addWidget(value, row, column + 1)

    def _put(self, key: str, text: str, exact: float | None) -> None:
        self.values[key].setText(text)
        self.values[key].setAccessibleDescription(text if exact is None else f"{exact:.8g}")


def distortion(table: Table) -> float | None:
    """KL(final || raw) in bits over the listed candidates; None where nothing was drawn."""
    if not table.drawn:
        return None
    return max(0.0, sum(row.final * math.log2(row.final / row.raw) for row in table.rows if row.final > 0 < row.raw))


def _margin(record: TokenRecord) -> float | None:
    logits = record.candidates.logit_array()
    if len(logits) < 2:
        return None
    first, second = (math.exp(float(logit) - record.log_sum_exp) for logit in logits[:2])
    return first - second
