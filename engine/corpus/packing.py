"""Documents to memory-mapped ids: one stream a source, split by document into training and validation."""

import contextlib
import itertools
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.corpus.conversation import ChatFormat
from engine.corpus.document import Document
from engine.corpus.splitting import split
from engine.errors import UserError
from engine.tokenizer.vocabulary import Vocabulary

#: Documents that are encoded at a time, on all cores: so many, or so many characters.
_BATCH, _BATCH_CHARACTERS = 256, 1 << 22
_PARTS = ("train", "validation")


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
            self.info = msgspec.json.decode(_file(path, "json").read_bytes(), type=PackInfo)
            self.ids: NDArray[np.uint32] = np.memmap(_file(path, "ids"), dtype="<u4", mode="r")
            self.starts: NDArray[np.uint64] = np.fromfile(_file(path, "starts"), dtype="<u8")
            self.learnt: NDArray[np.uint8] = np.memmap(_file(path, "learnt"), dtype="u1", mode="r")
            if not len(self.ids) == len(self.learnt) == self.info.tokens or len(self.starts) != self.info.documents:
                raise ValueError("the files are of different lengths")
            #: Plain texts only: in a conversation the user's words are not learnt.
            self.all_learnt = bool(self.learnt.all())
        except (OSError, ValueError, msgspec.MsgspecError) as error:
            raise UserError(
                "pack-file", f"The packed data at {path} cannot be read.", "Pack the data again.", str(error)
            ) from error


def pack(
    documents: Iterable[Document],
    vocabulary: Vocabulary,
    chat: ChatFormat,
    path: Path,
    progress: Callable[[int], None] = lambda _: None,
) -> tuple[PackInfo, PackInfo]:
    """Write ``path-train.*`` and ``path-validation.*``; every document is preceded by the border of the chat format, the last
    followed by its first token, which ends a text.

    What is held out, split() says. progress gets the bytes that were read so far. Raises UserError where there is nothing to learn
    from.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    parts = {name: path.with_name(f"{path.name}-{name}") for name in _PARTS}
    for part in parts.values():
        _file(part, "json").unlink(missing_ok=True)  # written last: without it a stream is not whole
    source = split(documents)
    first = next(source, None)
    if first is None:
        raise UserError("corpus-empty", "There is no text to learn from.", "Give files that hold some text.")
    source, total = itertools.chain((first,), source), 0
    with contextlib.ExitStack() as files:
        writers = {name: _Writer(part, vocabulary, chat, files) for name, part in parts.items()}
        for batch in _batches(source):
            for name, writer in writers.items():
                total += writer.add([document for where, document in batch if where == name])
            progress(total)
        return writers["train"].close(), writers["validation"].close()


def is_packed(path: Path, vocabulary: Vocabulary) -> bool:
    """Whether pack(..., vocabulary, path) was done, to its end."""
    parts = [path.with_name(f"{path.name}-{name}") for name in _PARTS]
    return all(
        _file(part, "json").exists() and PackedStream(part).info.vocabulary_hash == vocabulary.hash for part in parts
    )


def _file(path: Path, kind: str) -> Path:
    """One of the files of a stream. A dot in its name is no suffix."""
    return path.with_name(f"{path.name}.{kind}")


def _batches(items: Iterable[tuple[str, Document]]) -> Iterator[list[tuple[str, Document]]]:
    batch: list[tuple[str, Document]] = []
    size = 0
    for item in items:
        batch.append(item)
        size += len(item[1].text)
        if len(batch) == _BATCH or size >= _BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


class _Writer:
    """Appends documents to the files of one stream, which the stack closes whatever happens."""

    def __init__(self, path: Path, vocabulary: Vocabulary, chat: ChatFormat, files: contextlib.ExitStack) -> None:
        self._path, self._vocabulary, self._chat = path, vocabulary, chat
        self._border = chat.border
        self._ids = files.enter_context(_file(path, "ids").open("wb"))
        self._learnt = files.enter_context(_file(path, "learnt").open("wb"))
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
                ids, learnt = self._chat.encode(document.messages)
                size = sum(len(message.content.encode()) for message in document.messages)
            else:
                ids = next(encoded)
                learnt, size = [True] * len(ids), len(document.text.encode())
            self._starts.append(self._tokens + len(self._border) - 1)
            data = np.array([*self._border, *ids], dtype="<u4").tobytes()
            self._ids.write(data)
            self._learnt.write(bytes([*[not document.messages] * len(self._border), *learnt]))
            self._fingerprint = zlib.crc32(data, self._fingerprint)
            self._tokens += len(self._border) + len(ids)
            self._bytes += size
        return self._bytes - before

    def close(self) -> PackInfo:
        # One more end, so that the last document's end is learnt as well.
        self._ids.write(np.array(self._border[:1], dtype="<u4").tobytes())
        self._learnt.write(b"\1")
        self._ids.close()
        self._learnt.close()
        np.array(self._starts, dtype="<u8").tofile(_file(self._path, "starts"))
        info = PackInfo(self._tokens + 1, self._bytes, len(self._starts), self._fingerprint, self._vocabulary.hash)
        _file(self._path, "json").write_bytes(msgspec.json.encode(info))
        return info
