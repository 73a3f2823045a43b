"""A number for each of some tokens: a row with its box for every one, and a line to add another."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSpinBox, QToolButton, QVBoxLayout, QWidget

from app.widgets.exact_box import ExactBox
from app.widgets.icons import set_icon
from app.widgets.plain import PlainLabel
from app.widgets.theme import set_role
from engine.sampling.specification import ParameterSpec

_LARGEST_ID = 10_000_000


class BiasRows(QWidget):
    """Keyed by the token's id as digits. ``changed`` for each move by a person; set_values() is silent."""

    changed = Signal()

    def __init__(self, spec: ParameterSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spec = spec
        self._rows: dict[str, tuple[QWidget, ExactBox, PlainLabel]] = {}
        self._known: dict[int, str] = {}  # what tokens are called, as far as anybody has told
        self._list = QVBoxLayout()
        self._list.setSpacing(4)
        self.number = QSpinBox()
        self.number.setRange(0, _LARGEST_ID)
        self.number.setPrefix("#")
        self.number.setMinimumWidth(80)
        self.number.setAccessibleName(self.tr("Number of a token"))
        self.add_button = QPushButton(self.tr("Add"))
        self.add_button.setToolTip(self.tr("Numbers of tokens stand in the inspector."))
        self.add_button.clicked.connect(lambda: self.add(self.number.value()))
        line = QHBoxLayout()
        line.setSpacing(4)
        line.addWidget(self.number, 1)
        line.addWidget(self.add_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self._list)
        column.addLayout(line)

    def values(self) -> dict[str, float]:
        return {key: box.value() for key, (_, box, _) in self._rows.items()}

    def set_values(self, values: dict[str, float]) -> None:
        """Show these; other keys than digits are left out."""
        wanted = {key: value for key, value in values.items() if key.isdecimal()}
        for key in [key for key in self._rows if key not in wanted]:
            self._drop(key)
        for key, value in wanted.items():
            if key not in self._rows:
                self._put(key)
            box = self._rows[key][1]
            box.blockSignals(True)
            box.setValue(value)
            box.blockSignals(False)

    def name_by(self, name: Callable[[int], str]) -> None:
        """How tokens are called, by somebody who does not know all: those are called by their numbers, "#12"."""
        told = {int(key): name(int(key)) for key in self._rows}
        self.set_names({id: text for id, text in told.items() if text != f"#{id}"})

    def set_names(self, names: Mapping[int, str]) -> None:
        """What some tokens are called; it stays until another name is told."""
        self._known.update(names)
        for key, (_, box, label) in self._rows.items():
            label.setText(self._called(key))
            box.setAccessibleName(self.tr("Bias of {0}").format(label.text()))

    def _called(self, key: str) -> str:
        return self._known.get(int(key), f"#{key}")

    def add(self, id: int, value: float | None = None) -> None:
        """Another token, or the one that is there already."""
        if str(id) not in self._rows:
            self._put(str(id))
        if value is not None:
            self._rows[str(id)][1].setValue(value)
        self._rows[str(id)][1].setFocus()
        self.changed.emit()

    def reset(self) -> None:
        self.set_values({})
        self.changed.emit()

    def _put(self, key: str) -> None:
        label = PlainLabel(self._called(key))
        set_role(label, "code")
        label.setToolTip(f"#{key}")
        spec = self._spec
        box = ExactBox(spec.minimum, spec.maximum, step=spec.step)
        box.setValue(spec.default)
        box.setAccessibleName(self.tr("Bias of {0}").format(label.text()))
        box.valueChanged.connect(self.changed)
        remove = QToolButton()
        set_icon(remove, "x", "muted")
        remove.setIconSize(QSize(16, 16))
        remove.setToolTip(self.tr("Remove"))
        remove.setAccessibleName(self.tr("Remove the bias of {0}").format(label.text()))
        remove.clicked.connect(lambda: self._remove(key))
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        line.addWidget(label, 1)
        line.addWidget(box)
        line.addWidget(remove)
        self._list.addWidget(row)
        self._rows[key] = (row, box, label)

    def _remove(self, key: str) -> None:
        self._drop(key)
        self.changed.emit()

    def _drop(self, key: str) -> None:
        row, _, _ = self._rows.pop(key)
        self._list.removeWidget(row)
        row.deleteLater()
