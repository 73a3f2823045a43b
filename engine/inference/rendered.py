"""From a rendered conversation to ids: those of the whole text, in which nothing that a person wrote is a control token.

Before the template sees a message, names of control tokens in it are replaced by stand-ins, which no template and no text knows.
Text without stand-ins is tokenised as one piece. Otherwise the stretch between two control tokens of the template in which one
stands is tokenised by itself, as plain text - which is what the tokenizer does with every stretch between control tokens anyway,
so nothing else changes.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from engine.records import Token
from engine.tokenizer.vocabulary import Vocabulary

#: Stand-ins are lone surrogates, one for each byte: clean text has none, and a name in ASCII keeps its length.
_STAND_IN = 0xDC00
_HIDING = {byte: chr(_STAND_IN + byte) for byte in range(256)}
_HIDDEN = re.compile(f"[{chr(_STAND_IN)}-{chr(_STAND_IN + 255)}]+")

#: What tokenizers take for blanks after a control token.
_BLANKS = " \t\n\v\f\r"


class Span(msgspec.Struct, frozen=True):
    """A part of a rendered text whose ids are known: text[start:end] is a reply that was generated as ids."""

    start: int
    end: int
    ids: list[int]


class _Stretch(msgspec.Struct, frozen=True):
    """The text between two control tokens, the name of the one before it ("" at the start of the text), and the replies in it."""

    start: int
    end: int
    before: str
    spans: list[Span]


class Encoder:
    """Hides names of control tokens in messages, and makes ids of what a template made of those.

    sample: a rendered conversation. Names of added tokens in it work like control tokens although the file does not call them
    so, and the tokenizer reads them in plain text too.
    """

    def __init__(self, vocabulary: Vocabulary, sample: str = "") -> None:
        self._vocabulary = vocabulary
        tokens = map(vocabulary.token, range(vocabulary.size))
        self._control = _names(token for token in tokens if token.control)
        structure = [name for name in _names(map(vocabulary.token, vocabulary.added_ids)) if name in sample]
        known = [*self._control, *structure]
        self._find_control = _any_of(self._control)
        self._find_structure = _any_of(structure)
        self._find_any = _any_of(known)
        self._beginnings = frozenset(name[:size] for name in known for size in range(1, len(name)))
        self._endings = frozenset(name[size:] for name in known for size in range(1, len(name)))
        self._all_names = "\0".join(known)  # no clean text has that character
        self._longest = max(map(len, known), default=0)
        self._fresh: bool | None = None

    def hide(self, role: str, content: str) -> str:
        """A clean content with stand-ins for names of control tokens.

        Also for parts of names at both ends, which the template or another message could complete.
        """
        body = content.strip()
        if body and body in self._all_names:
            return content.replace(body, _hidden(body))
        # Templates look for the tags of thoughts in replies, and most of those are tokens of the other kind.
        find = self._find_control if role == "assistant" else self._find_any
        text = find.sub(lambda match: _hidden(match.group()), content)
        body = text.rstrip()
        tail = next((body[-size:] for size in self._sizes(body) if body[-size:] in self._beginnings), "")
        text = body.removesuffix(tail) + _hidden(tail) + text[len(body) :]
        body = text.lstrip()
        head = next((body[:size] for size in self._sizes(body) if body[:size] in self._endings), "")
        return text[: len(text) - len(body)] + _hidden(head) + body.removeprefix(head)

    def encode(self, text: str, spans: Sequence[Span]) -> list[int]:
        """Ids of a rendered text. spans: in order, without overlap."""
        if not spans and not _HIDDEN.search(text):
            return self._vocabulary.encode(text, special=True)
        ids: list[int] = []
        clean_from = 0  # start of what can be encoded as it stands
        for stretch in self._stretches(text, spans):
            if stretch.spans or _HIDDEN.search(text, stretch.start, stretch.end):
                ids += self._vocabulary.encode(text[clean_from : stretch.start], special=True)
                ids += self._encode_stretch(text, stretch)
                clean_from = stretch.end
        return ids + self._vocabulary.encode(text[clean_from:], special=True)

    def encode_reply(self, content: str, prompt: str) -> list[int]:
        """Plain ids of the beginning of a reply, after the text of a prompt."""
        follows_control = prompt.endswith(tuple(self._control))
        return self._vocabulary.encode(content, continues=bool(prompt) and not (follows_control and self._is_fresh()))

    def _stretches(self, text: str, spans: Sequence[Span]) -> Iterator[_Stretch]:
        start, before, waiting, inside = 0, "", deque(spans), list[Span]()
        for match in self._find_control.finditer(text):
            while waiting and waiting[0].start < match.start():
                inside.append(waiting.popleft())
            if inside and match.start() < inside[-1].end:
                continue  # a name within a reply
            yield _Stretch(start, match.start(), before, inside)
            start, before, inside = match.end(), match.group(), []
        yield _Stretch(start, len(text), before, [*inside, *waiting])

    def _encode_stretch(self, text: str, stretch: _Stretch) -> list[int]:
        ids: list[int] = []
        before = stretch.before
        fresh = not before or self._is_fresh()
        place = stretch.start
        for span in [*stretch.spans, Span(stretch.end, stretch.end, [])]:
            plain = text[place : span.start]
            if place == stretch.start and before and self._strips(before + "\n"):
                plain = plain.lstrip(_BLANKS)
            for part in filter(None, self._parts(plain)):
                ids += self._vocabulary.encode(part, continues=not fresh)
                fresh = False
            ids += span.ids
            fresh = fresh and not span.ids
            place = span.end
        return ids

    def _parts(self, text: str) -> list[str]:
        """The text as it was before hiding, cut within the hidden names that the tokenizer would find in plain text too."""
        cut = "\ud800"  # in no clean text either

        def shown(match: re.Match[str]) -> str:
            names = bytes(ord(character) - _STAND_IN for character in match.group()).decode("utf-8", "replace")
            return self._find_structure.sub(lambda name: name[0][:1] + cut + name[0][1:], names)

        return _HIDDEN.sub(shown, text).split(cut)

    def _sizes(self, text: str) -> range:
        return range(min(len(text), self._longest), 0, -1)

    def _is_fresh(self) -> bool:
        """Whether the tokenizer starts anew after a control token: whether it puts a blank there, if it puts one before texts."""
        if self._fresh is None:
            ids = self._vocabulary.encode(self._control[0] + "a", special=True)
            self._fresh = ids[1:] == self._vocabulary.encode("a")
        return self._fresh

    def _strips(self, text: str) -> bool:
        """Whether the control token at the start of the text takes the blanks after it along."""
        return len(self._vocabulary.encode(text, special=True)) == 1


def shown_bytes(text: str) -> tuple[bytes, list[int]]:
    """A rendered text as bytes with what was hidden in the open, and where each character begins: (len(text) + 1,)."""
    parts = [bytes([ord(c) - _STAND_IN]) if _HIDDEN.match(c) else c.encode("utf-8", "replace") for c in text]
    starts, at = [0], 0
    for part in parts:
        at += len(part)
        starts.append(at)
    return b"".join(parts), starts


def _hidden(text: str) -> str:
    return text.encode().decode("latin-1").translate(_HIDING)


def _names(tokens: Iterable[Token]) -> list[str]:
    names = (token.bytes.decode("utf-8", "replace") for token in tokens)
    return [name for name in names if name.strip()]


def _any_of(names: Iterable[str]) -> re.Pattern[str]:
    """Finds the longest of the names; nothing where there are none."""
    longest_first = sorted(set(names), key=lambda name: (-len(name), name))
    return re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")
