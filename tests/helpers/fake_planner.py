"""A worker that plans loads at once, from what a test says the machine has; it reads no file."""

import msgspec
from PySide6.QtCore import QTimer

from engine.records.loading import AUTO, Device, LoadPlan, LoadSettings, MachineMemory, MemoryEstimate, Prospect
from engine.worker.loading_messages import KeepLoading, LoadPlanned, PlanLoad
from engine.worker.protocol import Done, Failed

MB = 10**6
CARD = Device("CUDA0", "A card", "gpu", 8000 * MB, 10_000 * MB)
PROSPECT = Prospect(
    LoadPlan(
        LoadSettings(4096, 2, 0, 256, "f16"),
        MemoryEstimate(600 * MB, 300 * MB, 80 * MB, 20 * MB),
        MachineMemory(4000 * MB, 8000 * MB),
        "fits",
        25,
    )
)


class FakePlanner:
    """What the library worker does about loads: answers at once, or by answer(); ``kept`` is what it was told to keep.

    refuse: the next answer.
    """

    def __init__(self) -> None:
        self.prospect, self.at_once = PROSPECT, True
        self.kept: dict[str, LoadSettings] = {}
        self.refuse: Failed | None = None
        self.requests: list[PlanLoad | KeepLoading] = []
        self._waiting: dict[int, tuple] = {}

    def ask(self, make, on_event, on_failed=None) -> int:
        job = len(self.requests) + 1
        self.requests.append(make(job))
        self._waiting[job] = (self.requests[-1], on_event, on_failed)
        if self.at_once:
            QTimer.singleShot(0, self.answer)  # its number is known first
        return job

    def cancel(self, job: int) -> None:
        self._waiting.pop(job, None)

    def answer(self) -> None:
        """All that waits."""
        while self._waiting:
            job = next(iter(self._waiting))
            request, on_event, on_failed = self._waiting.pop(job)
            if self.refuse is not None:
                refused, self.refuse = self.refuse, None
                on_failed(msgspec.structs.replace(refused, job=job))
                continue
            if isinstance(request, KeepLoading):
                self.kept[request.path] = request.settings
            else:
                asked = request.settings if request.settings is not None else self.kept.get(request.path, AUTO)
                plan = self.prospect.plan
                plan = msgspec.structs.replace(plan, settings=asked.over(plan.settings))
                on_event(LoadPlanned(job, request.path, asked, msgspec.structs.replace(self.prospect, plan=plan)))
            on_event(Done(job))
