"""Muon and AdamW against slow references, and what belongs to which."""

import math

import pytest
import torch
from torch import nn

from engine.decoder.config import DecoderConfig
from engine.decoder.model import Decoder
from engine.runs.recipe import Optimiser
from engine.training.optimisers import Optimisers


def small() -> Decoder:
    model = Decoder(DecoderConfig(40, d_model=16, n_layers=1, n_heads=2, d_ff=32, qkv_bias=True, tied_embeddings=False))
    model.initialise(3)
    return model


def test_who_is_optimised_by_what():
    model = small()
    optimisers = Optimisers(model, Optimiser(kind="muon", weight_decay=0.3))
    names = {id(parameter): name for name, parameter in model.named_parameters()}
    adamw, muon = ([(g, [names[id(p)] for p in g["params"]]) for g in o.param_groups] for o in optimisers._all)
    (decayed, of_decayed), (plain, of_plain) = adamw
    assert decayed["weight_decay"] == 0.3 and of_decayed == ["embed_tokens.weight", "lm_head.weight"]
    assert plain["weight_decay"] == 0.0
    assert all(name.endswith(("norm.weight", "layernorm.weight", ".bias")) for name in of_plain) and len(of_plain) == 6
    ((matrices, of_muon),) = muon
    assert matrices["weight_decay"] == 0.3 and len(of_muon) == 7
    assert all(name.startswith("layers.") and name.endswith("_proj.weight") for name in of_muon)


def test_adamw_alone_has_every_matrix_in_the_decayed_group():
    model = small()
    (adamw,) = Optimisers(model, Optimiser(kind="adamw", weight_decay=0.3))._all
    decayed, plain = adamw.param_groups
    assert {p.ndim for p in decayed["params"]} == {2} and {p.ndim for p in plain["params"]} == {1}
    assert len(decayed["params"]) + len(plain["params"]) == len(list(model.parameters()))


class OneMatrix(nn.Module):
    """A single weight where a decoder has its matrices."""

    def __init__(self, weight: torch.Tensor) -> None:
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(weight.shape[1], weight.shape[0], bias=False)])
        self.layers[0].weight = nn.Parameter(weight.clone())
        self.norm = nn.RMSNorm(2)  # for AdamW, which may not be without work
        self.norm.weight.grad = torch.zeros(2)


@pytest.mark.parametrize("shape", [(12, 12), (24, 8), (8, 24)])
def test_muon_steps_along_the_orthogonal_factor(shape):
    """Of a gradient U S V^T the step goes along U V^T, scaled by the square root of rows to columns where that is above 1.

    Newton-Schulz brings the singular values near 1, not to it: between 0.65 and 1.25 by its coefficients.
    """
    generator = torch.Generator().manual_seed(0)
    gradient = torch.randn(shape, generator=generator)
    model = OneMatrix(torch.zeros(shape))
    optimisers = Optimisers(model, Optimiser(kind="muon", muon_learning_rate=0.1, weight_decay=0.0, clip=1e9))
    model.layers[0].weight.grad = gradient.clone()
    optimisers.step(1.0)
    step = -model.layers[0].weight.detach() / (0.1 * math.sqrt(max(1, shape[0] / shape[1])))
    u, _, vt = torch.linalg.svd(gradient.double(), full_matrices=False)
    in_its_basis = u.T @ step.double() @ vt.T
    singular = in_its_basis.diagonal()
    assert singular.min() > 0.6 and singular.max() < 1.3
    assert (in_its_basis - singular.diag()).abs().max() < 0.05  # bfloat16 inside
    raw = u.T @ gradient.double() @ vt.T
    assert raw.diagonal().max() / raw.diagonal().min() > 2, "the gradient itself was not orthogonal"


