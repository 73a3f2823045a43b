"""The tree as values: its three paths, and where its nodes stand."""

from app.playground.branches import Tree
from engine.records.explore import BranchNode
from tests.helpers.fake_worker import _TREE


def test_three_paths_are_told_apart() -> None:
    tree = Tree(_TREE)
    assert [tree.text(end.id) for end in (tree.greedy(), tree.likely(), tree.sampled()) if end] == [
        " a x",
        " b c",
        " d e",
    ]


def test_a_path_that_ended_early_counts_as_whole() -> None:
    end = BranchNode(7, -1, 7, b"<|end|>", True, 0.5, 1.0, 1, 1, False, False, True)
    tree = Tree([*_TREE, end])
    likely = tree.likely()
    assert likely is not None and likely.id == 7 and tree.text(7) == ""


def test_half_characters_at_the_end_are_left_out() -> None:
    nodes = (
        BranchNode(0, -1, 0, b" ol\xc3", False, 0.5, 1.0, 1, 1, True, False, False),
        BranchNode(1, 0, 1, b"\xa1!", False, 0.5, 2.0, 1, 2, True, False, False),
    )
    tree = Tree(nodes)
    assert (tree.text(0), tree.text(1)) == (" ol", " olá!")


def test_every_end_has_a_row_and_branches_do_not_overlap() -> None:
    tree = Tree(_TREE)
    places = tree.places()
    assert [places[id].column for id in (0, 3, 1, 5, 2, 6)] == [0, 1, 0, 1, 0, 1]
    assert [places[id].row for id in (3, 4, 5, 6)] == [0, 1, 2, 3]
    assert (places[0].row, places[0].rows, places[1].row, places[2].row) == (0, 2, 2, 3)


def test_children_stand_by_probability_however_they_came() -> None:
    tree = Tree(reversed(_TREE))
    assert [node.id for node in tree.children(-1)] == [0, 1, 2] and tree.places()[3].row == 0


def test_growing_stops_and_begins_anew(ground) -> None:
    ground.type("one")
    ground.state.grow_tree()
    ground.until(lambda: len(ground.state.growing.tree) == 7 and not ground.state.growing.running)
    assert ground.asked("grow_tree")[-1][0] == "one" and ground.asked("grow_tree")[-1][3] == ground.state.seed
    ground.worker.token_ms = 100
    ground.state.grow_tree()
    assert ground.state.growing.running and len(ground.state.growing.tree) == 0
    ground.state.growing.stop()
    assert not ground.state.growing.running
    ground.worker.token_ms = 0
    ground.worker.load("/models/other.gguf")
    ground.until(lambda: ground.worker.model is not None and ground.worker.model.path.endswith("other.gguf"))
    assert len(ground.state.growing.tree) == 0


def test_a_path_is_shown_with_its_blanks_and_its_end() -> None:
    end = BranchNode(7, 0, 7, b"<|end|>", True, 0.5, 1.0, 1, 2, False, False, True)
    assert Tree([*_TREE, end]).shown(7) == "·a<|end|>"
