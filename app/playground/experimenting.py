"""An experiment under way: its questions to the model, and the answers by panel."""

from typing import Literal

from PySide6.QtCore import QObject, Signal

from app.playground.experiments import Experiment
from app.workers.inference import InferenceWorker
from engine.records import Token, TokenRecord
from engine.worker.protocol import Done, Failed, TokenList, Tokens

Vocabulary = Literal["model", "characters", "bytes", "file"]
CUTS: tuple[Vocabulary, ...] = ("model", "characters", "bytes")


class Experimenting(QObject):
    """``changed`` when it began, when an answer came, and when it ended."""

    changed = Signal()
    failed = Signal(object)  # Failed

    def __init__(self, worker: InferenceWorker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = worker
        self._jobs: dict[int, list[int]] = {}  # job -> the panels that it answers, in order
        self.experiment: Experiment | None = None
        self.text = ""
        self.records: dict[int, TokenRecord] = {}
        self.cuts: dict[int, tuple[Token, ...]] = {}
        self.file = ""  # a model whose vocabulary is looked at beside the three
        worker.tokens.connect(self._on_tokens)
        worker.tokenList.connect(self._on_cut)
        worker.done.connect(self._on_end)
        worker.failed.connect(self._on_end)

    @property
    def running(self) -> bool:
        return bool(self._jobs)

    def run(self, experiment: Experiment, text: str, seed: int) -> None:
        """Begin; an experiment that still runs is given up. text: what stands before the panels that have no text of their own."""
        self.stop()
        self.experiment, self.text, self.records, self.cuts = experiment, text, {}, {}
        if experiment.kind == "cuts":
            for place, vocabulary in enumerate((*CUTS, "file") if self.file else CUTS):
                self._jobs[self._worker.tokenize(text, vocabulary, self.file if vocabulary == "file" else "")] = [place]
        else:
            by_text: dict[str, list[int]] = {}
            for place, panel in enumerate(experiment.panels):
                by_text.setdefault(panel.text or text, []).append(place)
            for before, places in by_text.items():
                settings = tuple(experiment.panels[place].settings for place in places)
                self._jobs[self._worker.next_token(before, settings, seed)] = list(places)
        self.changed.emit()

    def stop(self) -> None:
        jobs, self._jobs = self._jobs, {}
        for job in jobs:
            self._worker.cancel(job)
        if jobs:
            self.changed.emit()

    def _on_tokens(self, event: Tokens) -> None:
        waiting = self._jobs.get(event.job)
        if waiting is not None:
            for record in event.records:
                self.records[waiting.pop(0)] = record
            self.changed.emit()

    def _on_cut(self, event: TokenList) -> None:
        if event.job in self._jobs:
            self.cuts[self._jobs[event.job][0]] = event.tokens
            self.changed.emit()

    def _on_end(self, event: Done | Failed) -> None:
        if self._jobs.pop(event.job, None) is None:
            return
        if isinstance(event, Failed) and event.code not in ("cancelled", "crashed"):
            self.failed.emit(event)
        self.changed.emit()
