"""The one interface behind which every model stands."""

from collections.abc import Callable, Iterator, Sequence
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from engine.errors import UserError
from engine.records import ModelInfo
from engine.tokenizer.vocabulary import Vocabulary


class LanguageModel(Protocol):
    """A model with one sequence that can be extended and rewound.

    llama.cpp, the in-house decoder and an n-gram model implement it; generation, scoring and every view use only this.
    Not safe for use by several threads at once.
    """

    @property
    def info(self) -> ModelInfo: ...

    @property
    def vocabulary(self) -> Vocabulary: ...

    @property
    def context_length(self) -> int:
        """Tokens that the sequence can hold."""

    @property
    def ids(self) -> Sequence[int]:
        """The tokens that are evaluated at this moment."""

    @property
    def leaves_cores_free(self) -> bool:
        """Whether evaluating one token occupies so few cores that work beside it costs nothing."""

    def extend(
        self,
        ids: Sequence[int],
        rows: Literal["last", "all"] = "last",
        cancelled: Callable[[], bool] | None = None,
    ) -> Iterator[NDArray[np.float32]]:
        """Evaluate ids after the present sequence, a bounded chunk at a time, and yield logits.

        rows "last" yields (0, V) for every chunk but the last, which yields (1, V): the iteration is the progress.
        rows "all" yields (n, V) for each chunk of n tokens; row i predicts the token after ids[i].
        A yielded array is only valid until the next step. When cancelled() turns true between chunks, raises Cancelled; the
        sequence then holds what was evaluated. Raises UserError("context-full") when ids do not fit.
        """

    def rewind(self, length: int) -> int:
        """Keep the first ``length`` tokens; returns the length really reached, which may be shorter (hybrid models)."""

    def close(self) -> None:
        """Free the memory; the object cannot be used afterwards."""


def check_room(model: LanguageModel, more: int) -> None:
    """Raise UserError("context-full") where ``more`` tokens do not fit after those that are evaluated."""
    needed = len(model.ids) + more
    if needed > model.context_length:
        raise UserError(
            "context-full",
            f"The context holds {model.context_length:,} tokens and {needed:,} would be needed.",
            "Start a new conversation, or load the model with a longer context.",
        )
