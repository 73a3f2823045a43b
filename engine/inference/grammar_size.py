"""How many ways a grammar in GBNF has to go on at its worst place.

llama.cpp's engine follows each of them by itself at every token, the same one as often as it is reached, and nothing can stop it
meanwhile. So what grows without bounds is found before it starts. A text that is not understood here is left to the engine.
"""

import re
from collections.abc import Sequence
from functools import reduce

_TOKEN = re.compile(
    r"""\#[^\n]* | \s+ | (?P<string>"(?:\\.|[^"\\])*") | (?P<class>\[(?:\\.|[^\]\\])*\]) | (?P<token>!?<[^>\s]*>)
    | (?P<rule>[A-Za-z0-9-]+\s*::=) | (?P<name>[A-Za-z0-9-]+) | (?P<count>\{\s*\d*\s*(?:,\s*\d*\s*)?\}) | (?P<mark>[()|*+?.])""",
    re.VERBOSE,
)
_MANY = 10**12
_OFTEN = 2000  # the engine refuses more repetitions

#: Ways to reach a first character, and ways to be empty.
Ways = tuple[int, int]
#: A rule's name, a number of ways, or alternatives; how often it must come, and how often more it may.
Item = tuple["str | Ways | list[list[Item]]", int, int]
Alternatives = list[list[Item]]


def most_ways(rules: str) -> int:
    """The largest number of ways over all rules; 0 for a text that is not understood."""
    try:
        grammar = _parse(rules)
    except (ValueError, IndexError, RecursionError):
        return 0
    known: dict[str, Ways] = {}
    worst = 0

    def of_rule(name: str, within: frozenset[str]) -> Ways:
        if name not in known:
            if name in within or name not in grammar:  # begins with itself, or is missing: the engine says so
                return 0, 0
            known[name] = of_alternatives(grammar[name], within | {name})
        return known[name]

    def of_alternatives(alternatives: Alternatives, within: frozenset[str]) -> Ways:
        nonlocal worst
        every = [of_sequence(sequence, within) for sequence in alternatives]
        ways = min(_MANY, sum(first for first, _ in every)), min(_MANY, sum(empty for _, empty in every))
        worst = max(worst, ways[0])
        return ways

    def of_sequence(sequence: Sequence[Item], within: frozenset[str]) -> Ways:
        nonlocal worst
        ways = (0, 1)
        for place in reversed(range(len(sequence))):
            ways = _then(of_item(sequence[place], within), ways)
            worst = max(worst, ways[0])
        return ways

    def of_item(item: Item, within: frozenset[str]) -> Ways:
        inner, least, more = item
        if isinstance(inner, str):
            once = of_rule(inner, within)
        elif isinstance(inner, tuple):
            once = inner
        else:
            once = of_alternatives(inner, within)
        ways = (0, 1)
        for _ in range(more if once[1] else min(more, 1)):  # one that cannot be empty hides those after it
            further = _then(once, ways)
            ways = further[0], min(_MANY, further[1] + 1)
        return reduce(lambda rest, _: _then(once, rest), range(least if once[1] else min(least, 1)), ways)

    for name in grammar:
        try:
            of_rule(name, frozenset())
        except RecursionError:
            return _MANY
    return worst


def _then(first: Ways, second: Ways) -> Ways:
    """One after the other."""
    return min(_MANY, first[0] + first[1] * second[0]), min(_MANY, first[1] * second[1])


def _parse(rules: str) -> dict[str, Alternatives]:
    tokens = _tokens(rules)
    grammar: dict[str, Alternatives] = {}
    while tokens:
        kind, text = tokens.pop()
        if kind != "rule":
            raise ValueError(text)
        grammar[text.removesuffix("::=").strip()] = _alternatives(tokens)
    return grammar


def _tokens(rules: str) -> list[tuple[str, str]]:
    """What the text consists of, the last first."""
    found, place = [], 0
    while place < len(rules):
        match = _TOKEN.match(rules, place)
        if match is None:
            raise ValueError(rules[place])
        if match.lastgroup:
            found.append((match.lastgroup, match.group()))
        place = match.end()
    return found[::-1]


def _alternatives(tokens: list[tuple[str, str]]) -> Alternatives:
    found: Alternatives = [[]]
    while tokens and tokens[-1][0] != "rule" and tokens[-1][1] != ")":
        kind, text = tokens.pop()
        if text == "|":
            found.append([])
        elif (kind == "mark" and text in "*+?") or kind == "count":
            found[-1].append((found[-1].pop()[0], *_repeated(text)))
        elif text == "(":
            found[-1].append((_alternatives(tokens), 1, 0))
            if tokens.pop()[1] != ")":
                raise ValueError(text)
        elif kind == "name":
            found[-1].append((text, 1, 0))
        else:
            found[-1].append(((0, 1) if text == '""' else (1, 0), 1, 0))
    return found


def _repeated(text: str) -> tuple[int, int]:
    """How often it must come, and how often more it may; what has no end counts as once more."""
    if text in "*+?":
        return int(text == "+"), 1
    least, comma, most = text.strip("{}").partition(",")
    low = min(int(least.strip() or 0), _OFTEN)
    if not comma:
        return low, 0
    return low, max(0, min(int(most), _OFTEN) - low) if most.strip() else 1
