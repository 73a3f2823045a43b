"""The one training loop: a generator of events over batches, objective, optimisers and checkpoints."""

import contextlib
import math
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from pathlib import Path
from typing import Any, Literal, get_args

import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.decoder.checkpoint import save_decoder
from engine.decoder.folder import best_checkpoint, newest_checkpoint
from engine.decoder.lora import AdapterConfig, save_adapter
from engine.decoder.model import Decoder
from engine.errors import UserError
from engine.runs.control import Command, heard
from engine.runs.events import (
    CheckpointSaved,
    Evaluated,
    Finished,
    Paused,
    Probe,
    Resumed,
    Sample,
    Started,
    StepDone,
    TrainingEvent,
)
from engine.runs.recipe import Recipe
from engine.sampling.recommended import recommended_chain
from engine.tokenizer.vocabulary import StoredVocabulary
from engine.training.checkpoint import Progress, mark_best, save_checkpoint
from engine.training.distributed import Ranks
from engine.training.objectives.objective import Objective, Rows
from engine.training.optimisers import Optimisers
from engine.training.sample import probe, sample_text
from engine.training.schedule import learning_rate_factor

_REPORT_EVERY_S = 2.0
_WAIT_S = 0.1
_SAID: tuple[Command | Literal["time"] | None, ...] = (None, *get_args(Command), "time")


