"""The bytes of tokens that no record names, asked of the loaded model and kept."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from app.workers.inference import InferenceWorker
from engine.worker.protocol import Failed, TokenList


class TokenNames(QObject):
    """``named`` with the bytes of tokens that were asked for, by id; nothing comes where no model is loaded."""

    named = Signal(object)  # dict[int, bytes]

    def __init__(self, worker: InferenceWorker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = worker
        self._vocabulary = ""
        self._known: dict[int, bytes] = {}
        self._awaited: set[int] = set()
        self._jobs: dict[int, tuple[int, ...]] = {}
        worker.tokenList.connect(self._on_list)
        worker.failed.connect(self._on_failed)

    def ask(self, ids: Sequence[int]) -> None:
        """Those that are known are named at once, the others as soon as the model has told; nothing is asked twice."""
        model = self._worker.model
        if model is None:
            return
        if model.vocabulary_hash != self._vocabulary:
            self._vocabulary, self._known = model.vocabulary_hash, {}
            self._jobs.clear()
            self._awaited.clear()
        known = {id: self._known[id] for id in ids if id in self._known}
        if known:
            self.named.emit(known)
        unknown = tuple(id for id in ids if id not in self._known and id not in self._awaited)
        if unknown:
            self._awaited.update(unknown)  # before the worker is asked: its signals may lead here again
            self._jobs[self._worker.name_tokens(unknown)] = unknown

    def get(self, id: int) -> bytes | None:
        """The bytes of a token that was asked for before, with the model that is loaded."""
        model = self._worker.model
        return self._known.get(id) if model is not None and model.vocabulary_hash == self._vocabulary else None

    def _on_list(self, event: TokenList) -> None:
        asked = self._jobs.pop(event.job, None)
        if asked is not None:
            told = {token.id: token.bytes for token in event.tokens}
            self._known.update(told)
            self._awaited.difference_update(asked)
            self.named.emit(told)

    def _on_failed(self, event: Failed) -> None:
        self._awaited.difference_update(self._jobs.pop(event.job, ()))
