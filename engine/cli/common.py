"""What several verbs share: opening models, options that set the chain, JSON."""

import contextlib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from engine.cli.stages import chain_settings
from engine.cli.tables import size_text
from engine.errors import UserError
from engine.inference.language_model import LanguageModel
from engine.inference.load import Backend, switch_adapters
from engine.library.catalogue import named_model
from engine.library.changes import note_used
from engine.library.kept import kept_settings
from engine.library.opening import open_planned
from engine.records import AdapterInfo, GenerationSettings, SamplingSettings, Token, TokenRecord
from engine.records.loading import AUTO, LoadPlan, LoadSettings
from engine.resources import data_folder
from engine.sampling.registry import default_settings, greedy_settings, with_values

Model = Annotated[str, typer.Argument(metavar="MODEL", help='"bundled", a path, or a name from the library')]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Adapters = Annotated[
    list[str] | None,
    typer.Option("--adapter", help="A LoRA adapter beside the model, FILE or FILE=STRENGTH; may be given again."),
]
MaxTokens = Annotated[int, typer.Option(min=1, help="Tokens of the reply at most.")]
Seed = Annotated[int | None, typer.Option(min=0, help="Seed of the darts; a new one each time without it.")]
Greedy = Annotated[bool, typer.Option("--greedy", help="Always take the most likely token.")]
Temperature = Annotated[float | None, typer.Option("--temperature", "--temp", min=0.0, max=5.0)]
TopK = Annotated[int | None, typer.Option(min=0)]
TopP = Annotated[float | None, typer.Option(min=0.0, max=1.0)]
MinP = Annotated[float | None, typer.Option(min=0.0, max=1.0)]


def open_named(
    name: str,
    *,
    backend: Backend | None = None,
    exact: bool = False,
    context_length: int = 0,
    loading: LoadSettings = AUTO,
    adapters: Sequence[AdapterInfo] = (),
    measured: bool = False,
) -> LanguageModel:
    """Open the model that a person names, as they said, else as it is kept for this model. measured: that is no use of it."""
    path = named_model(name)
    settings = LoadSettings(context_length).over(loading).over(kept_settings(path))
    files = [Path(adapter.path) for adapter in adapters]
    opened = open_planned(path, settings, backend=backend, exact=exact, adapters=files, told=warn).model
    switch_adapters(opened, adapters)
    with contextlib.suppress(UserError):  # a library that cannot be written is no reason not to use a model
        if not measured:
            note_used(data_folder(), path)
    return opened


def warn(plan: LoadPlan) -> None:
    """Say on standard error what a person should know before a model is loaded in this way."""
    needed, free = size_text(plan.estimate.total), size_text(plan.memory.free_bytes)
    if plan.fit == "swaps":
        print(f"proxima: it needs {needed} of memory, {free} are free: it will be many times slower.", file=sys.stderr)
    elif plan.fit == "too_large":
        print(f"proxima: it needs {needed} of memory, {free} are free: loading it may fail.", file=sys.stderr)
    if plan.beyond_trained:
        asked, trained = plan.settings.context_length, plan.trained_context
        print(
            f"proxima: a context of {asked:,} tokens, and it was trained with {trained:,}: later text is read badly.",
            file=sys.stderr,
        )


def adapters_from(written: Sequence[str]) -> tuple[AdapterInfo, ...]:
    """FILE or FILE=STRENGTH each. Raises UserError for a strength that is no number."""
    return tuple(_adapter(text) for text in written)


def _adapter(text: str) -> AdapterInfo:
    path, equals, scale = text.rpartition("=")
    if not equals or Path(text).exists():
        return AdapterInfo(Path(text).stem, text)
    try:
        return AdapterInfo(Path(path).stem, path, float(scale))
    except ValueError:
        raise UserError("adapter-scale", f"{scale!r} is no strength.", "Write a number, as in FILE=0.5.") from None


def sampling_settings(
    greedy: bool,
    seed: int | None,
    temperature: float | None,
    top_k: int | None,
    top_p: float | None,
    min_p: float | None,
    stages: list[str] | None = None,
    preset: str = "",
    recommended: Callable[[], SamplingSettings | None] = lambda: None,
) -> SamplingSettings:
    """The samplers that the person wrote, in that order; else a preset, greedy or llama.cpp's defaults, with what was set."""
    if stages or preset:
        settings = chain_settings(stages or [], "Greedy" if greedy and not preset else preset, recommended)
    else:
        settings = greedy_settings() if greedy else default_settings()
    given = {
        ("temperature", "temperature"): temperature,
        ("top_k", "k"): top_k,
        ("top_p", "p"): top_p,
        ("min_p", "p"): min_p,
    }
    settings = with_values(settings, {key: float(value) for key, value in given.items() if value is not None})
    return SamplingSettings(settings.stages, seed)


def generation_settings(sampling: SamplingSettings, max_tokens: int, candidates: int = 64) -> GenerationSettings:
    return GenerationSettings(sampling=sampling, max_tokens=max_tokens, candidates=candidates)


def required(text: str, what: str) -> str:
    """The text, refused where there is nothing in it."""
    if not text.strip():
        raise UserError("empty", f"The {what} is empty.", "Write something.")
    return text


def text_of(piece: bytes) -> str:
    """Bytes as text; those that are half a character as <0xNN>."""
    try:
        return piece.decode()
    except UnicodeDecodeError:
        return "".join(f"<0x{byte:02X}>" for byte in piece)


def token_json(token: Token) -> dict[str, Any]:
    return {"id": token.id, "text": text_of(token.bytes), "bytes": token.bytes.hex()}


def record_json(record: TokenRecord, top: int) -> dict[str, Any]:
    """One token with everything that is known of it; ``top`` candidates."""
    candidates = record.candidates
    rows = zip(
        candidates.id_array().tolist(),
        candidates.pieces,
        candidates.logit_array().tolist(),
        candidates.final_array().tolist(),
        candidates.removed_by_array().tolist(),
        strict=True,
    )
    return {
        "id": record.token.id,
        "text": text_of(record.token.bytes),
        "logprob": record.logprob,
        "rank": record.rank,
        "entropy_bits": record.entropy_bits,
        "dart": record.dart,
        "final_probability": record.final_probability,
        "top": [
            {
                "id": id,
                "text": text_of(piece),
                "logprob": logit - record.log_sum_exp,
                "final_probability": final,
                "removed_by": record.stages[removed].name if removed < len(record.stages) else None,
            }
            for id, piece, logit, final, removed in list(rows)[:top]
        ],
        "stages": [{"name": stage.name, "kept": stage.kept, "mass": stage.mass} for stage in record.stages],
    }


def print_json(value: Any) -> None:
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(value), indent=1).decode() + "\n")
    sys.stdout.flush()


def write(text: str) -> None:
    """Print a piece of a reply at once."""
    sys.stdout.write(text.encode("utf-8", "replace").decode())
    sys.stdout.flush()
