"""The loss, its gradient over accumulated parts, and where bf16 comes in."""

import math
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from engine.decoder.config import DecoderConfig
from engine.decoder.model import Decoder
from engine.runs.recipe import Recipe, Source
from engine.training.batches import IGNORED
from engine.training.checkpoint import Progress
from engine.training.loop import Loop
from engine.training.objectives.next_token import NextToken, next_token_loss
from engine.training.optimisers import Optimisers
from tests.helpers.small_models import small_vocabulary

VOCABULARY, BLOCK = small_vocabulary().size, 8


class FixedLogits:
    """A model whose hidden states are its logits."""

    def __init__(self, logits: torch.Tensor) -> None:
        self._logits = logits

    def hidden(self, inputs: torch.Tensor) -> torch.Tensor:
        return self._logits

    @staticmethod
    def lm_head(hidden: torch.Tensor) -> torch.Tensor:
        return hidden


def test_worked_by_hand():
    # Three positions, logits as logarithms of 1:2:5, 1:1:2 and whatever; the third target does not count.
    logits = torch.tensor([[[1.0, 2.0, 5.0], [1.0, 1.0, 2.0], [9.0, 1.0, 1.0]]]).log()
    loss = next_token_loss(FixedLogits(logits), torch.zeros(1, 3, dtype=torch.long), torch.tensor([[2, 0, IGNORED]]))
    assert float(loss) == pytest.approx(math.log(8 / 5) + math.log(4))


def test_nothing_to_learn_costs_nothing_and_moves_nothing():
    model = small()
    inputs = torch.zeros(2, BLOCK, dtype=torch.long)
    loss = next_token_loss(model, inputs, torch.full((2, BLOCK), IGNORED))
    loss.backward()
    assert float(loss.detach()) == 0.0
    assert all(parameter.grad is None or not parameter.grad.any() for parameter in model.parameters())


def test_against_log_softmax_at_the_target():
    model = small()
    inputs, targets = torch.randint(VOCABULARY, (2, 3, BLOCK), generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        expected = sum(
            -math.log(torch.softmax(model(row[None].clone())[0, place].double(), -1)[wanted])
            for row, wants in zip(inputs, targets, strict=True)
            for place, wanted in enumerate(wants)
        )
        assert float(next_token_loss(model, inputs, targets)) == pytest.approx(expected, rel=1e-5)


def small(seed: int = 0) -> Decoder:
    model = Decoder(DecoderConfig(VOCABULARY, d_model=16, n_layers=2, n_heads=2, d_ff=32, context_length=BLOCK))
    model.initialise(seed)
    return model


class Parts:
    """Stands for Batches: the given rows, cut into parts."""

    def __init__(self, inputs: np.ndarray, targets: np.ndarray, parts: int) -> None:
        self._parts = list(zip(np.split(inputs, parts), np.split(targets, parts), strict=True))
        self.validation: dict[str, SimpleNamespace] = {}

    def training(self, step: int, part: int) -> tuple[np.ndarray, np.ndarray]:
        return self._parts[part]


def one_step(parts: int, inputs: np.ndarray, targets: np.ndarray, precision: str = "float32"):
    """Loss, number of targets, norm of the gradient and the gradients of a step in so many parts."""
    recipe = Recipe("x", "X", (Source("x"),), accumulate=parts, precision=precision, threads=1)
    model = small()
    optimisers = Optimisers(model, recipe.optimiser)
    gradients: dict[str, torch.Tensor] = {}

    def keep(factor: float) -> float:
        gradients.update({name: p.grad.clone() for name, p in model.named_parameters() if p.grad is not None})
        return 1.0

    optimisers.step = keep  # type: ignore[method-assign]
    objective = NextToken(recipe, Path(), small_vocabulary(), Parts(inputs, targets, parts))  # type: ignore[arg-type]
    loop = Loop(recipe, Path(), model, optimisers, objective, small_vocabulary(), Progress(0, 0.0))
    return *loop._step(0, 1.0), gradients


@pytest.fixture(scope="module")
def rows():
    """Four rows; the assistant's tokens are unevenly spread over them: 8, 3, 1 and none."""
    random = np.random.default_rng(0)
    inputs, targets = random.integers(VOCABULARY, size=(2, 4, BLOCK))
    for row, learnt in enumerate((8, 3, 1, 0)):
        targets[row, learnt:] = IGNORED
    return inputs, targets


@pytest.mark.parametrize("parts", [2, 4])
def test_accumulation_equals_one_big_batch(rows, parts):
    """Also where the parts hold different numbers of learnt tokens: a mean of the parts' means would be another loss."""
    loss, counted, _, whole = one_step(1, *rows)
    loss_in_parts, counted_in_parts, _, gradients = one_step(parts, *rows)
    assert counted == counted_in_parts == 12
    assert loss_in_parts == pytest.approx(loss, rel=1e-6)
    assert whole.keys() == gradients.keys()
    for name, gradient in whole.items():
        torch.testing.assert_close(gradients[name], gradient, rtol=1e-4, atol=1e-7)
    largest = max(float(gradient.abs().max()) for gradient in whole.values())
    assert largest > 1e-2  # the tolerance above is small against what is compared


def test_the_gradient_is_that_of_the_mean(rows):
    inputs, targets = rows
    model = small()
    logits = model(torch.from_numpy(inputs))
    torch.nn.functional.cross_entropy(logits.flatten(0, 1), torch.from_numpy(targets).flatten()).backward()
    _, _, _, gradients = one_step(1, inputs, targets)
    for name, parameter in model.named_parameters():
        torch.testing.assert_close(gradients[name], parameter.grad)


def test_bf16_is_near_float32_and_is_not_it(rows):
    loss, _, _, exact = one_step(1, *rows)
    rough_loss, _, _, rough = one_step(1, *rows, precision="bf16")
    assert rough_loss != loss and rough_loss == pytest.approx(loss, rel=1e-2)
    for name, gradient in exact.items():
        assert rough[name].dtype == torch.float32, "weights and gradients stay in float32"
        cosine = torch.nn.functional.cosine_similarity(rough[name].flatten(), gradient.flatten(), dim=0)
        assert cosine > 0.99, name
