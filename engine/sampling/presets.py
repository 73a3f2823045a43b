"""Chains that ship with the program, by the names under which the window lists them."""

from collections.abc import Callable

from engine.records import SamplingSettings
from engine.sampling.registry import default_settings, greedy_settings, neutral_settings, with_values


def precise() -> SamplingSettings:
    """For facts, code and forms: close to the most likely text, with a little room."""
    return with_values(
        neutral_settings(),
        {("top_k", "k"): 40, ("top_p", "p"): 0.9, ("min_p", "p"): 0.1, ("temperature", "temperature"): 0.3},
    )


def balanced() -> SamplingSettings:
    """For conversation: what is unlikely is cut before the temperature acts."""
    return with_values(
        neutral_settings(), {("top_p", "p"): 0.95, ("min_p", "p"): 0.05, ("temperature", "temperature"): 0.7}
    )


def creative() -> SamplingSettings:
    """For stories: warm, now and then without the most expected words, and without repeating itself."""
    return with_values(
        neutral_settings(),
        {
            ("dry", "multiplier"): 0.8,
            ("min_p", "p"): 0.03,
            ("xtc", "probability"): 0.3,
            ("xtc", "threshold"): 0.15,
            ("temperature", "temperature"): 1.1,
        },
    )


PRESETS: dict[str, Callable[[], SamplingSettings]] = {
    "llama.cpp default": default_settings,
    "Greedy": greedy_settings,
    "Precise": precise,
    "Balanced": balanced,
    "Creative": creative,
    "Neutral": neutral_settings,
}
