"""Several processes that train one model together, each on a part of every batch, as torchrun starts them.

torch's DistributedDataParallel averages the gradients; here is what it leaves open: who may write, and that all do the same.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
import torch.distributed as dist
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from engine.decoder.model import Decoder
from engine.errors import UserError

Loss = Callable[..., Tensor]  # of a model and the rows of a batch


class Ranks:
    """The processes of a run, of which this is number ``rank`` of ``size``; alone, everything is as without them."""

    def __init__(self) -> None:
        self.size, self.rank = int(os.environ.get("WORLD_SIZE", "1")), int(os.environ.get("RANK", "0"))

    @property
    def leads(self) -> bool:
        """Whether this process writes files, measures, and hears commands."""
        return self.rank == 0

    @contextmanager
    def joined(self) -> Iterator[None]:
        """Be connected with the others."""
        if self.size == 1:
            yield
            return
        cuda = torch.cuda.is_available()
        if cuda:
            torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", "0")))
        dist.init_process_group("nccl" if cuda else "gloo")
        try:
            yield
        finally:
            dist.destroy_process_group()

    def wait(self) -> None:
        """Until all have come here."""
        if self.size > 1:
            dist.barrier()

    def agreed(self, number: int) -> int:
        """What the leader says; the others' number does not count."""
        if self.size == 1:
            return number
        said = torch.tensor([number])
        dist.broadcast(said, 0)
        return int(said)

    def sum(self, value: float) -> float:
        """The sum over all processes."""
        if self.size == 1:
            return value
        total = torch.tensor([value], dtype=torch.float64)
        dist.all_reduce(total)
        return float(total)

    def own(self, rows: NDArray) -> NDArray:  # type: ignore[type-arg]
        """The rows (B, ...) of a batch that are this process's."""
        return rows[self.rank :: self.size]

    def check_batch(self, batch: int) -> None:
        """Raise UserError where some process would have nothing to do."""
        if batch < self.size:
            raise UserError(
                "ranks-batch",
                f"A batch of {batch} rows cannot be shared by {self.size} processes.",
                "Set a larger batch, or start fewer processes.",
            )

    def loss(self, model: Decoder, loss: Loss) -> Callable[..., Tensor]:
        """The loss as a function of rows, its gradients summed over the processes."""
        module = _LossModule(model, loss)
        if self.size == 1:
            return module
        shared = DistributedDataParallel(module)
        # It averages the gradients, and the loss is a sum.
        return lambda *rows: shared(*rows) * self.size


class _LossModule(nn.Module):
    def __init__(self, model: Decoder, loss: Loss) -> None:
        super().__init__()
        self.model, self._loss = model, loss

    def forward(self, *rows: Tensor) -> Tensor:
        return self._loss(self.model, *rows)
