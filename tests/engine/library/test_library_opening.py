"""A real model: planned, loaded, measured, and measured only once."""

import msgspec
import pytest

from engine.decoder.checkpoint import save_decoder
from engine.decoder.tokenizer_files import save_tokenizer
from engine.errors import Cancelled, UserError
from engine.library import opening
from engine.library.kept import keep_measurement, measurement
from engine.library.opening import learn_speed, measure_speed, open_planned, prospect
from engine.library.parts import model_parts, read_model_header
from engine.records import Timing
from engine.records.loading import AUTO, LoadSettings, MachineMemory
from tests.helpers.small_models import small_decoder, small_llama_gguf, small_vocabulary


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return small_llama_gguf(tmp_path_factory.mktemp("opening") / "small.gguf")


def test_a_load_keeps_what_it_took(path):
    opened = open_planned(path, LoadSettings(context_length=256))
    assert opened.model.context_length == 256
    found = measurement(path)
    assert found == opened.measured
    assert found.settings == opened.model.info.settings
    assert found.estimated_bytes > found.file_size // 2 and not found.probed
    opened.model.close()


def test_the_next_estimate_is_corrected(path):
    open_planned(path).model.close()
    before = prospect(path)
    kept = measurement(path)
    keep_measurement(msgspec.structs.replace(kept, resident_bytes=kept.estimated_bytes + 2_000_000))
    found = prospect(path).plan
    raw = before.plan.estimate.total / before.plan.correction
    assert found.estimate.total == pytest.approx(raw + 2_000_000, rel=1e-3)
    assert found.correction == pytest.approx(1 + 2_000_000 / raw, abs=1e-3)
    again = open_planned(path)
    assert again.measured.estimated_bytes == kept.estimated_bytes, "what is kept is without a correction"
    again.model.close()


def test_the_speed_is_measured_once(path):
    opened = open_planned(path)
    found = measure_speed(opened)
    assert found.tokens_per_s > 1 and found.prompt_tokens_per_s > 1 and found.bytes_per_token > 1000
    assert not opened.model.ids
    opened.model.close()
    again = open_planned(path)
    assert again.measured.tokens_per_s == found.tokens_per_s and measure_speed(again) is None
    told = prospect(path).speed
    assert told.measured and told.tokens_per_s == found.tokens_per_s
    again.model.close()
    other_threads = open_planned(path, LoadSettings(threads=2))
    assert not other_threads.measured.probed
    other_threads.model.close()


def test_a_probe_that_is_stopped_is_tried_again_and_one_that_ends_the_process_is_not(path, monkeypatch):
    opened = open_planned(path)
    with pytest.raises(Cancelled):
        measure_speed(opened, lambda: True)
    assert not measurement(path).probed

    def dies(*_):
        raise SystemExit

    monkeypatch.setattr(opening, "probe_speed", dies)
    with pytest.raises(SystemExit):
        measure_speed(opened)
    assert measurement(path).probed
    opened.model.close()


def test_a_kind_of_model_that_cannot_be_worked_out_is_loaded_all_the_same(path, monkeypatch):
    def no_plan(*_, **__):
        raise UserError("model-shape", "The file does not say how large its model is.")

    monkeypatch.setattr(opening, "prospect", no_plan)
    opened = open_planned(path, LoadSettings(context_length=256))
    assert opened.model.context_length == 256 and opened.measured is None and measure_speed(opened) is None
    opened.model.close()


def test_the_fastest_reply_counts(path):
    opened = open_planned(path)
    opened.model.close()
    measured = msgspec.structs.replace(opened.measured, probed=True, tokens_per_s=10.0)
    assert learn_speed(measured, Timing(5, 0, 31, 1.0, 1.0)) == measured  # too few to tell
    assert learn_speed(measured, Timing(5, 0, 32, 1.0, 4.0)) == measured  # 8 a second: something else was going on
    better = learn_speed(measured, Timing(5, 0, 40, 1.0, 2.0))
    assert better.tokens_per_s == 20.0 and measurement(path) == better


def test_a_folder_is_measured_too_and_says_nothing_of_files(path, tmp_path):
    vocabulary = small_vocabulary()
    folder = tmp_path / "run"
    save_decoder(small_decoder(vocabulary_size=vocabulary.size), folder)
    save_tokenizer(vocabulary, folder)
    assert prospect(folder).speed is None
    opened = open_planned(folder)
    found = measure_speed(opened)
    assert found.backend == "decoder" and found.tokens_per_s > 1 and found.quantisation == "F32"
    assert found.bytes_per_token == 4 * opened.model.info.parameters and not opened.model.ids
    told = prospect(folder).speed
    assert told.measured and told.tokens_per_s == found.tokens_per_s
    assert measure_speed(open_planned(folder)) is None
    assert prospect(path).speed is None, "torch is not llama.cpp"


def test_a_short_context_is_chosen_where_memory_is_short(path):
    need = prospect(path, LoadSettings(512)).plan.estimate.total
    assert prospect(path, AUTO, MachineMemory(need, 10**12)).plan.fit == "tight"
    assert prospect(path, AUTO, MachineMemory(1000, 10**12)).plan.fit == "too_large"


def test_parts_are_one_model(path, tmp_path):
    parts = [tmp_path / f"m-0000{number}-of-00002.gguf" for number in (1, 2)]
    assert model_parts(parts[0]) == model_parts(parts[1]) == parts
    assert model_parts(path) == [path]
    for part in parts:
        part.write_bytes(path.read_bytes())
    assert read_model_header(parts[0]).size_bytes == 2 * path.stat().st_size
    assert len(read_model_header(parts[0]).tensors) == 2 * len(read_model_header(path).tensors)
    parts[1].unlink()
    with pytest.raises(UserError, match=r"m-00002-of-00002\.gguf is missing"):
        read_model_header(parts[0])
