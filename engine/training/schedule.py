"""The learning rate over the steps of a run."""

import math

from engine.runs.recipe import Schedule


def learning_rate_factor(schedule: Schedule, step: int, steps: int, time_used: float = 0.0) -> float:
    """What the base learning rate is multiplied with at a step (0-based) of ``steps``.

    "cosine": Loshchilov & Hutter 2017. "stable": warm-up, stable, linear decay (Hu et al. 2024).
    time_used: the share of the run's minutes that is over. Where the clock is further on than the steps, the way down follows
    it, so that a run that ends by the clock has come down as far as one that ends by its steps.
    """
    if step < schedule.warmup_steps:
        return (step + 1) / schedule.warmup_steps
    place = max(step, min(1.0, time_used) * steps)
    if schedule.kind == "cosine":
        progress = (place - schedule.warmup_steps) / max(1, steps - schedule.warmup_steps)
        low = schedule.final_fraction
        return low + (1 - low) * 0.5 * (1 + math.cos(math.pi * min(1.0, max(0.0, progress))))
    into_decay = place - (steps - schedule.decay_steps)
    if into_decay < 0 or schedule.decay_steps == 0:
        return 1.0
    return 1 - (1 - schedule.final_fraction) * min(1.0, (into_decay + 1) / schedule.decay_steps)
