"""What the records cost: our loop with full records against llama.cpp's own decode and sampler chain, in pairs."""

import gc
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager

import llama_cpp

from engine.errors import UserError
from engine.inference.generate import generate
from engine.inference.language_model import LanguageModel
from engine.inference.llama_cpp import LlamaCppModel
from engine.inference.prompt import Prompt
from engine.records import GenerationSettings, ReplySummary, SamplingSettings
from engine.sampling.registry import default_settings

_PROMPT_TOKENS = 128


def bench_generation(model: LanguageModel, tokens: int, rounds: int) -> dict[str, float]:
    """Medians over pairs of runs that alternate; a ratio of 1 means that a record costs nothing.

    ratio_to_llama_cpp: our tokens/s over theirs; prompt_ratio: the same for reading a prompt.
    """
    if not isinstance(model, LlamaCppModel):
        raise UserError("bench", "Only models that run in llama.cpp can be compared with it.", "Name a GGUF file.")
    ids = [1 + place % (min(model.vocabulary.size, 200) - 1) for place in range(_PROMPT_TOKENS)]
    ours, theirs, prompt_ratios = [], [], []
    _ours(model, ids, 16)
    _theirs(model, ids, 16)
    for round in range(rounds):
        pair = {}
        for name in ("ours", "theirs") if round % 2 == 0 else ("theirs", "ours"):
            pair[name] = _ours(model, ids, tokens) if name == "ours" else _theirs(model, ids, tokens)
        ours.append(pair["ours"][1])
        theirs.append(pair["theirs"][1])
        prompt_ratios.append(pair["theirs"][0] / pair["ours"][0])
    return {
        "ratio_to_llama_cpp": statistics.median(a / b for a, b in zip(ours, theirs, strict=True)),
        "tokens_per_s": statistics.median(ours),
        "reference_tokens_per_s": statistics.median(theirs),
        "prompt_ratio": statistics.median(prompt_ratios),
    }


def _ours(model: LlamaCppModel, ids: list[int], tokens: int) -> tuple[float, float]:
    """Seconds for the prompt, tokens/s, by generate() with 64 candidates a token."""
    model.rewind(0)
    settings = GenerationSettings(sampling=SamplingSettings(default_settings().stages, 1), max_tokens=tokens)
    reply: ReplySummary | None = None
    with _no_end(model):
        for event in generate(model, Prompt(ids), settings):
            if isinstance(event, ReplySummary):
                reply = event
    if reply is None:
        raise RuntimeError("generation ended without a summary")
    return reply.timing.prompt_s, reply.timing.tokens_per_s


def _theirs(model: LlamaCppModel, ids: list[int], tokens: int) -> tuple[float, float]:
    """The same with nothing but llama.cpp: decode, its chain with the same stages, accept."""
    model.rewind(0)
    sampler = llama_cpp.llama_sampler_chain_init(llama_cpp.llama_sampler_chain_default_params())
    # Penalties do nothing by default, so neither side runs them.
    for stage in (
        llama_cpp.llama_sampler_init_top_k(40),
        llama_cpp.llama_sampler_init_top_p(0.95, 1),
        llama_cpp.llama_sampler_init_min_p(0.05, 1),
        llama_cpp.llama_sampler_init_temp(0.8),
        llama_cpp.llama_sampler_init_dist(1),
    ):
        llama_cpp.llama_sampler_chain_add(sampler, stage)
    start = time.perf_counter()
    for _ in model.extend(ids):
        pass
    prompt_s = time.perf_counter() - start
    batch = llama_cpp.llama_batch_init(1, 0, 1)
    batch.n_tokens, batch.n_seq_id[0], batch.seq_id[0][0], batch.logits[0] = 1, 1, 0, 1
    context, position = model.context, len(ids)
    start = time.perf_counter()
    for _ in range(tokens):
        id = llama_cpp.llama_sampler_sample(sampler, context, -1)
        batch.token[0], batch.pos[0] = id, position
        llama_cpp.llama_decode(context, batch)
        position += 1
    seconds = time.perf_counter() - start
    llama_cpp.llama_batch_free(batch)
    llama_cpp.llama_sampler_free(sampler)
    llama_cpp.llama_memory_seq_rm(llama_cpp.llama_get_memory(context), 0, len(ids), -1)
    return prompt_s, tokens / seconds


@contextmanager
def _no_end(model: LlamaCppModel) -> Iterator[None]:
    """End tokens do not end a measured reply, on either side."""
    ends = model.vocabulary.end_ids
    model.vocabulary.end_ids = frozenset()
    gc.collect()
    try:
        yield
    finally:
        model.vocabulary.end_ids = ends
