"""llama.cpp's own samplers as an oracle: one stage applied to given logits."""

import contextlib
import ctypes

import llama_cpp
import numpy as np

from engine.inference.llama_samplers import llama_sampler


def c_sampler(name, values, vocabulary_size, history=(), texts=None, vocabulary=None):
    """llama.cpp's sampler for a stage of ours, with the history accepted. vocabulary: llama.cpp's, for DRY."""
    sampler = llama_sampler(name, values, vocabulary_size, texts, vocabulary)
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
