"""Documents to memory-mapped ids: one stream a source, split by document into training and validation."""

import itertools
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.corpus.conversation import control_id, encode_conversation
from engine.corpus.readers import Document
from engine.errors import UserError
from engine.tokenizer.special import END_OF_TEXT
from engine.tokenizer.vocabulary import Vocabulary

#: A document whose text hashes to 0 modulo this goes to validation.
VALIDATION_ONE_IN = 100
#: Of a source with fewer documents than this, the end of the text is validation.
FEW_DOCUMENTS = 20
VALIDATION_TAIL = 0.1
_BATCH = 256


class PackInfo(msgspec.Struct, frozen=True):
    """What a packed stream holds; bytes counts the UTF-8 bytes of its documents, for bits per byte."""

    tokens: int
    bytes: int
    documents: int
    fingerprint: int
    vocabulary_hash: str


class PackedStream:
    """A stream on disk, mapped into memory: ids (N,), where documents start (M,), which ids are to be learnt (N,)."""

    def __init__(self, path: Path) -> None:
        try:
            self.info = msgspec.json.decode(path.with_suffix(".json").read_bytes(), type=PackInfo)
            self.ids: NDArray[np.uint32] = np.memmap(path.with_suffix(".ids"), dtype="<u4", mode="r")
            self.starts: NDArray[np.uint64] = np.fromfile(path.with_suffix(".starts"), dtype="<u8")
            self.learnt: NDArray[np.uint8] = np.memmap(path.with_suffix(".learnt"), dtype="u1", mode="r")
            #: Plain texts only: in a conversation the user's words are not learnt.
            self.all_learnt = bool(self.learnt.all())
        except (OSError, ValueError, msgspec.MsgspecError) as error:
            raise UserError(
                "pack-file", f"The packed data at {path} cannot be read.", "Pack the data again.", str(error)
            ) from error


def pack(
    documents: Iterable[Document], vocabulary: Vocabulary, path: Path, progress: Callable[[int], None] = lambda _: None
) -> tuple[PackInfo, PackInfo]:
    """Write ``path-train.*`` and ``path-validation.*``; every document is preceded by END_OF_TEXT.

    progress gets the bytes that were read so far. Raises UserError where there is nothing to learn from.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    documents = iter(documents)
    first = list(itertools.islice(documents, FEW_DOCUMENTS))
    if not first:
        raise UserError("corpus-empty", "There is no text to learn from.", "Give files that hold some text.")
    writers = {name: _Writer(path.with_name(f"{path.name}-{name}"), vocabulary) for name in ("train", "validation")}
    total = 0
    source = _split_tails(first) if len(first) < FEW_DOCUMENTS else _split_by_hash(itertools.chain(first, documents))
    for batch in _batches(source):
        for name, writer in writers.items():
            total += writer.add([document for where, document in batch if where == name])
        progress(total)
    return writers["train"].close(), writers["validation"].close()


def _split_by_hash(documents: Iterable[Document]) -> Iterator[tuple[str, Document]]:
    for place, document in enumerate(documents):
        text = document.text or "".join(message.content for message in document.messages)
        # The first document is always held out: with few long documents the hash alone might choose none.
        held_out = place == 0 or zlib.crc32(text.encode()) % VALIDATION_ONE_IN == 0
        yield "validation" if held_out else "train", document


def _split_tails(documents: list[Document]) -> Iterator[tuple[str, Document]]:
    for document in documents:
        if document.messages:
            yield "train", document
            continue
        cut = int(len(document.text) * (1 - VALIDATION_TAIL))
        yield "train", Document(text=document.text[:cut])
        yield "validation", Document(text=document.text[cut:])


def _batches(items: Iterable[tuple[str, Document]]) -> Iterator[list[tuple[str, Document]]]:
    iterator = iter(items)
    while batch := list(itertools.islice(iterator, _BATCH)):
        yield batch


class _Writer:
    def __init__(self, path: Path, vocabulary: Vocabulary) -> None:
        self._path, self._vocabulary = path, vocabulary
        self._end = control_id(vocabulary, END_OF_TEXT)
        self._ids = path.with_suffix(".ids").open("wb")
        self._learnt = path.with_suffix(".learnt").open("wb")
        self._starts: list[int] = []
        self._tokens = self._bytes = self._fingerprint = 0

    def add(self, documents: list[Document]) -> int:
        """Append documents; returns their size in bytes."""
        before = self._bytes
        texts = [document.text for document in documents if not document.messages]
        encode_many = getattr(self._vocabulary, "encode_many", None)
        encoded = iter(encode_many(texts) if encode_many else map(self._vocabulary.encode, texts))
        for document in documents:
            if document.messages:
                ids, learnt = encode_conversation(self._vocabulary, document.messages)
                size = sum(len(message.content.encode()) for message in document.messages)
            else:
                ids = next(encoded)
                learnt, size = [True] * len(ids), len(document.text.encode())
            self._starts.append(self._tokens)
            data = np.array([self._end, *ids], dtype="<u4").tobytes()
            self._ids.write(data)
            self._learnt.write(bytes([not document.messages, *learnt]))
            self._fingerprint = zlib.crc32(data, self._fingerprint)
            self._tokens += len(ids) + 1
            self._bytes += size
        return self._bytes - before

    def close(self) -> PackInfo:
        # One more end, so that the last document's end is learnt as well.
        self._ids.write(np.array([self._end], dtype="<u4").tobytes())
        self._learnt.write(b"\1")
        self._ids.close()
        self._learnt.close()
        np.array(self._starts, dtype="<u8").tofile(self._path.with_suffix(".starts"))
        info = PackInfo(self._tokens + 1, self._bytes, len(self._starts), self._fingerprint, self._vocabulary.hash)
        self._path.with_suffix(".json").write_bytes(msgspec.json.encode(info))
        return info
