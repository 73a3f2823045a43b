"""What a training would read and how fast it would go, before it is begun."""

import json

import msgspec
import pytest

from engine.cli.main import main
from engine.errors import UserError
from engine.runs.recipe import load_recipe
from engine.training.preview import preview_data, preview_speed
from tests.helpers.small_training import write_data, write_recipe


def test_documents_are_counted_and_shown_as_tokens(tmp_path):
    data, recipe = write_data(tmp_path), load_recipe(str(write_recipe(tmp_path)))
    found = preview_data(recipe, data)
    prose = (data / "prose.txt").read_text().split("<|endoftext|>")
    talk = [json.loads(line) for line in (data / "talk.jsonl").read_text().splitlines()]
    assert (found.documents, found.conversations, found.whole) == (60, 30, True)
    spoken = sum(len(message["content"]) for line in talk for message in line["messages"])
    assert found.characters == sum(len(text.strip()) for text in prose) + spoken
    first = found.shown[0]
    assert prose[0].strip().startswith("".join(first.tokens)) and all(first.learnt)
    assert 256 < found.vocabulary_size <= 300 and found.tokens > 1000 and not found.no_answers


def test_answers_that_are_not_there_are_told(tmp_path):
    data, recipe = write_data(tmp_path), load_recipe(str(write_recipe(tmp_path)), ("objective=instruction",))
    assert not preview_data(recipe, data).no_answers
    only_prose = msgspec.structs.replace(recipe, sources=recipe.sources[:1])
    assert preview_data(only_prose, data).no_answers


def test_the_speed_is_measured(tmp_path):
    recipe = load_recipe(str(write_recipe(tmp_path)))
    speed = preview_speed(recipe, 0.1)
    assert speed.parameters == speed.trained == recipe.decoder_config(300).parameter_count
    assert speed.tokens_per_s > 0 and speed.memory_bytes > 1e7 and speed.device in ("cpu", "cuda", "mps")


def test_a_shape_that_cannot_be_is_refused(tmp_path):
    with pytest.raises(UserError, match="heads"):
        preview_speed(load_recipe(str(write_recipe(tmp_path)), ("model.n_heads=3",)), 0.1)


def test_the_verb_tells_both(tmp_path, capsys):
    recipe, data = write_recipe(tmp_path), write_data(tmp_path)
    assert main(["preview", str(recipe), "--data", str(data), "--seconds", "0.05"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith("60 documents (30 of them conversations)") and "tokens/s" in told[-1]
    assert "·" in told[1], "how the first document is cut into tokens"
