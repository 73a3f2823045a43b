"""Folders of training runs, written by hand: what the window reads of them, without a model."""

from pathlib import Path

import msgspec

from engine.runs.events import (
    Baseline,
    CheckpointSaved,
    Evaluated,
    Finished,
    Probe,
    ProbeToken,
    Sample,
    Started,
    StepDone,
    TrainingEvent,
    append_event,
)
from engine.runs.recipe import Recipe, Source

PROMPTS = ("Era uma vez", "fox")


def recipe(title: str = "Machado", steps: int = 100, name: str = "own") -> Recipe:
    return Recipe(
        name=name,
        title=title,
        sources=(Source("texts", ("/data/machado.txt",)),),
        model={"d_model": 16, "n_layers": 2, "n_heads": 2, "d_ff": 32},
        block=16,
        batch=4,
        steps=steps,
        sample_prompts=PROMPTS,
    )


def loss_at(step: int) -> float:
    return 3.0 + 100.0 / (step + 20)


def probe_at(step: int, prompt: str) -> Probe:
    """The first token becomes surer with the steps."""
    sure = min(0.9, 0.2 + step / 100)
    top = (ProbeToken(7, " rei", sure), ProbeToken(8, " um", (1 - sure) / 2), ProbeToken(9, "<0xC3>", (1 - sure) / 4))
    return Probe(step, prompt, 8 - 4 * sure, top)


def write_run(
    folder: Path, title: str = "Machado", done: int = 60, steps: int = 100, why: str = "stopped", name: str = "own"
) -> Path:
    """A run that told a loss at every second step, was evaluated at every twentieth, and ended so; why "" leaves its end out."""
    run = folder / title.lower().replace(" ", "-")
    run.mkdir(parents=True)
    plan = recipe(title, steps, name)
    (run / "recipe.json").write_bytes(msgspec.json.encode(plan))
    tell(run, Started(12_345, 0, steps, 64), Baseline("texts", 5, 9000, 4.25, 2.5))
    tell(run, *(probe_at(0, prompt) for prompt in PROMPTS))
    go_on(run, 0, done, steps)
    checkpoint = run / f"checkpoint-{done:07d}"
    checkpoint.mkdir()
    (checkpoint / "model.safetensors").write_bytes(b"weights")
    (run / "latest").write_text(checkpoint.name)
    tell(run, CheckpointSaved(done, str(checkpoint)))
    if why:
        tell(run, Finished(done, why, 12.0))
    return run


def go_on(run: Path, start: int, end: int, steps: int = 100) -> None:
    """What a run tells from one step to another."""
    for step in range(start + 2, end + 1, 2):
        tell(run, StepDone(step, steps, loss_at(step), 0.5, 1.5, 4000.0, 30.0))
        if step % 20 == 0:
            tell(run, Evaluated(step, "texts", loss_at(step) + 0.1, (loss_at(step) + 0.1) / 2))
            tell(run, *(probe_at(step, prompt) for prompt in PROMPTS))
            tell(run, *(Sample(step, prompt, f" <b>{step}</b>\nfim") for prompt in PROMPTS))


def tell(run: Path, *events: TrainingEvent) -> None:
    for event in events:
        append_event(run, event)
