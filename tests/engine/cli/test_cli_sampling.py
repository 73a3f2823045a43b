"""Samplers on the command line: how they are written, and what `proxima sample` tells of each."""

import contextlib
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.cli.main import main
from engine.cli.stages import chain_settings, parse_stage, written
from engine.errors import UserError
from engine.records import SamplingSettings, StageSettings
from engine.sampling.chain import Chain
from engine.sampling.preset_file import Preset, encode_presets
from engine.sampling.presets import PRESETS
from engine.sampling.registry import STAGES
from tests.helpers.small_models import small_llama_gguf, small_vocabulary


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return str(small_llama_gguf(tmp_path_factory.mktemp("models") / "small.gguf"))


@pytest.fixture
def logits(tmp_path):
    path = tmp_path / "F.npy"
    np.save(path, np.log(np.array([[0.2, 0.2, 0.2, 0.2, 0.2], [0.40, 0.30, 0.15, 0.10, 0.05]], dtype=np.float32)))
    return str(path)


def run_json(capsys, *arguments):
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("text", "name", "enabled", "values"),
    [
        ("top_k=40", "top_k", True, {"k": 40}),
        ("top_k=off", "top_k", False, {"k": 40}),
        ("xtc", "xtc", True, {"probability": 0.0, "threshold": 0.1}),
        ("xtc=0.5", "xtc", True, {"probability": 0.5, "threshold": 0.1}),
        ("xtc:threshold=0.2,probability=1", "xtc", True, {"probability": 1.0, "threshold": 0.2}),
        ("dynamic_temperature=0.5", "dynamic_temperature", True, {"temperature": 0.8, "range": 0.5, "exponent": 1.0}),
        ("mirostat_2=on", "mirostat_2", True, {"tau": 5.0, "eta": 0.1}),
        ("logit_bias:15=-3,220=2.5", "logit_bias", True, {"15": -3.0, "220": 2.5}),
    ],
)
def test_how_a_sampler_is_written(text, name, enabled, values):
    parsed = parse_stage(text)
    assert (parsed.name, parsed.enabled, parsed.values) == (name, enabled, values)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("typical_p=0.9", "typical=0.9"),
        ("typ_p=0.9", "typical=0.9"),
        ("temp=0.7", "temperature=0.7"),
        ("repeat_penalty=1.1", "penalties:repeat=1.1"),
        ("--presence-penalty=0.5", "penalties:presence=0.5"),
        ("top-nsigma=1.5", "top_n_sigma=1.5"),
        ("top_n_sigma=-1", "top_n_sigma=off"),
        ("top_k=-1", "top_k=off"),
        ("xtc_probability=0.5", "xtc:probability=0.5"),
        ("xtc_threshold=0.2", "xtc:threshold=0.2"),
        ("dry_allowed_length=3", "dry:allowed=3"),
        ("penalties:repeat_penalty=1.2,repeat_last_n=9", "penalties:repeat=1.2,last_n=9"),
        ("mirostat", "mirostat_1"),
        ("mirostat=1", "mirostat_1"),
        ("mirostat=2", "mirostat_2"),
        ("mirostat=0", "mirostat_2=off"),
        ("mirostat_v2:mirostat_ent=4", "mirostat_2:tau=4"),
        ("mirostat:tau=4", "mirostat_1:tau=4"),
        ("mirostat_lr=0.2", "mirostat_2:eta=0.2"),
        ("adaptive_target=0.3", "adaptive_p:target=0.3"),
        ("adaptive_target=-1", "adaptive_p=off"),
        ("top_k", "top_k=40"),
    ],
)
def test_llama_cpp_s_names_do_as_well(text, canonical):
    assert parse_stage(text) == parse_stage(canonical)


def test_llama_cpp_s_numbers_of_one_sampler_meet_in_one_stage():
    lines = ["repeat_penalty=1.1", "top_k=5", "repeat_last_n=128", "mirostat_ent=3", "mirostat=1"]
    settings = chain_settings(lines)
    assert written(settings) == ["penalties:repeat=1.1,last_n=128", "top_k:k=5", "mirostat_1:tau=3"]
    preset = chain_settings(["repeat_last_n=9", "repeat_penalty=off"], "llama.cpp default")
    assert [item.name for item in preset.stages] == [item.name for item in PRESETS["llama.cpp default"]().stages]
    assert not next(item.enabled for item in preset.stages if item.name == "penalties")


def test_a_range_makes_llama_cpp_s_temperature_dynamic():
    both = chain_settings(["temp=0.6", "top_k=5", "dynatemp_range=0.3"])
    assert [item.name for item in both.stages] == ["top_k", "dynamic_temperature"]
    assert both.stages[1].values == {"temperature": 0.6, "range": 0.3, "exponent": 1.0}
    alone = chain_settings(["dynatemp_range=0.3"])
    assert alone.stages[0].values["temperature"] == 0.8


