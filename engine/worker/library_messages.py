"""What window and worker say to each other about the library of models; part of engine.worker.protocol.

folder: the data folder, in which the library's file and the models that were fetched lie.
"""

from typing import Literal

import msgspec

from engine.records.library import FoundModel, LibraryModel, ModelCard


class _Message(msgspec.Struct, frozen=True, tag=True):
    """Base of everything on the wire; the class name is the tag."""


class ListModels(_Message, frozen=True):
    """Everything that can be chatted with, as ``ModelsListed``. empty: first, what was deleted long ago goes for good."""

    job: int
    folder: str
    empty: bool = False


class AddModels(_Message, frozen=True):
    """Refer to files and folders where they lie; as ``ModelsListed``, with what was refused.

    paths: each with the name of the program whose it is, and what that program calls it ("" where nothing is to be said).
    """

    job: int
    folder: str
    paths: tuple[tuple[str, str, str], ...]


class ChangeModel(_Message, frozen=True):
    """Change a line of the library; the new list comes as ``ModelsListed``.

    used and failed are told of each load and of each end of a process. remove: it is referred to no longer, the file stays.
    delete: its files are set aside, where the answer says; undo brings back what was removed, or what lies aside. template: its
    present template was seen.
    """

    job: int
    folder: str
    path: str
    action: Literal["favourite", "plain", "used", "failed", "worked", "remove", "delete", "undo", "template"]
    aside: str = ""


class ReadModel(_Message, frozen=True):
    """What the header of a model says, as ``ModelRead``."""

    job: int
    folder: str
    path: str


class HashModel(_Message, frozen=True):
    """SHA-256 of each file of a model, as ``ModelHashed``; Progress on the way."""

    job: int
    path: str


class LookElsewhere(_Message, frozen=True):
    """What other programs have on this machine, as ``FoundElsewhere``."""

    job: int
    folder: str


LibraryJob = ListModels | AddModels | ChangeModel | ReadModel | HashModel | LookElsewhere


class ModelsListed(_Message, frozen=True):
    """refused: of what was to be added, path and reason. added: the paths that were. aside: where deleted files lie."""

    job: int
    models: tuple[LibraryModel, ...]
    added: tuple[str, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    aside: str = ""


class ModelRead(_Message, frozen=True):
    job: int
    card: ModelCard


class ModelHashed(_Message, frozen=True):
    """Name and SHA-256 of each file."""

    job: int
    path: str
    sums: tuple[tuple[str, str], ...]


class FoundElsewhere(_Message, frozen=True):
    job: int
    found: tuple[FoundModel, ...]


LibraryEvent = ModelsListed | ModelRead | ModelHashed | FoundElsewhere
