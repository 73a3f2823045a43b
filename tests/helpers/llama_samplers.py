"""llama.cpp's own samplers as an oracle: one stage applied to given logits."""

import contextlib
import ctypes

import llama_cpp
import numpy as np

from engine.sampling.registry import stage

SEED = 1
_ALL = 1_000_000  # "all tokens before": this version of llama.cpp wants a number


def c_sampler(name, values, vocabulary_size, history=(), texts=None, vocabulary=None):
    """llama.cpp's sampler for a stage of ours, with the history accepted. vocabulary: llama.cpp's, for DRY."""
    spec = stage(name)
    v, texts = spec.values(values), spec.text_values(texts or {})
    if name == "logit_bias":
        biases = (llama_cpp.llama_logit_bias * max(1, len(v)))()
        for place, (id, bias) in enumerate(v.items()):
            biases[place].token, biases[place].bias = int(id), bias
        return llama_cpp.llama_sampler_init_logit_bias(vocabulary_size, len(v), biases)
    if name == "penalties":
        last_n = len(history) if v["last_n"] < 0 else int(v["last_n"])
        sampler = llama_cpp.llama_sampler_init_penalties(
            vocabulary_size, last_n, v["repeat"], v["frequency"], v["presence"]
        )
    elif name == "dry":
        last_n = _ALL if v["last_n"] < 0 else int(v["last_n"])
        breakers = [line.replace("\\n", "\n").encode() for line in texts["breakers"].split("\n") if line]
        array = (ctypes.c_char_p * max(1, len(breakers)))(*breakers)
        sampler = llama_cpp.llama_sampler_init_dry(
            vocabulary, v["multiplier"], v["base"], int(v["allowed"]), last_n, array, len(breakers)
        )
    else:
        make = {
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
            "mirostat_1": lambda: llama_cpp.llama_sampler_init_mirostat(vocabulary_size, SEED, v["tau"], v["eta"], 100),
            "mirostat_2": lambda: llama_cpp.llama_sampler_init_mirostat_v2(SEED, v["tau"], v["eta"]),
            "adaptive_p": lambda: llama_cpp.llama_sampler_init_adaptive_p(v["target"], v["decay"], SEED),
        }
        sampler = make[name]()
    for id in history:
        llama_cpp.llama_sampler_accept(sampler, int(id))
    return sampler


def apply_sampler(sampler, logits, ids=None):
    """(ids, logits, the id that it selected or None) that a llama.cpp sampler leaves, -inf entries dropped."""
    ids = np.arange(len(logits)) if ids is None else ids
    array = (llama_cpp.llama_token_data * len(logits))()
    view = np.frombuffer(array, dtype=[("id", "<i4"), ("logit", "<f4"), ("p", "<f4")])
    view["id"], view["logit"] = ids, logits
    candidates = llama_cpp.llama_token_data_array(array, len(logits), -1, False)
    llama_cpp.llama_sampler_apply(sampler, ctypes.byref(candidates))
    # A sampler may have moved the pointer.
    moved = (ctypes.addressof(candidates.data.contents) - ctypes.addressof(array)) // view.itemsize
    left = view[moved : moved + candidates.size]
    selected = int(left["id"][candidates.selected]) if candidates.selected >= 0 else None
    left = left[left["logit"] > -np.inf]
    return left["id"].tolist(), left["logit"].copy(), selected


def apply_stage(sampler, logits, ids=None):
    """(ids, logits) that a llama.cpp sampler leaves, -inf entries dropped; the sampler is freed."""
    ids, logits, _ = apply_sampler(sampler, logits, ids)
    llama_cpp.llama_sampler_free(sampler)
    return ids, logits


@contextlib.contextmanager
def c_vocabulary(path):
    """llama.cpp's vocabulary of a GGUF file."""
    llama_cpp.llama_backend_init()
    params = llama_cpp.llama_model_default_params()
    params.vocab_only = True
    model = llama_cpp.llama_model_load_from_file(str(path).encode(), params)
    try:
        yield llama_cpp.llama_model_get_vocab(model)
    finally:
        llama_cpp.llama_model_free(model)
