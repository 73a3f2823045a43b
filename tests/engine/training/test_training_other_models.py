"""A model of another family trained on with conversations: it keeps its own template, its ends and its vocabulary."""

import json

import numpy as np
import pytest

from engine.cli.main import main
from engine.corpus.packing import PackedStream
from engine.decoder.load import open_decoder, open_tokenizer
from engine.errors import UserError
from engine.gguf.export import export_gguf
from engine.header.gguf import read_gguf_header
from engine.inference.load import open_model
from engine.inference.prompt import PromptBuilder
from engine.records import Message
from engine.runs.events import Finished, Sample
from tests.helpers.chat_models import chat_gguf
from tests.helpers.chat_templates import FAMILIES
from tests.helpers.small_training import RECIPE, run, stop_after, write_data, write_recipe

TUNING = RECIPE[: RECIPE.index("[tokenizer]")] + RECIPE[RECIPE.index("[optimiser]") :].replace("muon", "adamw")
TUNING = 'objective = "instruction"\n' + TUNING
LORA = '[lora]\nrank = 4\nalpha = 8\ntargets = ["q_proj", "v_proj", "down_proj"]\n'


@pytest.mark.parametrize("family", ["llama-3", "qwen-2", "llama-2", "mistral-3", "gemma"])
@pytest.mark.parametrize("lora", ["", LORA])
def test_tuned_it_is_still_of_its_family(tmp_path, family, lora, capsys):
    recipe, data = write_recipe(tmp_path, TUNING + lora), write_data(tmp_path)
    base, out = chat_gguf(tmp_path / "base.gguf", family), tmp_path / "run"
    events = run(recipe, data, out, [f"start_from={base}"])
    assert isinstance(events[-1], Finished) and any(isinstance(event, Sample) for event in events)
    before, after = open_tokenizer(base), open_tokenizer(out)
    assert (after.hash, after.bos_id, after.eos_id) == (before.hash, before.bos_id, before.eos_id)
    assert after.end_ids == before.end_ids and after.chat_template == FAMILIES[family].template
    model = open_model(out)
    assert model.info.chat_template == FAMILIES[family].template
    assert main(["export", str(out), "--out", str(tmp_path / "tuned.gguf")]) == 0
    assert capsys.readouterr().err == ""
    exported, original = (read_gguf_header(path).metadata for path in (tmp_path / "tuned.gguf", base))
    for key in ("chat_template", "ggml.eos_token_id", "ggml.bos_token_id", "ggml.pre"):
        assert exported.get(f"tokenizer.{key}") == original.get(f"tokenizer.{key}"), key
    if FAMILIES[family].kind == "spm":  # scores instead of merges: all keys come back as they were
        assert tokenizer_keys(tmp_path / "tuned.gguf") == tokenizer_keys(base)
    if lora:
        assert main(["export", str(out), "--adapter", "--out", str(tmp_path / "adapter.gguf")]) == 0
        beside = open_model(base, adapters=[tmp_path / "adapter.gguf"])
        assert np.isfinite(last_logits(beside, before.encode("a fox"))).all()


@pytest.mark.parametrize("lora", ["", LORA])
def test_what_was_tuned_expects_the_same_in_the_decoder_and_exported(tmp_path, lora):
    recipe, data = write_recipe(tmp_path, TUNING + lora), write_data(tmp_path)
    base, out = chat_gguf(tmp_path / "base.gguf", "llama-2"), tmp_path / "run"
    run(recipe, data, out, [f"start_from={base}"])
    tuned = open_model(out)
    ids = tuned.vocabulary.encode("the fox ran to São Paulo")
    export_gguf(open_decoder(out), open_tokenizer(out), tmp_path / "tuned.gguf", chat_template=None)
    exported = open_model(tmp_path / "tuned.gguf", exact=True)
    assert exported.vocabulary.encode("the fox ran to São Paulo") == ids
    np.testing.assert_allclose(last_logits(exported, ids), last_logits(tuned, ids), atol=2e-3)
    assert not np.allclose(last_logits(open_model(base, exact=True), ids), last_logits(tuned, ids), atol=2e-3)


def last_logits(model, ids):
    return list(model.extend(ids))[-1][-1]


def tokenizer_keys(path):
    arrays = [f"tokenizer.ggml.{name}" for name in ("tokens", "scores", "token_type")]
    metadata = read_gguf_header(path, whole=arrays).metadata
    return {key: value for key, value in metadata.items() if key.startswith("tokenizer.")}


