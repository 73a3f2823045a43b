"""Attention in blocks against torch's own kernel: what it gives, and what it hands back."""

import pytest
import torch
import torch.nn.functional as F

from engine.decoder.attention import blockwise_attention
from tests.helpers.small_models import FAMILIES, small_decoder


@pytest.mark.parametrize("kv_heads", [1, 2, 4])
@pytest.mark.parametrize("length", [1, 5, 64, 65, 200])
def test_blocks_are_the_same_as_the_whole(length, kv_heads):
    generator = torch.Generator().manual_seed(length)
    q = torch.randn(2, 4, length, 16, generator=generator, requires_grad=True)
    k, v = (torch.randn(2, kv_heads, length, 16, generator=generator, requires_grad=True) for _ in range(2))
    towards = torch.randn(2, 4, length, 16, generator=generator)
    ours = blockwise_attention(q, k, v)
    theirs = F.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=True)
    assert torch.allclose(ours, theirs, atol=1e-6)
    for mine, its in zip(
        torch.autograd.grad(ours, (q, k, v), towards), torch.autograd.grad(theirs, (q, k, v), towards), strict=True
    ):
        assert torch.allclose(mine, its, atol=1e-5)


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_a_model_in_training_computes_what_it_computes_afterwards(family):
    model = small_decoder(family)
    ids = torch.randint(0, 300, (2, 60), generator=torch.Generator().manual_seed(5))
    with torch.no_grad():
        assert torch.allclose(model.train()(ids), model.eval()(ids), atol=2e-5)
