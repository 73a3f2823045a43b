"""llama.cpp's own samplers as an oracle: one stage applied to given logits."""

import ctypes

import llama_cpp
import numpy as np


def apply_stage(sampler, logits, ids=None):
    """(ids, logits) that a llama.cpp sampler leaves, -inf entries dropped; the sampler is freed."""
    ids = range(len(logits)) if ids is None else ids
    array = (llama_cpp.llama_token_data * len(logits))()
    for place, (id, logit) in enumerate(zip(ids, logits, strict=True)):
        array[place].id, array[place].logit, array[place].p = int(id), float(logit), 0.0
    candidates = llama_cpp.llama_token_data_array(array, len(logits), -1, False)
    llama_cpp.llama_sampler_apply(sampler, ctypes.byref(candidates))
    result = [(candidates.data[i].id, candidates.data[i].logit) for i in range(candidates.size)]
    llama_cpp.llama_sampler_free(sampler)
    result = [(id, logit) for id, logit in result if logit != -np.inf]
    return [id for id, _ in result], np.array([logit for _, logit in result], dtype=np.float32)
