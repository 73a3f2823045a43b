"""What travels about models on the Hub: repositories, what is in them, and what is being fetched. Pure values."""

from datetime import datetime
from typing import Literal

import msgspec

#: How a search may be sorted; "size" is by the number of parameters, among what was found.
Order = Literal["downloads", "likes", "last_modified", "size"]
ModelKind = Literal["gguf", "safetensors"]


#: Which quantisation is taken where none is named: good answers for its size first (llama.cpp's own measurements of perplexity).
PREFERRED = ("Q4_K_M", "UD-Q4_K_XL", "Q5_K_M", "Q4_K_S", "Q4_0", "MXFP4", "IQ4_XS", "Q6_K", "Q8_0", "Q3_K_M", "Q2_K")


#: After the name of a repository: the folder of its weights as they were trained. Of their own, so that to delete them takes
#: nothing else away.
WEIGHTS_SUFFIX = "-safetensors"


class RemoteFile(msgspec.Struct, frozen=True):
    """What is to be fetched, and what is known of it: size_bytes 0 and sha256 "" mean nothing is."""

    url: str
    size_bytes: int = 0
    sha256: str = ""


class Repository(msgspec.Struct, frozen=True):
    """One hit of a search. gated: only those who were admitted may fetch from it. parameters 0: it does not say."""

    name: str
    downloads: int
    likes: int
    changed: datetime | None
    gated: bool
    licence: str = ""
    tags: tuple[str, ...] = ()
    parameters: int = 0
    architecture: str = ""


class HubFile(msgspec.Struct, frozen=True):
    """A file of a repository, with what is needed to fetch and check it."""

    name: str
    remote: RemoteFile


class HubModel(msgspec.Struct, frozen=True):
    """One model in a repository: a GGUF file, several that belong together (-00001-of-00003), or a folder of safetensors."""

    name: str
    quantisation: str
    size_bytes: int
    files: tuple[HubFile, ...]

    @property
    def is_folder(self) -> bool:
        """Whether it is weights as they were trained, which are converted here."""
        return any(file.name.endswith(".safetensors") for file in self.files)


class RepositoryDetails(msgspec.Struct, frozen=True):
    """What one repository has. card: its README, as Markdown without the part for machines."""

    repository: Repository
    models: tuple[HubModel, ...]
    card: str = ""


DownloadState = Literal["waiting", "running", "paused", "converting", "failed", "done"]


class Download(msgspec.Struct, frozen=True):
    """One line of the download queue, and its line in the queue's file.

    speed: bytes in a second, seconds_left: at that speed, both while it runs and is known. path: what to load when it is done.
    convert: the quantisation that a folder of safetensors is turned into. text and hint say why it failed.
    """

    id: str
    repository: str
    model: HubModel
    state: DownloadState = "waiting"
    done_bytes: int = 0
    convert: str = ""
    path: str = ""
    code: str = ""
    text: str = ""
    hint: str = ""
    detail: str = ""
    speed: float = 0.0
    seconds_left: float | None = None
