"""What a person says of runs, and runs deleted and brought back, on the command line."""

import json

import pytest
import torch

from engine.cli.main import main
from engine.runs.about import read_about
from engine.runs.control import locked
from engine.runs.recipe import read_recipe
from tests.helpers.fake_runs import write_run
from tests.helpers.small_training import run as train
from tests.helpers.small_training import write_data, write_recipe


def test_title_tags_and_notes(tmp_path, capsys):
    run = write_run(tmp_path)
    assert main(["runs", "about", str(run)]) == 0
    assert capsys.readouterr().out == "Machado\n"
    assert main(["runs", "about", str(run), "--title", "Dom Casmurro", "--tags", "prose, first tries,prose"]) == 0
    assert capsys.readouterr().out == "Dom Casmurro\nprose, first tries\n"
    assert main(["runs", "about", str(run), "--notes", "too small", "--json"]) == 0
    said = {"title": "Dom Casmurro", "notes": "too small", "tags": ["prose", "first tries"]}
    assert json.loads(capsys.readouterr().out) == said
    assert read_about(run).notes == "too small"
    assert main(["runs", "about", str(run), "--title", ""]) == 0
    assert capsys.readouterr().out.startswith("Machado\n")


def test_deleted_and_brought_back(tmp_path, capsys):
    run = write_run(tmp_path)
    with locked(run):
        assert main(["runs", "delete", str(run)]) == 2 and run.exists()
    assert "is going on" in capsys.readouterr().err
    assert main(["runs", "delete", str(run)]) == 0
    aside = capsys.readouterr().out.strip()
    assert not run.exists()
    assert main(["runs", "restore", aside]) == 0
    assert capsys.readouterr().out.strip() == str(run) and (run / "recipe.json").exists()
    assert main(["runs", "restore", str(run)]) == 2, "what was not deleted stays where it is"
    assert run.exists() and "is no deleted run" in capsys.readouterr().err


def test_what_is_no_run_is_not_deleted(tmp_path, capsys):
    (tmp_path / "letters").mkdir()
    assert main(["runs", "delete", str(tmp_path / "letters")]) == 2
    assert (tmp_path / "letters").exists() and "no training run" in capsys.readouterr().err


def test_a_run_goes_on_with_more_steps_and_another_rate(tmp_path, capsys):
    run = tmp_path / "run"
    train(write_recipe(tmp_path), write_data(tmp_path), run)
    assert main(["runs", "resume", str(run)]) == 2
    assert "all of its 6 steps" in (said := capsys.readouterr().err) and "--set steps=12" in said
    changes = ["--set", "steps=8", "--set", "optimiser.learning_rate=1e-4"]
    assert main(["runs", "resume", str(run), *changes, "--json"]) == 0
    steps = [
        event for line in capsys.readouterr().out.splitlines() if (event := json.loads(line))["type"] == "StepDone"
    ]
    assert steps[-1]["step"] == 8 and read_recipe(run).optimiser.learning_rate == 1e-4
    assert main(["runs", "show", str(run), "--follow"]) == 0
    assert "finished, step 8 of 8" in capsys.readouterr().out
    for change in ("model.d_model=32", "objective=instruction"):
        assert main(["runs", "resume", str(run), "--set", change]) == 2
        assert f"keeps its {change.split('.')[0].split('=')[0]}." in capsys.readouterr().err
    # By the verb that begins runs as well: the weights would not be those that the recipe tells of.
    again = ["train", str(tmp_path / "tiny.toml"), "--data", str(tmp_path), "--out", str(run), "--resume"]
    for more in ([], ["--detach"]):
        assert main([*again, "--set", "model.d_model=32", *more]) == 2
        assert "keeps its model." in capsys.readouterr().err
    assert read_recipe(run).model["d_model"] == 16
    with locked(run):
        assert main(["runs", "resume", str(run), "--set", "steps=9"]) == 2
    assert "is going on" in capsys.readouterr().err


def test_the_model_to_start_from_is_named_as_elsewhere_and_a_run_goes_on_without_it(tmp_path, capsys):
    recipe, data = write_recipe(tmp_path), write_data(tmp_path)
    train(recipe, data, tmp_path / "first")
    given = ["train", str(recipe), "--data", str(data), "--out"]
    assert main([*given, str(tmp_path / "none"), "--set", "start_from=no-such-model"]) == 2
    assert "no-such-model" in capsys.readouterr().err and not (tmp_path / "none").exists()
    start = ["--set", f"start_from={tmp_path / 'first'}", "--set", "steps=2"]
    assert main([*given, str(tmp_path / "next"), *start]) == 0
    assert read_recipe(tmp_path / "next").start_from == str(tmp_path / "first")
    (tmp_path / "first").rename(tmp_path / "elsewhere")
    assert main(["runs", "resume", str(tmp_path / "next"), "--set", "steps=3"]) == 0
    assert main([*given, str(tmp_path / "next"), "--resume", *start, "--set", "steps=4"]) == 0
    assert capsys.readouterr().err.count("finished at step") == 3