class Loop:
    """A run in progress. events() runs it from where ``progress`` stands to its end; what it learns, the objective says.

    adapter: what learns is LoRA of this kind. ranks: the processes that share every batch; those that do not lead neither measure
    nor write.
    """

    def __init__(
        self,
        recipe: Recipe,
        run: Path,
        model: Decoder,
        optimisers: Optimisers,
        objective: Objective,
        vocabulary: StoredVocabulary,
        progress: Progress,
        stopped: Callable[[], bool] = lambda: False,
        adapter: AdapterConfig | None = None,
        ranks: Ranks | None = None,
    ) -> None:
        self.recipe, self.run, self.model, self.optimisers = recipe, run, model, optimisers
        self.objective, self.vocabulary, self.progress, self.stopped = objective, vocabulary, progress, stopped
        self._adapter = adapter
        self._device = next(model.parameters()).device
        self._ranks = ranks or Ranks()
        self._loss = self._ranks.loss(model, torch.compile(objective.loss) if recipe.compile else objective.loss)

    def events(self) -> Iterator[TrainingEvent]:
        """Train until the steps or the minutes are over, or stopped() turns true or somebody says so (engine.runs.control).

        A checkpoint is saved at the end, and whenever the held-out loss is the lowest so far.

        Raises UserError("loss-not-finite") with the last checkpoint kept when the loss is no number any more.
        """
        recipe, start = self.recipe, time.monotonic() - self.progress.seconds
        step = self.progress.step
        looked_at = saved_at = -1
        yield Started(self.model.config.parameter_count, step, recipe.steps, self._tokens_per_step)
        if step == 0 and self._ranks.leads:
            yield from self._probes(step)  # what is expected before anything was learnt
        window = _Window(step)
        last_saved = time.monotonic()
        why = "done"
        while step < recipe.steps:
            elapsed = time.monotonic() - start
            command = self._asked(bool(recipe.minutes) and elapsed > recipe.minutes * 60)
            if command == "pause":
                paused = time.monotonic()
                yield self._save()
                yield Paused(step)
                command = self._wait()
                yield Resumed(step)
                start += time.monotonic() - paused
                window = _Window(step)
            if command in ("stop", "time"):
                why = "stopped" if command == "stop" else "time"
                break
            if command == "save" or time.monotonic() - last_saved > recipe.checkpoint_minutes * 60:
                yield self._save()
                last_saved, saved_at = time.monotonic(), step
            factor = learning_rate_factor(recipe.schedule, step, recipe.steps, self._time_used(elapsed))
            window.add(*self._step(step, factor))
            step += 1
            self.progress = Progress(step, time.monotonic() - start)
            looks = bool(recipe.evaluate_every) and step % recipe.evaluate_every == 0
            if window.age_s > _REPORT_EVERY_S or looks or step == recipe.steps:
                yield window.report(step, recipe, factor, self._tokens_per_step, elapsed)
                window = _Window(step)
            if looks:
                loss = yield from self._look(step)
                looked_at = step
                if self._is_best(loss):
                    if saved_at != step:
                        yield self._save()
                        saved_at = step
                    mark_best(self.run, loss)
                window = _Window(step)
        # Saved before it is looked at: who stopped the run wants to be gone, and may kill it.
        if saved_at != step:
            yield self._save()
        if why != "stopped" and looked_at != step:
            loss = yield from self._look(step)
            if self._is_best(loss):
                mark_best(self.run, loss)
        yield Finished(step, why, self.progress.seconds)

    def _asked(self, over: bool = False) -> Command | Literal["time"] | None:
        """What all processes are to do now: the leader hears it, and looks at the clock."""
        said = None
        if self._ranks.leads:
            said = "stop" if self.stopped() else heard(self.run) or ("time" if over else None)
        return _SAID[self._ranks.agreed(_SAID.index(said))]

    def _time_used(self, elapsed_s: float) -> float:
        """The share of the recipe's minutes that is over, by the leader's clock; 0 where there is no limit."""
        minutes = self.recipe.minutes
        return self._ranks.agreed(int(1e6 * elapsed_s / (60 * minutes))) / 1e6 if minutes else 0.0

    def _wait(self) -> Command:
        """Until the run is to go on, or to end."""
        while True:
            command = self._asked()
            if command == "resume" or command == "stop":
                return command
            time.sleep(_WAIT_S)

    @property
    def _tokens_per_step(self) -> int:
        return self.recipe.batch * self.recipe.accumulate * self.recipe.block

    def _step(self, step: int, factor: float) -> tuple[float, int, float]:
        """One step of the optimisers: sum of the loss in nats, how many targets counted, norm of the gradient."""
        self.model.train()
        parts = [self.objective.rows(step, part) for part in range(self.recipe.accumulate)]
        counted = sum(map(self.objective.counted, parts))
        total = 0.0
        if self.recipe.dropout:  # drawn anew for each step, so that a resumed run draws what an unbroken one would
            torch.manual_seed(hash((self.recipe.seed, step, self._ranks.rank)))
        for rows in parts:
            with self._precision():
                loss = self._loss(*self._tensors(map(self._ranks.own, rows)))
            (loss / max(1, counted)).backward()  # type: ignore[no-untyped-call]
            total += float(loss.detach()) / self._ranks.size
        total = self._ranks.sum(total)
        norm = self.optimisers.step(factor)
        if not (math.isfinite(total) and math.isfinite(norm)):
            raise _not_finite(step, self.run)
        return total, counted, norm

    def _look(self, step: int) -> Generator[Evaluated | Probe | Sample, None, float]:
        """The held-out loss of every source, what the model expects after each prompt, and what it writes.

        Returns the loss of all sources together, in nats a token; nan where nothing is held out, or another process looks.
        """
        if not self._ranks.leads:
            return math.nan
        self.model.eval()
        whole = yield from self.objective.measure(step, self._score)
        yield from self._probes(step)
        for prompt in self.objective.prompts:
            yield Sample(step, prompt, sample_text(self.model, self.vocabulary, prompt, self.objective.chat))
        return whole

    def _score(self, rows: Rows) -> float:
        with torch.no_grad(), self._precision():
            return float(self.objective.loss(self.model, *self._tensors(rows)))

    def _is_best(self, loss: float) -> bool:
        """Whether the held-out loss is lower than all before: what is learnt by heart later does not cost the run its best."""
        best = best_checkpoint(self.run)
        return loss < (math.inf if best is None else best[1])

    def _probes(self, step: int) -> Iterator[Probe]:
        self.model.eval()
        for prompt in self.objective.prompts:
            sampling = recommended_chain(self.recipe.sampling)
            yield probe(self.model, self.vocabulary, prompt, self.objective.chat, step, sampling)

    def _save_weights(self, folder: Path) -> None:
        if self._adapter is None:
            save_decoder(self.model, folder)
        else:
            save_adapter(self.model, self._adapter, folder)

    def _save(self) -> CheckpointSaved:
        if not all(bool(parameter.isfinite().all()) for parameter in self.model.parameters()):
            raise _not_finite(self.progress.step, self.run)
        if not self._ranks.leads:
            return CheckpointSaved(self.progress.step, "")
        folder = save_checkpoint(self.run, self._save_weights, self.optimisers, self.progress)
        return CheckpointSaved(self.progress.step, str(folder))

    def _precision(self) -> contextlib.AbstractContextManager[object]:
        return torch.autocast(self._device.type, torch.bfloat16, enabled=self.recipe.precision == "bf16")

    def _tensors(self, rows: Iterable[NDArray[Any]]) -> list[Tensor]:
        return [torch.from_numpy(array).to(self._device) for array in rows]


def _not_finite(step: int, run: Path) -> UserError:
    return UserError(
        "loss-not-finite",
        f"The loss is no number any more at step {step}.",
        "Lower the learning rate and resume from the last checkpoint, which was kept."
        if newest_checkpoint(run) is not None
        else "Lower the learning rate and begin again.",
    )


class _Window:
    """What happened since the last report."""

    def __init__(self, step: int) -> None:
        self._first, self._start = step, time.monotonic()
        self._loss, self._counted, self._norm = 0.0, 0, 0.0

    def add(self, loss: float, counted: int, norm: float) -> None:
        self._loss, self._counted, self._norm = self._loss + loss, self._counted + counted, norm

    @property
    def age_s(self) -> float:
        return time.monotonic() - self._start

    def report(self, step: int, recipe: Recipe, factor: float, tokens_per_step: int, elapsed: float) -> StepDone:
        per_step = self.age_s / (step - self._first)
        eta = per_step * (recipe.steps - step)
        if recipe.minutes:
            eta = min(eta, max(0.0, recipe.minutes * 60 - elapsed))
        mean = self._loss / max(1, self._counted)
        return StepDone(step, recipe.steps, mean, factor, self._norm, tokens_per_step / per_step, eta)
