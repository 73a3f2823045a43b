"""A few words from a model in training, and what it expects next, to see what it has learnt."""

import math

import torch

from engine.corpus.conversation import ChatFormat
from engine.decoder.cache import KeyValueCache
from engine.decoder.model import Decoder
from engine.records import Message
from engine.runs.events import ProbeToken
from engine.tokenizer.bpe import BytePairVocabulary


def prompt_ids(vocabulary: BytePairVocabulary, prompt: str, chat: ChatFormat | None) -> list[int]:
    """Ids that a sample follows: the start of a text, or in a chat a user's message and the opening of the reply."""
    if chat is not None:
        return chat.asked([Message("user", prompt)])
    return [*([] if vocabulary.bos_id is None else [vocabulary.bos_id]), *vocabulary.encode(prompt)]


@torch.no_grad()
def sample_text(
    model: Decoder,
    vocabulary: BytePairVocabulary,
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
    model: Decoder, vocabulary: BytePairVocabulary, prompt: str, chat: ChatFormat | None = None, count: int = 12
) -> tuple[float, tuple[ProbeToken, ...]]:
    """Entropy in bits of the distribution after the prompt, and its likeliest tokens, ties by id."""
    device = model.lm_head.weight.device
    ids = prompt_ids(vocabulary, prompt, chat) or [
        vocabulary.eos_id or 0
    ]  # a vocabulary without a start has texts begin so
    logits = model(torch.tensor([ids], device=device), rows="last")[0, -1].double().cpu()  # (V,)
    logarithms = torch.log_softmax(logits, -1)
    probabilities = logarithms.exp()
    entropy = -float((probabilities * logarithms.clamp_min(-1e30)).sum()) / math.log(2)
    order = torch.argsort(logits, descending=True, stable=True)[:count].tolist()
    return entropy, tuple(ProbeToken(id, _text(vocabulary, id), float(probabilities[id])) for id in order)


def _text(vocabulary: BytePairVocabulary, id: int) -> str:
    piece = vocabulary.token(id).bytes
    try:
        return piece.decode()
    except UnicodeDecodeError:
        return "".join(f"<0x{byte:02X}>" for byte in piece)
