"""From a recipe and a data folder to a tokenizer and packed streams, inside the run's folder."""

import functools
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

from engine.corpus.cleaning import Cleaner
from engine.corpus.packing import is_packed, pack
from engine.decoder.load import open_tokenizer
from engine.decoder.tokenizer_files import TOKENIZER, load_tokenizer, save_tokenizer
from engine.errors import UserError
from engine.runs.events import Prepared, Preparing
from engine.runs.recipe import Recipe
from engine.tokenizer.bpe import train_bpe
from engine.tokenizer.character import character_vocabulary
from engine.tokenizer.vocabulary import StoredVocabulary
from engine.training.chat_format import chat_format
from engine.training.sources import Check, source_documents

_SAMPLE_PIECE = 20_000  # characters of a document at a time: a long novel must not be the whole sample

Report = Callable[[Preparing | Prepared], None]


def prepare(
    recipe: Recipe,
    data: Path,
    run: Path,
    report: Report = lambda _: None,
    check: Check = lambda: None,
    anew: bool = True,
) -> StoredVocabulary:
    """Make ``tokenizer.json`` and ``data/NAME-*`` in the run's folder; report hears how far each source is, and what it held.

    With anew False, what is there already is kept: a run that is resumed does not need its texts any more.
    """
    if anew or not (run / TOKENIZER).exists():
        save_tokenizer(_vocabulary(recipe, data, check), run)
    vocabulary = load_tokenizer(run)
    conversations = chat_format(vocabulary)
    for source in recipe.sources:
        target = run / "data" / source.name
        if not anew and is_packed(target, vocabulary):
            continue
        found = Cleaner()
        documents = source_documents(source, data, check, found)
        progress = functools.partial(_told, report, source.name)
        _, held_out = pack(documents, vocabulary, conversations, target, progress)
        counts = found.documents, found.bytes, found.duplicates, found.junk
        report(Prepared(source.name, *counts, found.fingerprint, held_out.documents, tuple(found.unread)))
    return vocabulary


def _told(report: Report, source: str, done: int) -> None:
    report(Preparing(source, done))


def _vocabulary(recipe: Recipe, data: Path, check: Check) -> StoredVocabulary:
    if recipe.start_from:
        return open_tokenizer(Path(recipe.start_from))
    if recipe.tokenizer.kind == "characters":
        return character_vocabulary(_sample(recipe, data, float("inf"), check))
    plan = recipe.tokenizer
    return train_bpe(_sample(recipe, data, plan.sample_mb * 1e6, check), plan.vocabulary_size)


def _sample(recipe: Recipe, data: Path, size: float, check: Check) -> Iterator[str]:
    """Pieces of every source, in the proportion of the weights, size characters in all."""
    total = sum(source.weight for source in recipe.sources)
    found = False
    for source in recipe.sources:
        left = size * source.weight / total
        for document in source_documents(source, data, check):
            texts = [document.text] if document.text else [message.content for message in document.messages]
            for text in itertools.chain.from_iterable(_pieces(text, size) for text in texts):
                found = True
                yield text
                left -= len(text)
            if left <= 0:
                break
    if not found:
        raise UserError("corpus-empty", "There is no text to learn from.", "Give files that hold some text.")


def _pieces(text: str, size: float) -> Iterator[str]:
    """The text itself where everything is wanted, else its first piece."""
    if size == float("inf"):
        yield text
    else:
        yield text[: _SAMPLE_PIECE * 5]
