"""What an export costs: bits per byte on the texts that a run held out, by its own weights and by the file that was written."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from engine.inference.language_model import LanguageModel
from engine.inference.score import Score

if TYPE_CHECKING:
    from engine.runs.recipe import Recipe
    from engine.training.batches import Batches

_ROWS = 32  # of each source: some thousand tokens, which tell quantisations apart


class Quality(msgspec.Struct, frozen=True):
    """Bits per byte of one source: before by the weights of the run, after by what was written, where either could be asked.

    alone: by the model that an adapter stands beside, without it.
    """

    source: str
    tokens: int
    before: float
    after: float | None = None
    alone: float | None = None


class HeldOut:
    """The rows on which a run was measured while it learnt. Falsy where it held nothing out, or its texts are gone."""

    def __init__(self, folder: Path) -> None:
        """folder: a run, or one of its checkpoints."""
        self._found: tuple[Recipe, Batches] | None = None
        run = next((place for place in (folder, folder.parent) if (place / "recipe.json").exists()), None)
        if run is not None and (run / "data").is_dir():
            from engine.training.run import open_data

            recipe, batches, _ = open_data(run)
            self._found = recipe, batches

    def __bool__(self) -> bool:
        return self._found is not None and bool(self._found[1].validation)

    @property
    def found(self) -> bool:
        """Whether the texts are there, held out or not."""
        return self._found is not None

    @property
    def block(self) -> int:
        """Tokens in a row."""
        return self._found[0].block if self._found is not None else 0

    def scores(self, model: LanguageModel) -> dict[str, Score]:
        """How well a model predicts each source."""
        from engine.inference.evaluate import score_rows

        if self._found is None:
            return {}
        names = self._found[1].validation
        found = {name: score_rows(model, self._rows(name)) for name in names}
        return {name: score for name, score in found.items() if score.bytes}

    def _rows(self, name: str) -> Iterator[tuple[list[int], list[int]]]:
        if self._found is not None:
            recipe, batches = self._found
            for inputs, targets in batches.evaluation(name, min(_ROWS, recipe.evaluation_rows)):
                yield from zip(inputs.tolist(), targets.tolist(), strict=True)


def qualities(
    before: dict[str, Score], after: dict[str, Score] | None = None, alone: dict[str, Score] | None = None
) -> tuple[Quality, ...]:
    """One for each source, of what was asked."""
    return tuple(
        Quality(
            name,
            score.tokens,
            score.bits_per_byte,
            after[name].bits_per_byte if after else None,
            alone[name].bits_per_byte if alone else None,
        )
        for name, score in before.items()
    )
