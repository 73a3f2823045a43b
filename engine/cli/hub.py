"""search and token: models on the Hugging Face Hub, and the account that may fetch them."""

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from engine.cli.common import Json, print_json
from engine.cli.tables import FIT_WORDS, count_text, print_table, size_text
from engine.records.hub import Order, Repository
from engine.records.loading import MachineMemory
from engine.resources import data_folder

if TYPE_CHECKING:
    from engine.hub.repositories import Hub

Token = Annotated[
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
    application.command()(token)


def search(
    words: Annotated[
        str, typer.Argument(help="What the repository is called, or parts of it; without them, of all there are.")
    ] = "",
    limit: Annotated[int, typer.Option(min=1, max=200)] = 20,
    sort: Annotated[Sort, typer.Option(help="What comes first; by size the smallest.")] = Sort.downloads,
    fits: Annotated[bool, typer.Option("--fits", help="Only what goes into the memory that is free now.")] = False,
    token: Token = "",
    json: Json = False,
) -> None:
    """Find models on the Hugging Face Hub that run here (GGUF), the most fetched first.

    How large they are and how they fit is worked out for the usual quantisation, of between four and five bits.
    """
    from engine.inference.devices import memory_now

    found = open_hub(token).search(words, _ORDERS[sort], limit)
    memory = memory_now()
    if fits:
        found = [one for one in found if _fit_of(one, memory).get("fit") in ("fits", "tight")]
    if json:
        print_json([msgspec.to_builtins(one) | _fit_of(one, memory) for one in found])
        return
    if not found:
        what = "that goes into memory here " if fits else ""
        if words:
            told = f"No repository with GGUF models {what}has {words!r} in its name. Try fewer words, or others."
        else:
            told = f"The Hub told of no repository with GGUF models {what}".rstrip() + "."
        print(told, file=sys.stderr)
        return

    def row(one: Repository) -> tuple[str, ...]:
        size, fit = "", ""
        if known := _fit_of(one, memory):
            size, fit = f"about {size_text(known['about_bytes'])}", FIT_WORDS[known["fit"]]
        licence = ", ".join(filter(None, (one.licence, "gated" if one.gated else "")))
        return one.name, count_text(one.parameters), size, fit, f"{one.downloads:,}", f"{one.likes:,}", licence

    headings = ("repository", "parameters", "size", "memory", "fetched", "likes", "licence")
    print_table(*headings, rows=[row(one) for one in found], right=(1, 2, 4, 5))


def _fit_of(one: Repository, memory: MachineMemory) -> dict[str, Any]:
    """Roughly, in the usual quantisation; nothing of one that does not say how large it is."""
    from engine.library.offers import by_parameters

    if not one.parameters:
        return {}
    how, size_bytes, memory_bytes = by_parameters(one.parameters, memory)
    return {"fit": how, "about_bytes": size_bytes, "memory_bytes": memory_bytes}


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
    # From a pipe nothing is shown anyway, and a prompt there would only warn about it.
    written = typer.prompt("Access token", hide_input=True) if sys.stdin.isatty() else sys.stdin.readline()
    place = store.keep(written)
    print("It is in the system's keyring." if place == "keyring" else "It is in a file that only you may read.")


def open_hub(token: str) -> "Hub":
    """With the token that was given, else the one that is kept."""
    from engine.hub.access import TokenStore
    from engine.hub.repositories import Hub

    return Hub(token=token or TokenStore(data_folder()).find()[0])
