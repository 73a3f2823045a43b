"""Presets as files: they come back as they were, and a bad file gives one sentence."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import UserError
from engine.records import SamplingSettings, StageSettings
from engine.sampling.preset_file import (
    LARGEST_FILE,
    LONGEST_NAME,
    Preset,
    decode_presets,
    encode_presets,
    free_name,
    read_presets,
)
from engine.sampling.presets import PRESETS
from engine.sampling.registry import default_settings, with_values

GRAMMAR = StageSettings("grammar", True, {}, {"grammar": 'root ::= "não" | "sim"'})
BIAS = StageSettings("logit_bias", True, {"17": -100.0, "4": 2.5})


def test_presets_come_back_as_they_were_without_their_seed():
    shipped = [Preset(name, make()) for name, make in PRESETS.items()]
    own = Preset("Própria 👩‍🔬", SamplingSettings((GRAMMAR, BIAS), seed=7))
    back = decode_presets(encode_presets([*shipped, own]))
    assert back == [*shipped, Preset(own.name, SamplingSettings((GRAMMAR, BIAS)))]


def written(**changes: object) -> bytes:
    """A good file with some things changed: format, version, presets; or name and stage of its one preset."""
    stage = changes.pop("stage", {"name": "top_k", "enabled": True, "values": {"k": 40.0}})
    preset = {"name": changes.pop("name", "Mine"), "sampling": {"stages": [stage]}}
    return json.dumps({"format": "proxima-presets", "version": 1, "presets": [preset], **changes}).encode()


def test_the_file_that_the_bad_ones_are_made_of_is_good():
    assert decode_presets(written()) == [Preset("Mine", SamplingSettings((StageSettings("top_k", True, {"k": 40.0}),)))]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "holds no presets that"),
        (b"\xff\xfe{", "holds no presets that"),
        (b"[" * 100_000, "holds no presets that"),
        (b'{"format": "proxima-presets", "version": 1, "presets": ' + b"[" * 100_000, "holds no presets that"),
        (b'{"format": "proxima-conversation", "version": 1}', "holds no presets that"),
        (written(version="one"), "holds no presets that"),
        (written(version=2, presets="of another form"), "newer version"),
        (written(presets=[]), "holds no presets, or too many"),
        (written(presets=[{"name": "x"}]), "is damaged"),
        (written(name="  "), "a name that cannot be used"),
        (written(name="x" * 61), "a name that cannot be used"),
        (written(name="a\0b"), "a name that cannot be used"),
        (written(stage={"name": "top_q"}), "does not know: top_q"),
        (written(stage={"name": "top_k", "values": {"k": -1}}), "cannot be used: top_k, k, -1"),
        (written(stage={"name": "top_k", "values": {"k": 1.5}}), "cannot be used: top_k, k, 1.5"),
        (written(stage={"name": "top_k", "values": {"q": 1}}), "cannot be used: top_k, q, 1"),
        (written(stage={"name": "top_p", "values": {"7": 0.5}}), "cannot be used: top_p, 7, 0.5"),
        (written(stage={"name": "top_p", "values": {"p": 1e999}}), "damaged|that Próxima exported"),
        (written(stage={"name": "logit_bias", "values": {"٧": 1}}), "cannot be used: logit_bias"),
        (written(stage={"name": "grammar", "texts": {"gbnf": ""}}), "a text that grammar does not know"),
    ],
)
def test_a_bad_file_is_one_clear_sentence(data, sentence):
    with pytest.raises(UserError, match=sentence) as caught:
        decode_presets(data)
    assert caught.value.hint and "\n" not in caught.value.text


def test_a_sampler_twice_is_refused():
    twice = SamplingSettings((StageSettings("top_k"), StageSettings("top_k")))
    with pytest.raises(UserError, match="a sampler twice"):
        decode_presets(encode_presets([Preset("Mine", twice)]))


@given(st.binary(max_size=200) | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(msgspec.json.encode))
def test_whatever_is_no_file_of_presets_is_refused(data):
    with pytest.raises(UserError):
        decode_presets(data)


@given(st.data())
def test_a_file_with_a_changed_byte_is_read_or_refused(data):
    good = encode_presets([Preset("Mine", with_values(default_settings(), {("dry", "base"): 2.0}))])
    place = data.draw(st.integers(0, len(good) - 1))
    changed = good[:place] + bytes([data.draw(st.integers(0, 255))]) + good[place + 1 :]
    try:
        presets = decode_presets(changed)
    except UserError:
        return
    assert decode_presets(encode_presets(presets)) == presets


def test_files_that_are_not_there_or_too_large(tmp_path):
    with pytest.raises(UserError, match=r"gone\.json cannot be read"):
        read_presets(tmp_path / "gone.json")
    (tmp_path / "large.json").write_bytes(b" " * (LARGEST_FILE + 1))
    with pytest.raises(UserError, match="too large"):
        read_presets(tmp_path / "large.json")


def test_a_taken_name_gets_a_number():
    assert free_name("Mine", []) == "Mine"
    assert free_name("mine", ["Mine", "MINE (2)"]) == "mine (3)"
    long = "x" * LONGEST_NAME
    assert free_name(long, [long]) == "x" * (LONGEST_NAME - 4) + " (2)"
