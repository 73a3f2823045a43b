"""The evaluation of one token after another, while the record of the last one is made and handed on."""

import threading
from queue import SimpleQueue
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.inference.language_model import LanguageModel


class Evaluation(Protocol):
    """start(id), then row(), in turns; between the two the model must be left alone."""

    def start(self, id: int) -> None: ...

    def row(self) -> NDArray[np.float32]:
        """The logits (V,) after the token that was started, valid until the next call of row()."""

    def close(self) -> None:
        """Wait for what is under way. Afterwards the model may be used again."""


def evaluation(model: LanguageModel) -> Evaluation:
    """Ahead where that helps: where the threads of the model are as many as the cores, they would wait for each other."""
    return Ahead(model) if model.leaves_cores_free else InTurn(model)


class InTurn:
    """Evaluates a token when its row is asked for."""

    def __init__(self, model: LanguageModel) -> None:
        self._model = model
        self._id = -1

    def start(self, id: int) -> None:
        self._id = id

    def row(self) -> NDArray[np.float32]:
        return _one(self._model, self._id)

    def close(self) -> None:
        """Nothing is under way."""


class Ahead:
    """Evaluates a token in a thread of its own as soon as it is known."""

    def __init__(self, model: LanguageModel) -> None:
        self._model = model
        self._wanted: SimpleQueue[int | None] = SimpleQueue()
        self._done: SimpleQueue[NDArray[np.float32] | BaseException] = SimpleQueue()
        self._row = np.empty(0, dtype=np.float32)
        self._thread = threading.Thread(target=self._run, name="evaluation", daemon=True)
        self._thread.start()

    def start(self, id: int) -> None:
        self._wanted.put(id)

    def row(self) -> NDArray[np.float32]:
        result = self._done.get()
        if isinstance(result, BaseException):
            raise result
        # The model's own row is gone as soon as the next token is started.
        if len(self._row) != len(result):
            self._row = np.empty_like(result)
        np.copyto(self._row, result)
        return self._row

    def close(self) -> None:
        self._wanted.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (id := self._wanted.get()) is not None:
            try:
                self._done.put(_one(self._model, id))
            except BaseException as error:  # handed to the caller
                self._done.put(error)


def _one(model: LanguageModel, id: int) -> NDArray[np.float32]:
    row: NDArray[np.float32]
    for rows in model.extend([id]):
        row = rows[0]
    return row
