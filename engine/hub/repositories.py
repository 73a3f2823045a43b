"""What there is on the Hub: repositories with GGUF files, and the quantisations in one of them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import PurePosixPath
from typing import Literal

import httpx2 as httpx
import msgspec
from huggingface_hub import HfApi
from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, HFValidationError, RepositoryNotFoundError
from huggingface_hub.utils import get_session  # type: ignore[attr-defined]

from engine.errors import UserError
from engine.hub.download import RemoteFile

Order = Literal["downloads", "likes", "last_modified", "trending_score"]
_QUANTISATION = re.compile(
    r"(?:^|[-._/])((?:UD-)?(?:I?Q\d(?:_[A-Z0-9]+)*|MXFP4(?:_MOE)?|TQ\d_\d|BF16|F16|F32))(?=[-._/]|$)", re.IGNORECASE
)
_PATIENCE_S = 10.0
_SPLIT = re.compile(r"-(\d{5})-of-(\d{5})\.gguf$", re.IGNORECASE)


class Repository(msgspec.Struct, frozen=True):
    """One hit of a search. gated: only those who were admitted may fetch from it."""

    name: str
    downloads: int
    likes: int
    changed: datetime | None
    gated: bool
    licence: str = ""
    tags: tuple[str, ...] = ()


class HubFile(msgspec.Struct, frozen=True):
    """A file of a repository, with what is needed to fetch and check it."""

    name: str
    remote: RemoteFile


class HubModel(msgspec.Struct, frozen=True):
    """One model in a repository: a GGUF file, or several that belong together (-00001-of-00003)."""

    name: str
    quantisation: str
    size_bytes: int
    files: tuple[HubFile, ...]


class Hub:
    """The Hub at HF_ENDPOINT, or the public one. token: of the person's account, for gated repositories."""

    def __init__(self, endpoint: str | None = None, token: str = "") -> None:
        self._api = HfApi(endpoint, token=token or False)
        self._token = token

    @property
    def headers(self) -> dict[str, str]:
        """What a download sends along."""
        return {"Authorization": f"Bearer {self._token}"} if self._token else {}

    def search(self, words: str, order: Order = "downloads", limit: int = 50) -> list[Repository]:
        """Repositories with GGUF files. Raises UserError where the Hub cannot be reached or refuses."""
        with _clear_errors(words):
            self._check_reachable()
            return [
                Repository(
                    found.id,
                    found.downloads or 0,
                    found.likes or 0,
                    found.last_modified,
                    bool(found.gated),
                    next((tag.removeprefix("license:") for tag in found.tags or () if tag.startswith("license:")), ""),
                    tuple(found.tags or ()),
                )
                for found in self._api.list_models(search=words, filter="gguf", sort=order, limit=limit)
            ]

    def models(self, repository: str) -> list[HubModel]:
        """The GGUF models in a repository, the smallest first. Raises UserError for one that is not there or not open to all."""
        with _clear_errors(repository):
            self._check_reachable()
            info = self._api.model_info(repository, files_metadata=True)
        files = [
            HubFile(
                sibling.rfilename,
                RemoteFile(
                    f"{self._api.endpoint}/{repository}/resolve/{info.sha or 'main'}/{sibling.rfilename}",
                    sibling.size or 0,
                    sibling.lfs.sha256 if sibling.lfs else "",
                ),
            )
            for sibling in info.siblings or ()
            if sibling.rfilename.lower().endswith(".gguf")
        ]
        return group_models(files)

    def _check_reachable(self) -> None:
        """The library tries for half a minute before it gives up; one attempt tells as much."""
        get_session().head(self._api.endpoint, timeout=_PATIENCE_S, follow_redirects=False)


def group_models(files: list[HubFile]) -> list[HubModel]:
    """Files as models, parts of one put together, the smallest first; files beside a model (mmproj, imatrix) are none."""
    groups: dict[str, list[HubFile]] = {}
    for file in sorted(files, key=lambda file: file.name):
        if not PurePosixPath(file.name).name.lower().startswith(("mmproj", "imatrix")):
            groups.setdefault(_SPLIT.sub(".gguf", file.name), []).append(file)
    models = []
    for name, parts in groups.items():
        split = _SPLIT.search(parts[0].name)
        if split is not None and len(parts) != int(split[2]):
            continue  # some of it is missing, so it cannot be loaded
        size = sum(part.remote.size_bytes for part in parts)
        models.append(HubModel(name, quantisation_of(name), size, tuple(parts)))
    return sorted(models, key=lambda model: (model.size_bytes, model.name))


def quantisation_of(name: str) -> str:
    """Such as Q4_K_M, from a file's name; "" where it does not say."""
    found = _QUANTISATION.findall(PurePosixPath(name).name.removesuffix(".gguf")) or _QUANTISATION.findall(name)
    return str(found[-1]).upper() if found else ""


@contextmanager
def _clear_errors(name: str) -> Iterator[None]:
    try:
        yield
    except GatedRepoError as error:
        raise UserError(
            "hub-gated",
            f"The owner of {name} gives it only to those who were admitted.",
            "Open its page, accept the conditions, and give an access token of your account.",
        ) from error
    except (RepositoryNotFoundError, HFValidationError) as error:
        raise UserError("hub-not-found", f"The Hub has no repository {name}.", "Check the name.") from error
    except HfHubHTTPError as error:
        status = error.response.status_code
        raise UserError("hub-answer", f"The Hub answered {status}.", "Try again later.", str(error)) from error
    except httpx.TransportError as error:
        raise UserError(
            "offline",
            "The Hub cannot be reached.",
            "Check the connection; everything else goes on working.",
            repr(error),
        ) from error
