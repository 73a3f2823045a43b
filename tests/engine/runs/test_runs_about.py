"""Title, notes and tags of a run; deleting one, and having it back."""

import os
import time

import pytest

from engine.errors import UserError
from engine.runs.about import About, read_about, tags_from, write_about
from engine.runs.control import locked
from engine.runs.removal import KEPT_DAYS, purge, put_back, set_aside


@pytest.fixture
def made(tmp_path):
    run = tmp_path / "runs" / "one"
    run.mkdir(parents=True)
    (run / "recipe.json").write_text("{}")
    return run


def test_what_was_said_is_read_back(made):
    assert read_about(made) == About()
    about = About("Machado", "Learns **slowly**.\nÇ", ("prosa", "pt"))
    write_about(made, about)
    assert read_about(made) == about
    (made / "about.json").write_text("{broken")
    assert read_about(made) == About()


def test_tags_stand_between_commas():
    assert tags_from(" a,  b c ,a,, d") == ("a", "b c", "d")
    assert tags_from(" , ") == ()


def test_a_deleted_run_comes_back_whole(made):
    aside = set_aside(made)
    assert not made.exists() and (aside / "recipe.json").exists()
    assert put_back(aside, made) == made
    assert (made / "recipe.json").read_text() == "{}"


def test_two_of_one_name_do_not_overwrite_each_other(made):
    first = set_aside(made)
    made.mkdir()
    (made / "recipe.json").write_text("other")
    second = set_aside(made)
    assert (first / "recipe.json").read_text() == "{}" and (second / "recipe.json").read_text() == "other"
    put_back(second, made)
    assert put_back(first, made).name == "one-2"


def test_what_lies_aside_is_deleted_for_good_after_thirty_days(made):
    os.utime(made, (0, 0))  # however old the run is, its days begin when it is set aside
    aside, day = set_aside(made), 86400
    purge(made.parent)
    purge(made.parent, time.time() + (KEPT_DAYS - 1) * day)
    assert (aside / "recipe.json").exists()
    purge(made.parent, time.time() + (KEPT_DAYS + 1) * day)
    assert not aside.exists()
    purge(made.parent / "nothing")


def test_a_run_that_goes_on_is_not_deleted(made):
    with locked(made), pytest.raises(UserError, match="going on"):
        set_aside(made)
    assert made.exists()
