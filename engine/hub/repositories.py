"""What there is on the Hub: repositories with models that run here, and what is in one of them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

import httpx2 as httpx
from huggingface_hub import HfApi, ModelInfo
from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, HFValidationError, RepositoryNotFoundError
from huggingface_hub.utils import build_hf_headers, get_session, hf_raise_for_status  # type: ignore[attr-defined]

from engine import __version__
from engine.errors import UserError
from engine.hub.access import check_online, gated_error, unknown_token_error
from engine.hub.names import CONVERTIBLE, is_safe, quantisation_of
from engine.records.hub import HubFile, HubModel, ModelKind, Order, RemoteFile, Repository, RepositoryDetails

_PATIENCE_S = 10.0
_LIBRARY = "proxima"  # who asks, in the User-Agent
_CARD, _CARD_BYTES = "README.md", 500_000
_HEAD = re.compile(r"\A\s*---\r?\n.*?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_SHARD = re.compile(r"model-\d{5}-of-\d{5}\.safetensors")
#: What a folder of weights is read with.
_BESIDE = (
    "model.safetensors.index.json",
    "config.json",
    "generation_config.json",
    "tokenizer_config.json",
    "chat_template.jinja",
)
#: And one of these, the first that is there.
_TOKENIZERS = (("tokenizer.json",), ("tokenizer.model", "added_tokens.json"))
_FILTERS: dict[ModelKind, list[str]] = {"gguf": ["gguf"], "safetensors": ["safetensors", "text-generation"]}
_SORTS: dict[Order, str] = {
    "downloads": "downloads",
    "likes": "likes",
    "last_modified": "lastModified",
    "size": "downloads",  # the Hub cannot sort by it
}
_SPLIT = re.compile(r"-(\d{5})-of-(\d{5})\.gguf$", re.IGNORECASE)


class Hub:
    """The Hub at HF_ENDPOINT, or the public one. token: of the person's account, for gated repositories."""

    def __init__(self, endpoint: str | None = None, token: str = "", offline: bool = False) -> None:
        self._api = HfApi(endpoint, token=token or False, library_name=_LIBRARY, library_version=__version__)
        self._token, self._offline = token, offline

    @property
    def headers(self) -> dict[str, str]:
        """What a download sends along."""
        return {"Authorization": f"Bearer {self._token}"} if self._token else {}

    def page(self, repository: str) -> str:
        """The address of a repository for a browser."""
        return f"{self._api.endpoint}/{repository}"

    def search(
        self, words: str, order: Order = "downloads", limit: int = 50, kind: ModelKind = "gguf"
    ) -> list[Repository]:
        """Repositories with models of a kind. Raises UserError where the Hub cannot be reached or refuses."""
        with _clear_errors(words, self._api.endpoint):
            self._check_reachable()
            # Not the library's own call: told to wait by a busy server, that one sleeps for minutes without a word.
            response = get_session().get(
                f"{self._api.endpoint}/api/models",
                params={
                    "search": words,
                    "filter": _FILTERS[kind],
                    "sort": _SORTS[order],
                    "limit": limit if kind == "gguf" else 5 * limit,  # many are of other families
                    "expand": ["downloads", "likes", "lastModified", "gated", "tags", kind, "config"],
                },
                headers=build_hf_headers(
                    token=self._token or False, library_name=_LIBRARY, library_version=__version__
                ),
                timeout=_PATIENCE_S,
            )
            hf_raise_for_status(response)
            repositories = [_repository(ModelInfo(**one)) for one in response.json()]  # type: ignore[no-untyped-call]
        if kind == "safetensors":
            repositories = [one for one in repositories if one.architecture in CONVERTIBLE][:limit]
        if order == "size":
            repositories.sort(key=lambda one: (one.parameters == 0, one.parameters))
        return repositories

    def models(self, repository: str) -> list[HubModel]:
        """The GGUF models in a repository, the smallest first. Raises UserError for one that is not there or not open to all."""
        return [model for model in self.details(repository, card=False).models if not model.is_folder]

    def details(self, repository: str, card: bool = True) -> RepositoryDetails:
        """Everything about one repository: its models, the smallest first, and its card. Raises UserError as models does."""
        with _clear_errors(repository, self.page(repository), bool(self._token)):
            self._check_reachable()
            info = self._api.model_info(repository, files_metadata=True)
            root = f"{self._api.endpoint}/{repository}/resolve/{info.sha or 'main'}"
            files = [
                HubFile(
                    sibling.rfilename,
                    RemoteFile(
                        f"{root}/{quote(sibling.rfilename)}",
                        sibling.size or 0,
                        sibling.lfs.sha256 if sibling.lfs else "",
                    ),
                )
                for sibling in info.siblings or ()
                if is_safe(sibling.rfilename)  # one that leads out of its folder is never fetched, so it is not offered
            ]
            readme = self._card(root) if card and any(file.name == _CARD for file in files) else ""
        models = group_models([file for file in files if file.name.lower().endswith(".gguf")])
        return RepositoryDetails(_repository(info), (*models, *folder_models(files)), readme)

    def _card(self, root: str) -> str:
        """The README without its head for machines; "" where it is not to be had, since nothing depends on it."""
        try:
            with get_session().stream("GET", f"{root}/{_CARD}", headers=self.headers, timeout=_PATIENCE_S) as response:
                if response.status_code != 200:
                    return ""
                data = b""
                for chunk in response.iter_bytes():
                    data += chunk
                    if len(data) > _CARD_BYTES:
                        break
        except httpx.TransportError:
            return ""
        return _HEAD.sub("", data[:_CARD_BYTES].decode("utf-8", "replace"), count=1)

    def _check_reachable(self) -> None:
        """The library tries for half a minute before it gives up; one attempt tells as much."""
        check_online(self._offline)
        get_session().head(self._api.endpoint, timeout=_PATIENCE_S, follow_redirects=False)


