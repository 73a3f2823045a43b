"""How well a model predicts whole collections of texts and conversations: bits per byte, comparable across tokenizers."""

import math
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from engine.inference.language_model import LanguageModel
from engine.inference.prompt import PromptBuilder
from engine.inference.score import Score, score, total
from engine.records import Message


def evaluate(
    model: LanguageModel,
    texts: Iterable[str],
    conversations: Iterable[tuple[Message, ...]] = (),
    cancelled: Callable[[], bool] = lambda: False,
) -> tuple[Score, Score]:
    """Sums over all texts, and over the assistant's words in all conversations, each after what was said before it.

    Where a conversation is longer than the context, the turns that do not fit with their beginning are left out.
    """
    prose = Score(0, 0, 0.0)
    for text in texts:
        prose += total(list(score(model, text, candidates=0, cancelled=cancelled)))
    prompts = PromptBuilder(model.vocabulary, model.info.chat_template)
    chat = Score(0, 0, 0.0)
    for messages in conversations:
        for place, message in enumerate(messages):
            if message.role == "assistant" and message.content:
                chat += _reply(model, prompts, messages[: place + 1], cancelled)
    return prose, chat


def _reply(
    model: LanguageModel, prompts: PromptBuilder, messages: tuple[Message, ...], cancelled: Callable[[], bool]
) -> Score:
    prompt = prompts.build(messages)
    if len(prompt.ids) > model.context_length or not prompt.reply_ids:
        return Score(0, 0, 0.0)
    model.rewind(0)
    count = len(prompt.reply_ids)
    for _ in model.extend(prompt.ids[: -count - 1], cancelled=cancelled):
        pass
    bits, place = 0.0, 0
    for rows in model.extend(prompt.ids[-count - 1 : -1], rows="all", cancelled=cancelled):
        targets = np.array(prompt.reply_ids[place : place + len(rows)])
        bits += float(_surprisals(rows, targets).sum())
        place += len(rows)
    size = len(model.vocabulary.decode(prompt.reply_ids))
    return Score(count, size, bits)


def _surprisals(rows: NDArray[np.float32], targets: NDArray[np.int64]) -> NDArray[np.float64]:
    """-log2 p of each target (n,) in its row of logits (n, V)."""
    highest = rows.max(axis=1, keepdims=True)
    sums = np.log(np.exp(rows - highest, dtype=np.float64).sum(axis=1)) + highest[:, 0]
    bits: NDArray[np.float64] = (sums - rows[np.arange(len(rows)), targets]) / math.log(2)
    return bits


def score_rows(
    model: LanguageModel,
    rows: Iterable[tuple[Sequence[int], Sequence[int]]],
    cancelled: Callable[[], bool] = lambda: False,
) -> Score:
    """Sums over rows of ids that are cut already, as a training holds them out: inputs and targets, both (T,), each row by itself.

    A target below zero is not scored.
    """
    found = Score(0, 0, 0.0)
    for inputs, targets in rows:
        model.rewind(0)
        place = 0
        for logits in model.extend(list(inputs), rows="all", cancelled=cancelled):
            aims = np.asarray(targets[place : place + len(logits)], dtype=np.int64)
            place += len(logits)
            learnt = aims >= 0
            size = sum(len(model.vocabulary.piece(id)) for id in aims[learnt].tolist())
            bits = float(_surprisals(logits[learnt], aims[learnt]).sum()) if learnt.any() else 0.0
            found += Score(int(learnt.sum()), size, bits)
    return found
