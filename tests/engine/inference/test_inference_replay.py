"""A saved reply played again: the same to the byte on the same path; what changed is found, placed and measured."""

import msgspec
import numpy as np
import pytest

from engine import __version__
from engine.decoder.lora_config import LoraConfig
from engine.errors import Cancelled, UserError
from engine.gguf.adapter import export_adapter
from engine.inference.fingerprint import fingerprint
from engine.inference.generate import Step, generate
from engine.inference.llama_cpp import LlamaCppModel
from engine.inference.prompt import PromptBuilder
from engine.inference.replay import replay
from engine.inference.reply_prompt import reply_prompt
from engine.records import GenerationSettings, Message, ReplySummary, SamplingSettings, SavedReply, StageSettings
from engine.sampling.preview import recorded_states
from engine.sampling.registry import with_values
from tests.engine.decoder.test_decoder_lora import with_values as lora_with_values
from tests.helpers.small_models import small_decoder, small_llama_gguf, small_vocabulary

MESSAGES = (Message("system", "Be brief."), Message("user", "Where is the fox?"))
STAGES = (
    StageSettings("penalties", True, {"repeat": 1.1}),
    StageSettings("xtc", True, {"probability": 0.5, "threshold": 0.02}),
    StageSettings("mirostat_2", True, {"tau": 4.0}),
)
SETTINGS = GenerationSettings(SamplingSettings(STAGES, 7), max_tokens=20)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return small_llama_gguf(tmp_path_factory.mktemp("models") / "small.gguf")


@pytest.fixture
def model(path):
    opened = LlamaCppModel(path, 256, threads=1, exact=True)
    yield opened
    opened.close()


def reply(model, settings=SETTINGS, messages=MESSAGES, **more):
    prompts = PromptBuilder(model.vocabulary, model.info.chat_template)
    prompt, refit = reply_prompt(model, prompts, messages, settings)
    events = list(generate(model, prompt, settings, refit=refit, **more))
    records = tuple(event.record for event in events if isinstance(event, Step))
    summary = next(event for event in events if isinstance(event, ReplySummary))
    return SavedReply(messages, settings, summary, records, model.vocabulary.hash)


def timeless(records):
    return [msgspec.structs.replace(record, time_ms=0.0) for record in records]


def test_a_summary_says_what_made_the_reply(model, path):
    summary = reply(model).summary
    assert summary.engine_version == __version__ and summary.model_path == str(path)
    assert summary.model_hash == fingerprint(path) != "" and summary.template_hash == model.info.template_hash != ""


def test_the_same_seed_gives_the_same_records_to_the_last_bit_also_after_a_restart(model, path):
    saved = reply(model)
    model.rewind(0)
    assert timeless(reply(model).records) == timeless(saved.records)
    other = LlamaCppModel(path, 256, threads=1, exact=True)
    assert timeless(reply(other).records) == timeless(saved.records)
    other.close()


def test_a_replay_finds_the_same(model):
    saved = reply(model)
    model.rewind(0)
    found = replay(model, saved)
    assert found.same and found.tokens == len(saved.records) and found.largest_change == 0 and found.changed == ()


def test_a_replay_puts_what_a_person_put_there_at_the_start_and_in_the_middle(model):
    fox = model.vocabulary.encode(" fox")
    started = reply(model, forced_ids=fox)
    assert replay(model, started).same
    middle = started.records[: len(fox) + 2]
    cut = msgspec.structs.replace(middle[-1], dart=None, stages=(), final_probability=None, forced=True)
    by_hand = msgspec.structs.replace(started, records=(*middle[:-1], cut))
    assert replay(model, by_hand).same


