"""One stage of the chain: on or off, its sliders, its place in the order, and what it does to the candidates of a token."""

from functools import partial

import msgspec
from PySide6.QtCore import QMimeData, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QDrag, QKeySequence, QMouseEvent
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.sampling.bias_rows import BiasRows
from app.sampling.card_body import CardBody
from app.sampling.funnel import Funnel, StageView, cut_parameter
from app.sampling.subject import Subject
from app.sampling.text_row import TextRow
from app.sampling.texts import sampling_text
from app.widgets.elided_label import ElidedLabel
from app.widgets.formats import bits, number, percent, visible
from app.widgets.icons import IconLabel, set_icon
from app.widgets.slider_row import SliderRow
from app.widgets.stage_chart import ChartBar, StageChart
from app.widgets.theme import set_role
from engine.records import StageSettings
from engine.sampling.registry import GRAMMARS, stage

MIME_STAGE = "application/x-proxima-stage"


class StageCard(QFrame):
    """``changed`` for each move; ``switched`` when it was turned on or off by hand, ``move_asked`` with -1 or +1 for another place
    in the order; ``cut_asked`` with how many candidates are to stay.

    Off it is one line. A tall stage that is on and does nothing starts folded, so that it takes no room from those that act.
    """

    changed = Signal()
    switched = Signal()
    move_asked = Signal(int)
    cut_asked = Signal(int)

    def __init__(self, settings: StageSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spec = stage(settings.name)
        self._settings = settings  # keeps what no control of the card shows
        self._press: QPoint | None = None
        self._folded = False
        self.title = sampling_text(self._spec.title)
        self.setAccessibleName(self.title)
        self._switch = QCheckBox(self.title)
        self._switch.setToolTip(sampling_text(self._spec.sentence))
        self._menu_button = self._make_menu_button()
        self._fold_button = self._make_fold_button()
        self._idle = ElidedLabel(self.tr("no effect"))
        self._idle.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        set_role(self._idle, "caption")
        grip = IconLabel("drag", 16, "muted")
        grip.setCursor(Qt.CursorShape.OpenHandCursor)
        grip.setToolTip(self.tr("Drag to apply it earlier or later; Alt+Up and Alt+Down do the same"))
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(4)
        head.addWidget(grip)
        head.addWidget(self._switch, 1)
        head.addWidget(self._idle, 1)
        for part in (self._fold_button, self._menu_button):
            head.addWidget(part)
        self._body = CardBody(self._spec, self.title)
        self._body.changed.connect(self.changed)
        self._body.chart.cut_asked.connect(self.cut_asked)
        self.chart: StageChart = self._body.chart
        layout = QVBoxLayout(self)
        layout.setSpacing(2)
        layout.addLayout(head)
        layout.addWidget(self._body)
        self._switch.toggled.connect(self._on_switch)
        self.set_settings(settings)

    @property
    def name(self) -> str:
        return self._spec.name

    @property
    def is_on(self) -> bool:
        return self._switch.isChecked()

    def settings(self) -> StageSettings:
        """What the card shows."""
        return msgspec.structs.replace(self._body.settings(self._settings), enabled=self.is_on)

    def set_settings(self, settings: StageSettings) -> None:
        """Show settings of this stage without a signal."""
        opened = self._settings.enabled and settings.enabled and not self._folded
        self._settings = settings
        self._body.show_settings(settings)
        self._switch.blockSignals(True)
        self._switch.setChecked(settings.enabled)
        self._switch.blockSignals(False)
        tall = len(self._spec.parameters) > 1
        idle = self._spec.is_neutral(self._spec.values(settings.values), self._spec.text_values(settings.texts))
        self._folded = tall and idle and not (opened and self.isVisible())
        self._show_parts()

    def show_funnel(self, funnel: Funnel | None) -> str:
        """What the stage does to the candidates of a token; None where there is none. Returns it in words, "" for nothing."""
        view = None if funnel is None else funnel.stage(self._spec.name)
        self.chart.setVisible(view is not None)
        if funnel is None or view is None:
            return ""
        if view.works and view.name in GRAMMARS and not funnel.subject.knows_grammar(view.name):
            words = self.tr("Only the model can tell what it allows here")
        else:
            words = self._words(view)
        if not self.is_on:  # nothing of it is to be seen
            return words
        label = partial(_label, funnel.subject)
        if self.biases is not None:
            self.biases.name_by(label)
        bars = [ChartBar(bar.id, bar.before, bar.after, bar.removed, bar.id == funnel.chosen) for bar in view.bars]
        self.chart.show_bars(bars, label, view.cut, cut_parameter(view.name) is not None, words)
        return words

    def _words(self, view: StageView) -> str:
        """One line: how many go on, and how much of the probability, or by how much it was shifted."""
        count = self.tr("at least {0}") if view.at_least else "{0}"
        left = count.format(number(view.leaving))
        if view.leaving < view.entering:
            text = self.tr("{0} of {1} go on, with {2} of the probability")
            return text.format(left, number(view.entering), percent(view.mass))
        if view.divergence_bits > 1e-6:
            return self.tr("{0} go on, shifted by {1} bits (KL)").format(left, bits(view.divergence_bits))
        return self.tr("{0} go on, unchanged").format(left)

    @property
    def biases(self) -> BiasRows | None:
        """The numbers of single tokens, for a stage that has any."""
        return self._body.biases

    def text_row(self, name: str) -> TextRow:
        """The field of a text."""
        return self._body.texts[name]

    def row(self, parameter: str) -> SliderRow:
        """The slider of a parameter."""
        return self._body.rows[parameter]

    def controls(self) -> list[QWidget]:
        """What takes the focus, in the order of the eye."""
        return [self._switch, self._fold_button, self._menu_button, *self._body.controls()]

    def fold(self, folded: bool) -> None:
        """Show the title alone, or all of it."""
        self._folded = folded
        self._show_parts()

    def take_focus(self) -> None:
        """Give the card the focus where it is not in it already."""
        focus = QApplication.focusWidget()
        if focus is None or not self.isAncestorOf(focus):
            self._switch.setFocus(Qt.FocusReason.OtherFocusReason)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._press = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._press is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        if (event.position().toPoint() - self._press).manhattanLength() >= QApplication.startDragDistance():
            self._drag(self._press)
            self._press = None

    def _drag(self, hot_spot: QPoint) -> None:
        data = QMimeData()
        data.setData(MIME_STAGE, self._spec.name.encode())
        drag = QDrag(self)
        drag.setMimeData(data)
        drag.setPixmap(self.grab())
        drag.setHotSpot(hot_spot)
        drag.exec(Qt.DropAction.MoveAction)

    def _make_menu_button(self) -> QToolButton:
        button = QToolButton()
        set_icon(button, "more", "muted")
        button.setIconSize(QSize(16, 16))
        button.setAutoRaise(True)
        button.setToolTip(self.tr("Order and defaults of {0}").format(self.title))
        button.setAccessibleName(button.toolTip())
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        for text, step, keys in ((self.tr("Apply earlier"), -1, "Alt+Up"), (self.tr("Apply later"), 1, "Alt+Down")):
            action = QAction(text, self)
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(lambda _checked=False, step=step: self.move_asked.emit(step))
            self.addAction(action)
            menu.addAction(action)
        menu.addSeparator()
        menu.addAction(self.tr("Back to the defaults"), lambda: self._body.reset())
        button.setMenu(menu)
        return button

    def _make_fold_button(self) -> QToolButton:
        button = QToolButton()
        button.setIconSize(QSize(16, 16))
        button.setAutoRaise(True)
        button.clicked.connect(lambda: self.fold(not self._folded))
        return button

    def _show_parts(self) -> None:
        on = self.is_on
        set_role(self, "card" if on else "surface")
        self._body.setVisible(on and not self._folded)
        settings = self.settings()
        values, texts = self._spec.values(settings.values), self._spec.text_values(settings.texts)
        self._idle.setVisible(on and self._folded and self._spec.is_neutral(values, texts))
        self._fold_button.setVisible(on)
        set_icon(self._fold_button, "chevron-right" if self._folded else "chevron-down", "muted")
        words = self.tr("Show the sliders of {0}") if self._folded else self.tr("Fold {0}")
        self._fold_button.setToolTip(words.format(self.title))
        self._fold_button.setAccessibleName(self._fold_button.toolTip())
        edge = 5 if on else 0
        layout = self.layout()
        assert layout is not None
        layout.setContentsMargins(8, edge, 8, edge)

    def _on_switch(self, on: bool) -> None:
        self._folded = False  # whoever turns it on wants to set it
        self._show_parts()
        self.switched.emit()
        self.changed.emit()


def _label(subject: Subject, id: int) -> str:
    piece = subject.piece(id)
    return f"#{id}" if piece is None else visible(piece)
