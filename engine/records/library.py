"""Values about the library of models that travel between its worker and the window. Nothing is read here."""

from typing import Literal

import msgspec

#: bundled: came with the program; downloaded: in the data folder; run: trained here; file: lies elsewhere and is referred to.
Origin = Literal["bundled", "downloaded", "run", "file"]
#: What a file is: only models are listed, the others are attached to theirs.
Part = Literal["model", "adapter", "projector"]


class Attached(msgspec.Struct, frozen=True):
    """A file that belongs to a model: a LoRA adapter, or the projector (mmproj) with which it sees pictures."""

    part: Part
    name: str
    path: str
    size_bytes: int = 0


class LibraryModel(msgspec.Struct, frozen=True):
    """A line of the library. path: what is loaded; size_bytes: on disk, all files; used, added: Unix seconds, 0 is never.

    problem: why it cannot be loaded, "" where nothing speaks against it. failures: how often in a row it ended its process.
    program: the other program that fetched it. template_changed: since the person last looked at it.
    """

    path: str
    name: str
    origin: Origin
    size_bytes: int = 0
    parameters: int = 0
    architecture: str = ""
    quantisation: str = ""
    context_length: int = 0
    program: str = ""
    favourite: bool = False
    used: float = 0.0
    added: float = 0.0
    files: int = 1
    attached: tuple[Attached, ...] = ()
    problem: str = ""
    missing: bool = False
    failures: int = 0
    template_changed: bool = False

    @property
    def ours(self) -> bool:
        """Whether its files are ours to delete."""
        return self.origin in ("downloaded", "run")

    @property
    def flagged(self) -> bool:
        return self.failures >= FLAG_AFTER


#: Ends of the process in a row after which a model is flagged.
FLAG_AFTER = 3


class TensorLine(msgspec.Struct, frozen=True):
    name: str
    type: str
    shape: tuple[int, ...]
    size_bytes: int


class TypeShare(msgspec.Struct, frozen=True):
    """The tensors of one type."""

    type: str
    tensors: int
    size_bytes: int
    parameters: int


class ModelCard(msgspec.Struct, frozen=True):
    """Everything that the header of a model says. Numbers are 0 and texts "" where it says nothing.

    source: an address or a repository. metadata: every key with its value as text, long ones cut. checkpoints: of a run, newest
    first. sums: name and SHA-256 of each file, where they were computed before.
    """

    path: str
    name: str
    architecture: str = ""
    parameters: int = 0
    quantisation: str = ""
    context_length: int = 0
    layers: int = 0
    heads: int = 0
    kv_heads: int = 0
    width: int = 0
    experts: int = 0
    vocabulary_size: int = 0
    tokenizer: str = ""
    template: str = ""
    template_hash: str = ""
    template_changed: bool = False
    licence: str = ""
    source: str = ""
    author: str = ""
    files: tuple[tuple[str, int], ...] = ()
    types: tuple[TypeShare, ...] = ()
    tensors: tuple[TensorLine, ...] = ()
    metadata: tuple[tuple[str, str], ...] = ()
    checkpoints: tuple[str, ...] = ()
    sums: tuple[tuple[str, str], ...] = ()


class FoundModel(msgspec.Struct, frozen=True):
    """A model of another program. known: it is in the library already."""

    path: str
    name: str
    program: str
    size_bytes: int
    known: bool = False
