"""Which documents, or which ends of them, are held out: by their text alone, so that what repeats never stands on both sides."""

import itertools
import zlib
from collections.abc import Iterable, Iterator

from engine.corpus.document import Document

#: A document whose text hashes to 0 modulo this goes to validation.
VALIDATION_ONE_IN = 100
#: Of a source with fewer documents than this, the end of the text is validation.
FEW_DOCUMENTS = 20
VALIDATION_TAIL = 0.1
#: Of so few documents, one conversation is held out where there are at least so many different ones.
FEW_CONVERSATIONS = 8
#: A source of fewer documents and characters than these is looked at as a whole: one in a hundred of it would measure nothing.
SMALL_DOCUMENTS, SMALL_CHARACTERS = 500, 1_000_000
#: Of a small source this share of the characters is held out; a text that is larger than this share loses its end instead.
SMALL_SHARE = 0.05


def split(documents: Iterable[Document]) -> Iterator[tuple[str, Document]]:
    """Each document with "train" or "validation". The order stays; a text of which the end is held out comes twice.

    Of many documents, whole ones are held out; of few, the end of each text is, and one conversation, of very few none.
    """
    documents = iter(documents)
    first: list[Document] = []
    size = 0
    for document in documents:
        first.append(document)
        size += _size(document)
        if len(first) >= SMALL_DOCUMENTS or (size >= SMALL_CHARACTERS and len(first) >= FEW_DOCUMENTS):
            return _by_hash(first, documents)
    if len(first) < FEW_DOCUMENTS:
        return _few(first)
    return _small(first, SMALL_SHARE * size)


def _by_hash(first: list[Document], others: Iterator[Document]) -> Iterator[tuple[str, Document]]:
    hashes = [_hash(document) for document in first[:FEW_DOCUMENTS]]
    # With few long documents the hash alone might choose none, so one of the first is chosen besides.
    chosen = next((value for value in hashes if hashes.count(value) == 1), None)
    for document in itertools.chain(first, others):
        hashed = _hash(document)
        yield "validation" if hashed == chosen or hashed % VALIDATION_ONE_IN == 0 else "train", document


def _small(documents: list[Document], share: float) -> Iterator[tuple[str, Document]]:
    """Whole documents in the order of their hashes until they are that many characters; large texts lose their ends."""
    sizes: dict[int, int] = {}
    for document in documents:
        hashed = _hash(document)
        sizes[hashed] = sizes.get(hashed, 0) + _size(document)
    held_out: set[int] = set()
    size = 0
    for hashed in sorted(sizes):
        if size + sizes[hashed] <= share:
            held_out.add(hashed)
            size += sizes[hashed]
    for document in documents:
        if document.text and _size(document) > share:
            yield from _tail(document)
        else:
            yield "validation" if _hash(document) in held_out else "train", document


def _few(documents: list[Document]) -> Iterator[tuple[str, Document]]:
    hashes = {_hash(document) for document in documents if document.messages}
    chosen = min(hashes) if len(hashes) >= FEW_CONVERSATIONS else None
    for document in documents:
        if document.messages and _hash(document) == chosen:
            yield "validation", document
        else:
            yield from _tail(document)


def _tail(document: Document) -> Iterator[tuple[str, Document]]:
    if document.messages:
        yield "train", document
        return
    cut = len(document.text) - int(len(document.text) * VALIDATION_TAIL)
    yield "train", Document(text=document.text[:cut])
    if cut < len(document.text):
        yield "validation", Document(text=document.text[cut:])


def _size(document: Document) -> int:
    return len(document.text) + sum(len(message.content) for message in document.messages)


def _hash(document: Document) -> int:
    return zlib.crc32((document.text or "".join(message.content for message in document.messages)).encode())
