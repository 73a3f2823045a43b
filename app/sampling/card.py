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
    QLabel,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.sampling.bias_rows import BiasRows
from app.sampling.funnel import Funnel, StageView, Subject, cut_parameter
from app.sampling.text_row import TextRow
from app.sampling.texts import sampling_text
from app.widgets.formats import bits, number, percent, visible
from app.widgets.icons import IconLabel, set_icon
from app.widgets.slider_row import SliderRow
from app.widgets.stage_chart import ChartBar, StageChart
from app.widgets.theme import set_role
from engine.records import StageSettings
from engine.sampling.registry import stage

MIME_STAGE = "application/x-proxima-stage"


class StageCard(QFrame):
    """``changed`` for each move; ``move_asked`` with -1 or +1 for another place in the order; ``cut_asked`` with how many
    candidates are to stay.
    """

    changed = Signal()
    move_asked = Signal(int)
    cut_asked = Signal(int)

    def __init__(self, settings: StageSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spec = stage(settings.name)
        self._settings = settings  # keeps what no control of the card shows
        self._press: QPoint | None = None
        self._title = sampling_text(self._spec.title)
        set_role(self, "card")
        self.setAccessibleName(self._title)
        self._switch = QCheckBox(self._title)
        self._switch.setToolTip(sampling_text(self._spec.sentence))
        self._menu_button = self._make_menu_button()
        grip = IconLabel("drag", 16, "muted")
        grip.setCursor(Qt.CursorShape.OpenHandCursor)
        grip.setToolTip(self.tr("Drag to apply it earlier or later; Alt+Up and Alt+Down do the same"))
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(4)
        head.addWidget(grip)
        head.addWidget(self._switch, 1)
        head.addWidget(self._menu_button)
        self._rows: dict[str, SliderRow] = {}
        self._texts: dict[str, TextRow] = {}
        self._biases: BiasRows | None = None
        self._body = self._make_body()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self._body)
        self._switch.toggled.connect(self._on_switch)
        self.set_settings(settings)

    @property
    def name(self) -> str:
        return self._spec.name

    def settings(self) -> StageSettings:
        """What the card shows."""
        values = {**self._settings.values, **{name: row.value() for name, row in self._rows.items()}}
        if self._biases is not None:
            values = {key: value for key, value in values.items() if not key.isdecimal()} | self._biases.values()
        texts = dict(self._settings.texts)
        for spec in self._spec.texts:
            text = self._texts[spec.name].text()
            if spec.name in texts or text != spec.default:  # what was never written is not written now
                texts[spec.name] = text
        return msgspec.structs.replace(self._settings, enabled=self._switch.isChecked(), values=values, texts=texts)

    def set_settings(self, settings: StageSettings) -> None:
        """Show settings of this stage without a signal."""
        self._settings = settings
        values = self._spec.values(settings.values)
        for name, row in self._rows.items():
            row.set_value(values[name])
        for name, text in self._spec.text_values(settings.texts).items():
            self._texts[name].set_text(text)
        if self._biases is not None:
            self._biases.set_values(values)
        self._switch.blockSignals(True)
        self._switch.setChecked(settings.enabled)
        self._switch.blockSignals(False)
        self._body.setVisible(settings.enabled)

    def show_funnel(self, funnel: Funnel | None) -> str:
        """What the stage does to the candidates of a token; None where there is none. Returns it in words, "" for nothing."""
        view = None if funnel is None else funnel.stage(self._spec.name)
        self.chart.setVisible(view is not None)
        if funnel is None or view is None:
            return ""
        words = self._words(view)
        if not self._switch.isChecked():  # nothing of it is to be seen
            return words
        label = partial(_label, funnel.subject)
        if self._biases is not None:
            self._biases.name_by(label)
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
        return self._biases

    def text_row(self, name: str) -> TextRow:
        """The field of a text."""
        return self._texts[name]

    def row(self, parameter: str) -> SliderRow:
        """The slider of a parameter."""
        return self._rows[parameter]

    def controls(self) -> list[QWidget]:
        """What takes the focus, in the order of the eye."""
        return [
            self._switch,
            self._menu_button,
            *(control for row in self._rows.values() for control in row.controls()),
            *(row.field for row in self._texts.values()),
            self.chart,
        ]

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
        button.setToolTip(self.tr("Order and defaults of {0}").format(self._title))
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
        menu.addAction(self.tr("Back to the defaults"), self._reset)
        button.setMenu(menu)
        return button

    def _make_body(self) -> QWidget:
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(4, 0, 4, 0)
        layout.setSpacing(8)
        sentence = QLabel(sampling_text(self._spec.sentence))
        sentence.setWordWrap(True)
        set_role(sentence, "caption")
        layout.addWidget(sentence)
        # A stage with one number needs no second title: the card has it.
        single = len(self._spec.parameters) == 1
        for parameter in self._spec.parameters:
            row = SliderRow(
                self._title if single else sampling_text(parameter.title),
                "" if single else sampling_text(parameter.sentence),
                minimum=parameter.minimum,
                maximum=parameter.maximum,
                default=parameter.default,
                limit=parameter.limit,
                integer=parameter.integer,
                step=parameter.step,
                log=parameter.scale == "log",
                untitled=single,
                compact=not single,
            )
            if single:
                row.setToolTip(sampling_text(parameter.sentence))
            row.valueChanged.connect(self.changed)
            self._rows[parameter.name] = row
            layout.addWidget(row)
        for text in self._spec.texts:
            self._texts[text.name] = TextRow(text)
            self._texts[text.name].changed.connect(self.changed)
            layout.addWidget(self._texts[text.name])
        if self._spec.per_token is not None:
            self._biases = BiasRows(self._spec.per_token)
            self._biases.changed.connect(self.changed)
            layout.addWidget(self._biases)
        self.chart = StageChart(self._title)
        self.chart.cut_asked.connect(self.cut_asked)
        self.chart.hide()
        layout.addWidget(self.chart)
        return body

    def _reset(self) -> None:
        for row in self._rows.values():
            row.reset()
        for text in self._texts.values():
            text.reset()
        if self._biases is not None:
            self._biases.reset()

    def _on_switch(self, on: bool) -> None:
        self._body.setVisible(on)
        self.changed.emit()


def _label(subject: Subject, id: int) -> str:
    piece = subject.piece(id)
    return f"#{id}" if piece is None else visible(piece)
