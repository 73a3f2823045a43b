"""Jobs about the Hub: search, a repository with what fits, the access token, and the download queue of this process."""

from contextlib import suppress
from pathlib import Path

from engine.errors import UserError
from engine.hub.access import TokenStore
from engine.hub.convert import convert_folder
from engine.hub.pull import model_paths
from engine.hub.queue import DownloadQueue
from engine.hub.repositories import Hub
from engine.inference.devices import memory_now
from engine.library.checksums import remember
from engine.library.offers import by_parameters, weigh
from engine.records.hub import RepositoryDetails
from engine.resources import data_folder
from engine.worker.hub_messages import (
    AddDownload,
    ChangeDownload,
    DownloadsChanged,
    FitsRead,
    HubFound,
    HubJob,
    KeepToken,
    OpenDownloads,
    ReadRepository,
    RepositoryRead,
    SearchHub,
    TokenPlace,
)
from engine.worker.protocol import Done
from engine.worker.reporter import Reporter
from engine.worker.session import Session


def run(session: Session, request: HubJob, reporter: Reporter) -> Done:
    """Raises UserError with what the Hub refuses, or that it cannot be reached."""
    match request:
        case SearchHub():
            found = _hub(request.offline).search(request.words, request.order, request.limit, request.kind)
            memory = memory_now()
            offers = {one.name: by_parameters(one.parameters, memory)[:2] for one in found if one.parameters}
            reporter.send(HubFound(request.job, tuple(found), offers))
        case ReadRepository():
            _read(request, reporter)
        case KeepToken():
            _keep_token(request, reporter)
        case OpenDownloads():
            _open(session, request, reporter)
        case AddDownload():
            _queue(session).add(request.repository, request.model, request.convert)
        case ChangeDownload():
            queue = _queue(session)
            {"pause": queue.pause, "resume": queue.resume, "cancel": queue.cancel}[request.action](request.id)
    return Done(request.job)


def _hub(offline: bool = False) -> Hub:
    return Hub(token=_token_store().find()[0], offline=offline)


def _token_store() -> TokenStore:
    return TokenStore(data_folder())


def _keep_token(request: KeepToken, reporter: Reporter) -> None:
    store = _token_store()
    if request.token:
        store.keep(request.token)
    elif request.token is not None:
        store.forget()
    reporter.send(TokenPlace(request.job, store.find()[1]))


def _open(session: Session, request: OpenDownloads, reporter: Reporter) -> None:
    queue = session.downloads
    if queue is None:
        folder = Path(request.folder)
        queue = session.downloads = DownloadQueue(
            folder,
            folder / "models",
            _hub,
            lambda lines: reporter.send(DownloadsChanged(lines)),
            convert_folder,
            request.parallel,
            request.offline,
            lambda path, sha256: remember(folder, path, sha256),
        )
    queue.set_parallel(request.parallel)
    queue.hold(request.offline)
    reporter.send(DownloadsChanged(queue.downloads))


def _queue(session: Session) -> DownloadQueue:
    if session.downloads is None:
        raise UserError("internal", "The download queue is not open.", "Start the program again.")
    return session.downloads


def _read(request: ReadRepository, reporter: Reporter) -> None:
    hub = _hub(request.offline)
    details = hub.details(request.name)
    here = _here(request, details) if request.folder else {}
    reporter.send(RepositoryRead(request.job, details, hub.page(request.name), here))
    if not details.models:
        return
    found = weigh(details.models, memory_now(), hub.headers, reporter.cancelled)
    reporter.send(
        FitsRead(request.job, dict(found.fits), dict(found.bytes), found.recommended, found.exact, dict(found.speeds))
    )


def _here(request: ReadRepository, details: RepositoryDetails) -> dict[str, str]:
    models = Path(request.folder) / "models"
    found = {}
    for model in details.models:
        if not model.is_folder:
            with suppress(UserError):  # a name that cannot be fetched is not here
                paths = model_paths(request.name, model, models)
                if all(path.exists() for path in paths):
                    found[model.name] = str(paths[0])
    return found
