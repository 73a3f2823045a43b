"""What is not worth learning from is left out, and counted: exact duplicates, and documents that are mostly no text."""

import hashlib
import re
from array import array
from collections.abc import Iterable, Iterator

from engine.corpus.document import Document

_LOOKED_AT = 4000  # characters of a document
#: Of its characters, at least this share must be letters or digits, and at most that share may be damaged.
_WORDS, _DAMAGED = 0.2, 0.1
_damaged = re.compile("[\ufffd\x00-\x08\x0e-\x1f\x7f-\x9f]")


class Cleaner:
    """Passes on what is fit to be learnt from, once, and keeps count. Takes 12 to 24 bytes of memory a document.

    unread: names of files in a folder that could not be read, or not to their end.
    """

    def __init__(self) -> None:
        self.documents = self.bytes = self.duplicates = self.junk = 0
        self.unread: list[str] = []
        self._seen = HashSet()
        self._digest = hashlib.blake2b(digest_size=16)

    @property
    def fingerprint(self) -> str:
        """Hex digest over everything that was passed on, in its order."""
        return self._digest.hexdigest()

    def keep(self, documents: Iterable[Document], as_it_is: bool = False) -> Iterator[Document]:
        """Yields the documents that stay; with as_it_is all of them, counted."""
        for document in documents:
            # Who says what is a part of a conversation, so the same words in other mouths are no duplicate.
            said = "\x1e".join([document.text, *(f"{m.role}\x1f{m.content}" for m in document.messages)])
            key = hashlib.blake2b(said.encode(), digest_size=8).digest()
            if not as_it_is and is_junk(document):
                self.junk += 1
            elif not as_it_is and not self._seen.add(int.from_bytes(key)):
                self.duplicates += 1
            else:
                self.documents += 1
                self.bytes += len(document.text.encode()) + sum(len(m.content.encode()) for m in document.messages)
                self._digest.update(key)
                yield document


def is_junk(document: Document) -> bool:
    """Whether a document is empty, is damaged, or, where it is a text, consists of signs more than of words."""
    characters = "".join(document.content[:_LOOKED_AT].split())
    if not characters or len(_damaged.findall(characters)) > _DAMAGED * len(characters):
        return True
    return not document.messages and sum(map(str.isalnum, characters)) < _WORDS * len(characters)


class HashSet:
    """A set of hashes of 64 bits in an array of 8 bytes each, with open addressing."""

    def __init__(self) -> None:
        self._slots = array("Q", bytes(8 * 1024))
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, value: int) -> bool:
        """Whether the value was not there before. 0 stands for an empty slot, and 1 for it."""
        value = value or 1
        if 3 * self._count >= 2 * len(self._slots):
            self._grow()
        place = self._place(value)
        if self._slots[place]:
            return False
        self._slots[place] = value
        self._count += 1
        return True

    def _place(self, value: int) -> int:
        """Where the value is, or where it would go. Values are hashes, so their low bits are as good as any."""
        slots, mask = self._slots, len(self._slots) - 1
        place = value & mask
        while slots[place] and slots[place] != value:
            place = (place + 1) & mask
        return place

    def _grow(self) -> None:
        held = self._slots
        self._slots = array("Q", bytes(16 * len(held)))
        for value in held:
            if value:
                self._slots[self._place(value)] = value
