"""What a run has told so far, as curves and lists: what is drawn of it."""

import msgspec

from engine.runs.events import (
    Baseline,
    CheckpointSaved,
    Evaluated,
    Failed,
    Prepared,
    Preparing,
    Probe,
    Sample,
    Started,
    StepDone,
    TrainingEvent,
)


class Curve(msgspec.Struct):
    """Values over the steps at which they were told, in order."""

    steps: list[int] = []
    values: list[float] = []

    def add(self, step: int, value: float) -> None:
        self.steps.append(step)
        self.values.append(value)

    def cut(self, step: int) -> None:
        """Forget what came after a step."""
        while self.steps and self.steps[-1] > step:
            self.steps.pop()
            self.values.pop()


class History:
    """Grows by add(). A run that goes on from a checkpoint takes back what it had told beyond it.

    loss, held_out in nats a token; bits in bits per byte; rate: learning rate as a share of its peak; norm: of the gradient;
    speed in tokens a second. held_out, bits and baseline are by source, probes and samples in the order told.
    """

    def __init__(self) -> None:
        self.loss, self.rate, self.norm, self.speed = Curve(), Curve(), Curve(), Curve()
        self.held_out: dict[str, Curve] = {}
        self.bits: dict[str, Curve] = {}
        self.baseline: dict[str, Baseline] = {}
        self.samples: list[Sample] = []
        self.probes: list[Probe] = []
        self.checkpoints: list[CheckpointSaved] = []
        self.started: Started | None = None
        self.preparing: Preparing | None = None
        self.prepared: dict[str, Prepared] = {}
        self.failed: Failed | None = None

    def add(self, event: TrainingEvent) -> None:
        match event:
            case Preparing():
                self.preparing = event
            case Prepared():
                self.prepared[event.source] = event
            case Started():
                self.started, self.failed = event, None
                self._cut(event.step)
            case StepDone():
                self.loss.add(event.step, event.loss)
                self.rate.add(event.step, event.learning_rate_factor)
                self.norm.add(event.step, event.gradient_norm)
                self.speed.add(event.step, event.tokens_per_s)
            case Evaluated():
                self.held_out.setdefault(event.source, Curve()).add(event.step, event.loss)
                self.bits.setdefault(event.source, Curve()).add(event.step, event.bits_per_byte)
            case Baseline():
                self.baseline[event.source] = event
            case Sample():
                self.samples.append(event)
            case Probe():
                self.probes.append(event)
            case CheckpointSaved():
                self.checkpoints.append(event)
            case Failed():
                self.failed = event
            case _:
                pass

    @property
    def nothing_held_out(self) -> bool:
        """Whether every source said that there is nothing to measure on."""
        return bool(self.prepared) and all(source.held_out == 0 for source in self.prepared.values())

    def prompts(self) -> list[str]:
        """The prompts that were probed, in the order of their first time."""
        return list(dict.fromkeys(probe.prompt for probe in self.probes))

    def probes_of(self, prompt: str) -> list[Probe]:
        return [probe for probe in self.probes if probe.prompt == prompt]

    def _cut(self, step: int) -> None:
        for curve in (self.loss, self.rate, self.norm, self.speed, *self.held_out.values(), *self.bits.values()):
            curve.cut(step)
        self.samples = [sample for sample in self.samples if sample.step <= step]
        self.probes = [probe for probe in self.probes if probe.step <= step]
        self.checkpoints = [saved for saved in self.checkpoints if saved.step <= step]
