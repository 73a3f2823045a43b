"""What a grammar engine is to the chain: a mask over tokens that moves on with each token that was put."""

from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

#: Which of the given ids may come next, bool (n,).
Allowed = Callable[[NDArray[np.int32]], NDArray[np.bool_]]


class NothingAllowedError(Exception):
    """No token of the vocabulary fits the grammar here: the reply is at its end."""


class Grammar(Protocol):
    """A grammar at one place of a reply."""

    def allowed(self, ids: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Which of the given tokens may come next, (n,)."""

    def accept(self, id: int) -> None:
        """The token was put; it must be one that is allowed."""
