"""pull: a model from the Hugging Face Hub into the library, or what a repository offers."""

import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

from engine.cli.common import Json, print_json
from engine.cli.hub import Token, open_hub
from engine.cli.tables import FIT_WORDS, count_text, print_table, rate_text, size_text
from engine.errors import Cancelled, UserError
from engine.records.hub import HubModel, RepositoryDetails
from engine.resources import data_folder

if TYPE_CHECKING:
    from engine.hub.repositories import Hub
    from engine.library.offers import Offers

_ADDRESS = re.compile(r"^(?:https?://)?(?:www\.)?(?:huggingface\.co|hf\.co)/", re.IGNORECASE)


def register(application: typer.Typer) -> None:
    application.command()(pull)


def pull(
    repository: Annotated[str, typer.Argument(metavar="REPO", help="OWNER/NAME, as the Hub calls it.")],
    file: Annotated[str, typer.Argument(metavar="FILE", help="A file or a quantisation, such as Q4_K_M.")] = "",
    convert: Annotated[
        str,
        typer.Option(
            metavar="TYPE", help="Fetch the weights as they were trained and quantise them here, as to q4_k_m."
        ),
    ] = "",
    text: Annotated[
        Path | None,
        typer.Option(exists=True, help="With --convert: a text on which bits per byte are measured, before and after."),
    ] = None,
    list_only: Annotated[bool, typer.Option("--list", help="Tell what the repository has, and fetch nothing.")] = False,
    token: Token = "",
    json: Json = False,
) -> None:
    """Fetch a model from the Hub into the library. Broken off, it goes on where it was when it is asked for again."""
    from engine.hub.convert import convert_folder
    from engine.hub.pull import model_paths
    from engine.hub.pull import pull as fetch
    from engine.hub.queue import queued_bytes
    from engine.library.checksums import remember

    repository, file = repository_of(repository, file)
    hub = open_hub(token)
    details = hub.details(repository, card=False)
    models = details.models
    if list_only:
        _print_models(hub, details, json)
        return
    folders, models_folder = [model for model in models if model.is_folder], data_folder() / "models"
    if convert:
        _check_conversion(repository, convert, folders)
        chosen = folders[0]
    else:
        chosen = _choose(hub, repository, [model for model in models if not model.is_folder], file)
    promised = queued_bytes(data_folder(), models_folder, repository, chosen)
    path = _with_bar(lambda told: fetch(hub, repository, chosen, models_folder, told, promised_bytes=promised), chosen)
    for target, part in zip(model_paths(repository, chosen, models_folder), chosen.files, strict=True):
        if part.remote.sha256:
            remember(data_folder(), target, part.remote.sha256)
    result: dict[str, Any] = {"path": str(path), "name": path.stem, "size_bytes": chosen.size_bytes}
    if convert:
        print(f"Converting to {convert} ...", file=sys.stderr)
        made = convert_folder(path.parent, convert.lower(), lambda: False)
        result |= {"path": str(made), "name": made.stem, "size_bytes": made.stat().st_size}
        if text is not None:
            result["bits_per_byte"] = _before_and_after(path.parent, made, text)
    if json:
        print_json(result)
        return
    for when, bits in result.get("bits_per_byte", {}).items():
        print(f"bits per byte {when}: {bits:.4f}", file=sys.stderr)
    print(result["path"])


def repository_of(written: str, file: str = "") -> tuple[str, str]:
    """OWNER/NAME and the file, out of that, OWNER/NAME:Q4_K_M, or an address of the Hub. Raises UserError for anything else."""
    name = _ADDRESS.sub("", written.strip())
    name, _, kind = name.partition(":")
    owner, _, rest = name.strip("/").partition("/")
    title, _, more = rest.partition("/")
    if not owner or not title or (more and name == written):
        raise UserError("hub-name", f"{written!r} is no repository.", "Write OWNER/NAME.")
    return f"{owner}/{title}", file or kind or (more.rpartition("/")[2] if more.endswith(".gguf") else "")


def _choose(hub: "Hub", repository: str, models: list[HubModel], file: str) -> HubModel:
    """What was named, else what is recommended for this machine. What will not run well is said before it is fetched."""
    from engine.hub.pull import choose

    chosen = choose(models, file)
    if file and _is_here(repository, chosen):
        return chosen
    offers = _weigh(hub, models)
    chosen = next((model for model in models if not file and model.name == offers.recommended), chosen)
    needs = f"{size_text(chosen.size_bytes)}, {size_text(offers.bytes[chosen.name])} in memory"
    told = filter(None, (needs, FIT_WORDS[offers.fits[chosen.name]], _speed_text(offers, chosen)))
    print(f"{Path(chosen.name).name}: {', '.join(told)}", file=sys.stderr)
    return chosen


