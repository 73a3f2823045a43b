"""Chains with a name: choose one, save the present one, rename, delete, pass on. Shipped ones stay as they are, and what the
model's file recommends is offered."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.sampling.texts import sampling_text
from app.widgets.buttons import text_button
from app.widgets.elided_combo import ElidedCombo
from app.widgets.icons import set_icon
from app.widgets.theme import set_role
from engine.records import SamplingSettings
from engine.sampling.preset_file import LONGEST_NAME
from engine.sampling.presets import PRESETS
from engine.sampling.registry import STAGES, default_settings, neutral_settings

SHIPPED = PRESETS


class PresetBar(QWidget):
    """``chosen`` with a chain; the other signals ask for what storage does. The name is written in place, in no dialog."""

    chosen = Signal(object)  # SamplingSettings
    save_wanted = Signal(str)
    rename_wanted = Signal(str, str)  # old, new
    delete_wanted = Signal(str)
    export_wanted = Signal(object)  # list of names
    import_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._own: dict[str, SamplingSettings] = {}
        self._recommended: SamplingSettings | None = None
        self._keys: dict[object, tuple[str, str]] = {}
        self._shown: SamplingSettings = default_settings()
        self._renamed: str | None = None  # the preset whose name is being written; None for a new one
        self.box = ElidedCombo()  # long names must not widen the dock
        self.box.setAccessibleName(self.tr("Preset"))
        self.box.setToolTip(self.tr("A chain with a name: choose one, or save the present one."))
        self.box.setPlaceholderText(self.tr("Your own settings"))
        self.box.activated.connect(self._on_chosen)
        self.menu = QMenu(self)
        self.menu.aboutToShow.connect(self._fill_menu)
        more = QToolButton()
        set_icon(more, "more", "muted")
        more.setIconSize(QSize(16, 16))
        more.setToolTip(self.tr("Save, rename, delete, export or import presets"))
        more.setAccessibleName(more.toolTip())
        more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        more.setMenu(self.menu)
        neutral = QPushButton(self.tr("Neutral"))
        neutral.setToolTip(self.tr("Every stage does nothing: the model's own distribution."))
        neutral.clicked.connect(lambda: self.chosen.emit(neutral_settings()))
        self._offer = text_button(
            self, self.tr("Use what this model's maker recommends"), self._take_recommended, "link"
        )
        self.controls: tuple[QWidget, ...] = (self.box, more, neutral, self._offer)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.box, 1)
        row.addWidget(more)
        row.addWidget(neutral)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(row)
        layout.addWidget(self._make_editor())
        layout.addWidget(self._offer, 0, Qt.AlignmentFlag.AlignLeft)
        self._fill()

    def set_presets(self, presets: Sequence[tuple[str, SamplingSettings]]) -> None:
        """The person's own presets, after the shipped ones."""
        self._own = dict(presets)
        self._fill()

    def set_recommended(self, sampling: SamplingSettings | None) -> None:
        """The chain that the file of the loaded model recommends, None where it does not."""
        if sampling != self._recommended:
            self._recommended = sampling
            self._fill()

    def _fill(self) -> None:
        recommended = self._recommended
        self._keys = {} if recommended is None else {chain_key(recommended): ("recommended", "")}
        self._keys |= {chain_key(make()): ("shipped", name) for name, make in SHIPPED.items()}
        self._keys |= {chain_key(chain): ("own", name) for name, chain in self._own.items()}
        with QSignalBlocker(self.box):
            self.box.clear()
            if recommended is not None:
                self.box.addItem(self.tr("Recommended by the model's maker"), ("recommended", ""))
                self.box.insertSeparator(self.box.count())
            for name in SHIPPED:
                self.box.addItem(sampling_text(name), ("shipped", name))
            if self._own:
                self.box.insertSeparator(self.box.count())
            for name in self._own:
                self.box.addItem(name, ("own", name))
        self.show_chain(self._shown)

    def show_chain(self, sampling: SamplingSettings) -> None:
        """Show which preset a chain is; none where it is no one's."""
        self._shown = sampling
        key = chain_key(sampling)
        found = self._keys.get(key)
        self._offer.setVisible(self._recommended is not None and key != chain_key(self._recommended))
        rows = [row for row in range(self.box.count()) if _pair(self.box.itemData(row)) == found]
        place = rows[0] if found is not None and rows else -1
        if place != self.box.currentIndex():
            with QSignalBlocker(self.box):
                self.box.setCurrentIndex(place)

    def ask_name(self, renamed: str | None = None) -> None:
        """Let a name be written: for the present chain, or another one for a preset."""
        self._renamed = renamed
        self.field.setText(renamed or "")
        self.field.selectAll()
        self._keep.setText(self.tr("Save") if renamed is None else self.tr("Rename"))
        self._on_name()
        self.editor.show()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
            self._close_editor()
            return True
        return super().eventFilter(watched, event)

    def _make_editor(self) -> QWidget:
        self.field = QLineEdit()
        self.field.setMaxLength(LONGEST_NAME)
        self.field.setPlaceholderText(self.tr("Name of the preset"))
        self.field.setAccessibleName(self.tr("Name of the preset"))
        self.field.setMinimumWidth(80)
        self.field.textChanged.connect(self._on_name)
        self.field.returnPressed.connect(self._on_kept)
        self._keep = QPushButton()
        set_role(self._keep, "primary")
        self._keep.clicked.connect(self._on_kept)
        close = QToolButton()
        set_icon(close, "x", "muted")
        close.setIconSize(QSize(16, 16))
        close.setToolTip(self.tr("Cancel"))
        close.setAccessibleName(self.tr("Cancel"))
        close.clicked.connect(self._close_editor)
        self.remark = QLabel()
        self.remark.setWordWrap(True)
        set_role(self.remark, "caption")
        self.editor = QWidget()
        row = QHBoxLayout()
        row.setSpacing(4)
        for place, widget in enumerate((self.field, self._keep, close)):
            widget.installEventFilter(self)
            row.addWidget(widget, 1 if place == 0 else 0)
        column = QVBoxLayout(self.editor)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.remark)
        self.editor.hide()
        return self.editor

    def _name(self) -> str:
        return " ".join(self.field.text().split())

    def _refusal(self) -> str | None:
        """Why the name cannot be taken, "" for none being there; None where it can."""
        name = self._name()
        if not name:
            return ""
        if name.casefold() in {known.casefold() for known in shipped_names()}:
            return self.tr("A preset that came with the program has this name.")
        if self._renamed is not None and name != self._renamed and name in self._own:
            return self.tr("Another preset has this name.")
        return None

    def _on_name(self) -> None:
        refusal = self._refusal()
        self._keep.setEnabled(refusal is None)
        replaces = refusal is None and self._renamed is None and self._name() in self._own
        self.remark.setText(self.tr("This replaces the preset of that name.") if replaces else refusal or "")
        self.remark.setVisible(bool(self.remark.text()))

    def _on_kept(self) -> None:
        if self._refusal() is not None:
            return
        name, renamed = self._name(), self._renamed
        self._close_editor()
        if renamed is None:
            self.save_wanted.emit(name)
        elif name != renamed:
            self.rename_wanted.emit(renamed, name)

    def _close_editor(self) -> None:
        focus = self.window().focusWidget()
        if focus is not None and self.editor.isAncestorOf(
            focus
        ):  # else it would pass to what comes next, far down in the panel
            self.box.setFocus(Qt.FocusReason.OtherFocusReason)
        self.editor.hide()

    def _on_chosen(self, place: int) -> None:
        kind, name = _pair(self.box.itemData(place)) or ("", "")
        if kind == "shipped":
            self.chosen.emit(SHIPPED[name]())
        elif kind == "own":
            self.chosen.emit(self._own[name])
        elif kind == "recommended":
            self._take_recommended()

    def _take_recommended(self) -> None:
        if self._recommended is not None:
            self.chosen.emit(self._recommended)

    def _fill_menu(self) -> None:
        self.menu.clear()
        self.menu.addAction(self.tr("Save as preset…"), lambda: self.ask_name())
        for title, act in (
            (self.tr("Rename"), self.ask_name),
            (self.tr("Delete"), self.delete_wanted.emit),
            (self.tr("Export"), lambda name: self.export_wanted.emit([name])),
        ):
            names = self.menu.addMenu(title)
            names.setEnabled(bool(self._own))
            for name in self._own:
                names.addAction(name.replace("&", "&&"), partial(act, name))
        if len(self._own) > 1:
            names.addSeparator()
            names.addAction(self.tr("All of them…"), lambda: self.export_wanted.emit(list(self._own)))
        self.menu.addAction(self.tr("Import presets…"), self.import_wanted.emit)


def shipped_names() -> set[str]:
    """What the shipped presets are called, in English and in the language of the window."""
    return {*SHIPPED, *map(sampling_text, SHIPPED)}


def chain_key(sampling: SamplingSettings) -> tuple[object, ...]:
    """What makes two chains the same, the seed apart; values are rounded as the boxes hold them."""
    by_name = {spec.name: spec for spec in STAGES}
    return tuple(
        (
            item.name,
            item.enabled,
            tuple((key, round(v, 4)) for key, v in by_name[item.name].values(item.values).items()),
            tuple(by_name[item.name].text_values(item.texts).items()),
        )
        for item in sampling.stages
        if item.name in by_name
    )


def _pair(data: object) -> tuple[str, str] | None:
    """Item data is a list once Qt had it."""
    return (str(data[0]), str(data[1])) if isinstance(data, (list, tuple)) and len(data) == 2 else None
