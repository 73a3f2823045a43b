"""The command line as a person uses it: real output on good input, one sentence and exit code 2 on bad."""

import json

import numpy as np
import pytest

from engine.cli.main import main
from engine.header.gguf import read_gguf_header
from engine.inference import devices
from engine.records.loading import Device
from engine.resources import bundled_model
from tests.helpers.small_models import TEXT, small_llama_gguf


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return str(small_llama_gguf(tmp_path_factory.mktemp("models") / "small.gguf"))


def run_json(capsys, *arguments):
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_tokenize(capsys, model):
    tokens = run_json(capsys, "tokenize", model, "olá fox 42")
    assert b"".join(bytes.fromhex(token["bytes"]) for token in tokens) == "olá fox 42".encode()
    assert set(tokens[0]) == {"id", "text", "bytes"}


def test_next(capsys, model):
    found = run_json(capsys, "next", model, "Once upon", "--top", "7")
    assert len(found) == 7
    probabilities = [item["probability"] for item in found]
    assert probabilities == sorted(probabilities, reverse=True) and sum(probabilities) <= 1


def test_complete_tells_everything(capsys, model):
    result = run_json(
        capsys, "complete", model, "Once upon", "--max-tokens", "5", "--seed", "3", "--top", "4", "--top-k", "9"
    )
    assert result["finish"] in ("stop", "length") and result["seed"] == 3
    token = result["tokens"][0]
    assert {"id", "text", "logprob", "rank", "entropy_bits", "dart", "final_probability", "top", "stages"} <= set(token)
    assert len(token["top"]) == 4 and token["stages"][0]["name"] == "top_k" and token["stages"][0]["kept"] == 9
    again = run_json(capsys, "complete", model, "Once upon", "--max-tokens", "5", "--seed", "3", "--top-k", "9")
    assert again["text"] == result["text"]


def test_the_chain_that_a_model_s_file_recommends(capsys, model):
    """The built-in model's file says so; the small one says nothing."""
    found = run_json(capsys, "complete", "bundled", "Once upon", "--max-tokens", "3", "--preset", "Recommended")
    plain = run_json(capsys, "complete", "bundled", "Once upon", "--max-tokens", "3")
    temperature = read_gguf_header(bundled_model()).metadata["general.sampling.temp"]
    assert found["chain"][-1] == f"temperature:temperature={temperature:g}"
    assert found["chain"] != plain["chain"]
    assert main(["complete", model, "Once upon", "--preset", "recommended"]) == 2
    assert "No model here recommends samplers." in capsys.readouterr().err


def test_complete_in_the_chat_template_and_greedy(capsys, model):
    result = run_json(capsys, "complete", model, "Hi", "--chat", "--greedy", "--max-tokens", "4")
    assert all(token["final_probability"] == 1.0 for token in result["tokens"])
    assert main(["complete", model, "Hi", "--greedy", "--max-tokens", "4"]) == 0
    assert capsys.readouterr().out.endswith("\n")


def test_score(capsys, model, tmp_path):
    (tmp_path / "text.txt").write_text(TEXT, encoding="utf-8")
    result = run_json(capsys, "score", model, "--file", str(tmp_path / "text.txt"))
    assert result["bits_per_byte"] > 0 and result["tokens"] > 50 and result["perplexity"] > 1


def test_logits_of_both_backends_agree(model, tmp_path):
    for backend in ("decoder", "llama_cpp"):
        out = str(tmp_path / f"{backend}.npy")
        assert main(["logits", model, "--ids", "10,20,30,40", "--backend", backend, "--out", out]) == 0
    ours, theirs = np.load(tmp_path / "decoder.npy"), np.load(tmp_path / "llama_cpp.npy")
    assert ours.shape == theirs.shape and ours.shape[0] == 4 and ours.dtype == np.float32
    assert np.abs(ours - theirs).max() < 1e-3


def test_doctor(capsys):
    found = run_json(capsys, "doctor")
    assert isinstance(found["bundled_model_loads"], bool) and "torch" in found["packages"]
    assert "(cpu)" in found["devices"]["CPU"] and "GB free" in found["memory"]


def test_doctor_says_how_to_get_a_build_for_a_graphics_card(capsys, monkeypatch):
    assert main(["doctor"]) == 0
    assert "NVIDIA (CUDA): CMAKE_ARGS=-DGGML_CUDA=on pip install" in capsys.readouterr().out
    card = Device("CUDA0", "A card", "gpu", 7 * 10**9, 8 * 10**9)
    monkeypatch.setattr(devices, "devices", lambda: (card,))
    assert main(["doctor"]) == 0
    said = capsys.readouterr().out
    assert "CUDA0: A card (gpu), 7.0 of 8.0 GB free" in said and "CMAKE_ARGS" not in said


def test_bench(capsys, model):
    found = run_json(capsys, "bench", model, "--tokens", "16", "--rounds", "1")
    assert set(found) == {"ratio_to_llama_cpp", "tokens_per_s", "reference_tokens_per_s", "prompt_ratio"}
    every = run_json(
        capsys, "bench", model, "--tokens", "16", "--rounds", "1", "--every-stage", "--stage", "mirostat_2"
    )
    assert every["ratio_to_llama_cpp"] > 0