def _is_here(repository: str, model: HubModel) -> bool:
    from engine.hub.pull import model_paths

    return all(path.exists() for path in model_paths(repository, model, data_folder() / "models"))


def _weigh(hub: "Hub", models: Sequence[HubModel]) -> "Offers":
    from engine.inference.devices import memory_now
    from engine.library.offers import weigh

    return weigh(models, memory_now(), hub.headers, lambda: False)


def _print_models(hub: "Hub", details: RepositoryDetails, json: bool) -> None:
    models, repository = details.models, details.repository
    offers = _weigh(hub, models)
    if json:
        more = [
            {"fit": offers.fits[one.name], "memory_bytes": offers.bytes[one.name]}
            | {"recommended": one.name == offers.recommended, "speed": offers.speeds.get(one.name)}
            for one in models
        ]
        print_json([{**msgspec.to_builtins(one), **known} for one, known in zip(models, more, strict=True)])
        return
    about = (
        count_text(repository.parameters) and f"{count_text(repository.parameters)} parameters",
        repository.architecture,
        repository.licence and f"licence {repository.licence}",
        f"fetched {repository.downloads:,} times",
    )
    print(f"{repository.name}: {', '.join(filter(None, about))}", file=sys.stderr)
    if repository.gated:
        print(f"Only for those who were admitted: ask on {hub.page(repository.name)}", file=sys.stderr)
    if not models:
        print("There is nothing in it that can be used here: no GGUF file and no whole weights.", file=sys.stderr)
        return
    rows = []
    for model in models:
        star = "*" if model.name == offers.recommended else ""
        name = "weights as they were trained, for --convert" if model.is_folder else model.name
        memory, how = size_text(offers.bytes[model.name]), FIT_WORDS[offers.fits[model.name]]
        speed = _speed_text(offers, model)
        here = "here" if not model.is_folder and _is_here(repository.name, model) else ""
        rows.append((star, model.quantisation, size_text(model.size_bytes), memory, how, speed, here, name))
    print_table("", "quantisation", "size", "in memory", "", "speed", "", "file", rows=rows, right=(2, 3, 5))
    if offers.recommended:
        print("* recommended for this machine, and what is fetched where no FILE is named", file=sys.stderr)
    elif any(offers.fits[one.name] in ("fits", "tight") for one in models if not one.is_folder):
        print("Those that fit would be too slow here: more than a second for each token.", file=sys.stderr)


def _speed_text(offers: "Offers", model: HubModel) -> str:
    return f"about {rate_text(offers.speeds[model.name].tokens_per_s)}" if model.name in offers.speeds else ""


def _check_conversion(repository: str, type_name: str, folders: Sequence[HubModel]) -> None:
    """Before anything is fetched."""
    from engine.gguf.quantize import quantisation_names

    if type_name.lower() not in quantisation_names():
        names = ", ".join(quantisation_names())
        raise UserError("quantisation-unknown", f"There is no quantisation {type_name!r}.", f"Known ones are: {names}.")
    if not folders:
        raise UserError(
            "hub-no-weights",
            f"{repository} has no safetensors with a config.json and a tokenizer.",
            "Without --convert its GGUF files are fetched, where it has any.",
        )


def _before_and_after(folder: Path, made: Path, text: Path) -> dict[str, float]:
    """Bits per byte of the weights as they came, and of the quantised ones."""
    from engine.corpus.readers import corpus_files, read_documents
    from engine.inference.evaluate import evaluate
    from engine.inference.load import open_model

    documents = [one.text for path in corpus_files(text) for one in read_documents(path) if one.text]
    if not documents:
        raise UserError("corpus-empty", f"There is no text in {text}.", "Give a file that holds some text.")
    found = {}
    for when, path in (("before", folder), ("after", made)):
        model = open_model(path)
        prose, _ = evaluate(model, documents, ())
        model.close()
        found[when] = prose.bits_per_byte
    return found


def _with_bar(fetch: Callable[[Callable[[int, int], None]], Path], model: HubModel) -> Path:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bars:
        task = bars.add_task(Path(model.name).name, total=model.size_bytes or None)
        try:
            return fetch(lambda done, total: bars.update(task, completed=done, total=total or None))
        except KeyboardInterrupt:
            raise Cancelled from None
