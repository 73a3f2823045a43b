"""The plan of a new run as a person fills it in, and the recipe that comes of it. No Qt."""

from pathlib import Path
from typing import Any, Literal

import msgspec

from engine.runs.presets import PRESETS as PRESETS
from engine.runs.presets import Shape as Shape
from engine.runs.presets import flops_per_token, memory_bytes
from engine.runs.recipe import (
    LoraConfig,
    NgramPlan,
    Optimiser,
    Recipe,
    Schedule,
    Source,
    TokenizerPlan,
)

_OWN = "own"  # the name of the recipes that are filled in here
Objective = Literal["pretraining", "instruction"]
OptimiserKind = Literal["sgd", "adam", "adamw", "muon"]


class Draft(msgspec.Struct, frozen=True):
    """start_from "" means from scratch; minutes 0 is no limit; evaluations: how often the run is looked at."""

    title: str = ""
    files: tuple[str, ...] = ()
    start_from: str = ""
    adapter: bool = True
    rank: int = 8
    shape: Shape = PRESETS["3m"]
    characters: bool = False
    objective: Objective = "pretraining"
    block: int = 128
    batch: int = 16
    steps: int = 1000
    minutes: float = 0.0
    learning_rate: float = 3e-3
    optimiser: OptimiserKind = "muon"
    evaluations: int = 20
    checkpoint_minutes: float = 5.0
    prompts: tuple[str, ...] = ()
    tensorboard: bool = False

    @property
    def data(self) -> Path:
        """The folder that the recipe's files are named below; they are absolute, so any that is there will do."""
        return Path(self.files[0]).parent if self.files else Path()

    @property
    def tokens(self) -> int:
        """Tokens that the whole run sees."""
        return self.steps * self.batch * self.block

    def recipe(self) -> Recipe:
        """Raises ValueError or UserError for a plan that cannot be."""
        scratch = not self.start_from
        extra: dict[str, Any] = {}
        if not scratch and self.adapter:
            extra["lora"] = LoraConfig(rank=self.rank, alpha=2.0 * self.rank)
        if scratch:
            shape = msgspec.structs.asdict(self.shape)
            size = shape.pop("vocabulary_size")
            extra["model"] = {**shape, "context_length": self.block}
            extra["tokenizer"] = TokenizerPlan("characters" if self.characters else "bpe", size)
        return Recipe(
            name=_OWN,
            title=self.title or "?",
            sources=(Source("texts", self.files),),
            objective=self.objective,
            start_from=self.start_from,
            block=self.block,
            batch=self.batch,
            steps=self.steps,
            minutes=self.minutes,
            baseline=NgramPlan(),
            optimiser=Optimiser(
                kind=self.optimiser, learning_rate=self.learning_rate, weight_decay=0.05 if scratch else 0.0
            ),
            schedule=Schedule(warmup_steps=min(100, max(1, self.steps // 10)), final_fraction=0.1),
            evaluate_every=max(1, self.steps // self.evaluations),
            evaluation_rows=32,
            checkpoint_minutes=self.checkpoint_minutes,
            sample_prompts=self.prompts,
            tensorboard=self.tensorboard,
            **extra,
        )

    def parameters(self) -> int | None:
        """Parameters of a model from scratch; None for one that is trained on. Raises UserError for a shape that cannot be."""
        if self.start_from:
            return None
        return self.recipe_shape().decoder_config(self.shape.vocabulary_size).parameter_count

    def recipe_shape(self) -> Recipe:
        """A recipe that is asked for its shape alone: the texts may still be missing."""
        return msgspec.structs.replace(self, files=self.files or ("-",)).recipe()

    def memory_bytes(self) -> float | None:
        """About what training takes; None for a model that is trained on. Raises UserError for a shape that cannot be."""
        if self.start_from:
            return None
        return memory_bytes(self.recipe_shape().decoder_config(self.shape.vocabulary_size), self.batch * self.block)

    def flops(self) -> float | None:
        """Arithmetic of the whole run; None for a model that is trained on. Raises UserError for a shape that cannot be."""
        return (
            None
            if self.start_from
            else self.tokens * flops_per_token(self.recipe_shape().decoder_config(self.shape.vocabulary_size))
        )


def for_start(draft: Draft, start_from: str) -> Draft:
    """What suits a model that is begun anew, or one that is trained on."""
    if bool(start_from) == bool(draft.start_from):
        return msgspec.structs.replace(draft, start_from=start_from)
    if start_from:
        return msgspec.structs.replace(
            draft,
            start_from=start_from,
            objective="instruction",
            block=256,
            batch=8,
            steps=200,
            learning_rate=2e-3 if draft.adapter else 3e-4,
            optimiser="adamw",
            evaluations=4,
        )
    fresh = Draft(title=draft.title, files=draft.files, prompts=draft.prompts, shape=draft.shape)
    return msgspec.structs.replace(fresh, characters=draft.characters)


def draft_of(recipe: Recipe) -> Draft | None:
    """What a run was begun with, to be changed and begun again; None for one that was not filled in here."""
    source = recipe.sources[0]
    if recipe.name != _OWN or not source.files or len(recipe.sources) > 1:
        return None
    lora, draft = recipe.lora, Draft()
    known = {name: recipe.model[name] for name in Shape.__struct_fields__ if name in recipe.model}
    size = recipe.tokenizer.vocabulary_size
    return Draft(
        title=recipe.title,
        files=source.files,
        start_from=recipe.start_from,
        adapter=lora is not None or not recipe.start_from,
        rank=lora.rank if lora is not None else draft.rank,
        shape=draft.shape if recipe.start_from else Shape(**known, vocabulary_size=size),
        characters=recipe.tokenizer.kind == "characters",
        objective=recipe.objective,
        block=recipe.block,
        batch=recipe.batch,
        steps=recipe.steps,
        minutes=recipe.minutes,
        learning_rate=recipe.optimiser.learning_rate,
        optimiser=recipe.optimiser.kind,
        evaluations=max(1, recipe.steps // recipe.evaluate_every) if recipe.evaluate_every else 1,
        checkpoint_minutes=recipe.checkpoint_minutes,
        prompts=recipe.sample_prompts,
        tensorboard=recipe.tensorboard,
    )