def test_what_was_kept_from_another_reply_is_put_there_again_with_its_own_darts_aside(model):
    first = reply(model)
    ids = [record.token.id for record in first.records[:5]]
    settings = msgspec.structs.replace(SETTINGS, sampling=SamplingSettings(STAGES[:2], 99))
    branch = reply(model, settings, forced_ids=ids)
    kept = (*first.records[:5], *branch.records[5:])
    found = replay(model, msgspec.structs.replace(branch, records=kept, kept=5))
    assert found.same and found.tokens == len(kept) and found.largest_change == 0
    other = msgspec.structs.replace(branch, records=kept)
    assert not replay(model, other).same, "its own chain and seed draw something else there"


def test_another_seed_or_chain_is_found_at_its_first_token_and_measured(model):
    saved = reply(model)
    other = msgspec.structs.replace(saved, summary=msgspec.structs.replace(saved.summary, seed=8))
    found = replay(model, other)
    assert not found.same and found.changed == ()
    first = found.first_difference
    assert first.position == found.tokens - 1 and first.saved.id != first.now.id
    assert first.saved_logprob == pytest.approx(first.logprob_now, abs=1e-4), "the model itself is the same"
    hot = with_values(saved.settings.sampling, {("temperature", "temperature"): 5.0})
    changed = msgspec.structs.replace(saved, settings=msgspec.structs.replace(saved.settings, sampling=hot))
    first = replay(model, changed).first_difference
    assert first is None or first.probability_now != first.saved_probability


def test_another_model_of_the_same_vocabulary_is_named_and_its_distance_told(model, tmp_path):
    saved = reply(model)
    other = LlamaCppModel(small_llama_gguf(tmp_path / "other.gguf", seed=9), 512, threads=1, exact=True)
    found = replay(other, saved)
    assert {"model", "context"} <= set(found.changed) and found.largest_change > 0.1
    other.close()


def test_another_conversation_before_it_is_told(model):
    saved = reply(model)
    longer = (*MESSAGES[:1], Message("user", "Where is the fox, and how long did it take it to get to the river?"))
    assert "prompt" in replay(model, msgspec.structs.replace(saved, messages=longer)).changed
    # As long as it was: only the hash tells, which older replies do not have.
    other = (*MESSAGES[:1], Message("user", "Where is the owl?"))
    builder = PromptBuilder(model.vocabulary, model.info.chat_template)
    lengths = {len(builder.build(messages).ids) for messages in (MESSAGES, other)}
    changed = replay(model, msgspec.structs.replace(saved, messages=other)).changed
    assert changed == ("prompt",)
    old = msgspec.structs.replace(saved.summary, prompt_hash="")
    found = replay(model, msgspec.structs.replace(saved, messages=other, summary=old))
    assert ("prompt" in found.changed) == (len(lengths) > 1 and max(lengths) == len(builder.build(other).ids))


def test_a_reply_that_was_continued_came_after_the_same_prompt(model):
    begun = reply(model, msgspec.structs.replace(SETTINGS, max_tokens=6))
    ids = tuple(record.token.id for record in begun.records)
    own = Message("assistant", begun.summary.text, ids, model.vocabulary.hash)
    settings = msgspec.structs.replace(SETTINGS, max_tokens=4)
    prompts = PromptBuilder(model.vocabulary, model.info.chat_template)
    prompt, _ = reply_prompt(model, prompts, (*MESSAGES, own), settings)
    states = recorded_states(begun.records[-1], after=True)
    events = list(generate(model, prompt, settings, reply_ids=prompt.reply_ids, states=states))
    assert events[-1].prompt_hash == begun.summary.prompt_hash
    records = (*begun.records, *(event.record for event in events if isinstance(event, Step)))
    found = replay(model, msgspec.structs.replace(begun, records=records, summary=events[-1]))
    assert found.changed == () and found.same


def test_a_reply_that_outgrew_the_context_is_replayed_with_what_was_left_out(path):
    small = LlamaCppModel(path, 64, threads=1, exact=True)
    messages = (Message("user", "One"), Message("assistant", "Two three"), Message("user", "Four"))
    settings = msgspec.structs.replace(SETTINGS, max_tokens=60)
    saved = reply(small, settings, messages)
    small.rewind(0)
    assert replay(small, saved).same
    small.close()


