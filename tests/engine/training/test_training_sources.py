"""What a source yields, and what it counts."""

import pytest

from engine.cli.main import main
from engine.cli.training_events import sentence
from engine.corpus.addition import column_sums
from engine.corpus.cleaning import Cleaner
from engine.errors import UserError
from engine.runs.events import Prepared, read_events
from engine.runs.recipe import Source
from engine.training.sources import source_documents
from tests.helpers.small_training import RECIPE, run, words, write_data, write_recipe

PATTERNS = """
count = 20
[[outlines]]
parts = ["hello"]
[parts]
hello = [["Hi.", "Hello."]]
"""


@pytest.fixture
def data(tmp_path):
    (tmp_path / "a.txt").write_text("One fox.\n<|endoftext|>\nOne owl.\n<|endoftext|>\n*****", encoding="utf-8")
    (tmp_path / "b.csv").write_text("n,text\n1,One owl.\n2,One cat.\n", encoding="utf-8")
    (tmp_path / "c.html").write_text("<p>One fox.</p>", encoding="utf-8")
    return tmp_path


def documents(source, data, cleaner=None):
    return [document.text for document in source_documents(source, data, cleaner=cleaner)]


def test_what_repeats_in_any_file_of_a_source_comes_once(data):
    cleaner = Cleaner()
    assert documents(Source("all"), data, cleaner) == ["One fox.", "One owl.", "One cat."]
    assert (cleaner.documents, cleaner.bytes, cleaner.duplicates, cleaner.junk) == (3, 24, 2, 1)


def test_as_it_is_where_the_recipe_says_so(data):
    assert len(documents(Source("all", clean=False), data)) == 6


def test_a_limit_counts_what_stays(data):
    assert documents(Source("all", limit_mb=10e-6), data) == ["One fox.", "On"]
    assert documents(Source("all", limit_mb=17e-6), data) == ["One fox.", "One owl.", "O"]


def test_patterns_repeat_on_purpose(tmp_path):
    (tmp_path / "talk.patterns.toml").write_text(PATTERNS, encoding="utf-8")
    assert len(documents(Source("talk"), tmp_path)) == 20


def test_a_play_becomes_conversations(tmp_path):
    (tmp_path / "play.txt").write_text("HAMLET:\nWords, words.\n\nPOLONIUS:\nWhat is the matter?\n", encoding="utf-8")
    (found,) = source_documents(Source("play", shape="dialogue"), tmp_path)
    assert [(turn.role, turn.content) for turn in found.messages] == [
        ("user", "Words, words."),
        ("assistant", "What is the matter?"),
    ]


def test_texts_that_are_made_up(tmp_path):
    assert documents(Source("sums", files=("@addition",)), tmp_path / "nowhere") == list(column_sums())


def test_a_check_ends_it(data):
    def check():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(source_documents(Source("all"), data, check))


def test_a_name_that_is_not_there(data):
    with pytest.raises(UserError, match="no file or folder"):
        documents(Source("all", files=("gone.txt",)), data)


def test_a_run_tells_what_its_sources_held(tmp_path):
    data = write_data(tmp_path, 40)
    with (data / "prose.txt").open("a", encoding="utf-8") as file:
        file.write("\n<|endoftext|>\n" + words(60, 0) + "\n<|endoftext|>\n=====\n")
    run(write_recipe(tmp_path), data, tmp_path / "run")
    events, _ = read_events(tmp_path / "run")
    prose, talk = (event for event in events if isinstance(event, Prepared))
    assert (prose.source, prose.documents, prose.duplicates, prose.junk) == ("prose", 40, 1, 1)
    assert (talk.source, talk.documents, talk.duplicates, talk.junk) == ("talk", 40, 0, 0)
    assert prose.bytes == sum(len(words(60, seed).encode()) for seed in range(40))
    assert sentence(prose).endswith("left out 1 duplicates and 1 that are no text")
    run(write_recipe(tmp_path), data, tmp_path / "again", ["seed=9"])
    again = [event for event in read_events(tmp_path / "again")[0] if isinstance(event, Prepared)]
    assert again == [prose, talk], "the same texts have the same fingerprint, whatever else differs"


def test_a_run_without_texts_of_anyone(tmp_path, capsys):
    recipe = RECIPE[: RECIPE.index("[[sources]]")] + '[[sources]]\nname = "sums"\nfiles = ["@addition"]\n'
    path = write_recipe(tmp_path, recipe)
    assert main(["train", str(path), "--out", str(tmp_path / "run"), "--set", "steps=2"]) == 0
    assert main(["train", str(write_recipe(tmp_path)), "--out", str(tmp_path / "none")]) == 2
    assert capsys.readouterr().err.endswith("The recipe tiny needs texts. Name them with --data FOLDER_OR_FILE.\n")


@pytest.fixture
def mixed(data):
    (data / "deep").mkdir()
    (data / "deep" / "bad.jsonl").write_text('{"text": "One hen."}\n{"text"\n{"text": "One pig."}\n', encoding="utf-8")
    (data / "noise.txt").write_bytes(b"noise\0noise")
    (data / "torn.txt.gz").write_bytes(b"\x1f\x8b\x08torn")
    (data / "photo.bin").write_bytes(b"\x89")
    (data / ".hidden").write_bytes(b"\x89")
    return data


BROKEN = ["deep/bad.jsonl", "noise.txt", "photo.bin", "torn.txt.gz"]


def test_what_cannot_be_read_in_a_folder_is_left_out_and_named(mixed):
    cleaner = Cleaner()
    assert documents(Source("all"), mixed, cleaner) == ["One fox.", "One owl.", "One cat.", "One hen."]
    assert sorted(cleaner.unread) == BROKEN
    documents(Source("all"), mixed, cleaner)
    assert sorted(cleaner.unread) == BROKEN, "each once, though it is read again"


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_named_by_itself_says_why(mixed, name):
    with pytest.raises(UserError, match=name.rpartition("/")[2]):
        documents(Source("one", (name,)), mixed)


def test_a_folder_in_which_nothing_can_be_read_says_why(tmp_path):
    (tmp_path / "noise.txt").write_bytes(b"noise\0noise")
    with pytest.raises(UserError, match=r"noise\.txt is not a text file"):
        documents(Source("all"), tmp_path)


def test_the_files_left_out_are_told_before_and_at_the_start(mixed, capsys):
    (mixed / "long.txt").write_text(words(3000), encoding="utf-8")
    recipe = write_recipe(mixed, RECIPE[: RECIPE.index("[[sources]]")] + '[[sources]]\nname = "all"\n')
    assert main(["preview", str(recipe), "--data", str(mixed)]) == 0
    told = "5 files (photo.bin, tiny.toml, deep/bad.jsonl, noise.txt, torn.txt.gz)"
    assert told in capsys.readouterr().out
    assert main(["train", str(recipe), "--data", str(mixed), "--out", str(mixed / ".run"), "--set", "steps=1"]) == 0
    assert told in capsys.readouterr().err
    assert main(["eval", str(mixed / ".run"), "--data", str(mixed), "--documents", "1"]) == 0
    assert "(photo.bin, tiny.toml)" in capsys.readouterr().err
