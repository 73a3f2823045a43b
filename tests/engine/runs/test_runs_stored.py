"""A run whose recipe another version wrote, or that is damaged, is still a run."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.cli.main import main
from engine.errors import UserError
from engine.runs.control import locked
from engine.runs.events import Started, append_event
from engine.runs.recipe import Recipe, load_recipe, read_recipe, without_unknown
from engine.runs.status import find_runs, run_status
from engine.runs.stored import stored_recipe, write_recipe
from tests.helpers.fake_runs import write_run


@pytest.fixture
def run(tmp_path):
    return write_run(tmp_path / "runs")


def rewrite(run, change):
    raw = json.loads((run / "recipe.json").read_text())
    change(raw)
    (run / "recipe.json").write_text(json.dumps(raw))


def of_tomorrow(raw):
    raw["reward"] = {"kind": "preference"}
    raw["optimiser"]["ema"] = 0.99
    raw["sources"][0]["language"] = "pt"


def test_fields_of_another_version_are_passed_over_and_named(run, capsys):
    before = read_recipe(run)
    rewrite(run, of_tomorrow)
    stored = stored_recipe(run)
    assert stored.recipe == before == read_recipe(run)
    assert sorted(stored.unknown) == ["optimiser.ema", "reward", "sources.language"] and stored.broken == ()
    status = run_status(run)
    assert (status.title, status.step, status.steps, status.resumable) == ("Machado", 60, 100, True)
    assert main(["runs", "list", str(run.parent)]) == 0 and "another version" in " ".join(
        capsys.readouterr().out.split()
    )
    assert main(["runs", "show", str(run)]) == 0 and "optimiser.ema" in capsys.readouterr().out


def test_what_was_passed_over_is_not_lost_when_the_run_goes_on(run):
    rewrite(run, of_tomorrow)
    write_recipe(run, read_recipe(run))
    assert stored_recipe(run).unknown == ()
    write_recipe(run, read_recipe(run))
    assert json.loads((run / "recipe.before.json").read_text())["reward"] == {"kind": "preference"}


def test_a_value_that_cannot_be_read_leaves_the_rest(run):
    def change(raw):
        raw["objective"] = "reward"
        raw["batch"] = "many"
        raw["title"] = "Preferred"

    rewrite(run, change)
    stored, status = stored_recipe(run), run_status(run)
    assert stored.recipe.title == "Preferred" and stored.recipe.block == 16
    assert sorted(status.broken) == ["batch", "objective"] and not status.resumable
    with pytest.raises(UserError):  # it would not go on with what it was begun with
        read_recipe(run)


@pytest.mark.parametrize("text", ["", "{broken", "[1]", "5", "{}", '{"name": 7}'])
def test_a_broken_recipe_hides_no_run(run, text, capsys):
    (run / "recipe.json").write_text(text)
    assert find_runs(run.parent) == [run]
    status = run_status(run)
    assert (status.state, status.step, status.steps) == ("stopped", 60, 100) and status.broken
    assert main(["runs", "list", str(run.parent), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["path"] == str(run)
    assert main(["runs", "delete", str(run)]) == 0


def test_without_a_recipe_its_events_tell_of_a_run(run):
    (run / "recipe.json").unlink()
    assert find_runs(run.parent) == [run] and run_status(run).broken == ("recipe.json",)
    (run / "events.jsonl").unlink()
    assert find_runs(run.parent) == []
    with pytest.raises(UserError):
        run_status(run)


names = st.text(st.characters(codec="ascii", categories=("Ll",)), min_size=1, max_size=8)
values = st.recursive(
    st.none() | st.integers() | st.text(max_size=4), lambda x: st.lists(x) | st.dictionaries(names, x)
)


@given(extra=st.dictionaries(names.map("x_".__add__), values), inside=st.dictionaries(names.map("x_".__add__), values))
def test_whatever_is_added_the_recipe_stays(extra, inside):
    recipe = load_recipe("finetune", ("start_from=model.gguf",))
    raw = msgspec.to_builtins(recipe)
    told = {**raw, **extra, "lora": {**raw["lora"], **inside}, "sources": [{**s, **inside} for s in raw["sources"]]}
    told = json.loads(json.dumps(told))
    known, unknown = without_unknown(told, Recipe)
    assert msgspec.convert(known, Recipe) == recipe
    assert set(unknown) == {*extra, *(f"lora.{name}" for name in inside), *(f"sources.{name}" for name in inside)}


def test_the_pace_of_a_process_that_has_ended_is_not_that_of_the_next(run):
    with locked(run):
        assert run_status(run).tokens_per_s == 4000.0
        append_event(run, Started(12_345, 60, 100, 64))
        status = run_status(run)
        assert (status.tokens_per_s, status.eta_s, status.state) == (None, None, "running") and status.loss is not None