def _repository(info: ModelInfo) -> Repository:
    tags = tuple(info.tags or ())
    weights: Any = info.gguf or info.safetensors or {}
    about = weights if isinstance(weights, dict) else vars(weights)
    total, architecture = about.get("total"), about.get("architecture") or (info.config or {}).get("model_type")
    return Repository(
        info.id,
        info.downloads or 0,
        info.likes or 0,
        info.last_modified,
        bool(info.gated),
        next((tag.removeprefix("license:") for tag in tags if tag.startswith("license:")), ""),
        tags,
        total if isinstance(total, int) else 0,
        architecture if isinstance(architecture, str) else "",
    )


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


def folder_models(files: list[HubFile]) -> list[HubModel]:
    """The weights as they were trained, with what is needed to read them; none where the repository has no such folder."""
    named = {file.name: file for file in files if "/" not in file.name}
    weights = [file for name, file in named.items() if name.endswith(".safetensors") and not name.startswith("adapter")]
    whole = [file for file in weights if file.name == "model.safetensors" or _SHARD.fullmatch(file.name)]
    tokenizer = next((files for files in _TOKENIZERS if files[0] in named), None)
    if not whole or tokenizer is None or "config.json" not in named:
        return []
    beside = (named[name] for name in (*_BESIDE, *tokenizer) if name in named)
    parts = [*sorted(whole, key=lambda file: file.name), *beside]
    return [HubModel("safetensors", "", sum(part.remote.size_bytes for part in parts), tuple(parts))]


@contextmanager
def _clear_errors(name: str, page: str, token_sent: bool = False) -> Iterator[None]:
    try:
        yield
    except GatedRepoError as error:
        raise gated_error(page, token_sent) from error
    except (RepositoryNotFoundError, HFValidationError) as error:
        raise UserError(
            "hub-not-found",
            f"The Hub has no repository {name}, or does not show it to everybody.",
            "Check the name; a private one needs an access token of your account.",
        ) from error
    except HfHubHTTPError as error:
        raise _refusal(error, page, token_sent) from error
    except httpx.TransportError as error:
        raise UserError(
            "offline",
            "The Hub cannot be reached.",
            "Check the connection; everything else goes on working.",
            repr(error),
        ) from error


def _refusal(error: HfHubHTTPError, page: str, token_sent: bool) -> UserError:
    status = error.response.status_code
    if status == 401:
        return unknown_token_error()
    if status == 403 and token_sent:
        return gated_error(page, token_sent)
    if status == 429:
        return UserError(
            "hub-busy", "The Hub was asked too often.", "Wait some minutes; with an access token more is allowed."
        )
    return UserError("hub-answer", f"The Hub answered {status}.", "Try again later.", str(error))
