"""Options that say how a model is loaded, for each verb that loads one; and estimate: what a load will take."""

import functools
import inspect
from collections.abc import Callable
from typing import Annotated, Any, get_args

import msgspec
import typer

from engine.cli.common import Json, Model, print_json
from engine.cli.tables import FIT_WORDS, print_table, rate_text, size_text
from engine.errors import UserError
from engine.inference.machine import physical_cores
from engine.library.catalogue import named_model
from engine.records.loading import AUTO, CacheType, LoadSettings, Switch, WeightsMode

#: Options by the field that they set; none given is what is kept for the model, else auto.
_OPTIONS: dict[str, Any] = {
    "context": Annotated[int | None, typer.Option(min=0, help="Context length in tokens; 0 is auto.")],
    "threads": Annotated[int | None, typer.Option(min=0, help="Threads; 0 is auto.")],
    "gpu_layers": Annotated[int | None, typer.Option(min=-1, help="Layers on the graphics card; -1 is auto.")],
    "batch": Annotated[int | None, typer.Option(min=0, help="Tokens of a prompt at once; 0 is auto.")],
    "cache_type": Annotated[
        str | None, typer.Option(help="Of keys and values: f16, f32, bf16, q8_0, q5_1, q4_0, auto.")
    ],
    "flash_attention": Annotated[str | None, typer.Option(help="on, off or auto.")],
    "weights": Annotated[str | None, typer.Option(help="mapped, copied, locked or auto.")],
}
_FIELDS = {"context": "context_length"}
#: Of the speed at the beginning, from which on it is worth a line how slow a full context is.
_SLOWER = 0.95


def load_options(verb: Callable[..., None]) -> Callable[..., None]:
    """A verb whose parameter ``loading`` is made of the options; it is LoadSettings with what the person gave."""

    @functools.wraps(verb)
    def wrapped(**arguments: Any) -> None:
        given = {name: arguments.pop(name) for name in _OPTIONS}
        verb(**arguments, loading=_settings(given))

    signature = inspect.signature(verb)
    parameters = [parameter for name, parameter in signature.parameters.items() if name != "loading"]
    kind = inspect.Parameter.KEYWORD_ONLY
    parameters += [inspect.Parameter(name, kind, default=None, annotation=hint) for name, hint in _OPTIONS.items()]
    wrapped.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    wrapped.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return wrapped


def _settings(given: dict[str, Any]) -> LoadSettings:
    values = {_FIELDS.get(name, name): value for name, value in given.items() if value is not None}
    try:
        return msgspec.convert(values, LoadSettings)
    except msgspec.ValidationError as error:
        choices = {"cache_type": CacheType, "flash_attention": Switch, "weights": WeightsMode}
        wrong = next(name for name, kind in choices.items() if name in values and values[name] not in get_args(kind))
        known = ", ".join(get_args(choices[wrong]))
        option = f"--{wrong.replace('_', '-')}"
        raise UserError(
            "load-option", f"{option} cannot be {values[wrong]!r}.", f"Choose {known}.", str(error)
        ) from None


def register(application: typer.Typer) -> None:
    application.command()(load_options(estimate))


def estimate(
    model: Model,
    loading: LoadSettings = AUTO,
    save: Annotated[
        bool, typer.Option("--save", help="Load this model so from now on; alone: with auto again.")
    ] = False,
    measure: Annotated[bool, typer.Option("--measure", help="Load it, and measure memory and speed.")] = False,
    json: Json = False,
) -> None:
    """What a model will take of memory and how fast it will be, before it is loaded. Settings that are auto are chosen."""
    from engine.inference.load import check_model
    from engine.library.kept import keep_settings, kept_settings
    from engine.library.opening import measure_speed, open_planned, prospect

    path = named_model(model)
    try:
        check_model(path)
    except UserError as error:
        if error.code != "model-too-large":  # that is what is asked here
            raise
    if save:
        keep_settings(path, loading)
    settings = loading.over(kept_settings(path))
    if measure:
        opened = open_planned(path, settings)
        measure_speed(opened)
        opened.model.close()
    found = prospect(path, settings)
    if json:
        print_json(found)
        return
    plan = found.plan
    chosen, parts, memory = plan.settings, plan.estimate, plan.memory
    rows = [
        ("context", f"{chosen.context_length:,} tokens"),
        ("threads", f"{chosen.threads} of {physical_cores()} cores{_too_many(chosen.threads)}"),
        ("weights", size_text(parts.weights)),
        ("key-value cache", f"{size_text(parts.cache)}  ({chosen.cache_type})"),
        ("buffers and the rest", size_text(parts.compute + parts.other)),
        ("together", size_text(parts.total)),
        ("free now", f"{size_text(memory.free_bytes)} of {size_text(memory.total_bytes)}"),
    ]
    if plan.correction != 1.0:
        rows.insert(6, ("", f"corrected by {plan.correction:.2f}, as measured here before"))
    if memory.gpu is None and settings.gpu_layers > 0:
        rows.append(
            ("graphics card", "this llama.cpp has none, so no layers go there; proxima doctor says how to get one")
        )
    if memory.gpu is not None:
        rows += [
            ("graphics card", f"{memory.gpu.description}, {size_text(memory.gpu.free_bytes)} free"),
            ("layers there", f"{chosen.gpu_layers} of {plan.layers}, {size_text(parts.gpu)}"),
        ]
    rows.append(("", FIT_WORDS[plan.fit]))
    if plan.beyond_trained:
        rows.insert(
            1, ("", f"longer than the {plan.trained_context:,} that it was trained with: later text is read badly")
        )
    if found.speed is None:
        rows.append(("speed", "known after the first load; --measure loads it and measures"))
    else:
        how = "measured" if found.speed.measured else f"expected, from {found.speed.source or 'the built-in model'}"
        rows.append(
            ("speed", f"{rate_text(found.speed.tokens_per_s)} ({how}{', roughly' if found.speed.rough else ''})")
        )
        if 0 < found.speed.full_tokens_per_s < _SLOWER * found.speed.tokens_per_s:
            rows.append(("", f"{rate_text(found.speed.full_tokens_per_s)} at the end of a full context, roughly"))
    print_table(rows=rows)


def _too_many(threads: int) -> str:
    return ", which makes it slower" if threads > physical_cores() else ""