def test_where_no_run_lies(tmp_path, capsys):
    assert main(["runs", "list", str(tmp_path)]) == 0
    said = capsys.readouterr()
    assert said.out == "" and "There are no runs in" in said.err and "proxima train" in said.err
    assert main(["runs", "list", str(tmp_path / "nowhere")]) == 2
    assert "There is no folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ("prose", "no text to learn from"),
        ("steps=many", "What is to be set is wrong at steps: Expected `int`, got `str`"),
        ("adapter.rank=4", "unknown field `adapter`; there are name, title, sources"),
        ("data", "There is no file or folder"),
        ("device", "has no cuda"),
    ],
)
@pytest.mark.parametrize("detached", [False, True])
def test_a_start_that_fails_is_an_event_and_leaves_no_folder(tmp_path, capsys, changed, told, detached):
    recipe, data, out = write_recipe(tmp_path), write_data(tmp_path), tmp_path / "run"
    arguments = ["train", str(recipe), "--data", str(data), "--out", str(out), "--json"]
    if changed == "prose":
        if detached:  # which ends after it has begun
            return
        (data / "prose.txt").write_text("", encoding="utf-8")
    elif changed == "data":
        data.rename(tmp_path / "elsewhere")
    else:
        arguments += ["--set", "device=cuda" if changed == "device" else changed]
    if changed == "device" and torch.cuda.is_available():
        pytest.skip("this machine has the device")
    assert main([*arguments, *["--detach"] * detached]) == 2
    said = capsys.readouterr()
    event = json.loads(said.out.splitlines()[-1])
    assert event["type"] == "Failed" and told in event["text"]
    assert event["text"] in said.err and not out.exists()


def test_what_was_there_before_a_start_that_fails_stays(tmp_path):
    recipe, data, out = write_recipe(tmp_path), write_data(tmp_path), tmp_path / "run"
    (data / "prose.txt").write_text("", encoding="utf-8")
    out.mkdir()
    (out / "mine.md").write_text("notes", encoding="utf-8")
    assert main(["train", str(recipe), "--data", str(data), "--out", str(out)]) == 2
    written = json.loads((out / "events.jsonl").read_text().splitlines()[-1])
    assert written["type"] == "Failed" and "no text to learn from" in written["text"] and (out / "mine.md").exists()


def test_a_folder_that_cannot_be_made_is_no_full_disk(tmp_path, capsys):
    recipe, data = write_recipe(tmp_path), write_data(tmp_path)
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert main(["train", str(recipe), "--data", str(data), "--out", str(tmp_path / "file" / "run")]) == 2
    said = capsys.readouterr().err
    assert "cannot be written. Check its rights." in said and "disk" not in said


TALKS = """
name = "talks"
title = "Talks"
objective = "instruction"
block = 64
batch = 2
steps = 2
precision = "float32"
threads = 1
[tokenizer]
vocabulary_size = 300
[model]
d_model = 16
n_layers = 1
n_heads = 2
d_ff = 32
[[sources]]
name = "talk"
"""


@pytest.mark.parametrize(("count", "measured"), [(7, False), (8, True)])
def test_few_conversations_are_measured_or_it_is_said_that_nothing_is(tmp_path, capsys, count, measured):
    recipe, data, run = write_recipe(tmp_path, TALKS), write_data(tmp_path, count), str(tmp_path / "run")
    talks = str(data / "talk.jsonl")
    assert main(["preview", str(recipe), "--data", talks]) == 0
    assert ("too few to hold any out" in capsys.readouterr().out) is not measured
    assert main(["train", str(recipe), "--data", talks, "--out", run]) == 0
    said = capsys.readouterr().err
    assert ("too few to hold any out" in said) is not measured and ("held out, talk: loss" in said) is measured
    assert main(["eval", run]) == (0 if measured else 2)
    said = capsys.readouterr()
    assert "held out, talk" in said.out if measured else "its texts were too few" in said.err
    assert main(["ngram", run, "--out", str(tmp_path / "counts"), "--order", "2"]) == 0
    said = capsys.readouterr().err
    assert "2-grams of" in said if measured else "nothing to measure the counts on" in said
