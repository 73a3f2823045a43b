"""add: two numbers of any length by a model that has learnt two digits and a carry."""

from typing import Annotated

import typer

from engine.cli.common import Json, Model, open_named, print_json, write


def register(application: typer.Typer) -> None:
    application.command()(add)


def add(
    model: Model,
    first: str,
    second: str,
    quiet: Annotated[bool, typer.Option("--quiet", help="The sum alone, without the columns.")] = False,
    json: Json = False,
) -> None:
    """Add two whole numbers with a model of the recipe addition; then tell whether Python's arithmetic agrees."""
    from engine.inference.addition import add as add_columns
    from engine.inference.addition import check_number, result, right_sum

    a, b = check_number(first), check_number(second)
    opened = open_named(model)
    trace = []
    for column in add_columns(opened, a, b):
        trace.append(column)
        if not (json or quiet):
            write(column.line + "\n")
    found = result(trace)
    right = found == right_sum(a, b)
    if json:
        print_json({"sum": found, "right": right, "trace": [column.line for column in trace]})
    else:
        print(f"{found}\n{'right' if right else 'wrong'}")
