"""The plan of a new run as a person fills it in, and the recipe that comes of it. No Qt."""

from pathlib import Path
from typing import Literal

import msgspec

from engine.runs.presets import PRESETS as PRESETS
from engine.runs.presets import Shape as Shape
from engine.runs.presets import flops_per_token, memory_bytes
from engine.runs.recipe import Device, LoraConfig, Recipe, Source, TokenizerPlan

Objective = Literal["pretraining", "instruction"]
OptimiserKind = Literal["sgd", "adam", "adamw", "muon"]
TARGETS = LoraConfig().targets
AUTOMATIC = -1  # of the warm-up: a tenth of the steps
# What a plan is made of where it is begun from no recipe: "own" is the name of those that are filled in here.
_PLAIN = Recipe("own", "?", (Source("texts", ("-",)),), evaluation_rows=32)
_FEWEST_EVALUATIONS = 5  # of a recipe that is watched in the window


class Draft(msgspec.Struct, frozen=True):
    """start_from "" means from scratch; minutes 0 is no limit; evaluations: how often the run is looked at.

    alpha 0 is twice the rank, threads 0 all cores. base: the recipe that it is begun from, for what is not said here.
    """

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
    schedule: Literal["cosine", "stable"] = "cosine"
    warmup: int = AUTOMATIC
    final_fraction: float = 0.1
    muon_rate: float = _PLAIN.optimiser.muon_learning_rate
    weight_decay: float = 0.05
    clip: float = 1.0
    accumulate: int = 1
    dropout: float = 0.0
    alpha: float = 0.0
    targets: tuple[str, ...] = TARGETS
    precision: Literal["bf16", "float32"] = "bf16"
    compile: bool = False
    recompute: bool = False
    device: Device = "auto"
    threads: int = 0
    seed: int = 1
    base: Recipe | None = None

    @property
    def warmup_steps(self) -> int:
        return _usual_warmup(self.steps) if self.warmup == AUTOMATIC else self.warmup

    @property
    def needs_start(self) -> bool:
        """Whether the recipe trains a model on that is still to be chosen."""
        return self.base is not None and not self.base.model and not self.start_from

    @property
    def data(self) -> Path:
        """The folder that the recipe's files are named below; they are absolute, so any that is there will do."""
        return next((Path(file).parent for file in self.files if not file.startswith("@")), Path())

    @property
    def tokens(self) -> int:
        """Tokens that the whole run sees."""
        return self.steps * self.batch * self.accumulate * self.block

    def recipe(self) -> Recipe:
        """Raises ValueError or UserError for a plan that cannot be."""
        scratch, base = not self.start_from, self.base or _PLAIN
        change = msgspec.structs.replace
        lora, model, tokenizer = None, {}, base.tokenizer
        if not scratch and self.adapter:
            lora = LoraConfig(self.rank, self.alpha or 2.0 * self.rank, self.targets)
        if scratch:
            model = {**base.model, **msgspec.structs.asdict(self.shape)}
            size = model.pop("vocabulary_size")
            model["context_length"] = max(self.block, base.model.get("context_length", 0))
            tokenizer = TokenizerPlan("characters" if self.characters else "bpe", size, base.tokenizer.sample_mb)
        falls = base.schedule.decay_steps or self.steps // 5
        return change(
            base,
            title=self.title or "?",
            sources=(change(base.sources[0], files=self.files),),
            objective=self.objective,
            start_from=self.start_from,
            lora=lora,
            model=model,
            tokenizer=tokenizer,
            block=self.block,
            batch=self.batch,
            accumulate=self.accumulate,
            steps=self.steps,
            minutes=self.minutes,
            optimiser=change(
                base.optimiser,
                kind=self.optimiser,
                learning_rate=self.learning_rate,
                muon_learning_rate=self.muon_rate,
                weight_decay=self.weight_decay,
                clip=self.clip,
            ),
            schedule=change(
                base.schedule,
                kind=self.schedule,
                warmup_steps=self.warmup_steps,
                decay_steps=falls if self.schedule == "stable" else base.schedule.decay_steps,
                final_fraction=self.final_fraction,
            ),
            evaluate_every=max(1, self.steps // self.evaluations),
            checkpoint_minutes=self.checkpoint_minutes,
            sample_prompts=self.prompts,
            tensorboard=self.tensorboard,
            dropout=self.dropout,
            precision=self.precision,
            compile=self.compile,
            recompute=self.recompute,
            device=self.device,
            threads=self.threads,
            seed=self.seed,
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
    own = draft.base is not None and not draft.base.model  # a recipe that says how a model is trained on
    if bool(start_from) == bool(draft.start_from) or (own and start_from):
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
            weight_decay=0.0,
            evaluations=4,
            base=None,
        )
    return Draft(
        title=draft.title,
        files=draft.files,
        prompts=draft.prompts,
        shape=draft.shape,
        characters=draft.characters,
        precision=draft.precision,
        compile=draft.compile,
        recompute=draft.recompute,
        device=draft.device,
        threads=draft.threads,
        seed=draft.seed,
    )


def draft_of(recipe: Recipe) -> Draft | None:
    """What a run was begun with, to be changed and begun again; None for one whose files are not known by their whole path."""
    files = recipe.sources[0].files
    found = all(name.startswith("@") or Path(name).is_absolute() for name in files)
    return from_recipe(recipe, files) if files and found and len(recipe.sources) == 1 else None


def from_recipe(recipe: Recipe, files: tuple[str, ...]) -> Draft:
    """What a recipe of one source says, with these files instead of its own."""
    lora, draft, every = recipe.lora, Draft(), recipe.evaluate_every
    warmup = recipe.schedule.warmup_steps
    known = {name: recipe.model[name] for name in Shape.__struct_fields__ if name in recipe.model}
    size = recipe.tokenizer.vocabulary_size
    return Draft(
        title=recipe.title,
        files=files,
        start_from=recipe.start_from,
        adapter=lora is not None or (not recipe.start_from and bool(recipe.model)),
        rank=lora.rank if lora is not None else draft.rank,
        shape=Shape(**known, vocabulary_size=size) if known else draft.shape,
        characters=recipe.tokenizer.kind == "characters",
        objective=recipe.objective,
        block=recipe.block,
        batch=recipe.batch,
        steps=recipe.steps,
        minutes=recipe.minutes,
        learning_rate=recipe.optimiser.learning_rate,
        optimiser=recipe.optimiser.kind,
        evaluations=max(1, recipe.steps // every) if every else _FEWEST_EVALUATIONS,
        checkpoint_minutes=recipe.checkpoint_minutes,
        prompts=recipe.sample_prompts,
        tensorboard=recipe.tensorboard,
        schedule=recipe.schedule.kind,
        warmup=AUTOMATIC if warmup == _usual_warmup(recipe.steps) else warmup,
        final_fraction=recipe.schedule.final_fraction,
        muon_rate=recipe.optimiser.muon_learning_rate,
        weight_decay=recipe.optimiser.weight_decay,
        clip=recipe.optimiser.clip,
        accumulate=recipe.accumulate,
        dropout=recipe.dropout,
        alpha=lora.alpha if lora is not None else 0.0,
        targets=lora.targets if lora is not None else TARGETS,
        precision=recipe.precision,
        compile=recipe.compile,
        recompute=recipe.recompute,
        device=recipe.device,
        threads=recipe.threads,
        seed=recipe.seed,
        base=recipe,
    )


def _usual_warmup(steps: int) -> int:
    return min(100, max(1, steps // 10))
