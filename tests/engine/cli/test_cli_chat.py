"""A conversation in the terminal."""

import io

import pytest

from engine.cli import chat as chat_verb
from engine.cli.main import main
from tests.helpers.small_models import small_llama_gguf


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return str(small_llama_gguf(tmp_path_factory.mktemp("models") / "small.gguf", context_length=256))


@pytest.fixture
def prompts_seen(monkeypatch):
    """The prompts that the model was given."""
    seen, generate = [], chat_verb.generate

    def watched(model, prompt, settings):
        seen.append(prompt)
        return generate(model, prompt, settings)

    monkeypatch.setattr(chat_verb, "generate", watched)
    return seen


def chat(monkeypatch, model, typed):
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    return main(["chat", model, "--greedy", "--max-tokens", "8"])


@pytest.mark.parametrize("end", ["", "\n", "  \n"])
def test_each_line_is_answered_and_the_next_prompt_goes_on_from_the_reply(
    monkeypatch, capsys, model, prompts_seen, end
):
    assert chat(monkeypatch, model, f"Hi <|end|>\nWhy?\n{end}") == 0
    said = capsys.readouterr()
    assert said.out.count("> ") >= 3 and said.err.startswith("Small, ")
    first, second = prompts_seen
    assert second.ids[: len(first.ids)] == first.ids and len(second.ids) > len(first.ids)


def test_a_line_that_is_too_long_is_told_and_the_conversation_goes_on(monkeypatch, capsys, model, prompts_seen):
    assert chat(monkeypatch, model, "Hi\n" + "fox owl " * 200 + "\nWhy?\n") == 0
    said = capsys.readouterr()
    assert said.err.count("proxima: ") == 1 and "Traceback" not in said.err
    first, second = prompts_seen
    assert second.ids[: len(first.ids)] == first.ids


def test_turns_that_no_longer_fit_are_left_out_and_that_is_said(monkeypatch, capsys, model, prompts_seen):
    assert chat(monkeypatch, model, "the fox there\n" * 12) == 0
    assert "oldest 2 messages are left out" in capsys.readouterr().err
    assert len(prompts_seen) == 12 and max(len(prompt.ids) for prompt in prompts_seen) <= 256 - 8


def test_ctrl_c_stops_a_reply_and_keeps_what_there_is(monkeypatch, capsys, model, prompts_seen):
    generate = chat_verb.generate

    def interrupted(model, prompt, settings):
        for place, event in enumerate(generate(model, prompt, settings)):
            if len(prompts_seen) == 1 and place == 3:
                raise KeyboardInterrupt
            yield event

    monkeypatch.setattr(chat_verb, "generate", interrupted)
    assert chat(monkeypatch, model, "Hi\nWhy?\n") == 0
    first, second = prompts_seen
    assert second.ids[: len(first.ids)] == first.ids


@pytest.mark.parametrize("name", ["", " ", "/no/such/model.gguf"])
def test_a_model_that_is_not_there_is_told(capsys, name):
    assert main(["chat", name]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
