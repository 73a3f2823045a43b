"""search, pull and token: models from the Hugging Face Hub."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn
from rich.table import Table

from engine.cli.common import Json, print_json
from engine.errors import Cancelled, UserError
from engine.hub_records import Order
from engine.resources import data_folder

if TYPE_CHECKING:
    from engine.hub.repositories import Hub

_Token = Annotated[
    str,
    typer.Option(envvar="HF_TOKEN", help="Access token, for repositories that need one; else the one that is kept."),
]


class Sort(StrEnum):
    downloads, likes, date, size = "downloads", "likes", "date", "size"


_ORDERS: dict[Sort, Order] = {
    Sort.downloads: "downloads",
    Sort.likes: "likes",
    Sort.date: "last_modified",
    Sort.size: "size",
}


def register(application: typer.Typer) -> None:
    application.command()(search)
    application.command()(pull)
    application.command()(token)


def search(
    words: Annotated[str, typer.Argument(help="What the repository is called, or parts of it.")],
    limit: Annotated[int, typer.Option(min=1, max=200)] = 20,
    sort: Annotated[Sort, typer.Option(help="What comes first; by size the smallest.")] = Sort.downloads,
    token: _Token = "",
    json: Json = False,
) -> None:
    """Find models on the Hugging Face Hub that run here (GGUF), the most fetched first."""
    found = _hub(token).search(words, _ORDERS[sort], limit)
    if json:
        print_json(found)
        return
    table = Table("repository", "parameters", "fetched", "likes", "licence", box=None, header_style="bold")
    for one in found:
        parameters = f"{one.parameters / 1e9:.1f} B" if one.parameters else ""
        table.add_row(one.name, parameters, f"{one.downloads:,}", f"{one.likes:,}", one.licence)
    Console().print(table)


def token(
    forget: Annotated[bool, typer.Option("--forget", help="Remove it.")] = False,
) -> None:
    """Keep the access token of your Hugging Face account in the system's keyring; it is asked for without being shown."""
    from engine.hub.access import TokenStore

    store = TokenStore(data_folder())
    if forget:
        store.forget()
        print("No token is kept any more.")
        return
    place = store.keep(typer.prompt("Access token", hide_input=True))
    print("It is in the system's keyring." if place == "keyring" else "It is in a file that only you may read.")


def pull(
    repository: Annotated[str, typer.Argument(metavar="REPO", help="OWNER/NAME, as the Hub calls it.")],
    file: Annotated[str, typer.Argument(metavar="FILE", help="A file or a quantisation, such as Q4_K_M.")] = "",
    list_only: Annotated[bool, typer.Option("--list", help="Tell what the repository has, and fetch nothing.")] = False,
    token: _Token = "",
    json: Json = False,
) -> None:
    """Fetch a model from the Hub into the library. Broken off, it goes on where it was when it is asked for again."""
    from engine.hub.pull import choose
    from engine.hub.pull import pull as fetch

    if repository.count("/") != 1:
        raise UserError("hub-name", f"{repository!r} is no repository.", "Write OWNER/NAME.")
    hub = _hub(token)
    models = hub.models(repository)
    if list_only:
        if json:
            print_json(models)
            return
        table = Table("quantisation", "size", "file", box=None, header_style="bold")
        for model in models:
            table.add_row(model.quantisation, f"{model.size_bytes / 1e9:.2f} GB", model.name)
        Console().print(table)
        return
    chosen = choose(models, file)
    path = _with_bar(lambda told: fetch(hub, repository, chosen, data_folder() / "models", told), chosen.name)
    if json:
        print_json({"path": str(path), "name": path.stem, "size_bytes": chosen.size_bytes})
    else:
        print(path)


def _hub(token: str) -> "Hub":
    from engine.hub.access import TokenStore
    from engine.hub.repositories import Hub

    return Hub(token=token or TokenStore(data_folder()).find()[0])


def _with_bar(fetch: Callable[[Callable[[int, int], None]], Path], name: str) -> Path:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bars:
        task = bars.add_task(Path(name).name, total=None)
        try:
            return fetch(lambda done, total: bars.update(task, completed=done, total=total or None))
        except KeyboardInterrupt:
            raise Cancelled from None
