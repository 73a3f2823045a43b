"""A tree of what might come, as it grows: its paths, and where each node stands in the picture. No widgets."""

from collections.abc import Iterable

import msgspec
from PySide6.QtCore import QObject, Signal

from app.playground.asking import Question
from app.widgets.formats import visible
from app.workers.inference import InferenceWorker
from engine.records import SamplingSettings
from engine.records.explore import Bounds, BranchNode
from engine.worker.protocol import Done, Failed, TreeNodes


class Place(msgspec.Struct, frozen=True):
    """Where a node stands: its column from 0, its row from 0, and how many rows its branch takes."""

    column: int
    row: int
    rows: int


class Tree:
    """Nodes by number. -1 is the text itself."""

    def __init__(self, nodes: Iterable[BranchNode] = ()) -> None:
        self.nodes: dict[int, BranchNode] = {}
        self._children: dict[int, list[int]] = {-1: []}
        self.add(nodes)

    def __len__(self) -> int:
        return len(self.nodes)

    def add(self, nodes: Iterable[BranchNode]) -> None:
        for node in nodes:
            self.nodes[node.id] = node
            self._children.setdefault(node.parent, []).append(node.id)
            self._children.setdefault(node.id, [])

    def children(self, id: int) -> list[BranchNode]:
        """The most likely first."""
        found = [self.nodes[child] for child in self._children.get(id, ())]
        return sorted(found, key=lambda node: (-node.probability, node.id))

    def path(self, id: int) -> list[BranchNode]:
        """From the first token down to a node."""
        path: list[BranchNode] = []
        while id in self.nodes:
            path.insert(0, self.nodes[id])
            id = self.nodes[id].parent
        return path

    def text(self, id: int) -> str:
        """What taking a path would add: without control tokens and half characters at its end."""
        data = b"".join(b"" if node.control else node.piece for node in self.path(id))
        return data.decode("utf-8", "ignore")

    def shown(self, id: int) -> str:
        """A path as it is shown: blanks to be seen, control tokens by their names."""
        return "".join(
            node.piece.decode("utf-8", "replace") if node.control else visible(node.piece) for node in self.path(id)
        )

    def likely(self) -> BranchNode | None:
        """The end of the path of the fewest bits among the longest that have grown."""
        return min(self._ends(), key=lambda node: (node.path_bits, node.id), default=None)

    def greedy(self) -> BranchNode | None:
        """The end of the path of the most likely token each time."""
        return max((n for n in self.nodes.values() if n.greedy), key=lambda node: node.depth, default=None)

    def sampled(self) -> BranchNode | None:
        """The end of the path that the chain draws."""
        return max((n for n in self.nodes.values() if n.sampled), key=lambda node: node.depth, default=None)

    def places(self) -> dict[int, Place]:
        """A row for each end; a node stands in the row of its most likely child."""
        places: dict[int, Place] = {}
        row = 0

        def put(id: int, column: int) -> int:
            nonlocal row
            first, children = row, self.children(id)
            for child in children:
                put(child.id, column + 1)
            if not children:
                row += 1
            if id >= 0:
                places[id] = Place(column, first, row - first)
            return row

        put(-1, -1)
        return places

    def _ends(self) -> list[BranchNode]:
        leaves = [node for node in self.nodes.values() if not self._children[node.id]]
        deepest = max((node.depth for node in leaves), default=0)
        return [node for node in leaves if node.depth == deepest or node.ends]


class Growing(QObject):
    """The tree below the caret. ``changed`` when it grew, began anew or ended."""

    changed = Signal()
    failed = Signal(object)  # Failed

    def __init__(self, worker: InferenceWorker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = worker
        self._question = Question(worker, self)
        self._question.ended.connect(self._on_ended)
        self.bounds = Bounds(depth=4, width=3, top_p=0.9, most_nodes=120)
        self.tree = Tree()
        self.text = ""  # what stands before the tree
        self._whole, self._special = "", False  # the text in which it grew
        self.stale = False  # that text is not the one that is open now
        worker.treeNodes.connect(self._on_nodes)

    @property
    def running(self) -> bool:
        return self._question.running

    def grow(self, text: str, whole: str, sampling: SamplingSettings, seed: int, special: bool = False) -> None:
        """A new tree after this text, the beginning of the whole. special: names of control tokens in it are meant as such."""
        self.text, self.tree = text, Tree()
        self._whole, self._special, self.stale = whole, special, False
        self._question.begin(self._worker.grow_tree(text, self.bounds, sampling, seed, special))
        self.changed.emit()

    def follow(self, whole: str, special: bool = False) -> None:
        """This text is open now."""
        stale = bool(len(self.tree) or self.running) and (whole, special) != (self._whole, self._special)
        if stale != self.stale:
            self.stale = stale
            self.changed.emit()

    def stop(self) -> None:
        """What has grown stays."""
        self._question.cancel()
        self.changed.emit()

    def clear(self) -> None:
        self._question.cancel()
        self.tree, self.stale = Tree(), False
        self.changed.emit()

    def _on_nodes(self, event: TreeNodes) -> None:
        if self._question.is_for(event):
            self.tree.add(event.nodes)
            self.changed.emit()

    def _on_ended(self, event: Done | Failed | None) -> None:
        self.changed.emit()
        if isinstance(event, Failed):
            self.failed.emit(event)
