"""llama.cpp's own samplers for a chain of ours: to measure against, and to compare with."""

import ctypes
from collections.abc import Callable, Mapping
from typing import Any

import llama_cpp

from engine.records import SamplingSettings
from engine.sampling.registry import stage

_LOOKED_AT = 100  # mirostat 1
_ALL = 1_000_000  # tokens; "all of them" has no number of its own here
SEED = 1


def llama_sampler(
    name: str,
    given: Mapping[str, float],
    vocabulary_size: int,
    texts: Mapping[str, str] | None = None,
    vocabulary: Any = None,
) -> Any:
    """The sampler that does what a stage of ours does. vocabulary is llama.cpp's pointer, which DRY needs."""
    spec = stage(name)
    v, written = spec.values(given), spec.text_values(texts or {})
    if name == "logit_bias":
        biases = (llama_cpp.llama_logit_bias * max(1, len(v)))()
        for place, (id, bias) in enumerate(v.items()):
            biases[place].token, biases[place].bias = int(id), bias
        return llama_cpp.llama_sampler_init_logit_bias(vocabulary_size, len(v), biases)
    if name == "dry":
        breakers = [line.replace("\\n", "\n").encode() for line in written["breakers"].split("\n") if line]
        array = (ctypes.c_char_p * max(1, len(breakers)))(*breakers)
        last_n, allowed = _last_n(v), int(v["allowed"])
        return llama_cpp.llama_sampler_init_dry(
            vocabulary, v["multiplier"], v["base"], allowed, last_n, array, len(breakers)
        )
    make: dict[str, Callable[[], Any]] = {
        "penalties": lambda: llama_cpp.llama_sampler_init_penalties(
            vocabulary_size, _last_n(v), v["repeat"], v["frequency"], v["presence"]
        ),
        "top_n_sigma": lambda: llama_cpp.llama_sampler_init_top_n_sigma(v["n"]),
        "top_k": lambda: llama_cpp.llama_sampler_init_top_k(int(v["k"])),
        "typical": lambda: llama_cpp.llama_sampler_init_typical(v["p"], 1),
        "top_p": lambda: llama_cpp.llama_sampler_init_top_p(v["p"], 1),
        "min_p": lambda: llama_cpp.llama_sampler_init_min_p(v["p"], 1),
        "xtc": lambda: llama_cpp.llama_sampler_init_xtc(v["probability"], v["threshold"], 1, SEED),
        "temperature": lambda: llama_cpp.llama_sampler_init_temp(v["temperature"]),
        "dynamic_temperature": lambda: llama_cpp.llama_sampler_init_temp_ext(
            v["temperature"], v["range"], v["exponent"]
        ),
        "mirostat_1": lambda: llama_cpp.llama_sampler_init_mirostat(
            vocabulary_size, SEED, v["tau"], v["eta"], _LOOKED_AT
        ),
        "mirostat_2": lambda: llama_cpp.llama_sampler_init_mirostat_v2(SEED, v["tau"], v["eta"]),
        "adaptive_p": lambda: llama_cpp.llama_sampler_init_adaptive_p(v["target"], v["decay"], SEED),
    }
    return make[name]()


def llama_chain(settings: SamplingSettings, vocabulary_size: int, vocabulary: Any) -> Any:
    """The stages that are on, in their order, and llama.cpp's draw."""
    chain = llama_cpp.llama_sampler_chain_init(llama_cpp.llama_sampler_chain_default_params())
    for item in settings.stages:
        if item.enabled:
            made = llama_sampler(item.name, item.values, vocabulary_size, item.texts, vocabulary)
            llama_cpp.llama_sampler_chain_add(chain, made)
    llama_cpp.llama_sampler_chain_add(chain, llama_cpp.llama_sampler_init_dist(SEED))
    return chain


def _last_n(values: Mapping[str, float]) -> int:
    return _ALL if values["last_n"] < 0 else int(values["last_n"])
