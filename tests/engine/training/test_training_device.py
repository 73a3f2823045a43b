"""Devices, and memory against time."""

import pytest
import torch

from engine.errors import UserError
from engine.training.device import choose_device
from engine.training.objectives.next_token import next_token_loss
from tests.helpers.small_models import small_decoder


def test_a_device_that_is_not_there_is_one_sentence(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(UserError, match="has no cuda"):
        choose_device("cuda")


def test_auto_takes_the_processor_where_nothing_else_is(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    assert choose_device("auto") == torch.device("cpu")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert choose_device("auto") == torch.device("cuda")
    assert choose_device("cpu") == torch.device("cpu")


def test_recomputing_gives_the_same_gradients_and_keeps_less():
    ids = torch.arange(60).reshape(2, 30) % 90 + 7
    gradients, kept = [], []
    for recompute in (False, True):
        model = small_decoder("llama").train()
        model.recompute = recompute
        sizes = []
        with torch.autograd.graph.saved_tensors_hooks(lambda t, sizes=sizes: sizes.append(t.numel()) or t, lambda t: t):
            loss = next_token_loss(model, ids, ids)
        kept.append(sum(sizes))
        loss.backward()
        gradients.append([parameter.grad for parameter in model.parameters()])
    assert all(torch.allclose(one, other, atol=1e-5) for one, other in zip(*gradients, strict=True))
    assert kept[1] < kept[0] / 2
