"""An n-gram model behind the interface of all models, from its folder."""

from typing import get_args

import numpy as np
import pytest

from engine.errors import Cancelled, UserError
from engine.inference.generate import Step, generate
from engine.inference.load import open_model
from engine.inference.prompt import Prompt
from engine.inference.score import score, total
from engine.ngram.backoff import ngram_model
from engine.ngram.counts import Smoothing, count_ngrams
from engine.ngram.folder import save_ngram
from engine.records import GenerationSettings, SamplingSettings, StageSettings
from tests.helpers.small_models import TEXT, small_vocabulary


@pytest.fixture(params=get_args(Smoothing))
def folder(request, tmp_path):
    vocabulary = small_vocabulary()
    ids = vocabulary.encode(TEXT)
    counts = count_ngrams(np.array(ids), 4, vocabulary.size, preceded=request.param == "kneser-ney")
    model = ngram_model(counts, vocabulary.size, request.param)
    save_ngram(tmp_path / "counts", model, vocabulary, len(ids), request.param)
    return tmp_path / "counts"


def test_every_way_to_evaluate_agrees(folder):
    model = open_model(folder)
    ids = model.vocabulary.encode(TEXT * 2)[:150]
    rows = np.concatenate(list(model.extend(ids, rows="all")))
    assert rows.shape == (150, model.vocabulary.size)
    assert np.exp(rows).sum(axis=1) == pytest.approx(1, abs=1e-5)
    for length in (1, 64, 65, 128, 150):
        model.rewind(0)
        *others, last = model.extend(ids[:length])
        assert all(len(other) == 0 for other in others)
        np.testing.assert_array_equal(last[0], rows[length - 1])


def test_it_writes_what_it_has_read(folder):
    model = open_model(folder)
    greedy = SamplingSettings(stages=(StageSettings("temperature", values={"temperature": 0}),))
    ids = model.vocabulary.encode(TEXT)
    events = list(generate(model, Prompt(ids[:30]), GenerationSettings(sampling=greedy, max_tokens=8)))
    assert [event.record.token.id for event in events if isinstance(event, Step)] == ids[30:38]


def test_it_scores_known_text_better(folder):
    model = open_model(folder)
    known, unknown = (total(list(score(model, text))).bits_per_byte for text in (TEXT[:200], TEXT[:200][::-1]))
    assert known < 1 < unknown


def test_context_and_cancel(folder):
    model = open_model(folder, context_length=16)
    with pytest.raises(UserError, match="The context holds 16 tokens and 17 would be needed"):
        list(model.extend([5] * 17))
    with pytest.raises(Cancelled):
        list(model.extend([5], cancelled=lambda: True))
    list(model.extend([5] * 10))
    assert model.rewind(4) == 4 and model.ids == [5] * 4


@pytest.mark.parametrize("name", ["ngram.json", "ngram.npz"])
@pytest.mark.parametrize("damage", [lambda data: b"", lambda data: data[: len(data) // 2], lambda data: b"{}" + data])
def test_a_damaged_folder_is_one_sentence(folder, name, damage):
    path = folder / name
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(UserError, match=r"The n-gram model in .* is damaged\."):
        open_model(folder)


def test_counts_that_do_not_fit_together_are_refused(folder):
    arrays = dict(np.load(folder / "ngram.npz"))
    arrays["keys3"] = arrays["keys3"] + 10**12
    np.savez(folder / "ngram.npz", **arrays)
    with pytest.raises(UserError, match="damaged"):
        open_model(folder)
