"""The sampling dock: presets, the chain as cards in their order with the funnel between them, seed and length."""

import time
from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAction,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeySequence,
    QShowEvent,
)
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.sampling.card import MIME_STAGE, StageCard
from app.sampling.card_column import CardColumn
from app.sampling.funnel import Funnel, looks_further_back, uses_grammar
from app.sampling.live import Answer, Cut, LiveFunnel
from app.sampling.preset_bar import PresetBar
from app.sampling.reply_card import ReplyCard
from app.sampling.subject import Subject
from app.widgets.formats import percent, visible
from app.widgets.plain import PlainLabel
from app.widgets.theme import set_role, theme
from engine.records import GenerationSettings, SamplingSettings
from engine.sampling.registry import completed, default_settings

_FRAME_MS = 16
_ONE_MOVE_S = 0.8  # changes of one stage that follow each other this fast are undone together
_UNDO_STEPS = 100


class SamplingPanel(QWidget):
    """Shows and changes GenerationSettings. ``changed`` comes at once, and at most once a frame while something is moved."""

    changed = Signal(object)
    opened = Signal()  # it has come into view

    def __init__(self, parent: QWidget | None = None, *, invitation: str = "") -> None:
        """invitation: what to do, while no token is shown."""
        super().__init__(parent)
        self._invitation = invitation
        self._base = GenerationSettings(sampling=default_settings())
        self._undo: list[GenerationSettings] = []
        self._source: object = None  # what was moved last
        self._last_move: tuple[object, float] = (None, 0.0)
        self._told = self._base
        self._cut: Cut | None = None  # dragged, and not answered yet
        self._following = False  # a value is taken over from a cut-off that was dragged
        self._live = LiveFunnel(self)
        self._live.answered.connect(self._show_answer)
        self._frame = QTimer(self, singleShot=True, interval=_FRAME_MS)
        self._frame.timeout.connect(self._tell)
        self.presets = PresetBar()
        self.presets.chosen.connect(self.apply)
        self.reply = ReplyCard()
        self.reply.changed.connect(lambda: self._on_change(self.reply))
        self._lay_out()
        self.setAcceptDrops(True)
        undo = QAction(self.tr("Undo the last change of the sliders"), self)
        undo.setShortcut(QKeySequence.StandardKey.Undo)
        undo.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        undo.triggered.connect(self._on_undo)
        self.addAction(undo)
        self.set_settings(self._base)

    def settings(self) -> GenerationSettings:
        """What the panel shows."""
        return GenerationSettings(
            sampling=SamplingSettings(tuple(card.settings() for card in self.column.cards), self.reply.fixed_seed()),
            max_tokens=self.reply.max_tokens(),
            stop=self._base.stop,
            when_full="stop" if self.reply.stops_when_full() else "drop_oldest",
            candidates=self._base.candidates,
        )

    def set_settings(self, settings: GenerationSettings) -> None:
        """Show other settings, without a signal; what was there cannot be undone to."""
        self._undo.clear()
        self._last_move = (None, 0.0)
        self._cut = None
        self._show(settings)

    def set_presets(self, presets: Sequence[tuple[str, SamplingSettings]]) -> None:
        """The person's own presets, after the shipped ones."""
        self.presets.set_presets(presets)

    def show_token(self, subject: Subject | None, note: str = "") -> None:
        """Show what each stage does to the candidates of a token. note says which candidates those are."""
        self._live.subject = subject
        self._note.setText(note or self._invitation)
        if subject is None:
            self._clear_funnel()
        else:
            self._ask()

    def card(self, name: str) -> StageCard:
        """The card of a stage. Raises KeyError for one that is not there."""
        return {card.name: card for card in self.column.cards}[name]

    @property
    def order(self) -> list[str]:
        """The names of the stages as they are applied."""
        return self.column.order

    # --- building -------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        defaults = {item.name: item for item in default_settings().stages}
        self.column = CardColumn(defaults.__getitem__)
        self.column.changed.connect(self._on_change)
        self.column.cut_asked.connect(lambda name, target: self._ask((name, target)))
        self.column.laid_out.connect(self._order_focus)
        self.column.moved.connect(self._follow)
        self._inner = QWidget()
        set_role(self._inner, "surface")
        layout = QVBoxLayout(self._inner)
        layout.setContentsMargins(12, 12, 12, 16)
        layout.setSpacing(12)
        layout.addWidget(self.presets)
        order = QLabel(self.tr("Applied from top to bottom; then the dart picks."))
        order.setWordWrap(True)
        set_role(order, "caption")
        self._note = PlainLabel(self._invitation)
        self._note.setWordWrap(True)
        set_role(self._note, "caption")
        layout.addLayout(_close(order, self._note))
        layout.addWidget(self.column)
        self._end = PlainLabel()
        self._end.setWordWrap(True)
        self._end.hide()
        layout.addWidget(self._end)
        layout.addWidget(self.reply)
        layout.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setAccessibleName(self.tr("The stages, from the first to the last"))
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._scroll)

    def _show(self, settings: GenerationSettings, gather: bool = True) -> None:
        self._base = settings
        # A stage that old settings do not know stands at its usual place, off.
        stages = completed(settings.sampling).stages
        self.column.show_stages(stages, gather)
        self.reply.show_settings(settings)
        self._told = self.settings()
        self.presets.show_chain(self._told.sampling)
        self._ask()

    def _order_focus(self) -> None:
        """The focus goes the way of the eye, not of the order in which the cards were made."""
        for first, second in pairwise([*self.presets.controls, *self.column.controls(), *self.reply.controls]):
            QWidget.setTabOrder(first, second)

    # --- the order of the cards -----------------------------------------------------------------------------------

    def _follow(self, card: StageCard) -> None:
        card.take_focus()
        # After the layout has moved it.
        QTimer.singleShot(0, card, lambda: self._scroll.ensureWidgetVisible(card))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(MIME_STAGE):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        y = event.position().toPoint().y()
        near = theme().px(32)
        if y < near or y > self.height() - near:
            bar = self._scroll.verticalScrollBar()
            bar.setValue(bar.value() + (-8 if y < near else 8))
        self.column.show_gap(self.column.place_at(self._in_column(y)))
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.column.hide_gap()

    def dropEvent(self, event: QDropEvent) -> None:
        self.column.hide_gap()
        name = bytes(event.mimeData().data(MIME_STAGE).data()).decode()
        card = next((card for card in self.column.cards if card.name == name), None)
        if card is None:
            return
        self.column.put(card, self.column.place_at(self._in_column(event.position().toPoint().y()), card))
        event.acceptProposedAction()

    def _in_column(self, y: int) -> int:
        return self.column.mapFrom(self, QPoint(0, y)).y()

    # --- the funnel -----------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.opened.emit()
        self._ask()

    def _ask(self, cut: Cut | None = None) -> None:
        """Ask for the funnel of the present sliders, and of a cut-off that is being dragged."""
        if cut is not None:
            self._cut = cut  # until it is answered: another question must not lose it
        if self.isVisible():
            self._live.ask(self.settings().sampling, self._cut)

    def _show_answer(self, answer: Answer) -> None:
        wanted = self._cut is not None  # else the answer comes too late: other settings are shown by now
        if answer.cut == self._cut:
            self._cut = None
        if answer.moved is not None and wanted:
            name, parameter, value = answer.moved
            self._following = True  # what follows from the value is in the answer already
            self.card(name).row(parameter).move_to(value)
            self._following = False
        self.column.show_funnel(answer.funnel)
        self._show_end(answer.funnel)

    def _show_end(self, funnel: Funnel) -> None:
        record = funnel.subject.record
        piece = funnel.subject.piece(funnel.chosen)
        shown = f"#{funnel.chosen}" if piece is None else visible(piece)
        if record.dart is None or record.forced:
            text = self.tr("This token was not drawn. The dart would pick “{0}” here, with {1}.")
        elif funnel.chosen == record.token.id:
            text = self.tr("The same dart picks “{0}”, as it did, with {1}.")
        else:
            text = self.tr("The same dart would pick “{0}” now, with {1}.")
        text = text.format(shown, percent(funnel.probability))
        about = funnel.subject
        if not about.history_is_whole and looks_further_back(self.settings().sampling, len(about.history)):
            text += " " + self.tr("Approximate: the penalties count tokens of the prompt, which were not recorded.")
        elif not funnel.exact and uses_grammar(self.settings().sampling):
            text += " " + self.tr("Approximate: not all that the grammar allows here is known.")
        elif not funnel.exact:
            text += " " + self.tr("Approximate: only the stored candidates are known.")
        self._end.setText(text)
        self._end.show()

    def _clear_funnel(self) -> None:
        self.column.show_funnel(None)
        self._end.hide()

    # --- changes --------------------------------------------------------------------------------------------------

    def apply(self, sampling: SamplingSettings) -> None:
        """Take over a chain, as a move that can be undone; seed and length stay."""
        now = self.settings()
        self._remember(None)
        self._show(
            GenerationSettings(
                SamplingSettings(sampling.stages, now.sampling.seed),
                now.max_tokens,
                now.stop,
                now.when_full,
                now.candidates,
            )
        )
        self.changed.emit(self.settings())

    def _on_change(self, source: object) -> None:
        """The first move is told at once; those of the same frame wait for its end."""
        self._source = source
        if not self._following:
            self._ask()
        if not self._frame.isActive():
            self._tell()
            self._frame.start()

    def _tell(self) -> None:
        now = self.settings()
        if now == self._told:
            return
        self._remember(self._source)
        self._told = now
        self.presets.show_chain(now.sampling)
        self.changed.emit(now)
        self._frame.start()

    def _remember(self, source: object) -> None:
        """Keep what was there for undo; a slider that is drawn along is one change."""
        moment = time.monotonic()
        last, at = self._last_move
        if source is None or source is not last or moment - at > _ONE_MOVE_S:
            self._undo.append(self._told)
            del self._undo[:-_UNDO_STEPS]
        self._last_move = (source, moment)

    def _on_undo(self) -> None:
        self._tell()  # what still waits for the end of its frame
        if self._undo:
            self._last_move = (None, 0.0)
            self._show(self._undo.pop(), gather=False)
            self.changed.emit(self.settings())


def _close(*labels: QLabel) -> QVBoxLayout:
    """Lines that belong together."""
    column = QVBoxLayout()
    column.setSpacing(2)
    for label in labels:
        column.addWidget(label)
    return column
