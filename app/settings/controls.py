"""One control for each kind of setting, all with the same two calls: set_value() and the signal ``edited``."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QSpinBox,
    QToolButton,
    QWidget,
)

from app.settings.schema import Field
from app.translation import translated
from app.widgets.elided_label import ElidedLabel
from app.widgets.icons import set_icon
from app.widgets.theme import set_role

CONTROL_WIDTH = 240  # px


class Control(QWidget):
    """What stands at the right of a row. ``edited`` brings the value that the person chose."""

    edited = Signal(object)

    def set_value(self, value: Any) -> None:
        """Show a value without emitting ``edited``."""
        raise NotImplementedError

    def focus_widget(self) -> QWidget:
        """The widget that takes the keys, for the label's shortcut and the accessible name."""
        raise NotImplementedError

    def _fill(self, *widgets: QWidget) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for place, widget in enumerate(widgets):
            row.addWidget(widget, 0 if place else 1)


class _Combo(QComboBox):
    """Does not change its value when someone scrolls the page over it."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class _Spin(QSpinBox):
    def __init__(self) -> None:
        super().__init__()
        self.lineEdit().setTextMargins(6, 0, 0, 0)  # the stylesheet's padding does not reach it

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class ChoiceControl(Control):
    """One of a few."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = _Combo()
        for value, label in field.choices:
            self._box.addItem(translated("settings", label), value)
        self._box.activated.connect(lambda index: self.edited.emit(self._box.itemData(index)))
        self._fill(self._box)

    def set_value(self, value: Any) -> None:
        self._box.setCurrentIndex(self._box.findData(value))

    def focus_widget(self) -> QWidget:
        return self._box


class NumberControl(Control):
    """A whole number; the smallest may have a word instead."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = _Spin()
        self._box.setRange(field.minimum, field.maximum)
        self._box.setSingleStep(field.step)
        self._box.setSuffix(field.suffix)
        self._box.setGroupSeparatorShown(True)
        self._box.setSpecialValueText(translated("settings", field.special))
        self._box.setKeyboardTracking(False)
        self._box.valueChanged.connect(self.edited.emit)
        self._fill(self._box)

    def set_value(self, value: Any) -> None:
        self._box.blockSignals(True)
        self._box.setValue(value)
        self._box.blockSignals(False)

    def focus_widget(self) -> QWidget:
        return self._box


class SwitchControl(Control):
    """On or off."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = QCheckBox()
        set_role(self._box, "switch")
        self._box.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self._box.clicked.connect(lambda: self.edited.emit(self._box.isChecked()))
        self._fill(self._box)

    def set_value(self, value: Any) -> None:
        self._box.setChecked(value)

    def focus_widget(self) -> QWidget:
        return self._box


class PathControl(Control):
    """A file or a folder, chosen with the system's dialog; shown by its name, whole in the tooltip."""

    def __init__(self, field: Field, shown_when_empty: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field, self._empty, self._value = field, shown_when_empty, ""
        self._label = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self._button = QPushButton(self.tr("Choose…"))
        self._button.clicked.connect(self._choose)
        self._fill(self._label, self._button)

    def set_value(self, value: Any) -> None:
        self._value = value
        name = Path(value).name if self._field.picker == "model" and value else value
        self._label.setText(name or self._empty)
        self._label.setToolTip(value or self._empty)
        self._button.setAccessibleDescription(value or self._empty)

    def focus_widget(self) -> QWidget:
        return self._button

    def _choose(self) -> None:
        title = translated("settings", self._field.title)
        start = self._value or str(Path.home())
        if self._field.picker == "folder":
            chosen = QFileDialog.getExistingDirectory(self.window(), title, start)
        else:
            chosen, _ = QFileDialog.getOpenFileName(
                self.window(), title, start, self.tr("Models (*.gguf *.safetensors);;All files (*)")
            )
        if chosen:
            self.edited.emit(chosen)


def control_for(field: Field, shown_when_empty: str = "") -> Control:
    """The control of a field; shown_when_empty stands for an empty path."""
    if field.type == "choice":
        return ChoiceControl(field)
    if field.type == "number":
        return NumberControl(field)
    if field.type == "switch":
        return SwitchControl(field)
    return PathControl(field, shown_when_empty)


def reset_button(text: str) -> QToolButton:
    """The small button that brings the default back."""
    button = QToolButton()
    set_icon(button, "reset", "muted")
    button.setIconSize(QSize(16, 16))
    button.setToolTip(text)
    button.setAccessibleName(text)
    return button
