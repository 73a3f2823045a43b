"""How the model sees the whole document: totals, ranks, surprisals, and the words that it did not expect."""

from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QScrollArea,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from app.playground.counts import Histogram, RankCounts
from app.playground.reading import Reading
from app.playground.scores import Totals
from app.playground.tint_row import Tint, TintRow
from app.widgets.buttons import text_button
from app.widgets.empty_state import EmptyState
from app.widgets.formats import bits, count, number
from app.widgets.rank_bins import RankField, valid_ranks, written_ranks
from app.widgets.theme import set_role, theme

_FRESH_MS = 300  # between two looks at scores that still come
_WORDS = 12


class TextPane(QWidget):
    """Follows a Reading. ``place_wanted`` brings the start and the end of a word that was chosen."""

    place_wanted = Signal(int, int)
    tint_changed = Signal(object)  # Tint
    ranks_changed = Signal(object)  # the borders between the groups, tuple[int, ...]
    acted = Signal()  # the button of the empty state

    def __init__(self, reading: Reading, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reading = reading
        self._text = ""
        self.totals = Totals(0, 0, 0.0)
        self.empty = EmptyState("bars", "", "", "")
        self.empty.acted.connect(self.acted)
        inner = QWidget()
        set_role(inner, "surface")
        column = QVBoxLayout(inner)
        column.setContentsMargins(12, 12, 12, 16)
        column.setSpacing(8)
        self._build(column)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(scroll)
        self._later = QTimer(self, singleShot=True, interval=_FRESH_MS)
        self._later.timeout.connect(self._show)
        reading.changed.connect(self._on_changed)
        reading.progressed.connect(self._show_progress)

    def set_text(self, text: str) -> None:
        """The text that the scores are of."""
        self._text = text

    def show_empty(self, title: str, sentence: str, action: str = "") -> None:
        self.empty.set_texts(title, sentence, action)
        self._stack.setCurrentIndex(0)

    def show_scores(self) -> None:
        """The scores, if they are not shown already."""
        if self._stack.currentIndex() == 1:
            return
        self._stack.setCurrentIndex(1)
        self._on_changed()
        self._show_progress()

    def look(self) -> list[str]:
        """What the colours tell, to be remembered."""
        return [self.tint.tint.value, written_ranks(self.ranks.ranks)]

    def restore_look(self, kept: list[Any]) -> None:
        """As look() told it; anything else is left alone."""
        if len(kept) == 2 and kept[0] in {tint.value for tint in Tint} and valid_ranks(str(kept[1])):
            self.tint.set_tint(Tint(kept[0]))
            self.ranks.setText(str(kept[1]))

    # --- building -------------------------------------------------------------------------------------------------

    def _build(self, column: QVBoxLayout) -> None:
        self._progress = QProgressBar()
        self._progress.setAccessibleName(self.tr("Tokens read"))
        self._how_far = QLabel()
        set_role(self._how_far, "caption")
        self._stop = text_button(self, self.tr("Stop"), self._on_stop)
        row = QHBoxLayout()
        row.addWidget(self._how_far, 1)
        row.addWidget(self._stop)
        column.addLayout(row)
        column.addWidget(self._progress)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        self._numbers: dict[str, QLabel] = {}
        for place, (key, title, sentence) in enumerate(
            (
                ("perplexity", self.tr("Perplexity"), self.tr("2 to the power of the mean surprisal of a token.")),
                (
                    "bits_per_byte",
                    self.tr("Bits per byte"),
                    self.tr("All surprisal over the bytes of the text: comparable between models and vocabularies."),
                ),
                ("tokens", self.tr("Tokens"), self.tr("Those that are scored.")),
                ("mean", self.tr("Mean surprisal"), self.tr("Bits for each token, raw, over the full vocabulary.")),
            )
        ):
            name, value = QLabel(title), QLabel()
            set_role(name, "caption")
            for label in (name, value):
                label.setToolTip(sentence)
            value.setAccessibleName(title)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(name, 2 * (place // 2), place % 2)
            grid.addWidget(value, 2 * (place // 2) + 1, place % 2)
            self._numbers[key] = value
        column.addLayout(grid)
        self.tint = TintRow()
        self.tint.changed.connect(self.tint_changed)
        column.addWidget(self.tint)
        self.ranks = RankField()
        self.ranks.ranks_changed.connect(self._on_ranks)
        row = QHBoxLayout()
        row.addWidget(_section(self.tr("Ranks")), 1)
        row.addWidget(self.ranks)
        column.addLayout(row)
        self._ranks = RankCounts()
        column.addWidget(self._ranks)
        column.addWidget(_section(self.tr("Surprisal in bits")))
        self._histogram = Histogram()
        column.addWidget(self._histogram)
        column.addWidget(_section(self.tr("Most surprising words")))
        self._words = _Words()
        self._words.setAccessibleName(self.tr("Most surprising words"))
        self._words.itemClicked.connect(self._on_word)
        self._words.itemActivated.connect(self._on_word)
        column.addWidget(self._words)
        column.addStretch(1)

    # --- showing --------------------------------------------------------------------------------------------------

    @property
    def words(self) -> list[str]:
        """The most surprising words, as they stand in the list."""
        return [self._words.item(place).data(Qt.ItemDataRole.UserRole + 1) for place in range(self._words.count())]

    def _on_changed(self) -> None:
        if self._reading.whole:
            self._later.stop()
            self._show()
        elif not self._later.isActive():
            self._later.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show()

    def _show(self) -> None:
        if not self.isVisible():  # a long text takes a moment, at every key: only for who looks
            return
        scores, text = self._reading.scores, self._text
        self.totals = totals = scores.totals(text)
        known = totals.tokens > 0
        self._numbers["perplexity"].setText(count(totals.perplexity) if known else "–")
        self._numbers["bits_per_byte"].setText(number(totals.bits_per_byte, 3) if known else "–")
        self._numbers["tokens"].setText(number(totals.tokens))
        mean = self.tr("{0} bits").format(bits(totals.bits / totals.tokens)) if known else "–"
        self._numbers["mean"].setText(mean)
        self._show_ranks()
        self._histogram.set_counts(scores.histogram())
        self._words.clear()
        for word in scores.most_surprising(text, _WORDS):
            item = QListWidgetItem(self.tr("{0}   {1} bits").format(word.text, bits(word.bits)))
            item.setData(Qt.ItemDataRole.UserRole, (word.start, word.end))
            item.setData(Qt.ItemDataRole.UserRole + 1, word.text)
            self._words.addItem(item)
        self._words.updateGeometry()

    def _show_ranks(self) -> None:
        self._ranks.set_counts(self._reading.scores.bin_counts(self.ranks.ranks), self.ranks.ranks)

    def _on_ranks(self, ranks: tuple[int, ...]) -> None:
        self.tint.set_ranks(ranks)
        self._show_ranks()
        self.ranks_changed.emit(ranks)

    def _show_progress(self) -> None:
        reading = self._reading
        done, total = reading.scores.valid, max(1, reading.total)
        unread = not reading.whole and not reading.running and not reading.wanted
        self._progress.setMaximum(total)
        self._progress.setValue(min(done, total))
        if reading.running:
            self._how_far.setText(self.tr("{0} of {1} tokens read").format(number(done), number(total)))
        elif unread:
            self._how_far.setText(self.tr("Stopped after {0} tokens.").format(number(done)))
        else:
            self._how_far.setText("")
        self._progress.setVisible(reading.running)
        self._how_far.setVisible(reading.running or unread)
        self._stop.setVisible(reading.running or unread)
        self._stop.setText(self.tr("Stop") if reading.running else self.tr("Read on"))

    def _on_stop(self) -> None:
        if self._reading.running:
            self._reading.stop()
        else:
            self._reading.read()

    def _on_word(self, item: QListWidgetItem) -> None:
        start, end = item.data(Qt.ItemDataRole.UserRole)
        self.place_wanted.emit(start, end)


class _Words(QListWidget):
    """As high as its rows."""

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)

    def sizeHint(self) -> QSize:
        return QSize(200, sum(max(theme().px(28), self.sizeHintForRow(row)) for row in range(self.count())) + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(100, self.sizeHint().height())


def _section(text: str) -> QLabel:
    label = QLabel(text)
    set_role(label, "section")
    return label
