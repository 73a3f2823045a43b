"""The optimisers of a run as one object: step, learning rate, state."""

import math
from typing import Any

import torch
from torch import nn

from engine.runs.recipe import Optimiser


class Optimisers:
    """One of torch's own, or AdamW beside Muon (Jordan et al. 2024) for the matrices inside the layers.

    Gradients are clipped to a global norm before either sees them. Weight decay leaves norms and biases alone.
    """

    def __init__(self, model: nn.Module, plan: Optimiser) -> None:
        named = [(name, parameter) for name, parameter in model.named_parameters() if parameter.requires_grad]
        matrices = [p for name, p in named if p.ndim == 2 and name.startswith("layers.") and plan.kind == "muon"]
        chosen = {id(p) for p in matrices}
        rest = [p for _, p in named if id(p) not in chosen]
        groups: list[dict[str, Any]] = [
            {"params": [p for p in rest if p.ndim >= 2], "weight_decay": plan.weight_decay},
            {"params": [p for p in rest if p.ndim < 2], "weight_decay": 0.0},
        ]
        self._clip = plan.clip
        self._parameters = [p for _, p in named]
        self._all = [_optimiser(plan, [group for group in groups if group["params"]])]
        if matrices:
            self._all.append(
                torch.optim.Muon(matrices, lr=plan.muon_learning_rate, weight_decay=plan.weight_decay, momentum=0.95)
            )
        for optimiser in self._all:
            for group in optimiser.param_groups:
                group["base_lr"] = group["lr"]

    def step(self, factor: float) -> float:
        """Apply the gradients at the base rates times factor, clear them, and return their norm before clipping.

        Gradients whose norm is no finite number are cleared and not applied: they would spoil every weight.
        """
        norm = float(nn.utils.clip_grad_norm_(self._parameters, self._clip))
        for optimiser in self._all:
            for group in optimiser.param_groups:
                group["lr"] = group["base_lr"] * factor
            if math.isfinite(norm):
                optimiser.step()
            optimiser.zero_grad(set_to_none=True)
        return norm

    def state_dict(self) -> list[dict[str, Any]]:
        return [optimiser.state_dict() for optimiser in self._all]

    def load_state_dict(self, states: list[dict[str, Any]]) -> None:
        """Raises ValueError for the state of other optimisers, or of other parameters."""
        for optimiser, state in zip(self._all, states, strict=True):
            base = [group["base_lr"] for group in optimiser.param_groups]
            parameters = [p for group in optimiser.param_groups for p in group["params"]]
            for number, values in state["state"].items():
                if any(value.ndim and value.shape != parameters[number].shape for value in values.values()):
                    raise ValueError(f"the state of parameter {number} has another shape")
            optimiser.load_state_dict(state)
            for group, rate in zip(optimiser.param_groups, base, strict=True):
                group["base_lr"] = rate


def _optimiser(plan: Optimiser, groups: list[dict[str, Any]]) -> torch.optim.Optimizer:
    if plan.kind == "sgd":
        return torch.optim.SGD(groups, lr=plan.learning_rate, momentum=plan.beta1)
    kind = torch.optim.Adam if plan.kind == "adam" else torch.optim.AdamW
    return kind(groups, lr=plan.learning_rate, betas=(plan.beta1, plan.beta2), fused=True)
