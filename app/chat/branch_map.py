"""The tree of a conversation as a map: runs of messages without a fork are one segment, and each has its place. No Qt."""

import msgspec

from app.chat.tree import ConversationTree


class Segment(msgspec.Struct, frozen=True):
    """Messages from a fork (or the beginning) to the next fork (or an end).

    column counts leaves from the left, a fork stands over the middle of what follows it; row counts forks from the beginning.
    """

    first: int
    last: int
    count: int
    row: int
    column: float
    parent: int | None  # index of the segment that it follows
    children: tuple[int, ...]
    place: int  # which of its siblings it is, from 1
    places: int
    shown: bool  # lies on the branch that is shown


class _Draft:
    def __init__(self, message: int, row: int, parent: int | None, place: int, places: int) -> None:
        self.run = [message]
        self.row, self.parent, self.place, self.places = row, parent, place, places
        self.children: list[int] = []
        self.column = 0.0


def segments(tree: ConversationTree) -> list[Segment]:
    """All of them, each before what follows it, siblings from left to right."""
    drafts: list[_Draft] = []
    roots = tree.children(None)
    todo: list[tuple[int, int, int | None, int, int]] = []
    todo += [(id, 0, None, place, len(roots)) for place, id in enumerate(roots, 1)][::-1]
    while todo:
        message, row, parent, place, places = todo.pop()
        draft = _Draft(message, row, parent, place, places)
        index = len(drafts)
        drafts.append(draft)
        if parent is not None:
            drafts[parent].children.append(index)
        following = tree.children(message)
        while len(following) == 1:
            draft.run.append(following[0])
            following = tree.children(following[0])
        todo += [(id, row + 1, index, number, len(following)) for number, id in enumerate(following, 1)][::-1]
    _place(drafts)
    shown = set(tree.path_ids())
    return [
        Segment(
            draft.run[0],
            draft.run[-1],
            len(draft.run),
            draft.row,
            draft.column,
            draft.parent,
            tuple(draft.children),
            draft.place,
            draft.places,
            draft.run[0] in shown,
        )
        for draft in drafts
    ]


def _place(drafts: list[_Draft]) -> None:
    leaves = 0
    for draft in drafts:
        if not draft.children:
            draft.column = float(leaves)
            leaves += 1
    for draft in reversed(drafts):
        if draft.children:
            draft.column = (drafts[draft.children[0]].column + drafts[draft.children[-1]].column) / 2


def step(found: list[Segment], index: int, key: str) -> int:
    """Where an arrow leads: "up" and "down" along a branch, "left" and "right" to what stands beside it in its row."""
    here = found[index]
    if key == "up":
        return index if here.parent is None else here.parent
    if key == "down":
        shown = [child for child in here.children if found[child].shown]
        return (shown or list(here.children) or [index])[0]
    beside = [
        (abs(segment.column - here.column), place)
        for place, segment in enumerate(found)
        if segment.row == here.row and (segment.column < here.column if key == "left" else segment.column > here.column)
    ]
    return min(beside, default=(0.0, index))[1]
