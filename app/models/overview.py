"""The first tab of a model's card: what it is, its quantisation as bars, what belongs to it, its sums."""

from pathlib import PurePath

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QProgressBar, QWidget

from app.models.attached_files import AttachedFiles
from app.models.state import ModelsState
from app.models.texts import origin_text, size_text, used_text
from app.widgets.buttons import text_button
from app.widgets.form import Choice, Form
from app.widgets.formats import number
from app.widgets.theme import set_role, theme
from engine.records.library import LibraryModel, ModelCard, TypeShare

#: What llama.cpp's names of tokenizers stand for.
_TOKENIZERS = {"gpt2": "BPE (gpt2)", "llama": "SentencePiece (llama)", "bert": "WordPiece (bert)", "t5": "Unigram (t5)"}
_ROW_PX, _NAME_PX, _SAID_PX = 24, 72, 250


class Overview(Form):
    """Follows the shown model of a state."""

    def __init__(self, state: ModelsState, parent: QWidget | None = None) -> None:
        super().__init__(parent, at_left=True)
        self._state = state
        self._values: dict[str, tuple[QLabel, QLabel]] = {}
        self._facts = QFormLayout()
        self._facts.setHorizontalSpacing(16)
        self._facts.setVerticalSpacing(6)
        self._facts.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.column.addLayout(self._facts)
        self._types_heading = self.heading(self.tr("Weights by type"))
        self.types = TypeBars()
        self.column.addWidget(self.types)
        self._attached_heading = self.heading(self.tr("Belongs to it"))
        self.attached = AttachedFiles(state)
        self.column.addWidget(self.attached)
        self._checkpoints_heading = self.heading(self.tr("Checkpoints"))
        self.checkpoints = Choice()
        self.checkpoints.setAccessibleName(self.tr("Checkpoints"))
        self.open_checkpoint = text_button(self, self.tr("Chat with this one"), self._chat, "")
        earlier = QHBoxLayout()
        earlier.addWidget(self.checkpoints, 1)
        earlier.addWidget(self.open_checkpoint)
        self.column.addLayout(earlier)
        self.heading(self.tr("SHA-256"))
        self.sums = self.sentence(role="code")
        self.sums.setTextFormat(Qt.TextFormat.PlainText)
        self.sums.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.compute = text_button(self, self.tr("Compute it"), state.compute_sums, "")
        self.stop = text_button(self, self.tr("Stop"), state.stop_sums, "")
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("How far the sum is"))
        row = QHBoxLayout()
        row.addWidget(self.compute)
        row.addWidget(self.bar, 1)
        row.addWidget(self.stop)
        row.addStretch(0)
        self.column.addLayout(row)
        self.column.addStretch(1)
        state.sums_changed.connect(self.show_sums)
        self.show_sums()

    @property
    def facts(self) -> dict[str, str]:
        """What can be read, by name."""
        return {name: value.text() for name, (_, value) in self._values.items() if not value.isHidden()}

    def show_model(self, model: LibraryModel, card: ModelCard | None) -> None:
        """What the list knows; the rest as soon as the header was read."""
        card = card or ModelCard(model.path, model.name)
        heads = number(card.heads)
        if card.kv_heads and card.kv_heads != card.heads:
            heads = self.tr("{0}, of keys and values {1}").format(heads, number(card.kv_heads))
        size = size_text(model.size_bytes)
        if model.files > 1:
            size = self.tr("{0} in {1} files").format(size, number(model.files))
        facts = (
            (self.tr("Name in the file"), card.name if card.name != model.name and model.origin != "run" else ""),
            (self.tr("Architecture"), model.architecture),
            (self.tr("Parameters"), number(model.parameters) if model.parameters else ""),
            (self.tr("Quantisation"), model.quantisation),
            (
                self.tr("Context length"),
                self.tr("{0} tokens").format(number(model.context_length)) if model.context_length else "",
            ),
            (self.tr("Layers"), number(card.layers) if card.layers else ""),
            (self.tr("Attention heads"), heads if card.heads else ""),
            (self.tr("Width"), number(card.width) if card.width else ""),
            (self.tr("Experts"), number(card.experts) if card.experts else ""),
            (self.tr("Vocabulary"), self._vocabulary(card)),
            (self.tr("Licence"), card.licence or (self.tr("not said in the file") if card.layers else "")),
            (self.tr("By"), card.author),
            (self.tr("Source"), card.source),
            (self.tr("From"), origin_text(model, self._state.folder)),
            (self.tr("Size on disk"), size),
            (self.tr("Last used"), used_text(model)),
            (self.tr("Place"), "" if model.origin == "bundled" else model.path),
        )
        for name, value in facts:
            self._fact(name, value)
        self.types.show_types(card.types)
        for widget in (self._types_heading, self.types):
            widget.setVisible(bool(card.types))
        self.attached.show_model(model)
        self._attached_heading.setVisible(bool(model.attached))
        self.attached.setVisible(bool(model.attached))
        found = [(PurePath(path).name, path) for path in card.checkpoints]
        self.checkpoints.offer(found, self.checkpoints.currentData() or (card.checkpoints[0] if found else None))
        if self.checkpoints.currentIndex() < 0:
            self.checkpoints.setCurrentIndex(0)
        several: tuple[QWidget, ...] = (self._checkpoints_heading, self.checkpoints, self.open_checkpoint)
        for one in several:
            one.setVisible(len(found) > 1)
        self.compute.setEnabled(not model.missing)
        self.show_sums()

    def show_sums(self) -> None:
        share, sums = self._state.sums_share, self._state.sums
        self.bar.setVisible(share is not None)
        self.stop.setVisible(share is not None)
        self.compute.setVisible(share is None and not sums)
        self.bar.setValue(round(1000 * (share or 0.0)))
        alone = len(sums) == 1
        self.sums.setText("\n".join(value if alone else f"{value}  {name}" for name, value in sums))
        self.sums.setVisible(bool(sums))

    def _chat(self) -> None:
        self._state.chat(self.checkpoints.currentData())

    def _fact(self, name: str, value: str) -> None:
        if name not in self._values:
            label, field = QLabel(name), QLabel()
            set_role(label, "muted")
            field.setTextFormat(Qt.TextFormat.PlainText)
            field.setWordWrap(True)
            field.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._facts.addRow(label, field)
            self._values[name] = label, field
        label, field = self._values[name]
        # A path without blanks would not wrap: it may break after each slash.
        field.setText(value.replace("/", "/\u200b"))
        field.setAccessibleName(f"{name}: {value}")
        self._facts.setRowVisible(field, bool(value))

    def _vocabulary(self, card: ModelCard) -> str:
        if not card.vocabulary_size:
            return ""
        tokens = self.tr("{0} tokens").format(number(card.vocabulary_size))
        kind = _TOKENIZERS.get(card.tokenizer, card.tokenizer)
        return f"{tokens} · {kind}" if kind else tokens


