"""Conversations out of patterns: a small TOML file that says how people talk, with slots, becomes thousands of conversations.

A person can write the file, read it and correct it; the slots make the model learn to carry a name or a word from one turn
to the next instead of learning single sentences by heart.
"""

import random
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from engine.errors import UserError
from engine.records import Message

_ROLES = ("user", "assistant")


class Outline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The parts a conversation consists of, in order. "a|b" is one of the two, and "a?" comes in half of the cases."""

    parts: tuple[str, ...]
    weight: float = 1.0


class Patterns(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """slots: values of a name, texts or records of texts. parts: ways to say something, each a list of turns, user first.

    A turn is a text with {slot} or {slot[field]}, and "|" between wordings. {slot2}, {slot3} are other values of the same slot.
    """

    count: int
    outlines: tuple[Outline, ...]
    parts: dict[str, tuple[tuple[str, ...], ...]]
    slots: dict[str, tuple[str | dict[str, str], ...]] = {}
    seed: int = 1


def read_patterns(path: Path) -> Patterns:
    """Raises UserError for a file that is broken, or names a part that it does not have."""
    try:
        with path.open("rb") as file:
            patterns = msgspec.convert(tomllib.load(file), Patterns)
        for outline in patterns.outlines:
            for choice in outline.parts:
                for name in choice.removesuffix("?").split("|"):
                    if name not in patterns.parts:
                        raise ValueError(f"no part is called {name}")
        for name, ways in patterns.parts.items():
            if not ways or any(len(turns) % 2 for turns in ways):
                raise ValueError(f"the part {name} needs turns in pairs: the user's, then the assistant's")
    except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError, ValueError) as error:
        raise UserError(
            "corpus-patterns", f"{path.name} holds no patterns of conversations: {error}.", "Correct the file."
        ) from error
    return patterns


def conversations(patterns: Patterns) -> Iterator[tuple[Message, ...]]:
    """The count of conversations that the patterns ask for; the same ones every time."""
    chance = random.Random(patterns.seed)
    weights = [outline.weight for outline in patterns.outlines]
    for _ in range(patterns.count):
        outline = chance.choices(patterns.outlines, weights)[0]
        values = _values(patterns, chance)
        turns: list[str] = []
        for choice in outline.parts:
            if choice.endswith("?") and chance.random() < 0.5:
                continue
            part = chance.choice(choice.removesuffix("?").split("|"))
            turns += chance.choice(patterns.parts[part])
        yield tuple(
            Message(_ROLES[place % 2], _filled(chance.choice(turn.split("|")), values))  # type: ignore[arg-type]
            for place, turn in enumerate(turns)
        )


def _values(patterns: Patterns, chance: random.Random) -> dict[str, Any]:
    """For each slot three different values, where it has as many."""
    values: dict[str, Any] = {}
    for name, known in patterns.slots.items():
        drawn = chance.sample(known, min(3, len(known)))
        for place, suffix in enumerate(("", "2", "3")):
            values[name + suffix] = drawn[place % len(drawn)]
    return values


def _filled(turn: str, values: dict[str, Any]) -> str:
    try:
        text = turn.format(**values)
    except (KeyError, IndexError, ValueError) as error:
        raise UserError(
            "corpus-patterns", f"The pattern “{turn}” names a slot that there is not: {error}.", "Correct the file."
        ) from error
    return text[:1].upper() + text[1:]
