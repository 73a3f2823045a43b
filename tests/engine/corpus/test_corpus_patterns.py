from pathlib import Path

import pytest

from engine.corpus.patterns import Outline, Patterns, conversations, read_patterns
from engine.corpus.readers import read_documents
from engine.corpus.story_requests import story_request
from engine.errors import UserError
from engine.records import Message
from engine.resources import resource_path

FILE = """
count = 200
[[outlines]]
parts = ["meet", "talk?", "ask|ask-again"]
[slots]
name = ["Ana", "Tom", "Eva", "Leo"]
pet = [{ kind = "cat", says = "meow" }, { kind = "dog", says = "woof" }]
[parts]
meet = [["I am {name}.|My name is {name}.", "hello, {name}!"]]
talk = [["What does a {pet[kind]} say?", "{pet[says]}"]]
ask = [["What is my name?", "{name}"]]
ask-again = [["Am I {name2}?", "No, {name}."]]
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "a.patterns.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_slots_stay_the_same_within_a_conversation(tmp_path: Path) -> None:
    made = list(conversations(read_patterns(written(tmp_path, FILE))))
    assert len(made) == 200
    assert {len(turns) for turns in made} == {4, 6}
    for turns in made:
        assert [turn.role for turn in turns] == ["user", "assistant"] * (len(turns) // 2)
        name = turns[1].content.removeprefix("Hello, ").removesuffix("!")
        assert name in turns[0].content
        assert turns[-1].content in (name, f"No, {name}.")
        if turns[-2].content.startswith("Am I"):
            assert name not in turns[-2].content
        if len(turns) == 6:
            assert turns[3].content == {"cat": "Meow", "dog": "Woof"}[turns[2].content.split()[3]]
    assert {turns[0].content.split(name)[0] for turns in made for name in ("Ana", "Tom", "Eva", "Leo")} >= {"I am "}


def test_the_same_conversations_every_time(tmp_path: Path) -> None:
    patterns = read_patterns(written(tmp_path, FILE))
    assert list(conversations(patterns)) == list(conversations(patterns))


def test_a_file_of_patterns_is_read_like_any_other(tmp_path: Path) -> None:
    documents = list(read_documents(written(tmp_path, FILE)))
    assert len(documents) == 200
    assert documents[0].messages[0].role == "user"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("[parts]", "[parts"), "a.patterns.toml"),
        (('"meet", ', '"meat", '), "no part is called meat"),
        (('"hello, {name}!"', '"hello, {name}!", "and"'), "in pairs"),
        (("count = 200", 'count = "many"'), "count"),
        (("count = 200", "cuont = 200"), "cuont"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    with pytest.raises(UserError, match=said):
        read_patterns(written(tmp_path, FILE.replace(*change)))


def test_an_unknown_slot_is_said() -> None:
    patterns = Patterns(1, (Outline(("a",)),), {"a": (("Hi {nme}", "Hi"),)}, {"name": ("Ana",)})
    with pytest.raises(UserError, match="nme"):
        list(conversations(patterns))


def test_the_shipped_patterns_are_whole_sentences() -> None:
    patterns = read_patterns(resource_path("texts", "conversations.patterns.toml"))
    used = {part for outline in patterns.outlines for choice in outline.parts for part in choice.strip("?").split("|")}
    assert used == set(patterns.parts)
    made = list(conversations(patterns))
    assert len(set(made)) > 0.8 * len(made)
    for turns in made:
        for turn in turns:
            assert turn.content == turn.content.strip() != ""
            assert not set("{}|") & set(turn.content)


def test_a_story_is_told_to_someone_who_asked_for_it() -> None:
    story = "Once upon a time, there was a little fox named Rex.\n\nHe liked to run.  The end."
    ask, told = story_request(story)
    assert ask.role == "user" and "a little fox" in ask.content
    assert told == Message("assistant", "Once upon a time, there was a little fox named Rex. He liked to run. The end.")
    assert story_request(story) == (ask, told)


@pytest.mark.parametrize("story", ["", "It rained.", "Once there was a cat. " * 200])
def test_what_is_no_short_story_about_something_is_left_out(story: str) -> None:
    assert story_request(story) == ()
