"""Generation on real (small, random) models: reuse of the cache, text at borders, ends, cancelling, full contexts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import UserError
from engine.inference.decoder import DecoderModel
from engine.inference.generate import Prefilled, Prefilling, Step, generate
from engine.inference.llama_cpp import LlamaCppModel
from engine.inference.prompt import Prompt
from engine.inference.score import score, total
from engine.inference.visible_text import VisibleText
from engine.records import GenerationSettings, ReplySummary, SamplingSettings
from engine.sampling.registry import greedy_settings, neutral_settings
from tests.helpers.small_models import small_decoder, small_llama_gguf, small_vocabulary


@pytest.fixture(scope="module")
def gguf_path(tmp_path_factory):
    return small_llama_gguf(tmp_path_factory.mktemp("models") / "small.gguf")


@pytest.fixture(params=["llama_cpp", "decoder"])
def model(request, gguf_path):
    if request.param == "llama_cpp":
        opened = LlamaCppModel(gguf_path, context_length=256, threads=1, exact=True)
    else:
        opened = DecoderModel(gguf_path, small_decoder(), small_vocabulary(), None, context_length=256, threads=1)
    yield opened
    opened.close()


def with_seed(seed, **changes):
    return GenerationSettings(sampling=SamplingSettings(neutral_settings().stages, seed), **changes)


def run(model, ids, settings, **more):
    events = list(generate(model, Prompt(ids), settings, **more))
    records = [event.record for event in events if isinstance(event, Step)]
    return records, events[-1], events


def test_a_reply_tells_everything(model):
    ids = model.vocabulary.encode("Once upon a time")
    records, summary, events = run(model, ids, with_seed(5, max_tokens=12))
    assert isinstance(summary, ReplySummary)
    assert 1 <= len(records) <= 12
    assert [record.position for record in records] == list(range(len(records)))
    assert any(isinstance(event, Prefilling) for event in events)
    prefilled = next(event for event in events if isinstance(event, Prefilled))
    assert (prefilled.prompt_tokens, prefilled.seed) == (len(ids), 5)
    shown = "".join(event.text for event in events if isinstance(event, Step))
    assert summary.text.startswith(shown)
    assert summary.timing.generated_tokens == len(records)
    assert all(record.time_ms > 0 for record in records)


def test_the_same_seed_gives_the_same_reply_and_another_seed_another(model):
    ids = model.vocabulary.encode("The fox")
    first = run(model, ids, with_seed(1, max_tokens=20))[1].text
    assert run(model, ids, with_seed(1, max_tokens=20))[1].text == first
    assert run(model, ids, with_seed(2, max_tokens=20))[1].text != first


def test_records_agree_with_a_fresh_evaluation(model):
    ids = model.vocabulary.encode("The fox liked to count")
    records, _, _ = run(model, ids, with_seed(3, max_tokens=15))
    chosen = [record.token.id for record in records]
    model.rewind(0)
    rows = np.concatenate([r.copy() for r in model.extend([*ids, *chosen], rows="all")]).astype(np.float64)
    for place, record in enumerate(records):
        row = rows[len(ids) + place - 1]
        expected = row[record.token.id] - row.max() - np.log(np.exp(row - row.max()).sum())
        assert record.logprob == pytest.approx(expected, abs=1e-3)


def test_both_backends_give_the_same_greedy_text(gguf_path):
    settings = GenerationSettings(sampling=greedy_settings(), max_tokens=30)
    llama = LlamaCppModel(gguf_path, threads=1, exact=True)
    ours = DecoderModel(gguf_path, small_decoder(), small_vocabulary(), None, threads=1)
    ids = llama.vocabulary.encode("Once upon")
    texts = [run(model, ids, settings)[1].text for model in (llama, ours)]
    llama.close()
    assert texts[0] == texts[1]


def test_the_cache_is_reused_over_turns_and_branches(model):
    ids = model.vocabulary.encode("Once upon a time there was a small fox")
    records, _, _ = run(model, ids, with_seed(1, max_tokens=6))
    longer = [*ids, *(record.token.id for record in records), 20, 21]
    _, summary, _ = run(model, longer, with_seed(1, max_tokens=2))
    assert summary.timing.reused_tokens >= len(ids) + len(records) - 1
    assert summary.timing.prompt_tokens == len(longer) - summary.timing.reused_tokens
    _, again, _ = run(model, ids, with_seed(1, max_tokens=6))
    assert again.timing.reused_tokens == len(ids) - 1


def test_forced_tokens_are_recorded_as_forced_and_the_darts_go_on(model):
    ids = model.vocabulary.encode("The owl")
    # A seed whose reply is long enough to branch off.
    seed = next(seed for seed in range(100) if len(run(model, ids, with_seed(seed, max_tokens=8))[0]) == 8)
    records, _, _ = run(model, ids, with_seed(seed, max_tokens=8))
    chosen = [record.token.id for record in records]
    branch, _, _ = run(model, ids, with_seed(seed, max_tokens=8), forced_ids=[*chosen[:3], 33])
    assert [record.forced for record in branch[:4]] == [True] * 4
    assert [record.token.id for record in branch[:4]] == [*chosen[:3], 33]
    assert not branch[4].forced and branch[4].dart == records[4].dart
    # What the chain would have done there is told with them.
    for put, drawn in zip(branch[:4], records[:4], strict=True):
        assert (put.dart, put.stages) == (drawn.dart, drawn.stages)
        assert put.candidates.removed_by == drawn.candidates.removed_by
    assert [put.final_probability for put in branch[:3]] == [drawn.final_probability for drawn in records[:3]]
    put = branch[3]
    assert put.final_probability == pytest.approx(np.exp(put.logprob), rel=1e-4), "no stage is on, and it is its own"


def test_continuing_keeps_positions_and_darts(model):
    ids = model.vocabulary.encode("The river")
    whole, _, _ = run(model, ids, with_seed(4, max_tokens=10))
    chosen = [record.token.id for record in whole]
    rest, summary, _ = run(model, [*ids, *chosen[:4]], with_seed(4, max_tokens=6), reply_ids=chosen[:4])
    assert [record.position for record in rest] == list(range(4, 4 + len(rest)))
    assert [record.token.id for record in rest] == chosen[4:]
    assert summary.timing.generated_tokens == len(rest)


def test_cancelling_in_prefill_and_in_generation(model):
    ids = (model.vocabulary.encode("water ") * 200)[:240]
    stops = iter([False, True])
    _, summary, events = run(model, ids, with_seed(1), cancelled=lambda: next(stops, True))
    assert summary.finish == "cancelled"
    assert not any(isinstance(event, Step) for event in events)
    records = []
    for event in generate(model, Prompt(ids[:5]), with_seed(1, max_tokens=50), cancelled=lambda: len(records) >= 3):
        if isinstance(event, Step):
            records.append(event.record)
    # A fast model is up to two tokens ahead of what is told of it.
    assert event.finish == "cancelled" and 3 <= len(records) <= 5
    # The model is of use afterwards.
    assert run(model, ids[:5], with_seed(1, max_tokens=2))[0]


def test_a_context_that_fills_ends_the_reply_or_drops_what_is_oldest(model):
    ids = (model.vocabulary.encode("the water is cold ") * 100)[:250]
    settings = with_seed(2)
    _, summary, _ = run(model, ids, settings)
    assert summary.finish in ("context", "stop")
    calls = []

    def refit(reply_ids):
        calls.append(len(reply_ids))
        if len(calls) > 2:
            raise UserError("context-full", "", "")
        return Prompt([*ids[:10], *reply_ids], left_out=2)

    records, summary, _ = run(model, ids, with_seed(2, max_tokens=60), refit=refit)
    if summary.finish != "stop":
        assert calls and summary.left_out == 2
        assert len(records) > 256 - 250 + 1


def test_an_empty_prompt_and_a_prompt_that_is_too_long_are_refused(model):
    with pytest.raises(UserError):
        run(model, [], with_seed(1))
    with pytest.raises(UserError) as caught:
        run(model, [9] * 300, with_seed(1))
    assert caught.value.code == "context-full"


def test_a_score_is_the_log_softmax_of_the_logits(model):
    text = "Once upon a time there was a small fox"
    records = list(score(model, text))
    ids = model.vocabulary.encode(text)
    assert [record.token.id for record in records] == ids
    model.rewind(0)
    rows = np.concatenate([r.copy() for r in model.extend([model.vocabulary.bos_id, *ids], rows="all")]).astype(
        np.float64
    )
    for record, row in zip(records, rows, strict=False):
        expected = row[record.token.id] - row.max() - np.log(np.exp(row - row.max()).sum())
        assert record.logprob == pytest.approx(expected, abs=1e-3)
    sums = total(records)
    assert sums.bytes == len(text.encode())
    assert sums.bits_per_byte == pytest.approx(-sum(r.logprob for r in records) / np.log(2) / sums.bytes)


def test_a_text_longer_than_the_context_is_scored_whole(model):
    text = "the fox and the owl " * 120
    records = list(score(model, text))
    assert b"".join(record.token.bytes for record in records) == text.encode()
    assert [record.position for record in records] == list(range(len(records)))


@given(st.text(max_size=40), st.lists(st.integers(1, 5), max_size=60))
def test_visible_text_is_the_text_however_it_is_cut(text, sizes):
    data, visible, shown, place = text.encode(), VisibleText(), "", 0
    for size in [*sizes, len(data)]:
        shown += visible.feed(data[place : place + size])
        assert "\ufffd" not in shown or "\ufffd" in text
        place += size
    assert shown + visible.finish() == text


@settings(max_examples=300)
@given(
    st.text(alphabet="ab<", max_size=40),
    st.lists(st.integers(1, 4), max_size=40),
    st.lists(st.text(alphabet="ab<", min_size=1, max_size=4), max_size=3),
)
def test_stop_strings_end_the_text_at_the_first_of_them(text, sizes, stops):
    visible, shown, place = VisibleText(stops), "", 0
    data = text.encode()
    for size in [*sizes, len(data)]:
        shown += visible.feed(data[place : place + size])
        place += size
    shown += visible.finish()
    if visible.stopped:
        # Nothing of a stop string was shown, and what follows the shown text is one.
        assert any(text.startswith(shown + stop) for stop in stops)
    else:
        assert shown == text
    assert not any(stop in shown for stop in stops)


@given(st.binary(max_size=30), st.integers(1, 4))
def test_any_bytes_become_text(data, size):
    visible = VisibleText()
    shown = "".join(visible.feed(data[i : i + size]) for i in range(0, len(data), size)) + visible.finish()
    assert shown == data.decode("utf-8", "replace")
