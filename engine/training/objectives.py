"""What is minimised. An objective turns a batch into a loss; the loop does not know which one it runs."""

import torch.nn.functional as F
from torch import Tensor

from engine.decoder.model import Decoder
from engine.training.batches import IGNORED


def next_token_loss(model: Decoder, inputs: Tensor, targets: Tensor) -> Tensor:
    """Cross-entropy of the next token in nats, summed: maximum likelihood. inputs, targets (B, T); IGNORED targets do not count.

    Serves pretraining and instruction tuning alike: they differ in which targets are ignored. It is a sum, since the parts of
    an accumulated step may hold different numbers of targets: who calls divides by all of them.
    """
    hidden = model.hidden(inputs)  # (B, T, C)
    logits = model.lm_head(hidden).float()  # (B, T, V)
    return F.cross_entropy(
        logits.view(-1, logits.shape[-1]), targets.reshape(-1), ignore_index=IGNORED, reduction="sum"
    )
