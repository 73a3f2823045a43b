"""What window and worker say to each other about the Hub and its downloads; part of engine.worker.protocol."""

from typing import Literal

import msgspec

from engine.records.hub import Download, HubModel, ModelKind, Order, Repository, RepositoryDetails
from engine.records.loading import Fit, Speed


class _Message(msgspec.Struct, frozen=True, tag=True):
    """Base of everything on the wire; the class name is the tag."""


class SearchHub(_Message, frozen=True):
    """Repositories with models of a kind, as ``HubFound``. offline: nothing is to be asked, as the person has set."""

    job: int
    words: str
    order: Order = "downloads"
    kind: ModelKind = "gguf"
    limit: int = 60
    offline: bool = False


class ReadRepository(_Message, frozen=True):
    """What a repository has, as ``RepositoryRead``, and then how its models go into this machine's memory, as ``FitsRead``.

    folder: the data folder, in which those are looked for that are here already.
    """

    job: int
    name: str
    folder: str = ""
    offline: bool = False


class KeepToken(_Message, frozen=True):
    """Keep the access token of the person's account, forget it where it is "", or only say where one is; answers ``TokenPlace``."""

    job: int
    token: str | None = None

    def __repr__(self) -> str:
        return f"KeepToken({self.job})"  # whatever is logged, the token is not


class OpenDownloads(_Message, frozen=True):
    """Work on the download queue in a folder, and tell of it by ``DownloadsChanged``; asked again, take on the other settings."""

    job: int
    folder: str
    parallel: int = 2
    offline: bool = False


class AddDownload(_Message, frozen=True):
    """Fetch a model; convert: the quantisation that a folder of safetensors is turned into."""

    job: int
    repository: str
    model: HubModel
    convert: str = ""


class ChangeDownload(_Message, frozen=True):
    """Do something with a line of the queue. Cancel removes what has arrived; of one that is done only the line goes."""

    job: int
    id: str
    action: Literal["pause", "resume", "cancel"]


HubJob = SearchHub | ReadRepository | KeepToken | OpenDownloads | AddDownload | ChangeDownload


class HubFound(_Message, frozen=True):
    """offers: by repository, where it says how many parameters it has, how its usual quantisation fits now, and about its bytes."""

    job: int
    repositories: tuple[Repository, ...]
    offers: dict[str, tuple[Fit, int]] = {}


class RepositoryRead(_Message, frozen=True):
    """page: its address for a browser. here: of the models that were fetched before, by name, what to load."""

    job: int
    details: RepositoryDetails
    page: str = ""
    here: dict[str, str] = {}


class FitsRead(_Message, frozen=True):
    """How the models go into memory, by name, and the one to take ("": none). exact: from a model's header, else from sizes alone.

    bytes: what each would take in memory. speeds: how fast each will be, where that can be said.
    """

    job: int
    fits: dict[str, Fit]
    bytes: dict[str, int]
    recommended: str
    exact: bool
    speeds: dict[str, Speed] = {}


class TokenPlace(_Message, frozen=True):
    """Where an access token is kept."""

    job: int
    place: Literal["environment", "keyring", "file", ""]


class DownloadsChanged(_Message, frozen=True):
    """All lines of the queue, in the order in which they were asked for."""

    downloads: tuple[Download, ...]


HubEvent = HubFound | RepositoryRead | FitsRead | TokenPlace | DownloadsChanged
