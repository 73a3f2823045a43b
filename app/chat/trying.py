"""The exact answer to what moved sliders would have made of a reply: the model writes it once more, up to the first difference."""

import math

import msgspec
from PySide6.QtCore import QObject

from app.chat.replaying import Replaying
from app.chat.rerun import Change
from app.chat.retro import Found, Retro
from app.chat.shown import Problem
from app.storage.rows import MessageRow
from app.storage.thread import StorageThread
from app.workers.inference import InferenceWorker
from engine.records import Message, Token


class Trying(Replaying):
    """A replay with other sliders; what it finds goes to Retro. No version of it is kept."""

    def __init__(
        self, storage: StorageThread, worker: InferenceWorker, retro: Retro, parent: QObject | None = None
    ) -> None:
        super().__init__(storage, worker, parent)
        self._retro = retro
        self._asked: Found | None = None
        retro.changed.connect(self._look)
        self.changed.connect(self._settle)

    def compute(self, asked: Found, message: MessageRow, prompt: tuple[Message, ...]) -> None:
        """Find out what was only approximately found. The worker has its model and nothing else to do."""
        self._asked = asked
        self.start(message, prompt, asked.settings.sampling)

    def _look(self) -> None:
        """Another slider was moved: nobody waits for this answer any more."""
        found = self._retro.found
        asked = self._asked.asked if self.replay is not None and self._asked is not None else None
        if asked is not None and found is not None and found.asked != asked:
            self.dismiss()

    def _settle(self) -> None:
        found = self.replay.found if self.replay is not None else None
        if self.replay is None or found is None or self._asked is None:
            return
        first = found.first_difference
        if "model" in found.changed:
            text = self.tr(
                "Another model is loaded than the one that wrote this reply; with that one it can be computed."
            )
        elif first is None and not found.same:
            text = self.tr("The context was full before the end of the reply.")
        else:
            self._show(None)
            changes = () if first is None else (_change(first.position, first.now, first.now_logprob),)
            self._retro.settle(self._asked, changes)
            return
        self._show(msgspec.structs.replace(self.replay, found=None, problem=Problem(text)))


def _change(position: int, token: Token, logprob: float) -> Change:
    return Change(position, token.id, token.bytes, math.exp(logprob))
