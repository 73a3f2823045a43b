"""Compare: two sides, how far they lie apart along the text, where most, and both distributions at one place."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.inspector.shares import Share
from app.playground.comparing import Comparing, Totals, shares
from app.playground.divergence_strip import DivergenceStrip
from app.playground.models import Models
from app.playground.side_picker import SidePicker
from app.widgets.bar_legend import BarLegend
from app.widgets.bars import Bar, ProbabilityBars
from app.widgets.buttons import text_button
from app.widgets.formats import at_most, bits, number, percent, visible
from app.widgets.pale import set_pale
from app.widgets.theme import set_role, theme
from app.widgets.titles import title_from
from engine.records import SamplingSettings
from engine.records.explore import Span
from engine.sampling.preset_file import Preset

_ROWS = 10
_NARROW = 760  # px at text size 100 %: below, the sides stand one above the other, so that their names can be read
_PLACES = 16


class ComparePane(QWidget):
    """Follows a Comparing. ``place_wanted`` brings start and end of a span that was chosen."""

    compare_wanted = Signal(object, object)  # Side, Side
    place_wanted = Signal(int, int)

    def __init__(self, comparing: Comparing, models: Models, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._comparing = comparing
        self.left = SidePicker(self.tr("Left"), models, comparing.runs, self)
        self.right = SidePicker(self.tr("Right"), models, comparing.runs, self)
        self.right.pick_chain(1)
        self._button = text_button(self, "", self._on_button, "primary")
        self._words = QLabel()
        self._words.setWordWrap(True)
        set_role(self._words, "caption")
        self.strip = DivergenceStrip(self)
        self.strip.chosen.connect(self._choose)
        self._list = QListWidget()
        self._list.setFrameShape(QListWidget.Shape.NoFrame)
        self._list.setAccessibleName(self.tr("Places where they disagree most"))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.itemClicked.connect(self._on_item)
        self._list.itemActivated.connect(self._on_item)
        self._legend = BarLegend(self.tr("left"), self.tr("right"))
        self._bars = ProbabilityBars()
        self._bars.setAccessibleName(self.tr("What both expect at this place"))
        self._place = QLabel()
        self._place.setWordWrap(True)
        set_role(self._place, "caption")
        self._lay_out()
        comparing.changed.connect(self.refresh)
        comparing.looked.connect(self._show_place)
        models.changed.connect(self.left.fill_models)
        models.changed.connect(self.right.fill_models)
        self.refresh()
        self._show_place()

    def set_chains(self, present: SamplingSettings, own: list[Preset]) -> None:
        self.left.set_chains(present, own)
        self.right.set_chains(present, own)

    @property
    def bars(self) -> tuple[Bar, ...]:
        return self._bars.bars

    @property
    def words(self) -> str:
        """The sentence over the strip."""
        return self._words.text()

    @property
    def places(self) -> list[int]:
        """Numbers of the listed spans, the most different first."""
        return [self._list.item(row).data(Qt.ItemDataRole.UserRole) for row in range(self._list.count())]

    def _lay_out(self) -> None:
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._sides.setSpacing(6)
        self._sides.addWidget(self.left, 1)
        self._sides.addWidget(self.right, 1)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addLayout(self._sides, 1)
        head.addWidget(self._button)
        inner = QWidget()
        set_role(inner, "surface")
        right = QVBoxLayout(inner)
        right.setContentsMargins(8, 0, 0, 0)
        right.addWidget(self._place)
        right.addWidget(self._legend)
        right.addWidget(self._bars)
        right.addStretch(1)
        scroll = QScrollArea()
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        most = QLabel(self.tr("Where they disagree most"))
        set_role(most, "section")
        left = QVBoxLayout()
        left.setSpacing(2)
        left.addWidget(most)
        left.addWidget(self._list, 1)
        self._body = QWidget(self)
        body = QHBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, 0)
        body.addLayout(left, 1)
        body.addWidget(scroll, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 12, 8)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self._words)
        column.addWidget(self.strip)
        column.addWidget(self._body, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = event.size().width() < theme().px(_NARROW)
        self._sides.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)

    # --- showing --------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        comparing = self._comparing
        self._button.setText(self.tr("Stop") if comparing.running else self.tr("Compare"))
        values = [comparing.difference(span) for span in comparing.spans]
        exact = comparing.exact
        self.strip.show_values(values, 1.0 if exact else max(values, default=1.0), comparing.current)
        self._words.setText(self._sentence())
        kept = self._list.currentRow()
        self._list.clear()
        for place in comparing.most_different(_PLACES):
            item = QListWidgetItem(self._row(comparing.spans[place]))
            item.setToolTip(self._line(comparing.spans[place]))
            item.setData(Qt.ItemDataRole.UserRole, place)
            self._list.addItem(item)
        self._list.setCurrentRow(min(kept, self._list.count() - 1))
        for part in (self.strip, self._body):
            set_pale(part, comparing.stale and bool(values))

    def _sentence(self) -> str:
        comparing = self._comparing
        totals, progress = comparing.totals(), comparing.progress
        asked = comparing.messages[-1].content if comparing.messages else ""
        parts = []
        if comparing.stale:
            begins = title_from(comparing.text)
            parts.append(self.tr("Of the text as it was, “{0}”: compare again for the one above").format(begins))
        if asked:
            parts.append(self.tr("as the reply to “{0}”").format(title_from(asked)))
        if comparing.running and progress is not None and progress.total:
            text = self.tr("loading {0} %") if progress.phase == "load" else self.tr("compared {0} %")
            parts.append(text.format(round(100 * progress.done / progress.total)))
        if totals is None:
            return " · ".join(parts) or self.tr(
                "Two models, two checkpoints or two chains over this text. Divergences are in bits, over the whole vocabulary."
            )
        if totals.js_bits is not None:
            parts.append(self.tr("mean Jensen-Shannon divergence {0} bits").format(number(totals.js_bits, 4)))
            parts.append(self._kl_words(totals))
        else:
            parts.append(self.tr("The vocabularies differ: shown is by how many bits the surprisals differ."))
        if totals.js_bits is not None:
            text = self.tr("surprisal left {0}, right {1} bits a token")
            parts.append(text.format(*map(bits, totals.mean_bits)))
        else:
            text = self.tr("surprisal left {0}, right {1} bits")
            parts.append(text.format(bits(totals.left_bits), bits(totals.right_bits)))
        if totals.left_cut or totals.right_cut:
            text = self.tr(
                "not counted (∞): {0} tokens of the text that the chain at the left cuts off, {1} at the right"
            )
            parts.append(text.format(number(totals.left_cut), number(totals.right_cut)))
        return " · ".join(parts)

    def _kl_words(self, totals: Totals) -> str:
        """The way round that is finite, and why the other one is not."""
        there, back = totals.kl_bits, totals.kl_back_bits
        if there is not None:
            return self.tr("mean KL (left || right) {0} bits").format(number(there, 4))
        if back is not None:
            text = self.tr("mean KL (right || left) {0} bits, infinite the other way: the right side cuts tokens off")
            return text.format(number(back, 4))
        return self.tr("KL is infinite both ways: each side cuts off tokens of the other")

    def _line(self, span: Span) -> str:
        return self.tr("{0} bits   “{1}”   {2} / {3} bits, after “…{4}”").format(
            number(self._comparing.difference(span), 3),
            visible(self._piece(span).encode("utf-8", "replace")),
            _bits(span.left_bits),
            _bits(span.right_bits),
            self._before(span, 24),
        )

    def _row(self, span: Span) -> str:
        """What of a line has room in the list: how far apart, and where that is."""
        words = self.tr("{0} bits   …{1} “{2}”")
        piece = visible(self._piece(span).encode("utf-8", "replace"))
        return words.format(number(self._comparing.difference(span), 3), self._before(span, 14), piece)

    def _before(self, span: Span, most: int) -> str:
        """At most so many units of the text that stand before a span."""
        data = self._comparing.text.encode("utf-16-le", "surrogatepass")
        before = data[2 * max(0, span.start - most) : 2 * span.start].decode("utf-16-le", "ignore")
        return " ".join(before.split())

    def _piece(self, span: Span) -> str:
        """What stands at a span."""
        data = self._comparing.text.encode("utf-16-le", "surrogatepass")
        return data[2 * span.start : 2 * span.end].decode("utf-16-le", "replace")

    def _show_place(self) -> None:
        comparing = self._comparing
        if comparing.current is None or comparing.current >= len(comparing.spans):
            self._place.setText(self.tr("Choose a place to see both distributions side by side."))
            self._bars.set_bars(())
            self._legend.hide()
            return
        values = [comparing.difference(span) for span in comparing.spans]
        self.strip.show_values(values, 1.0 if comparing.exact else max(values), comparing.current)
        self._place.setText(self._line(comparing.spans[comparing.current]))
        self._legend.show()
        if len(comparing.records) < 2 or comparing.left is None or comparing.right is None:
            return
        left = shares(comparing.records[0], comparing.left.sampling is not None)
        right = shares(comparing.records[1], comparing.right.sampling is not None)
        span = comparing.spans[comparing.current]
        came = self._piece(span).encode("utf-8", "replace")
        for side, bits_of in ((left, span.left_bits), (right, span.right_bits)):
            if comparing.exact:  # what came is known, also where it was not among the listed candidates
                side.listed.setdefault(came, 2.0**-bits_of)
        pieces = {*left.listed, *right.listed}
        best = sorted(pieces, key=lambda piece: -max(left.listed.get(piece, 0.0), right.listed.get(piece, 0.0)))[:_ROWS]
        self._bars.set_bars(
            [self._bar(place, piece, left.of(piece), right.of(piece)) for place, piece in enumerate(best)]
        )

    def _bar(self, place: int, piece: bytes, left: Share, right: Share) -> Bar:
        told = (at_most(share.value) if share.at_most else percent(share.value) for share in (left, right))
        lines = [self.tr("{0}: left {1}, right {2}").format(visible(piece), *told)]
        if left.at_most or right.at_most:
            lines.append(self.tr("≤: not among the candidates that are listed there, so at most that."))
        return Bar(
            key=place,
            label=visible(piece),
            raw=left.value,
            final=right.value,
            selectable=False,
            detail="\n".join(lines),
            raw_at_most=left.at_most,
            final_at_most=right.at_most,
        )

    # --- what a person does ---------------------------------------------------------------------------------------

    def _on_button(self) -> None:
        if self._comparing.running:
            self._comparing.stop()
            return
        left, right = self.left.side(), self.right.side()
        if left is not None and right is not None:
            self.compare_wanted.emit(left, right)

    def _on_item(self, item: QListWidgetItem) -> None:
        self._choose(item.data(Qt.ItemDataRole.UserRole))

    def _choose(self, place: int) -> None:
        span = self._comparing.spans[place]
        self._comparing.look(place)
        self.place_wanted.emit(span.start, span.end)


def _bits(value: float) -> str:
    return bits(value) if value < float("inf") else "∞"
