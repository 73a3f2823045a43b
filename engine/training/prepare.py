"""From a recipe and a data folder to a tokenizer and packed streams, inside the run's folder; what is done is not done again."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

from engine.corpus.packing import PackedStream, pack
from engine.corpus.readers import Document, corpus_files, read_documents
from engine.corpus.story_requests import story_request
from engine.errors import UserError
from engine.resources import resource_path
from engine.tokenizer.bpe import BytePairVocabulary, train_bpe
from engine.tokenizer.character import character_vocabulary
from engine.training.recipe import Recipe, Source

_SAMPLE_PIECE = 20_000  # characters of a document at a time: a long novel must not be the whole sample

Report = Callable[[str, int], None]


def prepare(recipe: Recipe, data: Path, run: Path, report: Report = lambda _what, _bytes: None) -> BytePairVocabulary:
    """Make ``tokenizer.json`` and ``data/NAME-*`` in the run's folder; report gets a source's name and the bytes read."""
    vocabulary = _vocabulary(recipe, data, run)
    for source in recipe.sources:
        target = run / "data" / source.name
        if target.with_name(f"{source.name}-validation.json").exists():
            stored = PackedStream(target.with_name(f"{source.name}-train")).info
            if stored.vocabulary_hash == vocabulary.hash:
                continue
        pack(source_documents(source, data), vocabulary, target, lambda done, name=source.name: report(name, done))  # type: ignore[misc]
    return vocabulary


def source_documents(source: Source, data: Path) -> Iterator[Document]:
    """The documents of a source, up to its limit. A source without files means the data path itself."""
    limit = source.limit_mb * 1e6 or float("inf")
    read = 0
    for name in source.files or ("",):
        # A name with @ is a text that comes with the program.
        for file in corpus_files(resource_path("texts", name[1:]) if name.startswith("@") else data / name):
            for document in read_documents(file):
                read += len(document.text) + sum(len(message.content) for message in document.messages)
                if read > limit:
                    return
                if source.shape == "story-requests":
                    document = Document(messages=story_request(document.text))
                    if not document.messages:
                        continue
                yield document


def _vocabulary(recipe: Recipe, data: Path, run: Path) -> BytePairVocabulary:
    own = run / "tokenizer.json"
    if own.exists():
        return BytePairVocabulary.load(own)
    if recipe.start_from:
        vocabulary = BytePairVocabulary.load(Path(recipe.start_from) / "tokenizer.json")
    elif recipe.tokenizer.kind == "characters":
        vocabulary = character_vocabulary(_sample(recipe, data, float("inf")))
    else:
        vocabulary = train_bpe(
            _sample(recipe, data, recipe.tokenizer.sample_mb * 1e6), recipe.tokenizer.vocabulary_size
        )
    run.mkdir(parents=True, exist_ok=True)
    vocabulary.save(own)
    return vocabulary


def _sample(recipe: Recipe, data: Path, size: float) -> Iterator[str]:
    """Pieces of every source, in the proportion of the weights, size characters in all."""
    total = sum(source.weight for source in recipe.sources)
    found = False
    for source in recipe.sources:
        left = size * source.weight / total
        for document in source_documents(source, data):
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