def test_adamw_against_its_formula():
    """Three steps of Loshchilov & Hutter 2019, algorithm 2, with decay from the matrix alone."""
    weight = torch.tensor([[1.0, -2.0]])
    model = nn.Module()
    model.embedding = nn.Parameter(weight.clone())
    model.scale = nn.Parameter(torch.tensor([0.5]))
    plan = Optimiser(learning_rate=0.1, weight_decay=0.2, beta1=0.8, beta2=0.9, clip=1e9)
    optimisers = Optimisers(model, plan)
    expected = {"embedding": weight.double(), "scale": torch.tensor([0.5], dtype=torch.float64)}
    moments = {name: [torch.zeros_like(value), torch.zeros_like(value)] for name, value in expected.items()}
    for step, factor in enumerate((0.5, 1.0, 0.25), start=1):
        for name, parameter in model.named_parameters():
            gradient = torch.full_like(expected[name], 0.3 * step)
            parameter.grad = gradient.float()
            first, second = moments[name]
            first.mul_(0.8).add_(0.2 * gradient)
            second.mul_(0.9).add_(0.1 * gradient**2)
            rate, decay = 0.1 * factor, 0.2 if name == "embedding" else 0.0
            corrected = (first / (1 - 0.8**step)) / ((second / (1 - 0.9**step)).sqrt() + 1e-8)
            expected[name] = expected[name] * (1 - rate * decay) - rate * corrected
        optimisers.step(factor)
    for name, parameter in model.named_parameters():
        torch.testing.assert_close(parameter.detach().double(), expected[name], rtol=1e-5, atol=1e-7)


def test_clipping_by_the_global_norm():
    """Norm 5 over two parameters, clipped to 1: the gradients that are applied are a fifth."""
    model = nn.Module()
    model.one, model.two = nn.Parameter(torch.zeros(1)), nn.Parameter(torch.zeros(1))
    model.one.grad, model.two.grad = torch.tensor([3.0]), torch.tensor([4.0])
    optimisers = Optimisers(model, Optimiser(clip=1.0))
    seen: list[float] = []
    real = optimisers._all[0].step
    optimisers._all[0].step = lambda: (seen.extend([float(model.one.grad), float(model.two.grad)]), real())
    assert optimisers.step(1.0) == pytest.approx(5.0)
    assert seen == pytest.approx([0.6, 0.8], rel=1e-4)
    assert model.one.grad is None


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_gradients_that_are_no_numbers_touch_no_weight(bad):
    model = nn.Module()
    model.one, model.two = nn.Parameter(torch.ones(1)), nn.Parameter(torch.ones(1))
    model.one.grad, model.two.grad = torch.tensor([bad]), torch.tensor([1.0])
    optimisers = Optimisers(model, Optimiser())
    assert not math.isfinite(optimisers.step(1.0))
    assert model.one.item() == model.two.item() == 1.0
    assert model.one.grad is None and not optimisers.state_dict()[0]["state"]


@pytest.mark.parametrize("kind", ["sgd", "adam"])
def test_sgd_and_adam_by_hand(kind):
    """Two steps with the gradients 1 and 3: SGD adds them up with momentum, Adam divides by the root of their mean square."""
    model = OneMatrix(torch.zeros(1, 1))
    optimisers = Optimisers(
        model, Optimiser(kind=kind, learning_rate=0.1, weight_decay=0, beta1=0.5, beta2=0.5, clip=9)
    )
    for gradient in (1.0, 3.0):
        model.layers[0].weight.grad = torch.tensor([[gradient]])
        model.norm.weight.grad = torch.zeros(2)
        optimisers.step(1.0)
    if kind == "sgd":
        expected = -0.1 * (1 + (0.5 * 1 + 3))
    else:
        mean, square = (0.5 * 0.5 + 0.5 * 3) / 0.75, (0.5 * 0.5 + 0.5 * 9) / 0.75
        expected = -0.1 * (1 + mean / math.sqrt(square))
    assert model.layers[0].weight.item() == pytest.approx(expected, rel=1e-4)
