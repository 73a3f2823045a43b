"""Additions as texts, made up while they are read: column by column with the carry, or the whole sum at once.

A column is a line such as ``7+5=13``: two digits, and the sum of both and of the carry of the column before. Its tens are the next
carry, its ones a digit of the result. So ``95+17`` reads, from the right::

    5+7=12
    9+1=11
    0+0=01

There are 10 x 10 x 2 such columns, and the texts hold every one of them: who learns them can add numbers of any length, if
the carry is looked up in the line above. Nothing else is learnt here, and nothing is generalised but the length.
"""

import random
from collections.abc import Callable, Iterator

#: Digits of the numbers at most; in whole sums from 1 on, evenly.
LONGEST, LONGEST_WHOLE = 40, 5
_SUMS, _WHOLE_SUMS = 4000, 120_000


def columns(first: str, second: str) -> Iterator[tuple[str, str]]:
    """The pairs of digits from the right, 0 where a number has none left, and one pair more for the last carry."""
    longest = max(len(first), len(second)) + 1
    yield from zip(reversed(first.rjust(longest, "0")), reversed(second.rjust(longest, "0")), strict=True)


#: An empty column, which every sum starts with: there is nothing to carry yet.
START = "0+0=00"


def question(first: str, second: str) -> str:
    """The part of a column's line that is given; what follows are the tens and the ones of the sum."""
    return f"{first}+{second}="


def column_sums(seed: int = 1) -> Iterator[str]:
    """Sums of numbers of up to LONGEST digits, written column by column. In a third of them most carries go on and on."""
    chance = random.Random(seed)
    for _ in range(_SUMS):
        nines = chance.random() < 1 / 3
        first = _number(chance, chance.randint(1, LONGEST))
        second = _number(chance, chance.randint(1, LONGEST))
        if nines:
            second = "".join(str(9 - int(d)) if chance.random() < 0.7 else str(chance.randrange(10)) for d in first)
        yield written(first, second)


def written(first: str, second: str) -> str:
    """A sum column by column, as it is learnt."""
    carry, lines = 0, [START]
    for a, b in columns(first, second):
        total = int(a) + int(b) + carry
        carry = total // 10
        lines.append(f"{question(a, b)}{total:02d}")
    return "\n".join(lines)


def whole_sums(seed: int = 1) -> Iterator[str]:
    """Sums of numbers of up to LONGEST_WHOLE digits in one line, ``95+17=112``."""
    chance = random.Random(seed)
    for _ in range(_WHOLE_SUMS):
        first, second = (_number(chance, chance.randint(1, LONGEST_WHOLE)) for _ in range(2))
        yield f"{first}+{second}={int(first) + int(second)}"


def _number(chance: random.Random, digits: int) -> str:
    """So many digits, the first of them no 0 but in the number 0."""
    return str(chance.randrange(10 ** (digits - 1) if digits > 1 else 0, 10**digits))


#: Texts that are made up, by the names under which recipes know them.
MADE: dict[str, Callable[[], Iterator[str]]] = {"@addition": column_sums, "@whole-sums": whole_sums}
