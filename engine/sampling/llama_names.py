"""The names that llama.cpp gives to samplers and their numbers, on its command line and in GGUF files, and ours for them."""

from collections.abc import Collection

#: Sampler -> stage (common_sampler_types_from_names in llama.cpp's common/sampling.cpp, and the samplers' own names).
STAGE_NAMES = {
    "typ_p": "typical",
    "typical_p": "typical",
    "top_nsigma": "top_n_sigma",
    "temp": "temperature",
    "temp_ext": "dynamic_temperature",
    "mirostat": "mirostat_1",
    "mirostat_v2": "mirostat_2",
}
#: Number -> stage and parameter (common/arg.cpp, and enum llama_model_meta_key for penalty_repeat and penalty_last_n).
PARAMETER_NAMES = {
    "temp": ("temperature", "temperature"),
    "repeat_penalty": ("penalties", "repeat"),
    "penalty_repeat": ("penalties", "repeat"),
    "repeat_last_n": ("penalties", "last_n"),
    "penalty_last_n": ("penalties", "last_n"),
    "frequency_penalty": ("penalties", "frequency"),
    "presence_penalty": ("penalties", "presence"),
    "dry_multiplier": ("dry", "multiplier"),
    "dry_base": ("dry", "base"),
    "dry_allowed_length": ("dry", "allowed"),
    "dry_penalty_last_n": ("dry", "last_n"),
    "typical_p": ("typical", "p"),
    "xtc_probability": ("xtc", "probability"),
    "xtc_threshold": ("xtc", "threshold"),
    "dynatemp_range": ("dynamic_temperature", "range"),
    "dynatemp_exp": ("dynamic_temperature", "exponent"),
    "mirostat_lr": ("mirostat_2", "eta"),
    "mirostat_eta": ("mirostat_2", "eta"),
    "mirostat_ent": ("mirostat_2", "tau"),
    "mirostat_tau": ("mirostat_2", "tau"),
    "adaptive_target": ("adaptive_p", "target"),
    "adaptive_decay": ("adaptive_p", "decay"),
}
#: Stages that llama.cpp turns off by -1.
OFF_BELOW_ZERO = frozenset({"top_k", "top_n_sigma", "adaptive_p"})


def plain_name(written: str) -> str:
    """A name as llama.cpp's command line spells it (--top-k, top-k) with underscores."""
    return written.strip().lower().lstrip("-").replace("-", "_")


def place_of(name: str, beside: Collection[str] = ()) -> tuple[str, str] | None:
    """Stage and parameter of one of llama.cpp's numbers. None for any other name.

    beside: the stages that are given with it; the numbers of Mirostat are those of the version that was chosen.
    """
    found = PARAMETER_NAMES.get(name)
    if found is not None and found[0] == "mirostat_2" and "mirostat_1" in beside and "mirostat_2" not in beside:
        return "mirostat_1", found[1]
    return found


def other_names(stage: str) -> list[str]:
    """What llama.cpp calls a stage and its numbers."""
    numbers = [name for name, (of, _) in PARAMETER_NAMES.items() if of == stage]
    return list(dict.fromkeys([name for name, of in STAGE_NAMES.items() if of == stage] + numbers))
