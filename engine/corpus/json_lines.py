"""Texts and conversations out of JSON lines."""

from collections.abc import Iterator
from pathlib import Path
from typing import IO

import msgspec

from engine.corpus.document import Document
from engine.corpus.plain_text import lines
from engine.errors import UserError
from engine.records import Message
from engine.tokenizer.text import clean

_LONGEST_LINE = 1 << 27  # characters


class _Line(msgspec.Struct):
    text: str | None = None
    messages: tuple[Message, ...] | None = None

    def __post_init__(self) -> None:
        if self.text is None and self.messages is None:
            raise ValueError("it has no text and no messages")


_decoder = msgspec.json.Decoder(_Line)


def conversations(path: Path, file: IO[bytes]) -> Iterator[Document]:
    """Each line is a document, {"text"} or {"messages"}. Raises UserError for one that is neither."""
    for number, line in enumerate(lines(path, file, _LONGEST_LINE), start=1):
        if not line.strip():
            continue
        try:
            decoded = _decoder.decode(clean(line))
        except msgspec.MsgspecError as error:
            raise UserError(
                "corpus-line",
                f"Line {number} of {path.name} is neither a text nor a conversation: {error}."
                if isinstance(error, msgspec.ValidationError)
                else f"Line {number} of {path.name} is no JSON object with a text or messages.",
                'Each line should look like {"text": "..."} or {"messages": [{"role": "user", "content": "..."}, ...]}.',
                str(error),
            ) from error
        if decoded.messages:
            yield Document(messages=decoded.messages)
        elif decoded.text and decoded.text.strip():
            yield Document(decoded.text.strip())
