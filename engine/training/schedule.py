"""The learning rate over the steps of a run."""

import math

from engine.runs.recipe import Schedule


def learning_rate_factor(schedule: Schedule, step: int, steps: int) -> float:
    """What the base learning rate is multiplied with at a step (0-based) of ``steps``.

    "cosine": Loshchilov & Hutter 2017. "stable": warm-up, stable, linear decay (Hu et al. 2024).
    """
    if step < schedule.warmup_steps:
        return (step + 1) / schedule.warmup_steps
    if schedule.kind == "cosine":
        progress = (step - schedule.warmup_steps) / max(1, steps - schedule.warmup_steps)
        low = schedule.final_fraction
        return low + (1 - low) * 0.5 * (1 + math.cos(math.pi * min(1.0, progress)))
    into_decay = step - (steps - schedule.decay_steps)
    if into_decay < 0 or schedule.decay_steps == 0:
        return 1.0
    return 1 - (1 - schedule.final_fraction) * min(1.0, (into_decay + 1) / schedule.decay_steps)
