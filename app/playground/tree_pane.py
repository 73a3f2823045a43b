"""The tree with its bounds above and its three paths below; any node can be taken into the document."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSpinBox,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from app.playground.branches import Growing
from app.playground.tree_view import GREEDY, LIKELY, SAMPLED, TreeView
from app.widgets.buttons import text_button
from app.widgets.empty_state import EmptyState
from app.widgets.flow import FlowLayout
from app.widgets.formats import bits, number, percent
from app.widgets.pale import set_pale
from app.widgets.theme import set_role
from engine.records.explore import Bounds, BranchNode


class TreePane(QWidget):
    """Follows a Growing. ``taken`` brings text for the document."""

    grow_wanted = Signal()
    taken = Signal(str)

    def __init__(self, growing: Growing, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._growing = growing
        self.view = TreeView(self)
        self.view.taken.connect(self._take)
        self.view.chosen.connect(self._show_chosen)
        self._scroll = QScrollArea(self)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setWidget(self.view)
        self._empty = EmptyState(
            "branch",
            self.tr("What might come, as a tree"),
            self.tr("From the caret on, each likely token opens a branch of its own."),
            self.tr("Grow the tree"),
        )
        self._empty.acted.connect(self.grow_wanted)
        self._stack = QStackedLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 12, 8)
        column.setSpacing(6)
        column.addLayout(self._make_bounds())
        column.addLayout(self._stack, 1)
        # Not before the stack is in here: it shows its first widget, which would be a window of its own for a moment.
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._scroll)
        self._words = QLabel()
        self._words.setWordWrap(True)
        set_role(self._words, "caption")
        column.addWidget(self._words)
        self._paths = FlowLayout(spacing=8)
        self._takers = {
            mark: text_button(self, "", lambda mark=mark: self._take_path(mark), "")  # type: ignore[misc]
            for mark in (GREEDY, LIKELY, SAMPLED)
        }
        for button in self._takers.values():
            self._paths.addWidget(button)
        column.addLayout(self._paths)
        growing.changed.connect(self.refresh)
        self.refresh()

    def _make_bounds(self) -> FlowLayout:
        bounds = self._growing.bounds
        row = FlowLayout(spacing=12)
        self._depth, self._width, self._top_p = QSpinBox(), QSpinBox(), QDoubleSpinBox()
        for box, low, high, value, name, tip in (
            (self._depth, 1, 24, bounds.depth, self.tr("Depth"), self.tr("Tokens from the caret on.")),
            (self._width, 1, 16, bounds.width, self.tr("Width"), self.tr("Branches at most from one token.")),
        ):
            box.setRange(low, high)
            box.setValue(value)
            self._add_box(row, box, name, tip)
        self._top_p.setRange(0.05, 1.0)
        self._top_p.setSingleStep(0.05)
        self._top_p.setValue(bounds.top_p)
        tip = self.tr("Share of the probability that the branches of a token cover together.")
        self._add_box(row, self._top_p, self.tr("Top-p"), tip)
        self._button = text_button(self, "", self._on_button, "")
        row.addWidget(self._button)
        return row

    def _add_box(self, flow: FlowLayout, box: QSpinBox | QDoubleSpinBox, name: str, tip: str) -> None:
        label = QLabel(name)
        set_role(label, "caption")
        label.setBuddy(box)
        box.setAccessibleName(name)
        box.setToolTip(tip)
        box.lineEdit().setTextMargins(6, 0, 0, 0)
        box.valueChanged.connect(self._on_bounds)
        pair = QWidget()
        row = QHBoxLayout(pair)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(label)
        row.addWidget(box)
        flow.addWidget(pair)

    # --- showing --------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        growing = self._growing
        tree = growing.tree
        self._button.setText(self.tr("Stop") if growing.running else self.tr("Grow"))
        self._stack.setCurrentIndex(1 if len(tree) or growing.running else 0)
        self.view.show_tree(tree)
        for mark, title, end in (
            (GREEDY, self.tr("greedy"), tree.greedy()),
            (LIKELY, self.tr("most likely path"), tree.likely()),
            (SAMPLED, self.tr("drawn by the chain"), tree.sampled()),
        ):
            button = self._takers[mark]
            button.setVisible(end is not None)
            button.setEnabled(not growing.stale)
            if end is not None:
                text = tree.shown(end.id)
                short = text if len(text) <= 40 else text[:39] + "…"
                button.setText(f"{mark} {title}: “{short}”")
                button.setToolTip(
                    self.tr("{0} bits, {1} in all. Click to take it into the document.").format(
                        bits(end.path_bits), percent(2.0**-end.path_bits)
                    )
                )
        set_pale(self.view, growing.stale)
        self._show_chosen(self.view.current)

    def _show_chosen(self, id: int) -> None:
        tree = self._growing.tree
        shown = " ".join(self._growing.text[-40:].split())
        if self._growing.stale:
            text = self.tr("Of another place, after “…{0}”, in the text as it was: grow it again for the one above.")
            self._words.setText(text.format(shown))
            return
        node: BranchNode | None = tree.nodes.get(id)
        if node is None:
            text = self.tr("{0} tokens after “…{1}”").format(number(len(tree)), shown) if len(tree) else ""
            self._words.setText(text)
            return
        self._scroll.ensureVisible(*self._corner(id), 40, 40)
        self._words.setText(
            self.tr("“{0}”: path of {1} bits, {2} in all · Enter takes it into the document").format(
                tree.shown(id), bits(node.path_bits), percent(2.0**-node.path_bits)
            )
        )

    def _corner(self, id: int) -> tuple[int, int]:
        centre = self.view.area(id).center().toPoint()
        return centre.x(), centre.y()

    # --- what a person does ---------------------------------------------------------------------------------------

    def _on_bounds(self) -> None:
        most = self._growing.bounds.most_nodes
        self._growing.bounds = Bounds(self._depth.value(), self._width.value(), self._top_p.value(), most)

    def _on_button(self) -> None:
        if self._growing.running:
            self._growing.stop()
        else:
            self.grow_wanted.emit()

    def _take(self, id: int) -> None:
        text = self._growing.tree.text(id)
        if text:
            self.taken.emit(text)

    def _take_path(self, mark: str) -> None:
        tree = self._growing.tree
        end = {GREEDY: tree.greedy, LIKELY: tree.likely, SAMPLED: tree.sampled}[mark]()
        if end is not None:
            self._take(end.id)
