"""A conversation as a tree of messages, and the one branch of it that is shown."""

from collections.abc import Iterable

from app.storage.rows import MessageRow


class ConversationTree:
    """Messages by parent. Each node remembers which of its children was shown last, so moving between siblings comes back
    to where one was.
    """

    def __init__(self, messages: Iterable[MessageRow] = (), leaf_id: int | None = None) -> None:
        self._messages: dict[int, MessageRow] = {}
        self._children: dict[int | None, list[int]] = {}
        self._chosen: dict[int | None, int] = {}
        self._path: list[int] = []
        for message in messages:
            self._insert(message)
        if leaf_id in self._messages:
            self._choose_ancestors(leaf_id)
            # A stored leaf is the end of what was shown: what hangs below it stays folded away.
            self._path = self._walk(stop_at=leaf_id)
        else:
            self._path = self._walk()

    def __len__(self) -> int:
        return len(self._messages)

    def __contains__(self, id: int) -> bool:
        return id in self._messages

    def __getitem__(self, id: int) -> MessageRow:
        return self._messages[id]

    def get(self, id: int) -> MessageRow | None:
        return self._messages.get(id)

    @property
    def leaf_id(self) -> int | None:
        return self._path[-1] if self._path else None

    def path(self) -> list[MessageRow]:
        """The messages that are shown, first to last."""
        return [self._messages[id] for id in self._path]

    def path_to(self, id: int) -> list[MessageRow]:
        """The messages from the root to this one, which is the last."""
        found: list[MessageRow] = []
        node: int | None = id
        while node is not None:
            message = self._messages[node]
            found.append(message)
            node = message.parent_id
        return found[::-1]

    def siblings(self, id: int) -> list[int]:
        """The ids that stand at the same place, this one among them, oldest first."""
        return self._children[self._messages[id].parent_id]

    def children(self, id: int | None) -> list[int]:
        """What follows a message, oldest first; of None the first messages."""
        return self._children.get(id, [])

    def path_ids(self) -> list[int]:
        """The ids of the messages that are shown, first to last."""
        return list(self._path)

    def is_shown(self, id: int) -> bool:
        return id in self._path

    def add(self, message: MessageRow) -> None:
        """Add a message and show the branch that it ends."""
        self._insert(message)
        self._choose_ancestors(message.id)
        self._path = self._walk()

    def replace(self, message: MessageRow) -> None:
        """Put a newer value of a message that is already here."""
        self._messages[message.id] = message

    def choose(self, id: int) -> None:
        """Show the branch through this message, down to where one was last in it."""
        self._choose_ancestors(id)
        self._path = self._walk()

    def _insert(self, message: MessageRow) -> None:
        self._messages[message.id] = message
        self._children.setdefault(message.parent_id, []).append(message.id)

    def _choose_ancestors(self, id: int | None) -> None:
        while id is not None:
            parent = self._messages[id].parent_id
            self._chosen[parent] = id
            id = parent

    def _walk(self, stop_at: int | None = None) -> list[int]:
        path: list[int] = []
        node: int | None = None
        while children := self._children.get(node):
            node = self._chosen.get(node, children[-1])
            path.append(node)
            if node == stop_at:
                break
        return path
