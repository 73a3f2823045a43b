"""From a rendered conversation to ids: those of the whole text, in which nothing that a person wrote is a control token.

Text in which no content names a control token is tokenised as one piece. Otherwise the stretch between two control tokens of the
template in which such a name stands is tokenised by itself, as plain text - which is what the tokenizer does with every stretch
between control tokens anyway, so nothing else changes.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from engine.tokenizer.vocabulary import Vocabulary


class Marks(msgspec.Struct, frozen=True):
    """Three characters that occur in no text of a conversation: before and after the number of a name, and of a reply."""

    name: str
    reply: str
    end: str

    @classmethod
    def for_texts(cls, texts: Iterable[str]) -> "Marks":
        used = set().union(*texts)
        free = (character for character in map(chr, range(0xF0100, 0x10FFFE)) if character not in used)
        return cls(next(free), next(free), next(free))


class Span(msgspec.Struct, frozen=True):
    """A part of a rendered text whose ids are known: text[start:end] is a reply that was generated as ids."""

    start: int
    end: int
    ids: list[int]


class _Stretch(msgspec.Struct, frozen=True):
    """The text between two control tokens (their names; "" at the ends of the text), and the replies in it."""

    start: int
    end: int
    before: str
    after: str
    spans: list[Span]


class Encoder:
    """Hides names of control tokens in contents, and makes ids of what a template made of those."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._control = {id: name for id in range(vocabulary.size) if (name := self._control_name(id))}
        self._control_ids = {name: id for id, name in reversed(self._control.items())}
        self._find_control = _any_of(self._control.values())
        self._find_all, self._structure = self._find_control, frozenset[str]()
        names = set(self._control.values())
        self._beginnings = frozenset(name[:size] for name in names for size in range(1, len(name)))
        self._endings = frozenset(name[size:] for name in names for size in range(1, len(name)))
        self._longest = max(map(len, names), default=0)
        self._fresh: bool | None = None

    def learn_structure(self, sample: str) -> None:
        """Names in a sample conversation that work like control tokens although the file does not call them so.

        The tokenizer reads these in plain text too.
        """
        names = (_name(self._vocabulary, id) for id in self._vocabulary.added_ids)
        self._structure = frozenset(name for name in names if name.strip() and name in sample)
        self._find_all = _any_of([*self._control.values(), *self._structure])

    def hide(self, role: str, content: str, marks: Marks, hidden: list[str]) -> str:
        """The content with marks for names of control tokens, which are added to ``hidden``.

        Also for the beginning of such a name at the end and the end of one at the beginning, which a template could complete.
        """

        def mark(name: str) -> str:
            hidden.append(name)
            return f"{marks.name}{len(hidden) - 1}{marks.end}"

        # Templates look for the tags of thoughts in replies, and most of them are tokens of this kind.
        find = self._find_control if role == "assistant" else self._find_all
        text = content if find is None else find.sub(lambda match: mark(match.group()), content)
        body = text.rstrip()
        tail = self._edge((body[-size:] for size in self._sizes(body)), self._beginnings)
        if tail:
            text = body.removesuffix(tail) + mark(tail) + text[len(body) :]
        body = text.lstrip()
        head = self._edge((body[:size] for size in self._sizes(body)), self._endings)
        if head:
            text = text[: len(text) - len(body)] + mark(head) + body.removeprefix(head)
        return text

    def encode(self, text: str, marks: Marks, hidden: Sequence[str], spans: Sequence[Span]) -> list[int]:
        """Ids of a rendered text. spans: in order, without overlap."""
        if not spans and marks.name not in text:
            return self._vocabulary.encode(text, special=True)
        ids: list[int] = []
        clean_from = 0  # start of what can be encoded as it stands
        for stretch in self._stretches(text, spans):
            if stretch.spans or text.find(marks.name, stretch.start, stretch.end) >= 0:
                ids += self._vocabulary.encode(text[clean_from : stretch.start], special=True)
                ids += self._encode_stretch(text, stretch, marks, hidden)
                clean_from = stretch.end
        return ids + self._vocabulary.encode(text[clean_from:], special=True)

    def encode_reply(self, content: str, prompt: str) -> list[int]:
        """Plain ids of the beginning of a reply, after the text of a prompt."""
        ends = [name for name in self._control_ids if prompt.endswith(name)]
        return self._vocabulary.encode(content, continues=not (ends and self._is_fresh()) and bool(prompt))

    def _stretches(self, text: str, spans: Sequence[Span]) -> Iterator[_Stretch]:
        start, before, waiting, inside = 0, "", deque(spans), list[Span]()
        for match in self._find_control.finditer(text) if self._find_control is not None else ():
            while waiting and waiting[0].start < match.start():
                inside.append(waiting.popleft())
            if inside and match.start() < inside[-1].end:
                continue  # a name within a reply
            yield _Stretch(start, match.start(), before, match.group(), inside)
            start, before, inside = match.end(), match.group(), []
        yield _Stretch(start, len(text), before, "", [*inside, *waiting])

    def _encode_stretch(self, text: str, stretch: _Stretch, marks: Marks, hidden: Sequence[str]) -> list[int]:
        ids: list[int] = []
        before, after = stretch.before, stretch.after
        fresh = not before or self._is_fresh()
        place = stretch.start
        for span in [*stretch.spans, Span(stretch.end, stretch.end, [])]:
            plain = text[place : span.start]
            if place == stretch.start and before and self._strips(before, before + "\n"):
                plain = plain.lstrip()
            if span.start == stretch.end and after and self._strips(after, "\n" + after):
                plain = plain.rstrip()
            for part in self._parts(plain, marks, hidden):
                ids += self._vocabulary.encode(part, continues=not fresh)
                fresh = False
            ids += span.ids
            fresh = fresh and not span.ids
            place = span.end
        return ids

    def _parts(self, text: str, marks: Marks, hidden: Sequence[str]) -> list[str]:
        """The text with names instead of marks, cut within those that the tokenizer would find in plain text too."""
        parts = [""]
        for place, piece in enumerate(re.split(f"{marks.name}(\\d+){marks.end}", text)):
            name = hidden[int(piece)] if place % 2 else piece
            if place % 2 and name in self._structure:
                parts[-1] += name[:1]
                parts.append(name[1:])
            else:
                parts[-1] += name
        return [part for part in parts if part]

    def _sizes(self, text: str) -> range:
        return range(min(len(text), self._longest), 0, -1)

    @staticmethod
    def _edge(pieces: Iterable[str], known: frozenset[str]) -> str:
        return next((piece for piece in pieces if piece in known), "")

    def _is_fresh(self) -> bool:
        """Whether the tokenizer starts anew after a control token: whether it puts a blank there, if it puts one before texts."""
        if self._fresh is None:
            name, id = next(iter(self._control_ids.items()))
            self._fresh = self._vocabulary.encode(name + "a", special=True) == [id, *self._vocabulary.encode("a")]
        return self._fresh

    def _strips(self, name: str, text: str) -> bool:
        """Whether the control token takes the blanks beside it along."""
        return self._vocabulary.encode(text, special=True) == [self._control_ids[name]]

    def _control_name(self, id: int) -> str:
        token = self._vocabulary.token(id)
        name = token.bytes.decode("utf-8", "replace") if token.control else ""
        return name if name.strip() else ""


def _name(vocabulary: Vocabulary, id: int) -> str:
    return vocabulary.token(id).bytes.decode("utf-8", "replace")


def _any_of(names: Iterable[str]) -> re.Pattern[str] | None:
    longest_first = sorted(set(names), key=lambda name: (-len(name), name))
    return re.compile("|".join(map(re.escape, longest_first))) if longest_first else None
