"""The recipes that come with the program, as they are offered where a run is planned. No widgets."""

import msgspec

from app.training.draft import Draft, from_recipe
from app.translation import QT_TRANSLATE_NOOP, translated
from engine.runs.recipe import Recipe

# Name: title, and what it learns from. The recipes of the bundled model take days and many texts; they are begun by command.
SHIPPED = {
    "addition": (
        QT_TRANSLATE_NOOP("Shipped", "Addition, column by column"),
        QT_TRANSLATE_NOOP("Shipped", "It learns from sums that are made up: no texts are needed."),
    ),
    "whole-sums": (
        QT_TRANSLATE_NOOP("Shipped", "Whole sums at once"),
        QT_TRANSLATE_NOOP("Shipped", "It learns from sums that are made up: no texts are needed."),
    ),
    "shakespeare-5min": (
        QT_TRANSLATE_NOOP("Shipped", "Shakespeare in five minutes"),
        QT_TRANSLATE_NOOP("Shipped", "Give it a million letters of plays, such as tinyshakespeare.txt."),
    ),
    "shakespeare-char": (
        QT_TRANSLATE_NOOP("Shipped", "Shakespeare, letter by letter"),
        QT_TRANSLATE_NOOP("Shipped", "Give it a million letters of plays, such as tinyshakespeare.txt."),
    ),
    "shakespeare-base": (
        QT_TRANSLATE_NOOP("Shipped", "Shakespeare's plays and poems"),
        QT_TRANSLATE_NOOP(
            "Shipped", "Give it all of Shakespeare, or as much of somebody else: some millions of letters."
        ),
    ),
    "shakespeare-chat": (
        QT_TRANSLATE_NOOP("Shipped", "A voice out of Shakespeare"),
        QT_TRANSLATE_NOOP(
            "Shipped",
            "Give it the plays, whose speeches answer each other. It goes on from a run that has read them: choose that as "
            "the model.",
        ),
    ),
    "stories": (
        QT_TRANSLATE_NOOP("Shipped", "Stories in simple English"),
        QT_TRANSLATE_NOOP("Shipped", "Give it many short stories in simple words, such as TinyStories."),
    ),
    "machado": (
        QT_TRANSLATE_NOOP("Shipped", "Portuguese prose"),
        QT_TRANSLATE_NOOP("Shipped", "Give it novels in Portuguese, such as those of Machado de Assis."),
    ),
    "dna": (
        QT_TRANSLATE_NOOP("Shipped", "DNA, base by base"),
        QT_TRANSLATE_NOOP("Shipped", "Give it a genome as .fasta, such as that of Escherichia coli."),
    ),
}


def title_of(name: str) -> str:
    return translated("Shipped", SHIPPED[name][0])


def texts_of(name: str) -> str:
    """What it learns from, in a sentence; "" for a recipe that is not offered."""
    return translated("Shipped", SHIPPED[name][1]) if name in SHIPPED else ""


def begun_with(recipe: Recipe, before: Draft) -> Draft:
    """The plan that a recipe makes of the texts that were given before."""
    files = own_files(before) if recipe.needs_data else recipe.sources[0].files
    return msgspec.structs.replace(from_recipe(recipe, files), title=title_of(recipe.name))


def begun_without(before: Draft) -> Draft:
    """An empty plan for the texts that were given before."""
    return Draft(files=own_files(before))


def own_files(draft: Draft) -> tuple[str, ...]:
    """Without texts that are made up."""
    return tuple(file for file in draft.files if not file.startswith("@"))
