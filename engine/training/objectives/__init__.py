"""The objectives by their names in recipes. Another one is a module here, a line in OBJECTIVES and its name in the recipe."""

from collections.abc import Callable
from pathlib import Path

from engine.runs.recipe import Recipe
from engine.tokenizer.vocabulary import StoredVocabulary
from engine.training.objectives.next_token import NextToken
from engine.training.objectives.objective import Objective

OBJECTIVES: dict[str, Callable[[Recipe, Path, StoredVocabulary], Objective]] = {
    "pretraining": NextToken,
    "instruction": NextToken,
}


def make_objective(recipe: Recipe, run: Path, vocabulary: StoredVocabulary) -> Objective:
    """Of a run whose texts are packed. Raises UserError for texts that there is nothing to learn from."""
    return OBJECTIVES[recipe.objective](recipe, run, vocabulary)
