"""A look at what a training would do, before it is begun: its texts, how they are tokenised, how fast it runs here."""

import itertools
import sys
import time
from pathlib import Path

import msgspec
import torch

from engine.corpus.cleaning import Cleaner
from engine.corpus.conversation import ChatFormat
from engine.corpus.document import Document
from engine.decoder.load import open_decoder, open_tokenizer
from engine.decoder.lora import add_lora
from engine.decoder.model import Decoder
from engine.runs.recipe import Recipe
from engine.tokenizer.bpe import train_bpe
from engine.tokenizer.character import character_vocabulary
from engine.tokenizer.vocabulary import StoredVocabulary
from engine.training.chat_format import chat_format
from engine.training.device import choose_device
from engine.training.objectives.next_token import next_token_loss
from engine.training.optimisers import Optimisers
from engine.training.sources import source_documents

_READ_S = 4.0
_SAMPLE = 1_000_000  # characters that the tokenizer is tried on
_SHOWN_DOCUMENTS, _SHOWN_TOKENS = 5, 80


class ShownDocument(msgspec.Struct, frozen=True):
    """The beginning of a document as tokens; learnt: for each whether it is a target. Half characters are <0xNN>."""

    tokens: tuple[str, ...]
    learnt: tuple[bool, ...]
    conversation: bool


class DataPreview(msgspec.Struct, frozen=True, tag=True):
    """Counts of what was read; whole: that was everything. tokens is exact for what was tried, else in proportion.

    no_answers: the plan learns from answers, and there are none. duplicates and junk were left out of the other counts, and so were
    the files of folders in unread, which could not be read, or not to their end.
    """

    documents: int
    conversations: int
    characters: int
    tokens: int
    vocabulary_size: int
    whole: bool
    no_answers: bool
    duplicates: int
    junk: int
    shown: tuple[ShownDocument, ...]
    unread: tuple[str, ...] = ()


class SpeedPreview(msgspec.Struct, frozen=True, tag=True):
    """Measured on this machine: tokens a second, and the most memory that the process took, 0 where it cannot be told."""

    parameters: int
    trained: int
    tokens_per_s: float
    memory_bytes: int
    device: str


def preview_data(recipe: Recipe, data: Path) -> DataPreview:
    """Read the recipe's texts for a few seconds. Raises UserError for data that cannot be read."""
    end = time.monotonic() + _READ_S
    documents, conversations, characters, kept, whole = 0, 0, 0, [], True
    size, cleaner = 0, Cleaner()
    for document in itertools.chain.from_iterable(
        source_documents(source, data, cleaner=cleaner) for source in recipe.sources
    ):
        if time.monotonic() > end:
            whole = False
            break
        length = _length(document)
        documents, characters = documents + 1, characters + length
        conversations += bool(document.messages)
        if size < _SAMPLE:
            kept.append(document if document.messages else Document(document.text[: _SAMPLE - size]))
            size += _length(kept[-1])
    vocabulary = _vocabulary(recipe, kept)
    conversations_as = chat_format(vocabulary)
    tokens = sum(len(_encoded(vocabulary, conversations_as, document)[0]) for document in kept)
    answers = conversations > 0 or recipe.objective == "pretraining"
    return DataPreview(
        documents,
        conversations,
        characters,
        tokens if size >= characters else round(tokens * characters / max(1, size)),
        vocabulary.size,
        whole,
        documents > 0 and not answers,
        cleaner.duplicates,
        cleaner.junk,
        tuple(_shown(vocabulary, conversations_as, document) for document in kept[:_SHOWN_DOCUMENTS]),
        tuple(cleaner.unread),
    )


def preview_speed(recipe: Recipe, seconds: float) -> SpeedPreview:
    """Train on random tokens for some seconds. Raises UserError for a shape or a model that cannot be."""
    recipe.check_shape()
    if recipe.start_from:
        model = open_decoder(Path(recipe.start_from))
    else:
        model = Decoder(recipe.decoder_config(recipe.tokenizer.vocabulary_size))
        model.initialise(recipe.seed)
    recipe.check_context(model.config)
    device = choose_device(recipe.device)
    if recipe.lora is not None:
        add_lora(model, recipe.lora, recipe.seed)
    model.to(device)
    model.recompute = recipe.recompute
    optimisers = Optimisers(model, recipe.optimiser)
    trained = sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)
    generator = torch.Generator().manual_seed(1)
    done, start = 0, time.monotonic()
    while True:
        ids = torch.randint(model.config.vocabulary_size, (recipe.batch, recipe.block + 1), generator=generator)
        ids = ids.to(device)
        with torch.autocast(device.type, torch.bfloat16, enabled=recipe.precision == "bf16"):
            loss = next_token_loss(model, ids[:, :-1], ids[:, 1:])
        (loss / ids[:, 1:].numel()).backward()  # type: ignore[no-untyped-call]
        optimisers.step(1e-6)
        done += 1
        if done == 1:
            first, start = time.monotonic() - start, time.monotonic()  # the first one sets everything up
            if first > seconds:
                break
        elif time.monotonic() - start > seconds:
            break
    spent, counted = (first, 1) if done == 1 else (time.monotonic() - start, done - 1)
    tokens = counted * recipe.batch * recipe.block
    return SpeedPreview(model.config.parameter_count, trained, tokens / spent, _peak_memory(device), device.type)


def _vocabulary(recipe: Recipe, documents: list[Document]) -> StoredVocabulary:
    if recipe.start_from:
        return open_tokenizer(Path(recipe.start_from))
    texts = [text for document in documents for text in _texts(document)]
    if recipe.tokenizer.kind == "characters":
        return character_vocabulary(texts)
    return train_bpe(texts, recipe.tokenizer.vocabulary_size)


def _encoded(vocabulary: StoredVocabulary, chat: ChatFormat, document: Document) -> tuple[list[int], list[bool]]:
    if document.messages:
        return chat.encode(document.messages)
    ids = vocabulary.encode(document.text)
    return ids, [True] * len(ids)


def _shown(vocabulary: StoredVocabulary, chat: ChatFormat, document: Document) -> ShownDocument:
    short = document if document.messages else Document(document.text[: 12 * _SHOWN_TOKENS])
    ids, learnt = _encoded(vocabulary, chat, short)
    names = tuple(_visible(vocabulary.token(id).bytes) for id in ids[:_SHOWN_TOKENS])
    return ShownDocument(names, tuple(learnt[:_SHOWN_TOKENS]), bool(document.messages))


def _visible(piece: bytes) -> str:
    try:
        return piece.decode()
    except UnicodeDecodeError:
        return "".join(f"<0x{byte:02X}>" for byte in piece)


def _texts(document: Document) -> list[str]:
    return [document.text] if document.text else [message.content for message in document.messages]


def _length(document: Document) -> int:
    return sum(map(len, _texts(document)))


def _peak_memory(device: torch.device) -> int:
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    if sys.platform == "win32":  # which has no such count
        return 0
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024  # bytes there, kilobytes here