@pytest.mark.parametrize(
    ("family", "end"), [("llama-3", "<|eot_id|>"), ("llama-2", "</s>"), ("gemma", "<end_of_turn>")]
)
def test_what_is_packed_is_what_a_chat_sends(tmp_path, family, end):
    """Of the first conversation the ids up to the answer are those of a prompt, and only the answer and its end are learnt."""
    recipe, data = write_recipe(tmp_path, TUNING), write_data(tmp_path)
    base, out = chat_gguf(tmp_path / "base.gguf", family), tmp_path / "run"
    run(recipe, data, out, [f"start_from={base}", "steps=1"])
    stream, vocabulary = PackedStream(out / "data" / "talk-train"), open_tokenizer(base)
    (ends,) = vocabulary.encode(end, special=True)
    prompts, found = PromptBuilder(vocabulary, vocabulary.chat_template), []
    for line in (data / "talk.jsonl").read_text(encoding="utf-8").splitlines():
        asked, said = (turn["content"] for turn in json.loads(line)["messages"])
        before = prompts.build([Message("user", asked)]).ids
        first = int(stream.starts[len(found)])
        after = first + len(before)
        learnt = after + int(np.argmin([*stream.learnt[after:], 0]))  # where it ends
        answer = stream.ids[after:learnt].tolist()
        answer = answer[: 1 + answer.index(ends)] if ends in answer else []  # the end of the text may follow
        if stream.ids[first:after].tolist() == before and vocabulary.decode(answer).decode().strip() == said:
            found.append(line)  # the others are held out
            assert not stream.learnt[first:after].any()
            if FAMILIES[family].kind == "bpe":
                assert answer[:-1] == vocabulary.encode(said)
        if len(found) == len(stream.starts):
            break
    assert len(found) == len(stream.starts) > 20
    texts = PackedStream(out / "data" / "prose-train")
    assert texts.all_learnt and texts.ids[texts.starts[0]] == vocabulary.bos_id


def test_stopped_and_resumed_it_goes_on_in_its_format(tmp_path):
    recipe, data = write_recipe(tmp_path, TUNING + LORA), write_data(tmp_path)
    base, out = chat_gguf(tmp_path / "base.gguf", "qwen-2"), tmp_path / "run"
    run(recipe, data, out, [f"start_from={base}"], stopped=stop_after(out, 2))
    events = run(recipe, data, out, [f"start_from={base}"], resume=True)
    assert isinstance(events[-1], Finished) and events[-1].step == 6
    assert open_tokenizer(out / "checkpoint-0000006").chat_template == FAMILIES["qwen-2"].template


@pytest.mark.parametrize(
    ("change", "sentence"), [("block=1024", "longer than the model's context of 512"), ("device=mps", "mps")]
)
def test_what_cannot_be_is_said_before_the_texts_are_read(tmp_path, change, sentence):
    recipe, data = write_recipe(tmp_path, TUNING), write_data(tmp_path)
    base = chat_gguf(tmp_path / "base.gguf", "llama-2")
    with pytest.raises(UserError, match=sentence):
        run(recipe, data, tmp_path / "run", [f"start_from={base}", change])
    assert not (tmp_path / "run" / "data").exists()


@pytest.mark.parametrize("template", [None, "{% if %}", "{{ raise_exception('no') }}", "{{ messages[0].none.of }}"])
def test_without_a_template_that_works_texts_are_learnt(tmp_path, template):
    recipe, data = write_recipe(tmp_path, TUNING), write_data(tmp_path)
    (data / "talk.jsonl").write_text('{"text": "The fox ran to the river."}\n' * 3, encoding="utf-8")
    base = chat_gguf(tmp_path / "base.gguf", "qwen-2", template)
    events = run(recipe, data, tmp_path / "run", [f"start_from={base}", "block=4"])
    assert isinstance(events[-1], Finished) and any(isinstance(event, Sample) for event in events)


def test_without_a_template_conversations_are_refused_with_a_sentence(tmp_path):
    recipe, data = write_recipe(tmp_path, TUNING), write_data(tmp_path)
    base = chat_gguf(tmp_path / "base.gguf", "qwen-2", None)
    with pytest.raises(UserError, match="no chat template"):
        run(recipe, data, tmp_path / "run", [f"start_from={base}"])