def test_texts_are_taken_as_they_are_or_from_a_file(tmp_path):
    assert parse_stage('grammar=root ::= "a=b", "c:d"').texts == {"grammar": 'root ::= "a=b", "c:d"'}
    (tmp_path / "schema.json").write_text('{"type": "object"}', encoding="utf-8")
    assert parse_stage(f"json_schema=@{tmp_path}/schema.json").texts == {"schema": '{"type": "object"}'}
    assert parse_stage("dry:multiplier=1,breakers=:").texts == {"breakers": ":"}


@pytest.mark.parametrize(
    "text",
    [
        *("no_such=1", "top_k=x", "top_k=1.5", "top_p=2", "top_p=nan", "penalties:nothing=1", "penalties:repeat"),
        *("mirostat=5", "mirostat_2=x", "typical:repeat_penalty=1.1", "temp=hot"),
        *("logit_bias=3", "logit_bias:x=3", "logit_bias:3=500", "grammar=@/no/such/file", "", "=", ":"),
    ],
)
def test_what_is_written_wrong_is_refused(text):
    with pytest.raises(UserError):
        parse_stage(text)


@given(st.text(max_size=40))
def test_whatever_is_written_is_a_sampler_or_a_mistake(text):
    for whole in (text, f"penalties:{text}", f"top_k={text}"):
        with contextlib.suppress(UserError):
            Chain(SamplingSettings((parse_stage(whole),)))


def test_a_chain_as_written_can_be_written_again():
    lines = [
        "temperature:temperature=1.5",
        "xtc:probability=0.5",
        "logit_bias:7=-2",
        "mirostat_1",
        'grammar=root ::= "a"',
    ]
    settings = chain_settings(lines)
    assert written(settings) == lines
    assert chain_settings(written(settings)) == settings


def test_signs_that_were_mixed_up_are_put_right():
    with pytest.raises(UserError, match="cannot be used") as caught:
        parse_stage("xtc=probability:0.5")
    assert caught.value.hint == "Write xtc:probability=0.5."


def test_a_preset_with_changes_keeps_its_order():
    settings = chain_settings(["min_p=off", "top_p=0.5"], "creative")
    by_name = {item.name: item for item in settings.stages}
    assert [item.name for item in settings.stages] == [item.name for item in PRESETS["Creative"]().stages]
    assert not by_name["min_p"].enabled and by_name["top_p"].values == {"p": 0.5} and by_name["xtc"].enabled
    with pytest.raises(UserError):
        chain_settings([], "no such")


def test_a_preset_can_be_a_file_that_the_window_exported(tmp_path):
    mine = Preset("Mine", SamplingSettings((StageSettings("top_k", True, {"k": 7.0}),)))
    path = tmp_path / "mine.json"
    path.write_bytes(encode_presets([mine]))
    assert chain_settings([], str(path)) == mine.sampling
    path.write_bytes(encode_presets([mine, mine]))
    with pytest.raises(UserError, match="holds 2 presets"):
        chain_settings([], str(path))


def test_sample_tells_every_stage(capsys, logits):
    found = run_json(
        capsys, "sample", "--logits", logits, "--stage", "top_p=0.84", "--stage", "temperature=0.5", "--seed", "3"
    )
    assert [stage["name"] for stage in found["stages"]] == ["", "top_p", "temperature"]
    assert [stage["kept"] for stage in found["stages"]] == [5, 3, 3]
    assert found["stages"][0]["probabilities"] == pytest.approx([0.40, 0.30, 0.15, 0.10, 0.05], abs=1e-6)
    assert found["stages"][1]["ids"] == [0, 1, 2] and found["stages"][1]["mass"] == pytest.approx(0.85, abs=1e-6)
    squares = np.array([0.4, 0.3, 0.15]) ** 2
    assert found["stages"][2]["probabilities"] == pytest.approx((squares / squares.sum()).tolist(), abs=1e-6)
    assert 0 <= found["dart"] < 1 and found["id"] in (0, 1, 2)
    assert found["final_probability"] == pytest.approx(found["stages"][2]["probabilities"][found["id"]])


def test_sample_in_the_order_as_written_and_by_row_and_history(capsys, logits):
    flat = run_json(capsys, "sample", "--logits", logits, "--row", "0", "--stage", "min_p=0.9")
    assert flat["stages"][1]["kept"] == 5
    first = run_json(capsys, "sample", "--logits", logits, "--stage", "temperature=5", "--stage", "top_p=0.5")
    last = run_json(capsys, "sample", "--logits", logits, "--stage", "top_p=0.5", "--stage", "temperature=5")
    assert first["stages"][2]["kept"] > last["stages"][1]["kept"]
    penalised = run_json(
        capsys,
        "sample",
        "--logits",
        logits,
        "--stage",
        "penalties:presence=10,frequency=0",
        "--history",
        "0,0",
        "--top",
        "1",
    )
    assert penalised["stages"][1]["ids"] == [1]


