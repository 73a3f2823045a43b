"""The options that say how a model is loaded, and estimate."""

import json

import msgspec
import pytest

from engine.cli import loading
from engine.cli.main import main
from engine.decoder.checkpoint import save_decoder
from engine.library import opening
from engine.library.kept import kept_settings
from engine.records.loading import LoadSettings, MachineMemory
from tests.helpers.small_models import small_decoder, small_llama_gguf


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return small_llama_gguf(tmp_path_factory.mktemp("estimate") / "small.gguf", head_dim=32)


@pytest.fixture
def opened(monkeypatch):
    """The settings of every model that a verb opens."""
    from engine.cli import common

    real, found = common.open_planned, []

    def open_planned(path, settings, **options):
        found.append(settings)
        return real(path, settings, **options)

    monkeypatch.setattr(common, "open_planned", open_planned)
    return found


def test_estimate_in_words(path, capsys):
    assert main(["estimate", str(path), "--context", "256"]) == 0
    said = capsys.readouterr().out
    for part in ("256 tokens", "weights", "key-value cache", "free now", "fits"):
        assert part in said
    assert "tokens/s" not in said and "known after the first load" in said


def test_a_context_beyond_the_trained_one_is_said(path, capsys):
    assert main(["estimate", str(path), "--context", "513"]) == 0
    assert "longer than the 512 that it was trained with" in " ".join(capsys.readouterr().out.split())
    assert main(["estimate", str(path), "--context", "512"]) == 0
    assert "trained with" not in capsys.readouterr().out


def test_more_than_there_is_is_said(path, capsys, monkeypatch):
    monkeypatch.setattr(loading, "physical_cores", lambda: 2)
    assert main(["estimate", str(path), "--threads", "3", "--gpu-layers", "2"]) == 0
    said = capsys.readouterr().out
    assert "3 of 2 cores, which makes it slower" in said and "this llama.cpp has none" in said
    assert main(["estimate", str(path), "--threads", "2"]) == 0
    said = capsys.readouterr().out
    assert "2 of 2 cores\n" in said and "llama.cpp" not in said


@pytest.mark.parametrize("verb", [["estimate"], ["models", "show"], ["models", "add"], ["tokenize"]])
def test_what_is_no_model_is_told_alike_by_every_verb(tmp_path, capsys, verb):
    (tmp_path / "a.pt").write_bytes(b"\x80\x02")
    more = ["fox"] if verb == ["tokenize"] else []
    assert main([*verb, str(tmp_path / "a.pt"), *more]) == 2
    assert "a.pt is a pickle, which can run any program" in capsys.readouterr().err


def test_more_than_there_is_of_memory_is_estimated_all_the_same(path, capsys, monkeypatch):
    monkeypatch.setattr("engine.inference.load.memory_bytes", lambda: 10)
    assert main(["complete", str(path), "Once"]) == 2
    assert "needs 0.0 GB of memory" in capsys.readouterr().err
    assert main(["estimate", str(path)]) == 0


def test_what_a_person_should_know_is_said_before_a_load(path, capsys, monkeypatch):
    assert main(["complete", str(path), "Once", "--max-tokens", "1", "--context", "600"]) == 0
    assert "600 tokens, and it was trained with 512: later text is read badly" in capsys.readouterr().err
    little = MachineMemory(10**6, 10**6, 10**10, ())
    monkeypatch.setattr(opening, "memory_now", lambda: little)
    assert main(["complete", str(path), "Once", "--max-tokens", "1"]) == 0
    said = capsys.readouterr()
    assert "1 MB are free: it will be many times slower" in said.err and "proxima" not in said.out
    monkeypatch.setattr(opening, "memory_now", lambda: msgspec.structs.replace(little, free_swap_bytes=0))
    assert main(["complete", str(path), "Once", "--max-tokens", "1"]) == 0
    assert "loading it may fail" in capsys.readouterr().err


def test_estimate_as_json_counts_the_cache(path, capsys):
    sizes = []
    for kind in ("f16", "q8_0"):
        assert main(["estimate", str(path), "--context", "256", "--cache-type", kind, "--json"]) == 0
        sizes.append(json.loads(capsys.readouterr().out)["plan"]["estimate"]["cache"])
    assert sizes[0] == 2 * 4 * 64 * 256 * 2  # layers, heads, keys and values of 32, tokens, bytes
    assert sizes[1] == sizes[0] * 34 // 64


def test_saved_settings_are_those_of_the_next_load(path, opened, capsys):
    assert main(["estimate", str(path), "--context", "256", "--threads", "2", "--save"]) == 0
    assert main(["complete", str(path), "Once", "--max-tokens", "1"]) == 0
    assert main(["complete", str(path), "Once", "--max-tokens", "1", "--context", "512"]) == 0
    assert opened == [LoadSettings(256, 2), LoadSettings(512, 2)]
    assert main(["estimate", str(path), "--save"]) == 0
    assert kept_settings(path) == LoadSettings()
    capsys.readouterr()


def test_measured_and_then_known(path, capsys):
    assert main(["estimate", str(path), "--measure", "--json"]) == 0
    speed = json.loads(capsys.readouterr().out)["speed"]
    assert speed["measured"] and speed["tokens_per_s"] > 0
    assert main(["estimate", str(path)]) == 0
    said = capsys.readouterr().out
    assert "(measured)" in said and "tokens/s at the end of a full context" in said


@pytest.mark.parametrize("verb", ["complete", "score", "bench", "chat"])
def test_every_verb_that_loads_takes_them(verb, capsys):
    assert main([verb, "--help"]) == 0
    said = capsys.readouterr().out
    assert all(f"--{name.replace('_', '-')}" in said for name in loading._OPTIONS)
    assert "--loading" not in said


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--cache-type", "q9"], "--cache-type cannot be 'q9'"),
        (["--flash-attention", "maybe"], "Choose auto, on, off"),
        (["--weights", "lost"], "--weights cannot be 'lost'"),
        (["--context", "-5"], "greater than or equal to 0"),
        (["--cache-type", "q8_0", "--flash-attention", "off"], "needs flash attention"),
    ],
)
def test_what_cannot_be_is_one_sentence(path, options, sentence, capsys):
    assert main(["complete", str(path), "Once", *options]) == 2
    assert sentence in capsys.readouterr().err


def test_a_folder_is_estimated_from_its_config(tmp_path, capsys):
    assert main(["estimate", str(tmp_path)]) == 2
    assert "holds no model" in capsys.readouterr().err
    save_decoder(small_decoder(), tmp_path)
    assert main(["estimate", str(tmp_path), "--context", "600"]) == 0
    said = capsys.readouterr().out
    assert "600 tokens" in said and "(f32)" in said and "longer than the 512" in said and "fits" in said
