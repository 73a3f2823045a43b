"""The tree of what might come: its numbers are those of the model, its paths the ones that generating would go."""

import math

import numpy as np
import pytest

from engine.errors import Cancelled
from engine.inference.branches import grow
from engine.inference.generate import generate
from engine.inference.llama_cpp import LlamaCppModel
from engine.inference.prompt import Prompt
from engine.inference.reading import row_before, start_ids
from engine.records import GenerationSettings, SamplingSettings, StageSettings
from engine.records.explore import Bounds
from tests.helpers.small_models import small_llama_gguf

TEXT = "The fox liked to"
SAMPLING = SamplingSettings((StageSettings("temperature", values={"temperature": 1.5}),))


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    path = small_llama_gguf(tmp_path_factory.mktemp("models") / "small.gguf")
    opened = LlamaCppModel(path, exact=True)
    yield opened
    opened.close()


def tree(model, bounds, seed=3, sampling=SAMPLING):
    ids = model.vocabulary.encode(TEXT)
    return [node for nodes in grow(model, ids, bounds, sampling, seed) for node in nodes]


def path_to(nodes, node):
    by_id = {other.id: other for other in nodes}
    path = [node]
    while path[0].parent >= 0:
        path.insert(0, by_id[path[0].parent])
    return path


def test_numbers_are_those_of_the_model(model):
    nodes = tree(model, Bounds(depth=3, width=3, top_p=1.0, most_nodes=60))
    ids = model.vocabulary.encode(TEXT)
    for node in nodes[::7]:
        path = path_to(nodes, node)
        bits = 0.0
        for place, step in enumerate(path):
            before = [*ids, *(other.token_id for other in path[:place])]
            row = row_before(model, before, len(before)).astype(np.float64)
            p = math.exp(row[step.token_id] - row.max()) / np.exp(row - row.max()).sum()
            assert step.probability == pytest.approx(p, rel=1e-3)
            assert step.rank == 1 + int((row > row[step.token_id]).sum())
            bits -= math.log2(p)
        assert node.path_bits == pytest.approx(bits, abs=1e-2)


def test_width_depth_and_top_p_bound_it(model):
    nodes = tree(model, Bounds(depth=2, width=2, top_p=1.0, most_nodes=1000))
    by_parent = {}
    for node in nodes:
        by_parent.setdefault(node.parent, []).append(node)
    assert max(node.depth for node in nodes) == 2
    for children in by_parent.values():
        assert len([node for node in children if node.rank <= 2]) == 2
        assert all(node.rank <= 2 or node.sampled for node in children)
    narrow = tree(model, Bounds(depth=2, width=5, top_p=1e-9, most_nodes=1000))
    assert all(node.rank == 1 or node.sampled for node in narrow)
    assert len(tree(model, Bounds(depth=6, width=4, top_p=1.0, most_nodes=50))) <= 50 + 5


def test_parents_stand_before_children(model):
    seen = {-1}
    for node in tree(model, Bounds(depth=3, width=3, top_p=1.0, most_nodes=100)):
        assert node.parent in seen and node.id not in seen
        seen.add(node.id)


def test_greedy_and_sampled_paths_are_what_generating_gives(model):
    ids = [*start_ids(model.vocabulary), *model.vocabulary.encode(TEXT)]
    nodes = tree(model, Bounds(depth=4, width=2, top_p=1.0, most_nodes=60))
    for flag, sampling in (
        ("greedy", SamplingSettings((StageSettings("top_k", values={"k": 1}),))),
        ("sampled", SAMPLING),
    ):
        settings = GenerationSettings(SamplingSettings(sampling.stages, 3), max_tokens=4)
        drawn = [e.record.token.id for e in generate(model, Prompt(ids), settings) if hasattr(e, "record")]
        path = sorted((node for node in nodes if getattr(node, flag)), key=lambda node: node.depth)
        assert [node.token_id for node in path] == drawn
        assert [node.depth for node in path] == [1, 2, 3, 4]


def test_the_likely_is_opened_first(model):
    nodes = tree(model, Bounds(depth=3, width=3, top_p=1.0, most_nodes=40))
    opened = {node.parent for node in nodes}
    free = [node for node in nodes if node.depth < 3 and not node.ends and not (node.greedy or node.sampled)]
    worst_opened = max((node.path_bits for node in free if node.id in opened), default=0.0)
    best_closed = min((node.path_bits for node in free if node.id not in opened), default=math.inf)
    assert worst_opened <= best_closed + 1e-6


def test_growing_can_be_cancelled(model):
    stop = []
    with pytest.raises(Cancelled):
        for _ in grow(
            model, model.vocabulary.encode(TEXT * 30), Bounds(), SAMPLING, 0, lambda: bool(stop.append(1)) or True
        ):
            pass
