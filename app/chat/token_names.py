"""The bytes of tokens that no record names, asked of the loaded model and kept."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from app.workers.inference import InferenceWorker
from engine.worker.protocol import TokenList


class TokenNames(QObject):
    """``named`` with the bytes of all tokens that were asked for, by id; nothing comes where no model is loaded."""

    named = Signal(object)  # dict[int, bytes]

    def __init__(self, worker: InferenceWorker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = worker
        self._vocabulary = ""
        self._known: dict[int, bytes] = {}
        self._jobs: dict[int, tuple[int, ...]] = {}
        worker.tokenList.connect(self._on_list)
        worker.failed.connect(lambda event: self._jobs.pop(event.job, None))

    def ask(self, ids: Sequence[int]) -> None:
        model = self._worker.model
        if model is None:
            return
        if model.vocabulary_hash != self._vocabulary:
            self._vocabulary, self._known = model.vocabulary_hash, {}
            self._jobs.clear()
        unknown = tuple(id for id in ids if id not in self._known)
        if unknown:
            self._jobs[self._worker.name_tokens(unknown)] = tuple(ids)
        else:
            self.named.emit({id: self._known[id] for id in ids})

    def get(self, id: int) -> bytes | None:
        """The bytes of a token that was asked for before, with the model that is loaded."""
        model = self._worker.model
        return self._known.get(id) if model is not None and model.vocabulary_hash == self._vocabulary else None

    def _on_list(self, event: TokenList) -> None:
        asked = self._jobs.pop(event.job, None)
        if asked is not None:
            self._known.update((token.id, token.bytes) for token in event.tokens)
            self.named.emit({id: self._known[id] for id in asked if id in self._known})
