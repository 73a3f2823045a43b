"""What is wrong with a grammar, and where: llama.cpp writes it to the standard error stream, and returns nothing."""

import os
import re
import tempfile
from collections.abc import Callable
from typing import TypeVar

from engine.errors import UserError

_Result = TypeVar("_Result")
_PART = re.compile(
    r"""\#[^\n]* | "(?:\\.|[^"\\])*" | \[(?:\\.|[^\]\\])*\] | (?P<name>[A-Za-z0-9-]+)
    | \{\s*(?P<least>\d+)\s*,\s*(?P<most>\d+)\s*\}""",
    re.VERBOSE,
)
_SAID = re.compile(r"error parsing grammar: (.*)", re.DOTALL)
_LONGEST_NUMBER = 9  # digits; Python and llama.cpp are not made for more


def check_beforehand(rules: str) -> None:
    """Refuse what llama.cpp reads all the same: a text with a zero only up to it, and {3,2} until the memory is full."""
    if "\0" in rules:
        line, character = _place(rules, rules.index("\0"))
        raise UserError("grammar", f"The grammar cannot be read at line {line}, character {character}.")
    for part in _PART.finditer(rules):
        least, most = part["least"], part["most"]
        if least and (max(len(least), len(most)) > _LONGEST_NUMBER or int(least) > int(most)):
            line, character = _place(rules, part.start())
            raise UserError(
                "grammar",
                f"The grammar cannot be read at line {line}, character {character}.",
                f"{part.group()} asks for at least {least} and at most {most}.",
            )


def heard(call: Callable[[], _Result]) -> tuple[_Result, str]:
    """What a call of a C library returns, and what it wrote to the standard error stream."""
    with tempfile.TemporaryFile() as file:
        try:
            kept = os.dup(2)
        except OSError:  # a program without a console
            return call(), ""
        os.dup2(file.fileno(), 2)
        try:
            result = call()
        finally:
            os.dup2(kept, 2)
            os.close(kept)
        file.seek(0)
        return result, file.read().decode("utf-8", "replace")


def mistake(rules: str, said: str) -> UserError:
    """The error of a grammar that llama.cpp did not take, from what it wrote."""
    found = _SAID.search(said)
    what = found[1].rstrip("\n").removesuffix(rules.rstrip("\n")).strip("\n") if found else ""
    undefined = re.fullmatch(r"Undefined rule identifier '(.*)'", what)
    if undefined:
        name = undefined[1]
        places = (part.start() for part in _PART.finditer(rules) if part["name"] == name)
        line, character = _place(rules, next(places, 0))
        return UserError(
            "grammar",
            f"The grammar has no rule “{name}”, named at line {line}, character {character}.",
            "Write that rule, or put what is meant into quotation marks.",
        )
    if what.startswith("unexpected end"):
        return UserError(
            "grammar", "The grammar ends too early.", "Close the quotation mark or bracket at its end.", what
        )
    reason, at, rest = what.partition(" at ")
    if at:
        line, character = _place(rules, len(rules.rstrip("\n")) - len(rest))
        return UserError(
            "grammar",
            f"The grammar cannot be read at line {line}, character {character}.",
            f"llama.cpp says: {reason}.",
        )
    if what:
        return UserError("grammar", "The grammar cannot be read.", f"llama.cpp says: {what}.")
    if not any(re.match(r"root\s*::=", rules[part.start() :]) for part in _PART.finditer(rules) if part["name"]):
        return UserError("grammar", "The grammar has no rule root.", "Name the rule with which a reply begins root.")
    return UserError(
        "grammar", "A rule of the grammar begins with itself.", 'Let something stand before it: a ::= "x" a.'
    )


def _place(text: str, position: int) -> tuple[int, int]:
    """Line and character of a position, both from 1."""
    before = text[: max(0, position)]
    return before.count("\n") + 1, len(before) - before.rfind("\n")