class TypeBars(QWidget):
    """One bar a type of weights, as long as its share of the bytes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.types: tuple[TypeShare, ...] = ()
        theme().changed.connect(self.updateGeometry)

    def show_types(self, types: tuple[TypeShare, ...]) -> None:
        self.types = types
        self.setFixedHeight(theme().px(_ROW_PX) * max(len(types), 1))
        said = "; ".join(f"{one.type}: {self._said(one)}" for one in types)
        self.setAccessibleName(self.tr("Weights by type: {0}").format(said))
        self.setToolTip(said.replace("; ", "\n"))
        self.update()

    def _said(self, one: TypeShare) -> str:
        size = size_text(one.size_bytes)
        if one.tensors == 1:
            return self.tr("1 tensor · {0}").format(size)
        return self.tr("{0} tensors · {1}").format(number(one.tensors), size)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme().font("interface"))
        height, name = theme().px(_ROW_PX), theme().px(_NAME_PX)
        said = min(theme().px(_SAID_PX), self.width() // 2)
        room = max(self.width() - name - said - 16, 20)
        total = sum(one.size_bytes for one in self.types) or 1
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        for place, one in enumerate(self.types):
            top = place * height
            painter.setPen(theme().colour("text"))
            painter.drawText(0, top, name, height, middle, one.type)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().colour("track"))
            painter.drawRoundedRect(name, top + height // 3, room, height // 3, 3, 3)
            painter.setBrush(theme().colour("accent"))
            length = max(round(room * one.size_bytes / total), 3)
            painter.drawRoundedRect(name, top + height // 3, length, height // 3, 3, 3)
            painter.setPen(theme().colour("muted"))
            painter.drawText(name + room + 16, top, said, height, middle, self._said(one))
