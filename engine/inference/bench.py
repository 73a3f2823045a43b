"""What the records cost: our loop with full records against llama.cpp's own decode and sampler chain, in pairs."""

import gc
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import llama_cpp

from engine.errors import UserError
from engine.inference.generate import Prefilled, generate
from engine.inference.language_model import LanguageModel
from engine.inference.llama_cpp import LlamaCppModel
from engine.inference.llama_samplers import llama_chain
from engine.inference.prompt import Prompt
from engine.records import GenerationSettings, SamplingSettings
from engine.sampling.registry import default_settings

_PROMPT_TOKENS = 128


def bench_generation(
    model: LanguageModel, tokens: int, rounds: int, sampling: SamplingSettings | None = None
) -> dict[str, float]:
    """Medians over pairs of runs of ``tokens`` each, one after the other; a ratio of 1 means that a record costs nothing.

    sampling: the chain, on both sides; llama.cpp's defaults without it.

    ratio_to_llama_cpp: our tokens/s over theirs; prompt_ratio: the same for reading a prompt.
    """
    if not isinstance(model, LlamaCppModel):
        raise UserError("bench", "Only models that run in llama.cpp can be compared with it.", "Name a GGUF file.")
    ids = [1 + place % (min(model.vocabulary.size, 200) - 1) for place in range(_PROMPT_TOKENS)]
    room = model.context_length - len(ids) - 1
    if room < 1:
        raise UserError("bench", "The model's context is too short for a measurement.", "Load it with a longer one.")
    tokens = min(tokens, room)
    settings = GenerationSettings(
        sampling=SamplingSettings((sampling or default_settings()).stages, 1), max_tokens=tokens
    )
    with _no_end(model):
        prompts = _pairs(lambda: _our_prompt(model, ids), lambda: _their_prompt(model, ids), 1 + rounds // 4)
        _our_prompt(model, ids)
        replies = _pairs(lambda: _our_reply(model, ids, settings), lambda: _their_reply(model, ids, settings), rounds)
    return {
        "ratio_to_llama_cpp": statistics.median(theirs / ours for ours, theirs in replies),
        "tokens_per_s": tokens / statistics.median(ours for ours, _ in replies),
        "reference_tokens_per_s": tokens / statistics.median(theirs for _, theirs in replies),
        "prompt_ratio": statistics.median(theirs / ours for ours, theirs in prompts),
    }


def _pairs(ours: Callable[[], float], theirs: Callable[[], float], rounds: int) -> list[tuple[float, float]]:
    """(our seconds, their seconds) of each round; who goes first alternates. The first round only warms up."""
    pairs = []
    for place in range(rounds + 1):
        if place % 2:
            first = ours()
            pairs.append((first, theirs()))
        else:
            first = theirs()
            pairs.append((ours(), first))
    return pairs[1:]


def _our_prompt(model: LlamaCppModel, ids: list[int]) -> float:
    """Seconds until generate() has read the prompt."""
    model.rewind(0)
    start = time.perf_counter()
    for event in generate(model, Prompt(ids), GenerationSettings(max_tokens=1)):
        if isinstance(event, Prefilled):
            return time.perf_counter() - start
    raise RuntimeError("generation ended before the prompt was read")


def _their_prompt(model: LlamaCppModel, ids: list[int]) -> float:
    """The same with nothing but llama_decode."""
    model.rewind(0)
    batch = llama_cpp.llama_batch_init(len(ids), 0, 1)
    start = time.perf_counter()
    batch.n_tokens = len(ids)
    for place, id in enumerate(ids):
        batch.token[place], batch.pos[place], batch.logits[place] = id, place, place == len(ids) - 1
        batch.n_seq_id[place], batch.seq_id[place][0] = 1, 0
    llama_cpp.llama_decode(model.context, batch)
    llama_cpp.llama_get_logits_ith(model.context, -1)
    seconds = time.perf_counter() - start
    llama_cpp.llama_batch_free(batch)
    _forget(model, 0)
    return seconds


def _our_reply(model: LlamaCppModel, ids: list[int], settings: GenerationSettings) -> float:
    """Seconds for a reply by generate(), with the 64 candidates that a record keeps."""
    start = 0.0
    for event in generate(model, Prompt(ids), settings):
        if isinstance(event, Prefilled):
            start = time.perf_counter()
    return time.perf_counter() - start


def _their_reply(model: LlamaCppModel, ids: list[int], settings: GenerationSettings) -> float:
    """The same with nothing but llama.cpp: its chain with the same stages, which also accepts the token, and llama_decode."""
    model.rewind(len(ids) - 1)
    sampler = llama_chain(settings.sampling, model.vocabulary.size, model.vocabulary.pointer)
    tokens = settings.max_tokens
    # As ours, their stages know the prompt.
    for id in ids:
        llama_cpp.llama_sampler_accept(sampler, id)
    batch = llama_cpp.llama_batch_init(1, 0, 1)
    batch.n_tokens, batch.n_seq_id[0], batch.seq_id[0][0], batch.logits[0] = 1, 1, 0, 1
    id, position, context = ids[-1], len(ids) - 1, model.context
    batch.token[0], batch.pos[0] = id, position
    llama_cpp.llama_decode(context, batch)
    start = time.perf_counter()
    for place in range(tokens):
        id = llama_cpp.llama_sampler_sample(sampler, context, -1)
        if place < tokens - 1:  # as in ours, nobody wants to know what comes after the last
            position += 1
            batch.token[0], batch.pos[0] = id, position
            llama_cpp.llama_decode(context, batch)
    seconds = time.perf_counter() - start
    llama_cpp.llama_batch_free(batch)
    llama_cpp.llama_sampler_free(sampler)
    _forget(model, len(ids) - 1)
    return seconds


def _forget(model: LlamaCppModel, length: int) -> None:
    """Take what was decoded behind the model's back out of its cache again."""
    llama_cpp.llama_memory_seq_rm(llama_cpp.llama_get_memory(model.context), 0, length, -1)


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
