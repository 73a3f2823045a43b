"""An n-gram model on disk: ``ngram.json``, ``ngram.npz`` and ``tokenizer.json`` in a folder."""

import itertools
import zipfile
from pathlib import Path
from typing import BinaryIO, cast

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.errors import UserError
from engine.ngram.backoff import ngram_model
from engine.ngram.counts import Level, Smoothing
from engine.ngram.model import NgramModel
from engine.tokenizer.stored import read_vocabulary
from engine.tokenizer.vocabulary import StoredVocabulary

CONFIG, _COUNTS, _TOKENIZER = "ngram.json", "ngram.npz", "tokenizer.json"


class NgramConfig(msgspec.Struct, frozen=True):
    """tokens: how many were counted."""

    order: int
    vocabulary_size: int
    tokens: int
    smoothing: Smoothing = "kneser-ney"


def save_ngram(
    folder: Path, model: NgramModel, vocabulary: StoredVocabulary, tokens: int, smoothing: Smoothing = "kneser-ney"
) -> None:
    """Write the folder; ``ngram.json`` comes last, so a folder that has it is whole."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / CONFIG).unlink(missing_ok=True)
    arrays = {}
    for n, level in enumerate(model.levels, start=1):
        arrays[f"keys{n}"], arrays[f"counts{n}"] = level.keys, level.counts
    with (folder / _COUNTS).open("wb") as file:
        np.savez(cast(BinaryIO, file), **arrays)  # type: ignore[arg-type]
    vocabulary.save(folder / _TOKENIZER)
    config = NgramConfig(model.order, model.vocabulary_size, tokens, smoothing)
    (folder / CONFIG).write_bytes(msgspec.json.format(msgspec.json.encode(config)))


def load_ngram(folder: Path) -> tuple[NgramModel, StoredVocabulary, NgramConfig]:
    """The model, its tokens and its figures. Raises UserError for files that are missing or damaged."""
    try:
        config = msgspec.json.decode((folder / CONFIG).read_bytes(), type=NgramConfig)
        with np.load(folder / _COUNTS, allow_pickle=False) as arrays:
            levels = [_level(arrays[f"keys{n}"], arrays[f"counts{n}"]) for n in range(1, config.order + 1)]
        if len(levels[0].keys) != config.vocabulary_size:
            raise ValueError("another vocabulary")
        for before, level in itertools.pairwise(levels):
            if len(level.keys) and not 0 <= level.keys[0] <= level.keys[-1] < len(before.keys) * config.vocabulary_size:
                raise ValueError("n-grams of which the beginning is missing")
    except (OSError, ValueError, KeyError, IndexError, EOFError, zipfile.BadZipFile, msgspec.MsgspecError) as error:
        raise UserError(
            "ngram-folder", f"The n-gram model in {folder} is damaged.", "Count the texts again.", str(error)
        ) from error
    model = ngram_model(levels, config.vocabulary_size, config.smoothing)
    return model, read_vocabulary(folder / _TOKENIZER), config


def _level(keys: NDArray[np.int64], counts: NDArray[np.int64]) -> Level:
    if keys.ndim != 1 or keys.shape != counts.shape or not keys.dtype == counts.dtype == np.int64:
        raise ValueError("arrays of another shape")
    if (counts < 0).any() or (np.diff(keys) <= 0).any():
        raise ValueError("keys that are not in order")
    return Level(keys, counts)