def test_sample_in_words(capsys, logits, model, tmp_path):
    assert main(["sample", "--logits", logits, "--stage", "top_k=2"]) == 0
    said = capsys.readouterr().out
    assert "top_k: 2 tokens, mass 0.7000, cut-off 2" in said and "57.1429 %  0" in said
    assert main(["sample", "--logits", logits, "--stage", "logit_bias:4=-30", "--stage", "top_k=1"]) == 0
    assert "top_k: 1 token, mass" in capsys.readouterr().out
    stages = ["min_p=0.01", "temperature=0.5"]
    assert main(["sample", "--logits", logits, *(part for text in stages for part in ("--stage", text))]) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if line[0].isalpha()]
    assert lines[1].startswith("min_p: 5 tokens, nothing changed")
    assert lines[2].startswith(
        "temperature: 5 tokens, divergence 0.1498 bits"
    )  # by hand: sum q log2 (q / p), q = p^2 / 0.285
    path = str(tmp_path / "V.npy")
    np.save(path, np.zeros(small_vocabulary().size))
    found = run_json(capsys, "sample", "--logits", path, "--model", model, "--stage", 'grammar=root ::= "yes"')
    assert found["stages"][1]["name"] == "grammar" and found["stages"][1]["kept"] < 10
    assert main(["sample", "--logits", path, "--model", model]) == 0
    assert "'" in capsys.readouterr().out


def test_complete_takes_every_sampler_in_its_order(capsys, model):
    arguments = ["complete", model, "Once upon", "--max-tokens", "4", "--seed", "3"]
    stages = [
        *(
            "logit_bias:5=1",
            "penalties=1.1",
            "dry=0.8",
            "top_n_sigma=3",
            "top_k=50",
            "typical=0.99",
            "min_p=0.01",
            "top_p=0.99",
        ),
        *("xtc=0.5", "dynamic_temperature=0.2", "temperature=0.9", "mirostat_1", "mirostat_2", "adaptive_p=0.4"),
    ]
    assert {text.split("=")[0].split(":")[0] for text in stages} | {"grammar", "json_schema"} == {
        s.name for s in STAGES
    }
    found = run_json(capsys, *arguments, *(part for text in stages for part in ("--stage", text)))
    names = [stage["name"] for stage in found["tokens"][0]["stages"]]
    assert names == [text.split("=")[0].split(":")[0] for text in stages]
    assert found["chain"][2] == "dry:multiplier=0.8"
    bound = run_json(capsys, *arguments, "--stage", 'grammar=root ::= "yes" | "no"')
    assert bound["text"] in ("yes", "no")
    assert main([*arguments, "--preset", "creative", "--stage", "xtc=off"]) == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["sample", "--logits", "/no/such.npy"],
        ["sample", "--logits", "TEXT"],
        ["sample", "--logits", "NAN"],
        ["sample", "--logits", "INTEGERS"],
        ["sample", "--logits", "GOOD", "--row", "2"],
        ["sample", "--logits", "GOOD", "--stage", "no_such=1"],
        ["sample", "--logits", "GOOD", "--history", "1,x"],
        ["sample", "--logits", "GOOD", "--model", "MODEL"],
        ["sample", "--logits", "GOOD", "--stage", 'grammar=root ::= "a"'],
        ["sample", "--logits", "GOOD", "--preset", "none"],
        ["complete", "MODEL", "x", "--stage", "top_k=many"],
        ["complete", "MODEL", "x", "--stage", "grammar=root ::= ("],
    ],
)
def test_mistakes_are_one_sentence_and_exit_code_2(capsys, logits, model, tmp_path, arguments):
    (tmp_path / "text.npy").write_text("no numbers")
    np.save(tmp_path / "nan.npy", np.array([1.0, np.nan]))
    np.save(tmp_path / "integers.npy", np.array([1, 2]))
    names = {"GOOD": logits, "MODEL": model}
    names |= {name: str(tmp_path / f"{name.lower()}.npy") for name in ("TEXT", "NAN", "INTEGERS")}
    assert main([names.get(part, part) for part in arguments]) == 2
    said = capsys.readouterr()
    assert said.out == "" and said.err.startswith("proxima: ") and len(said.err.strip().splitlines()) == 1


def test_settings_of_an_unknown_stage_are_not_written():
    assert written(SamplingSettings((StageSettings("gone"), StageSettings("top_k", True, {"k": 7})))) == ["top_k:k=7"]
