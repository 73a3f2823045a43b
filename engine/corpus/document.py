"""What every reader yields."""

from collections.abc import Iterator

import msgspec

from engine.records import Message

#: Characters of one document at most. Longer texts come in pieces, so that a file may be larger than memory.
LONGEST = 1 << 22


class Document(msgspec.Struct, frozen=True):
    """One text, or one conversation: messages is empty for a text."""

    text: str = ""
    messages: tuple[Message, ...] = ()

    @property
    def content(self) -> str:
        """All that is said in it."""
        return self.text or "\n".join(message.content for message in self.messages)


def pieces(text: str, longest: int) -> Iterator[str]:
    """A text in parts of at most that many characters, cut at the ends of lines where there are any."""
    while len(text) > longest:
        cut = text.rfind("\n", 0, longest) + 1 or longest
        yield text[:cut]
        text = text[cut:]
    yield text
