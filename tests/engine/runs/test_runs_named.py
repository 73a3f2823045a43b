"""A run is named as the list of runs prints it."""

import pytest

from engine.cli.main import main
from engine.errors import UserError
from engine.library.catalogue import named_model
from engine.resources import data_folder
from engine.runs.named import named_run
from tests.helpers.fake_runs import write_run


@pytest.fixture
def runs():
    folder = data_folder() / "runs"
    return {
        title: write_run(folder, title) for title in ("Lus", "Lusiadas", "Addition column by column " + "and on " * 20)
    }


def test_by_its_name_by_the_beginning_of_it_and_by_its_folder(runs, tmp_path, monkeypatch):
    assert named_run("lus") == named_run("LUS") == runs["Lus"], "the whole name comes before the beginning of another"
    assert named_run("lusi") == named_run(str(runs["Lusiadas"])) == runs["Lusiadas"]
    assert named_model("addition") == named_run("addition")
    elsewhere = write_run(tmp_path, "Lus")
    monkeypatch.chdir(tmp_path)
    assert named_run("lus").resolve() == elsewhere, "as with every other path, what lies here comes first"


def test_what_is_no_run_and_what_may_be_several(runs, tmp_path):
    with pytest.raises(UserError, match="lu may be 2 runs") as raised:
        named_run("lu")
    assert "lusiadas" in raised.value.hint
    with pytest.raises(UserError, match="There is no training run nothing") as raised:
        named_run("nothing")
    assert "There are: " in raised.value.hint and "lus" in raised.value.hint
    with pytest.raises(UserError, match="holds no training run"):
        named_run(str(tmp_path))


@pytest.mark.parametrize("verb", ["show", "pause", "save", "stop", "resume", "about", "delete"])
def test_every_verb_says_that_there_is_no_run(verb, tmp_path, capsys):
    assert main(["runs", verb, str(tmp_path / "nowhere")]) == 2
    assert "There is no training run" in capsys.readouterr().err


def test_what_the_list_prints_names_the_run(runs, capsys):
    assert main(["runs", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()[1:]
    printed = [line.split("  ")[0] for line in lines]
    assert sorted(printed) == sorted(run.name for run in runs.values()), "whole, one line each"
    for name in printed:
        assert main(["runs", "show", name]) == 0
    assert main(["runs", "list", str(data_folder() / "runs")]) == 0
    assert f"{runs['Lus']}  " in capsys.readouterr().out, "of another folder the path, which can be given back"


def test_a_deleted_run_is_brought_back_by_its_name(runs, capsys):
    assert main(["runs", "delete", "lus"]) == 0 and not runs["Lus"].exists()
    assert main(["runs", "restore", "lus"]) == 0 and runs["Lus"].exists()
    assert main(["runs", "restore", "lus"]) == 2 and "is no deleted run" in capsys.readouterr().err
