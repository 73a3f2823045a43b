"""Conversations in other words, for templates that do not take them as they are."""

from collections.abc import Iterator, Sequence

import msgspec

from engine.records import Message

NOTE_SYSTEM_FOLDED = "system-folded"
NOTE_TURNS_MERGED = "turns-merged"


def variants(turns: Sequence[Message], drops_system: bool) -> Iterator[tuple[Sequence[Message], tuple[str, ...]]]:
    """The turns as they are, then changed step by step, each with notes on what was changed.

    drops_system: the template leaves out a system prompt without a word, so nothing that keeps one is of use.
    """
    has_system = bool(turns) and turns[0].role == "system"
    merged = merge(turns)
    if not (has_system and drops_system):
        yield turns, ()
        if merged != list(turns):
            yield merged, (NOTE_TURNS_MERGED,)
    if has_system:
        folded = fold_system(turns)
        yield folded, (NOTE_SYSTEM_FOLDED,)
        again = merge(folded)
        if again != folded:
            yield again, (NOTE_SYSTEM_FOLDED, NOTE_TURNS_MERGED)


def fold_system(turns: Sequence[Message]) -> list[Message]:
    """The system prompt at the head of the user's first message; a message of its own where the user does not begin."""
    system, *others = turns
    if not others or others[0].role != "user":
        return [Message("user", system.content), *others]
    return [msgspec.structs.replace(others[0], content=f"{system.content}\n\n{others[0].content}"), *others[1:]]


def merge(turns: Sequence[Message]) -> list[Message]:
    """Neighbours of the same role as one message, and an empty one of the user's where the assistant begins."""
    merged: list[Message] = []
    for turn in turns:
        last = merged[-1].role if merged else None
        if last == turn.role:
            merged[-1] = Message(turn.role, f"{merged[-1].content}\n\n{turn.content}")
            continue
        if turn.role == "assistant" and last in (None, "system"):
            merged.append(Message("user", ""))
        merged.append(turn)
    return merged
