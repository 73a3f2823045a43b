"""What the loop asks of an objective."""

from collections.abc import Callable, Generator, Iterator
from typing import Any, Protocol

from numpy.typing import NDArray
from torch import Tensor

from engine.corpus.conversation import ChatFormat
from engine.runs.events import Baseline, Evaluated

#: Arrays of one batch, each with B rows: what they mean is between an objective's rows() and its loss().
Rows = tuple[NDArray[Any], ...]


class Objective(Protocol):
    """What a run minimises, on what, and how it is measured. The loop hands rows() to loss() and knows nothing of either."""

    @property
    def loss(self) -> Callable[..., Tensor]:
        """loss(model, *rows): a sum, so that parts of a step can be added. A plain function, which torch.compile may take."""

    @property
    def chat(self) -> ChatFormat | None:
        """How samples and probes are asked for; None where they go on from a text."""

    @property
    def prompts(self) -> tuple[str, ...]:
        """What samples and probes follow."""

    def rows(self, step: int, part: int) -> Rows:
        """One part of an accumulated step, a function of its arguments alone: a resumed run draws what an unbroken one would."""

    def counted(self, rows: Rows) -> int:
        """What the sum of the loss is divided by: targets, pairs."""

    def measure(self, step: int, score: Callable[[Rows], float]) -> Generator[Evaluated, None, float]:
        """The loss on what was held out, of each source; score gives the sum of some rows. Returns the mean of all, nan of none."""

    def baseline(self) -> Iterator[Baseline]:
        """What the losses are held against."""
