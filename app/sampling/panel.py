"""The sampling dock: presets, the chain as cards in their order, seed and length."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QDragEnterEvent, QDragMoveEvent, QDropEvent, QKeySequence
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.sampling.card import MIME_STAGE, StageCard
from app.sampling.texts import sampling_text
from app.widgets.theme import set_role
from engine.records import GenerationSettings, SamplingSettings
from engine.sampling.registry import STAGES, default_settings, greedy_settings, neutral_settings

_FRAME_MS = 16
_MAX_SEED = 2**31 - 1


class SamplingPanel(QWidget):
    """Shows and changes GenerationSettings. ``changed`` comes at most once a frame while something is moved."""

    changed = Signal(object)
    savePresetRequested = Signal(str)
    deletePresetRequested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._base = GenerationSettings(sampling=default_settings())
        self._cards: list[StageCard] = []
        self._presets: dict[str, SamplingSettings] = {}
        self._undo: list[GenerationSettings] = []
        self._told = self._base
        self._frame = QTimer(self, singleShot=True, interval=_FRAME_MS)
        self._frame.timeout.connect(self._tell)
        self._column = QVBoxLayout()
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        inner = QWidget()
        set_role(inner, "surface")
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(12, 12, 12, 16)
        layout.setSpacing(12)
        layout.addLayout(self._make_presets())
        order = QLabel(self.tr("Applied from top to bottom; then the dart picks."))
        order.setWordWrap(True)
        set_role(order, "caption")
        layout.addWidget(order)
        layout.addLayout(self._column)
        layout.addWidget(self._make_reply_card())
        layout.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)
        self.setAcceptDrops(True)
        undo = QAction(self.tr("Undo the last change of the sliders"), self)
        undo.setShortcut(QKeySequence.StandardKey.Undo)
        undo.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        undo.triggered.connect(self._on_undo)
        self.addAction(undo)
        self.set_settings(self._base)

    def settings(self) -> GenerationSettings:
        """What the panel shows."""
        sampling = SamplingSettings(
            tuple(card.settings() for card in self._cards), None if self._new_seed.isChecked() else self._seed.value()
        )
        return GenerationSettings(
            sampling=sampling,
            max_tokens=self._length.value(),
            stop=self._base.stop,
            when_full="stop" if self._when_full.currentIndex() == 1 else "drop_oldest",
            candidates=self._base.candidates,
        )

    def set_settings(self, settings: GenerationSettings) -> None:
        """Show other settings, without a signal; what was there cannot be undone to."""
        self._undo.clear()
        self._show(settings)

    def set_presets(self, presets: Sequence[tuple[str, SamplingSettings]]) -> None:
        """The person's own presets, after the shipped ones."""
        self._presets = dict(presets)
        self._fill_presets()

    def _show(self, settings: GenerationSettings) -> None:
        self._base = settings
        stages = list(settings.sampling.stages)
        known = {item.name for item in stages}
        # A stage that old settings do not know stands at its usual place, switched to doing nothing.
        stages += [item for item in neutral_settings().stages if item.name not in known]
        if [card.name for card in self._cards] != [item.name for item in stages]:
            self._rebuild([item.name for item in stages])
        for card, item in zip(self._cards, stages, strict=True):
            card.set_settings(item)
        blocked = (self._seed, self._new_seed, self._length, self._when_full)
        blockers = [QSignalBlocker(widget) for widget in blocked]
        self._new_seed.setChecked(settings.sampling.seed is None)
        self._seed.setEnabled(settings.sampling.seed is not None)
        if settings.sampling.seed is not None:
            self._seed.setValue(min(settings.sampling.seed, _MAX_SEED))
        self._length.setValue(settings.max_tokens)
        self._when_full.setCurrentIndex(1 if settings.when_full == "stop" else 0)
        del blockers
        self._told = self.settings()
        self._mark_preset()

    def _rebuild(self, names: list[str]) -> None:
        by_name = {card.name: card for card in self._cards}
        defaults = {item.name: item for item in default_settings().stages}
        self._cards = []
        for name in names:
            card = by_name.pop(name, None)
            if card is None:
                card = StageCard(defaults[name])
                card.changed.connect(self._on_change)
                card.move_asked.connect(lambda step, card=card: self._move(card, step))
            self._cards.append(card)
            self._column.removeWidget(card)
            self._column.addWidget(card)
        for card in by_name.values():
            self._column.removeWidget(card)
            card.deleteLater()

    def _move(self, card: StageCard, step: int) -> None:
        place = self._cards.index(card)
        self._put(card, place + step)
        card.setFocus()

    def _put(self, card: StageCard, place: int) -> None:
        names = [other.name for other in self._cards if other is not card]
        names.insert(max(0, min(place, len(names))), card.name)
        if names != [other.name for other in self._cards]:
            self._rebuild(names)
            self._on_change()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(MIME_STAGE):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        name = bytes(event.mimeData().data(MIME_STAGE).data()).decode()
        card = next((card for card in self._cards if card.name == name), None)
        if card is None:
            return
        y = event.position().toPoint().y()
        others = [other for other in self._cards if other is not card]
        middles = [other.mapTo(self, other.rect().center()).y() for other in others]
        self._put(card, sum(middle < y for middle in middles))
        event.acceptProposedAction()

    # --- presets --------------------------------------------------------------------------------------------------

    def _make_presets(self) -> QHBoxLayout:
        self._preset = _narrow_combo(12)
        self._preset.setAccessibleName(self.tr("Preset"))
        self._preset.setToolTip(self.tr("A chain with a name: choose one, or save the present one."))
        self._preset.activated.connect(self._on_preset)
        self._neutral = QPushButton(self.tr("Neutral"))
        self._neutral.setToolTip(self.tr("Every stage does nothing: the model's own distribution."))
        self._neutral.clicked.connect(lambda: self._apply(neutral_settings()))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._preset, 1)
        row.addWidget(self._neutral)
        self._fill_presets()
        return row

    def _fill_presets(self) -> None:
        with QSignalBlocker(self._preset):
            self._preset.clear()
            for name in ("llama.cpp default", "Greedy", "Neutral"):
                self._preset.addItem(sampling_text(name), ("shipped", name))
            for name in self._presets:
                self._preset.addItem(name, ("own", name))
            self._preset.insertSeparator(self._preset.count())
            self._preset.addItem(self.tr("Save as preset…"), ("save", ""))
            for name in self._presets:
                self._preset.addItem(self.tr("Delete “{0}”").format(name), ("delete", name))
        self._mark_preset()

    def _on_preset(self, place: int) -> None:
        kind, name = self._preset.itemData(place) or ("", "")
        if kind == "shipped":
            shipped = {"Greedy": greedy_settings, "Neutral": neutral_settings}.get(name, default_settings)
            self._apply(shipped())
        elif kind == "own":
            self._apply(self._presets[name])
        elif kind == "delete":
            self.deletePresetRequested.emit(name)
        elif kind == "save":
            text, said_yes = QInputDialog.getText(self, self.tr("Save as preset"), self.tr("Name of the preset"))
            if said_yes and text.strip():
                self.savePresetRequested.emit(text.strip())
        self._mark_preset()

    def _mark_preset(self) -> None:
        """Show which preset the sliders stand at; none where they stand at no one's."""
        if not self._cards:
            return
        here = _stages_key(self.settings().sampling)
        known = {
            "llama.cpp default": default_settings(),
            "Greedy": greedy_settings(),
            "Neutral": neutral_settings(),
        }
        named = [("shipped", name, s) for name, s in known.items()] + [("own", n, s) for n, s in self._presets.items()]
        found = next(((kind, name) for kind, name, chain in named if _stages_key(chain) == here), None)
        place = -1
        for row in range(self._preset.count()):
            data = self._preset.itemData(row)
            if found is not None and data is not None and tuple(data) == found:
                place = row
        with QSignalBlocker(self._preset):
            self._preset.setCurrentIndex(place)
        self._preset.setPlaceholderText(self.tr("Your own settings"))

    def _apply(self, sampling: SamplingSettings) -> None:
        """Take over a chain; seed and length stay."""
        now = self.settings()
        self._remember()
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

    # --- seed, length, full context -------------------------------------------------------------------------------

    def _make_reply_card(self) -> QFrame:
        self._new_seed = QCheckBox(self.tr("New seed for each reply"))
        self._new_seed.setToolTip(self.tr("Switch it off to get the same reply again with the same settings."))
        self._seed = QSpinBox()
        self._seed.setRange(0, _MAX_SEED)
        self._seed.setAccessibleName(self.tr("Seed"))
        self._length = QSpinBox()
        self._length.setRange(0, 1_000_000)
        self._length.setSingleStep(64)
        for box in (self._seed, self._length):
            box.lineEdit().setTextMargins(6, 0, 0, 0)  # the stylesheet's padding does not reach it
        self._length.setSpecialValueText(self.tr("No limit"))
        self._length.setAccessibleName(self.tr("Longest reply, in tokens"))
        self._when_full = _narrow_combo(16)
        self._when_full.addItems([self.tr("Leave out the oldest turns"), self.tr("End the reply")])
        self._when_full.setAccessibleName(self.tr("When the context is full"))
        card = QFrame()
        set_role(card, "card")
        layout = QVBoxLayout(card)
        layout.setContentsMargins(12, 10, 12, 12)
        layout.setSpacing(8)
        layout.addWidget(self._new_seed)
        for title, widget in (
            (self.tr("Seed"), self._seed),
            (self.tr("Longest reply, in tokens"), self._length),
            (self.tr("When the context is full"), self._when_full),
        ):
            row = QHBoxLayout()
            label = QLabel(title)
            label.setBuddy(widget)
            label.setWordWrap(True)
            row.addWidget(label, 1)
            row.addWidget(widget)
            layout.addLayout(row)
        self._new_seed.toggled.connect(lambda on: self._seed.setEnabled(not on))
        self._new_seed.toggled.connect(self._on_change)
        self._seed.valueChanged.connect(self._on_change)
        self._length.valueChanged.connect(self._on_change)
        self._when_full.currentIndexChanged.connect(self._on_change)
        return card

    # --- changes --------------------------------------------------------------------------------------------------

    def _on_change(self) -> None:
        if not self._frame.isActive():
            self._frame.start()

    def _tell(self) -> None:
        now = self.settings()
        if now == self._told:
            return
        self._remember()
        self._told = now
        self._mark_preset()
        self.changed.emit(now)

    def _remember(self) -> None:
        self._undo.append(self._told)
        del self._undo[:-100]

    def _on_undo(self) -> None:
        if self._undo:
            self._show(self._undo.pop())
            self.changed.emit(self.settings())


def _stages_key(sampling: SamplingSettings) -> tuple[object, ...]:
    """What makes two chains the same, the seed apart; values are rounded as the boxes show them."""
    by_name = {spec.name: spec for spec in STAGES}
    return tuple(
        (item.name, item.enabled, tuple(round(v, 2) for v in by_name[item.name].values(item.values).values()))
        for item in sampling.stages
    )


def _narrow_combo(letters: int) -> QComboBox:
    """One that is not as wide as its longest entry: names of presets and other languages would widen the dock."""
    box = QComboBox()
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(letters)
    return box