def test_a_trained_run_is_exported_and_used(capsys, tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    (data / "text.txt").write_text("\n<|endoftext|>\n".join(f"{n}. {TEXT * 3}" for n in range(30)), encoding="utf-8")
    recipe = tmp_path / "tiny.toml"
    recipe.write_text(
        'name = "tiny"\ntitle = "Tiny"\nblock = 32\nbatch = 4\nsteps = 6\nprecision = "float32"\nevaluation_rows = 4\n'
        'licence = "MIT"\n'
        "[tokenizer]\nvocabulary_size = 300\n[model]\nd_model = 32\nn_layers = 1\nn_heads = 2\nd_ff = 64\n"
        '[[sources]]\nname = "text"\nfiles = []\n[sampling]\ntemperature = 0.5\n'
    )
    assert main(["preview", str(recipe), "--data", str(data)]) == 0
    count, *shown = capsys.readouterr().out.splitlines()
    assert count.startswith("30 documents, ") and len(shown) == 3 and shown[0].startswith("  0·.· ")
    assert main(["preview", str(recipe)]) == 0
    assert capsys.readouterr().out == "Tiny: 6 steps, 0.0 M tokens\n"
    run = tmp_path / "run"
    assert main(["train", str(recipe), "--data", str(data), "--out", str(run), "--set", "seed=4"]) == 0
    said = capsys.readouterr()
    assert "bits per byte" in said.err and str(run) in said.out
    measured = run_json(capsys, "eval", str(run))["held_out"]["text"]
    assert measured["tokens"] == 4 * 32
    out = tmp_path / "tiny.gguf"
    assert main(["export", str(run), "--out", str(out), "--quantize", "q8_0"]) == 0
    printed = capsys.readouterr()
    assert printed.err == "" and "held out, text, bits per byte:" in printed.out
    (quality,) = run_json(capsys, "export", str(run), "--out", str(out), "--quantize", "q4_0")["quality"]
    evaluated = [line for line in said.err.splitlines() if line.startswith("held out, text")][-1]
    # The run's own measure at its last step, on the same rows.
    assert quality["before"] == pytest.approx(float(evaluated.split()[-4]), abs=1e-4)
    assert measured["bits_per_byte"] == pytest.approx(quality["before"])
    assert quality["tokens"] == 4 * 32 and quality["before"] != quality["after"] == pytest.approx(
        quality["before"], abs=0.1
    )
    assert main(["export", str(run), "--out", str(out), "--quantize", "q8_0", "--no-measure"]) == 0
    assert "held out" not in capsys.readouterr().out
    assert run_json(capsys, "tokenize", str(out), "fox")
    metadata = read_gguf_header(out).metadata
    assert metadata["general.license"] == "MIT" and metadata["general.sampling.temp"] == 0.5
    counts = tmp_path / "counts"
    assert main(["ngram", str(run), "--out", str(counts), "--order", "3"]) == 0
    said = capsys.readouterr()
    assert "3-grams of 0.0 M tokens, held out, text: loss" in said.err and str(counts) in said.out
    assert main(["complete", str(counts), "fox", "--max-tokens", "3"]) == 0
    assert capsys.readouterr().out
    kneser_ney = run_json(capsys, "eval", str(counts), "--data", str(data))["prose"]["bits_per_byte"]
    other = ["ngram", str(run), "--order", "3", "--smoothing", "stupid-backoff", "--out"]
    assert main([*other, str(counts)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert run_json(capsys, "eval", str(counts), "--data", str(data))["prose"]["bits_per_byte"] == kneser_ney
    counts = tmp_path / "other counts"
    assert main([*other, str(counts)]) == 0
    capsys.readouterr()
    assert run_json(capsys, "eval", str(counts), "--data", str(data))["prose"]["bits_per_byte"] != kneser_ney
    assert main(["train", str(recipe), "--data", str(data), "--out", str(run)]) == 2
    assert "already" in capsys.readouterr().err
    assert main(["eval", str(out)]) == 2
    assert "came without texts of its own. Name some with --data." in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["complete", "/no/such/model.gguf", "x"],
        ["complete", "MODEL", ""],
        ["complete", "MODEL", "x", "--temperature", "9"],
        ["complete", "MODEL", "x", "--seed", "-1"],
        ["complete", "MODEL", "x", "--max-tokens", "none"],
        ["complete", "MODEL", "x", "--no-such-option"],
        ["complete", "MODEL"],
        ["next", "MODEL", "  "],
        ["score", "MODEL", "--file", "/no/such/file"],
        ["logits", "MODEL", "--ids", "1,x", "--out", "/tmp/never.npy"],
        ["logits", "MODEL", "--ids", "999999", "--out", "/tmp/never.npy"],
        ["logits", "MODEL", "--ids", "1", "--backend", "other", "--out", "/tmp/never.npy"],
        ["train", "no-such-recipe", "--data", ".", "--out", "/tmp/never"],
        ["export", "MODEL", "--out", "/tmp/never.gguf"],
        ["ngram", "/no/such/run", "--out", "/tmp/never"],
        ["export", "/no/such/run", "--out", "/tmp/never.gguf", "--quantize", "q99"],
        ["frobnicate"],
        ["tokenize", "BROKEN", "x"],
    ],
)
def test_mistakes_are_one_sentence_and_exit_code_2(capsys, model, tmp_path, arguments):
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF no")
    named = [{"MODEL": model, "BROKEN": str(broken)}.get(part, part) for part in arguments]
    assert main(named) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("proxima: ") and len(said.err.strip().splitlines()) == 1 and "Traceback" not in said.err
