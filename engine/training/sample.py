"""A few words from a model in training, and what it expects next, to see what it has learnt."""

import numpy as np
import torch

from engine.corpus.conversation import ChatFormat
from engine.decoder.cache import KeyValueCache
from engine.decoder.model import Decoder
from engine.records import Message, SamplingSettings
from engine.runs.events import PROBE_SEED, Probe, ProbeToken
from engine.sampling.chain import Chain
from engine.sampling.record import pick
from engine.sampling.registry import default_settings
from engine.tokenizer.vocabulary import StoredVocabulary

_TOP = 12


def prompt_ids(vocabulary: StoredVocabulary, prompt: str, chat: ChatFormat | None) -> list[int]:
    """Ids that a sample follows: the start of a text, or in a chat a user's message and the opening of the reply."""
    if chat is not None:
        return chat.asked([Message("user", prompt)])
    return [*([] if vocabulary.bos_id is None else [vocabulary.bos_id]), *vocabulary.encode(prompt)]


@torch.no_grad()
def sample_text(
    model: Decoder,
    vocabulary: StoredVocabulary,
    prompt: str,
    chat: ChatFormat | None = None,
    tokens: int = 60,
    temperature: float = 0.7,
    seed: int = 1,
) -> str:
    """Text drawn after a prompt, the prompt not included; the same for the same weights."""
    generator, device = torch.Generator().manual_seed(seed), model.lm_head.weight.device
    ids = prompt_ids(vocabulary, prompt, chat)
    cache = KeyValueCache(model.config, length=len(ids) + tokens, device=device)
    drawn: list[int] = []
    feed = torch.tensor([ids], device=device)
    for _ in range(tokens):
        logits = model(feed, cache, rows="last")[0, -1].float().cpu()  # (V,)
        next_id = int(torch.multinomial(torch.softmax(logits / temperature, -1), 1, generator=generator))
        if next_id in vocabulary.end_ids:
            break
        drawn.append(next_id)
        feed = torch.tensor([[next_id]], device=device)
    return vocabulary.decode(drawn).decode("utf-8", "replace")


@torch.no_grad()
def probe(
    model: Decoder,
    vocabulary: StoredVocabulary,
    prompt: str,
    chat: ChatFormat | None = None,
    step: int = 0,
    sampling: SamplingSettings | None = None,
) -> Probe:
    """What is expected after the prompt, and what this chain, by default llama.cpp's, draws there with the dart of PROBE_SEED."""
    device = model.lm_head.weight.device
    ids = prompt_ids(vocabulary, prompt, chat) or [
        vocabulary.eos_id or 0
    ]  # a vocabulary without a start has texts begin so
    logits = model(torch.tensor([ids], device=device), rows="last")[0, -1].float().cpu().numpy()  # (V,)
    record = pick(Chain(sampling or default_settings()), logits, ids, 0, PROBE_SEED, vocabulary.token)
    best = record.candidates
    probabilities = np.exp(best.logit_array().astype(np.float64) - record.log_sum_exp)
    top = zip(best.id_array()[:_TOP].tolist(), probabilities.tolist(), strict=False)
    tokens = tuple(ProbeToken(id, _text(vocabulary, id), probability) for id, probability in top)
    return Probe(step, prompt, record.entropy_bits, tokens, record, tuple(ids))


def _text(vocabulary: StoredVocabulary, id: int) -> str:
    piece = vocabulary.token(id).bytes
    try:
        return piece.decode()
    except UnicodeDecodeError:
        return "".join(f"<0x{byte:02X}>" for byte in piece)
