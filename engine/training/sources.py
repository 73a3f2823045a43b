"""The documents of a source: out of its files or made up, cleaned, in the shape that the recipe asks for."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from engine.corpus.addition import MADE
from engine.corpus.cleaning import Cleaner
from engine.corpus.dialogue import dialogues
from engine.corpus.document import Document
from engine.corpus.readers import PATTERNS, documents_below
from engine.corpus.story_requests import story_request
from engine.resources import resource_path
from engine.runs.recipe import Source

#: Called between documents; ends the work by raising.
Check = Callable[[], None]


def source_documents(
    source: Source, data: Path, check: Check = lambda: None, cleaner: Cleaner | None = None
) -> Iterator[Document]:
    """The documents of a source, up to its limit, at which a text is cut. A source without files means the data path itself.

    The cleaner leaves out duplicates and junk, and counts; it is told of files in a folder that cannot be read. What comes with the
    program, and patterns, stay as they are: there a repetition says how frequent something is.
    """
    left = int(source.limit_mb * 1e6) or sys.maxsize  # characters
    cleaner = cleaner or Cleaner()
    for document in _cleaned(source, data, cleaner):
        check()
        size = len(document.text) + sum(len(message.content) for message in document.messages)
        if size > left:
            document = Document(document.text[:left].strip())
        yield from (shaped for shaped in _shaped(source, document) if shaped.text or shaped.messages)
        left -= size
        if left <= 0:
            return


def _shaped(source: Source, document: Document) -> Iterator[Document]:
    match source.shape:
        case "as-is":
            yield document
        case "story-requests":
            yield Document(messages=story_request(document.text))
        case "dialogue":
            yield from (Document(messages=messages) for messages in dialogues(document.text))


def _cleaned(source: Source, data: Path, cleaner: Cleaner) -> Iterator[Document]:
    for name in source.files or ("",):
        if name in MADE:
            yield from cleaner.keep(map(Document, MADE[name]()), as_it_is=True)
            continue
        ours = name.startswith("@")
        path = resource_path("texts", name[1:]) if ours else data / name
        for file, documents in documents_below(path, cleaner.unread):
            as_it_is = ours or not source.clean or file.name.endswith(PATTERNS)
            yield from cleaner.keep(documents, as_it_is)
