"""The funnel of the selected token, kept up with the sliders on a thread of its own."""

from functools import partial

import msgspec
from PySide6.QtCore import QObject, Signal

from app.sampling.funnel import Funnel, funnel, solve_cut
from app.sampling.subject import Subject
from app.workers.latest import LatestRunner
from engine.records import SamplingSettings

Cut = tuple[str, int]  # a stage, and how many candidates it is to keep


class Answer(msgspec.Struct, frozen=True):
    """A funnel, the cut-off that was dragged, and the value - stage, parameter, number - to which it came."""

    funnel: Funnel
    cut: Cut | None = None
    moved: tuple[str, str, float] | None = None


class LiveFunnel(QObject):
    """``answered`` with an Answer for the newest question; questions that came too fast are left out."""

    answered = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = LatestRunner(self)
        self._runner.finished.connect(self._on_finished)
        self._runner.failed.connect(self._on_failed)
        self.subject: Subject | None = None

    def ask(self, sampling: SamplingSettings, cut: Cut | None = None) -> None:
        """Run this chain on the subject, after a cut-off was moved where it is to be."""
        if self.subject is not None:
            self._runner.ask(partial(answer, self.subject, sampling, cut))

    def _on_finished(self, found: Answer) -> None:
        # One about the token before is shown too: where tokens come faster than answers none would be shown else.
        if self.subject is not None:
            self.answered.emit(found)

    def _on_failed(self, error: Exception) -> None:
        raise error


def answer(subject: Subject, sampling: SamplingSettings, cut: Cut | None) -> Answer:
    """The funnel, with a cut-off moved first where one was dragged."""
    if cut is None:
        return Answer(funnel(subject, sampling))
    name, target = cut
    item = next(item for item in sampling.stages if item.name == name)
    found = solve_cut(item, funnel(subject, sampling).entering[name], target, subject)
    if found is None:
        return Answer(funnel(subject, sampling), cut)
    parameter, value = found
    stages = tuple(
        msgspec.structs.replace(other, values={**other.values, parameter: value}) if other is item else other
        for other in sampling.stages
    )
    return Answer(funnel(subject, SamplingSettings(stages, sampling.seed)), cut, (name, parameter, value))
