"""replay: whether a saved reply still comes out the same."""

from collections.abc import Callable
from typing import Annotated

import msgspec
import typer

from engine.cli.common import Json, open_named, print_json, text_of, token_json
from engine.errors import UserError
from engine.records import SavedReply

ReadReply = Callable[[int], SavedReply]
_CHANGED = {
    "model": "the model's file is another one",
    "template": "the chat template is another one",
    "engine": "the program is another version",
    "context": "the context has another length",
    "adapters": "other adapters stand beside the model",
    "prompt": "the conversation before it is another one",
}
EXIT_DIFFERENT = 1


def register(application: typer.Typer) -> None:
    application.command()(replay)


def replay(
    context: typer.Context,
    message: Annotated[
        int,
        typer.Argument(
            metavar="MESSAGE_ID",
            help="The number of a saved reply; the window tells it where one points at the reply's name.",
        ),
    ],
    model: Annotated[
        str, typer.Option(help="Another place of its model, or another model of the same vocabulary.")
    ] = "",
    json: Json = False,
) -> None:
    """Check that a saved reply still comes out the same: its seed, its chain, its prompt. The exit code is 1 where it does not."""
    from engine.inference.replay import replay as run

    read: ReadReply | None = context.obj
    if read is None:
        raise UserError("replay", "Saved replies cannot be read here.", "Use the proxima command.")
    saved = read(message)
    named = model or saved.summary.model_path
    if not named:
        raise UserError("replay-model", "The reply does not say which model wrote it.", "Name the model with --model.")
    then = saved.summary
    found = run(open_named(named, context_length=then.context_length, adapters=then.adapters), saved)
    first = found.first_difference
    if json:
        difference = None
        if first is not None:
            difference = {
                **msgspec.structs.asdict(first),
                "saved": token_json(first.saved),
                "now": token_json(first.now),
            }
        print_json(
            {
                "same": found.same,
                "tokens": found.tokens,
                "total": found.total,
                "first_difference": difference,
                "largest_logprob_change": found.largest_change,
                "changed": found.changed,
            }
        )
    else:
        for name in found.changed:
            print(f"Since then {_CHANGED[name]}.")
        if found.same:
            print(f"The same: all {found.tokens:,} tokens.")
        elif first is None:
            print(f"The first {found.tokens:,} of {found.total:,} tokens are the same; then the context was full.")
        else:
            print(
                f"Another token at position {first.position}: {text_of(first.now.bytes)!r} instead of "
                f"{text_of(first.saved.bytes)!r}, whose probability was {_percent(first.saved_probability)} "
                f"and is {_percent(first.probability_now)}."
            )
        print(f"The log-probabilities differ by {found.largest_change:.2e} at most.")
    if not found.same:
        raise typer.Exit(EXIT_DIFFERENT)


def _percent(probability: float | None) -> str:
    return "unknown" if probability is None else f"{100 * probability:.4f} %"