def test_what_cannot_be_replayed_is_refused(model):
    saved = reply(model)
    for broken, code in (
        (msgspec.structs.replace(saved, records=()), "replay-records"),
        (msgspec.structs.replace(saved, vocabulary_hash="other"), "replay-vocabulary"),
    ):
        with pytest.raises(UserError) as caught:
            replay(model, broken)
        assert caught.value.code == code


def test_a_branch_learns_from_its_prefix_as_if_it_had_been_drawn(model):
    settings = GenerationSettings(SamplingSettings((StageSettings("mirostat_2"),), 3), max_tokens=8)
    drawn = reply(model, settings).records
    ids = [record.token.id for record in drawn]
    branch = reply(model, settings, forced_ids=ids[:5]).records
    assert [record.token.id for record in branch] == ids
    assert branch[5].stages[0].state == pytest.approx(drawn[5].stages[0].state, abs=1e-5)


def test_fingerprints_tell_files_apart(tmp_path):
    one, two, folder = tmp_path / "one.gguf", tmp_path / "two.gguf", tmp_path / "folder"
    data = np.random.default_rng(0).integers(0, 255, 10_000_000, dtype=np.uint8)
    one.write_bytes(data.tobytes())
    two.write_bytes(data.tobytes())
    assert fingerprint(one) == fingerprint(two) and len(fingerprint(one)) == 64
    data[-1] ^= 1
    two.write_bytes(data.tobytes())
    assert fingerprint(one) != fingerprint(two)
    folder.mkdir()
    assert fingerprint(folder) == "" == fingerprint(tmp_path / "nothing")
    (folder / "config.json").write_text("{}")
    first = fingerprint(folder)
    (folder / "config.json").write_text("{ }")
    assert first != fingerprint(folder)


def test_progress_is_told_and_it_can_be_stopped(model):
    saved = reply(model)
    told = []
    replay(model, saved, progress=lambda done, total: told.append((done, total)))
    assert told == [(n, len(saved.records)) for n in range(1, len(saved.records) + 1)]
    stopped = []
    with pytest.raises(Cancelled):
        replay(model, saved, lambda: len(stopped) >= 3, lambda done, total: stopped.append(done))
    assert 3 <= len(stopped) < len(saved.records)


def test_a_context_that_ends_before_the_reply_is_not_called_the_same(model, path):
    # The most likely token each time: these weights go round in circles, and never end by themselves.
    endless = GenerationSettings(SamplingSettings((StageSettings("top_k", values={"k": 1}),), 3), 260, when_full="stop")
    large = LlamaCppModel(path, 512, threads=1, exact=True)
    saved = reply(large, endless)
    large.close()
    found = replay(model, saved)
    assert found.first_difference is None and not found.same
    assert 0 < found.tokens < found.total == len(saved.records) == 260 and "context" in found.changed


def test_other_adapters_than_then_are_told(model, path, tmp_path):
    config = LoraConfig(rank=4)
    adapted = lora_with_values(small_decoder("llama", small_vocabulary().size, context_length=8192), config)
    export_adapter(adapted, config, tmp_path / "pirate.gguf")
    beside = LlamaCppModel(path, 256, threads=1, exact=True, adapters=[tmp_path / "pirate.gguf"])
    saved = reply(beside)
    assert [adapter.name for adapter in saved.summary.adapters] == ["pirate"]
    assert replay(beside, saved).same and replay(beside, saved).changed == ()
    found = replay(model, saved)
    assert found.changed == ("adapters",) and found.largest_change > 0.01
    beside.switch_adapters([0.5])
    assert replay(beside, saved).changed == ("adapters",)
    beside.switch_adapters([0.0])
    assert reply(beside).summary.adapters == () and "adapters" in replay(beside, saved).changed
    beside.close()
