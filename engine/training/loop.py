"""The one training loop: a generator of events over batches, objective, optimisers and checkpoints."""

import contextlib
import math
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.decoder.model import Decoder
from engine.errors import UserError
from engine.tokenizer.bpe import BytePairVocabulary
from engine.training.batches import IGNORED, Batches
from engine.training.checkpoint import Progress, save_checkpoint
from engine.training.events import CheckpointSaved, Evaluated, Finished, Sample, Started, StepDone, TrainingEvent
from engine.training.objectives import next_token_loss, token_losses
from engine.training.optimisers import Optimisers
from engine.training.recipe import Recipe
from engine.training.sample import sample_text
from engine.training.schedule import learning_rate_factor

_REPORT_EVERY_S = 2.0


class Loop:
    """A run in progress. events() runs it from where ``progress`` stands to its end."""

    def __init__(
        self,
        recipe: Recipe,
        run: Path,
        model: Decoder,
        optimisers: Optimisers,
        batches: Batches,
        vocabulary: BytePairVocabulary,
        progress: Progress,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self.recipe, self.run, self.model, self.optimisers = recipe, run, model, optimisers
        self.batches, self.vocabulary, self.progress, self.stopped = batches, vocabulary, progress, stopped
        self._loss = torch.compile(next_token_loss) if recipe.compile else next_token_loss

    def events(self) -> Iterator[TrainingEvent]:
        """Train until the steps or the minutes are over, or stopped() turns true; a checkpoint is saved at the end.

        Raises UserError("loss-not-finite") with the last checkpoint kept when the loss is no number any more.
        """
        recipe, start = self.recipe, time.monotonic()
        seconds_before, step = self.progress.seconds, self.progress.step
        yield Started(self.model.config.parameter_count, step, recipe.steps, self._tokens_per_step)
        window = _Window(step)
        last_saved = start
        why = "done"
        while step < recipe.steps:
            elapsed = seconds_before + time.monotonic() - start
            if self.stopped():
                why = "stopped"
                break
            if recipe.minutes and elapsed > recipe.minutes * 60:
                why = "time"
                break
            factor = learning_rate_factor(recipe.schedule, step, recipe.steps)
            loss, norm = self._step(step, factor)
            step += 1
            self.progress = Progress(step, seconds_before + time.monotonic() - start)
            window.add(loss, norm)
            if window.age_s > _REPORT_EVERY_S or step == recipe.steps:
                yield window.report(step, recipe, factor, self._tokens_per_step, elapsed)
                window = _Window(step)
            if recipe.evaluate_every and step % recipe.evaluate_every == 0:
                yield from self._evaluate(step)
                yield from self._samples(step)
                window = _Window(step)
            if time.monotonic() - last_saved > recipe.checkpoint_minutes * 60:
                yield self._save()
                last_saved = time.monotonic()
        yield from self._evaluate(step)
        yield self._save()
        yield Finished(step, why, self.progress.seconds)

    @property
    def _tokens_per_step(self) -> int:
        return self.recipe.batch * self.recipe.accumulate * self.recipe.block

    def _step(self, step: int, factor: float) -> tuple[float, float]:
        self.model.train()
        total = 0.0
        for part in range(self.recipe.accumulate):
            inputs, targets = map(_tensor, self.batches.training(step, part))
            with self._precision():
                loss = self._loss(self.model, inputs, targets) / self.recipe.accumulate
            loss.backward()  # type: ignore[no-untyped-call]
            total += float(loss.detach())
        if not math.isfinite(total):
            raise UserError(
                "loss-not-finite",
                f"The loss is no number any more at step {step}.",
                "Lower the learning rate and resume from the last checkpoint, which was kept.",
            )
        return total, self.optimisers.step(factor)

    def _evaluate(self, step: int) -> Iterator[Evaluated]:
        self.model.eval()
        for name, stream in self.batches.validation.items():
            total, count, tokens = 0.0, 0, 0
            for inputs, targets in self.batches.evaluation(name, self.recipe.evaluation_rows):
                with self._precision():
                    loss, counted = token_losses(self.model, _tensor(inputs), _tensor(targets))
                total, count, tokens = total + loss, count + counted, tokens + int((targets != IGNORED).size)
            if count:
                bytes_per_token = stream.info.bytes / stream.info.tokens
                yield Evaluated(step, name, total / count, total / count / math.log(2) / bytes_per_token)

    def _samples(self, step: int) -> Iterator[Sample]:
        self.model.eval()
        for prompt in self.recipe.sample_prompts:
            yield Sample(step, prompt, sample_text(self.model, self.vocabulary, prompt))

    def _save(self) -> CheckpointSaved:
        folder = save_checkpoint(self.run, self.model, self.optimisers, self.progress, self.run / "tokenizer.json")
        return CheckpointSaved(self.progress.step, str(folder))

    def _precision(self) -> contextlib.AbstractContextManager[object]:
        return torch.autocast("cpu", torch.bfloat16, enabled=self.recipe.precision == "bf16")


class _Window:
    """What happened since the last report."""

    def __init__(self, step: int) -> None:
        self._first, self._start = step, time.monotonic()
        self._losses: list[float] = []
        self._norm = 0.0

    def add(self, loss: float, norm: float) -> None:
        self._losses.append(loss)
        self._norm = norm

    @property
    def age_s(self) -> float:
        return time.monotonic() - self._start

    def report(self, step: int, recipe: Recipe, factor: float, tokens_per_step: int, elapsed: float) -> StepDone:
        per_step = self.age_s / (step - self._first)
        eta = per_step * (recipe.steps - step)
        if recipe.minutes:
            eta = min(eta, recipe.minutes * 60 - elapsed)
        mean = sum(self._losses) / len(self._losses)
        return StepDone(step, recipe.steps, mean, factor, self._norm, tokens_per_step / per_step, eta)


def _tensor(array: NDArray[np.int64]) -> Tensor:
    return torch.from_numpy(array)
