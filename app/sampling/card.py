"""One stage of the chain: on or off, its sliders, its place in the order."""

from PySide6.QtCore import QMimeData, QPoint, Qt, Signal
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

from app.sampling.texts import sampling_text
from app.widgets.icons import set_icon
from app.widgets.slider_row import SliderRow
from app.widgets.theme import set_role
from engine.records import StageSettings
from engine.sampling.registry import stage

MIME_STAGE = "application/x-proxima-stage"


class StageCard(QFrame):
    """``changed`` for each move; ``move_asked`` with -1 or +1 for another place in the order."""

    changed = Signal()
    move_asked = Signal(int)

    def __init__(self, settings: StageSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spec = stage(settings.name)
        self._press = QPoint()
        set_role(self, "card")
        title = sampling_text(self._spec.title)
        self.setAccessibleName(title)
        self._switch = QCheckBox(title)
        self._switch.setToolTip(sampling_text(self._spec.sentence))
        menu_button = QToolButton()
        set_icon(menu_button, "more", "muted")
        menu_button.setAutoRaise(True)
        menu_button.setToolTip(self.tr("Order of {0}; a card can also be dragged").format(title))
        menu_button.setAccessibleName(self.tr("Order of {0}").format(title))
        menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(menu_button)
        for text, step, keys in ((self.tr("Apply earlier"), -1, "Alt+Up"), (self.tr("Apply later"), 1, "Alt+Down")):
            action = QAction(text, self)
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(lambda _checked=False, step=step: self.move_asked.emit(step))
            self.addAction(action)
            menu.addAction(action)
        menu_button.setMenu(menu)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(self._switch, 1)
        head.addWidget(menu_button)
        self._body = QWidget()
        body = QVBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(8)
        sentence = QLabel(sampling_text(self._spec.sentence))
        sentence.setWordWrap(True)
        set_role(sentence, "caption")
        body.addWidget(sentence)
        self._rows: dict[str, SliderRow] = {}
        single = len(self._spec.parameters) == 1
        for parameter in self._spec.parameters:
            row = SliderRow(
                sampling_text(parameter.title) if not single else title,
                "" if single else sampling_text(parameter.sentence),
                minimum=parameter.minimum,
                maximum=parameter.maximum,
                default=parameter.default,
                limit=parameter.limit,
                integer=parameter.integer,
                step=parameter.step,
                log=parameter.scale == "log",
            )
            row.valueChanged.connect(self.changed)
            self._rows[parameter.name] = row
            body.addWidget(row)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 12)
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
        values = {name: row.value() for name, row in self._rows.items()}
        return StageSettings(self._spec.name, self._switch.isChecked(), values)

    def set_settings(self, settings: StageSettings) -> None:
        """Show settings of this stage without a signal."""
        values = self._spec.values(settings.values)
        for name, row in self._rows.items():
            row.set_value(values[name])
        self._switch.blockSignals(True)
        self._switch.setChecked(settings.enabled)
        self._switch.blockSignals(False)
        self._body.setVisible(settings.enabled)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._press = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        far = (event.position().toPoint() - self._press).manhattanLength() >= QApplication.startDragDistance()
        if event.buttons() & Qt.MouseButton.LeftButton and far:
            data = QMimeData()
            data.setData(MIME_STAGE, self._spec.name.encode())
            drag = QDrag(self)
            drag.setMimeData(data)
            drag.setPixmap(self.grab())
            drag.setHotSpot(self._press)
            drag.exec(Qt.DropAction.MoveAction)

    def _on_switch(self, on: bool) -> None:
        self._body.setVisible(on)
        self.changed.emit()
