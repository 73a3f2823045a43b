"""Maximum likelihood of the next token: of every one in pretraining, of the assistant's in instruction tuning."""

import math
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import numpy as np
import torch.nn.functional as F
from torch import Tensor

from engine.decoder.model import Decoder
from engine.runs.events import Baseline, Evaluated
from engine.runs.recipe import Recipe
from engine.tokenizer.vocabulary import StoredVocabulary
from engine.training.baseline import baseline
from engine.training.batches import IGNORED, Batches
from engine.training.chat_format import sample_format
from engine.training.objectives.objective import Rows


def next_token_loss(model: Decoder, inputs: Tensor, targets: Tensor) -> Tensor:
    """Cross-entropy of the next token in nats, summed. inputs, targets (B, T); IGNORED targets do not count.

    It is a sum, since the parts of an accumulated step may hold different numbers of targets: who calls divides by all of them.
    """
    hidden = model.hidden(inputs)  # (B, T, C)
    logits = model.lm_head(hidden).float()  # (B, T, V)
    return F.cross_entropy(
        logits.view(-1, logits.shape[-1]), targets.reshape(-1), ignore_index=IGNORED, reduction="sum"
    )


class NextToken:
    """An Objective. Pretraining and instruction tuning differ in which targets are ignored, and in how a sample is asked for."""

    loss = staticmethod(next_token_loss)

    def __init__(self, recipe: Recipe, run: Path, vocabulary: StoredVocabulary, batches: Batches | None = None) -> None:
        answers = recipe.objective == "instruction"
        self._recipe, self._vocabulary = recipe, vocabulary
        self._batches = batches or Batches(recipe, run)
        self._piece_bytes = np.array([len(vocabulary.piece(id)) for id in range(vocabulary.size)])
        self.chat = sample_format(vocabulary) if answers else None
        self.prompts = recipe.sample_prompts or ("Hello." if answers else "",)

    def rows(self, step: int, part: int) -> Rows:
        return self._batches.training(step, part)

    def counted(self, rows: Rows) -> int:
        return int((rows[1] != IGNORED).sum())

    def measure(self, step: int, score: Callable[[Rows], float]) -> Generator[Evaluated, None, float]:
        whole, learnt_tokens = 0.0, 0
        for name in self._batches.validation:
            total, count, size = 0.0, 0, 0
            for inputs, targets in self._batches.evaluation(name, self._recipe.evaluation_rows):
                total += score((inputs, targets))
                learnt = targets[targets != IGNORED]
                count, size = count + learnt.size, size + int(self._piece_bytes[learnt].sum())
            if count and size:
                yield Evaluated(step, name, total / count, total / math.log(2) / size)
            whole, learnt_tokens = whole + total, learnt_tokens + count
        return whole / learnt_tokens if learnt_tokens else math.nan

    def baseline(self) -> Iterator[Baseline]:
        return baseline(self._recipe, self._batches, self._vocabulary)
