"""What counting alone achieves on a run's own texts: the line that its losses are held against."""

import math
from collections.abc import Iterator, Sequence

import numpy as np

from engine.corpus.packing import PackedStream
from engine.ngram.backoff import ngram_model
from engine.ngram.counts import count_ngrams
from engine.ngram.model import NgramModel
from engine.runs.events import Baseline
from engine.runs.recipe import NgramPlan, Recipe
from engine.tokenizer.vocabulary import Vocabulary
from engine.training.batches import IGNORED, Batches


def baseline(recipe: Recipe, batches: Batches, vocabulary: Vocabulary) -> Iterator[Baseline]:
    """The events of a run's baseline, as its recipe asks for it."""
    plan = recipe.baseline
    if plan.order:
        weights = [source.weight for source in recipe.sources]
        model, counted = count_streams(batches.streams, weights, plan, vocabulary.size)
        yield from held_out(model, counted, batches, recipe.evaluation_rows, vocabulary)


def count_streams(
    streams: Sequence[PackedStream], weights: Sequence[float], plan: NgramPlan, vocabulary_size: int
) -> tuple[NgramModel, int]:
    """A model from the beginning of each stream, as much of it as its weight asks for; and how many tokens were counted."""
    shares = [int(plan.tokens * weight / sum(weights)) for weight in weights]
    ids = np.concatenate([stream.ids[:share] for stream, share in zip(streams, shares, strict=True)])
    levels = count_ngrams(ids, plan.order, vocabulary_size, preceded=plan.smoothing == "kneser-ney")
    return ngram_model(levels, vocabulary_size, plan.smoothing), len(ids)


def held_out(model: NgramModel, tokens: int, batches: Batches, rows: int, vocabulary: Vocabulary) -> Iterator[Baseline]:
    """The loss of the counts on the rows that the run is measured on, each row by itself as there."""
    for name in batches.validation:
        total, count, size = 0.0, 0, 0
        for inputs, targets in batches.evaluation(name, rows):
            for before, after in zip(inputs, targets, strict=True):
                learnt = after != IGNORED
                # Of a target that is not learnt the id is gone from the targets, but not from the inputs.
                logarithms = model.log_probabilities(np.append(before, max(0, int(after[-1]))))[1:]
                total -= float(logarithms[learnt].sum())
                count += int(learnt.sum())
                size += sum(len(vocabulary.piece(int(id))) for id in after[learnt])
        if count and size:
            yield Baseline(name, model.order, tokens, total / count, total / math.log(2) / size)
