"""Folders as the releases of that library since 2023 write them, built here by hand."""

import json

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from engine.decoder import memory
from engine.decoder.folder_texts import read_texts
from engine.decoder.hugging_face import load_hugging_face
from engine.errors import UserError
from engine.inference.load import open_model
from tests.helpers.small_models import small_decoder, small_vocabulary

KIND_OF = {"llama": "llama", "llama-gqa-scaled": "llama", "qwen2": "qwen2", "qwen3": "qwen3"}


def raw_config(model, family, era):
    """config.json of 2023, 2024 or 2026."""
    shape = model.config
    raw = {
        "architectures": ["LlamaForCausalLM"],
        "model_type": KIND_OF[family],
        "vocab_size": shape.vocabulary_size,
        "hidden_size": shape.d_model,
        "intermediate_size": shape.d_ff,
        "num_hidden_layers": shape.n_layers,
        "num_attention_heads": shape.n_heads,
        "num_key_value_heads": shape.n_kv_heads,
        "hidden_act": "silu",
        "max_position_embeddings": shape.context_length,
        "rms_norm_eps": shape.norm_eps,
        "tie_word_embeddings": shape.tied_embeddings,
        "dtype" if era == 2026 else "torch_dtype": "float32",
    }
    if era > 2023 or shape.head_dim * shape.n_heads != shape.d_model:
        raw["head_dim"] = shape.head_dim
    rope = {}
    if shape.rope_scaling is not None:
        rope = {
            "rope_type": "llama3",
            "factor": shape.rope_scaling.factor,
            "low_freq_factor": shape.rope_scaling.low_freq_factor,
            "high_freq_factor": shape.rope_scaling.high_freq_factor,
            "original_max_position_embeddings": shape.rope_scaling.original_context,
        }
    if era == 2026:
        raw["rope_parameters"] = {"rope_type": "default", **rope, "rope_theta": shape.rope_theta}
    else:
        raw |= {"rope_theta": shape.rope_theta, "rope_scaling": rope or None}
    if KIND_OF[family].startswith("qwen"):
        raw |= {"use_sliding_window": False, "sliding_window": 64, "attention_bias": False}
    return raw


def weights_of(model):
    state = {f"model.{name}": tensor.clone() for name, tensor in model.state_dict().items()}
    head = state.pop("model.lm_head.weight")
    return state if model.config.tied_embeddings else {**state, "lm_head.weight": head}


def write_folder(folder, model, family="llama", era=2024, **changes):
    folder.mkdir(exist_ok=True)
    raw = {**raw_config(model, family, era), **changes}
    (folder / "config.json").write_text(json.dumps(raw))
    save_file(weights_of(model), folder / "model.safetensors", metadata={"format": "pt"})
    return folder


@pytest.mark.parametrize("era", [2023, 2024, 2026])
@pytest.mark.parametrize("family", sorted(KIND_OF))
def test_each_family_of_each_time_gives_the_same_model(tmp_path, family, era):
    model = small_decoder(family)
    loaded = load_hugging_face(write_folder(tmp_path, model, family, era)).decoder
    assert loaded.config == model.config
    ids = torch.arange(100)[None]
    with torch.inference_mode():
        assert torch.equal(loaded(ids), model(ids))


def test_shards_with_an_index(tmp_path):
    model = small_decoder("llama-gqa-scaled")
    write_folder(tmp_path, model, "llama-gqa-scaled")
    (tmp_path / "model.safetensors").unlink()
    names = sorted(weights_of(model))
    table = {}
    for number, part in enumerate((names[:7], names[7:]), 1):
        shard = f"model-{number:05}-of-00002.safetensors"
        save_file({name: weights_of(model)[name] for name in part}, tmp_path / shard)
        table |= dict.fromkeys(part, shard)
    index = tmp_path / "model.safetensors.index.json"
    index.write_text(json.dumps({"metadata": {"total_size": 1}, "weight_map": table}))
    with torch.inference_mode():
        assert torch.equal(load_hugging_face(tmp_path).decoder(torch.arange(9)[None]), model(torch.arange(9)[None]))
    (tmp_path / "model-00002-of-00002.safetensors").unlink()
    refused(tmp_path, "model-file")
    for hostile in ("../../etc/passwd", "x.bin", 3):
        index.write_text(json.dumps({"weight_map": {"a": hostile}}))
        refused(tmp_path, "weights-path")


def test_bfloat16_weights_are_widened(tmp_path):
    model = small_decoder()
    write_folder(tmp_path, model)
    halved = {name: tensor.bfloat16() for name, tensor in weights_of(model).items()}
    save_file(halved, tmp_path / "model.safetensors")
    loaded = load_hugging_face(tmp_path).decoder
    assert loaded.embed_tokens.weight.dtype == torch.float32
    assert torch.equal(loaded.embed_tokens.weight, model.embed_tokens.weight.bfloat16().float())


def test_what_old_files_leave_out_and_old_weights_hold_too_much(tmp_path):
    model = small_decoder(tied_embeddings=False)
    write_folder(tmp_path, model, era=2023)
    raw = raw_config(model, "llama", 2023)
    for key in ("num_key_value_heads", "rope_theta", "rope_scaling", "tie_word_embeddings"):
        del raw[key]
    (tmp_path / "config.json").write_text(json.dumps(raw))
    state = {**weights_of(model), "model.layers.0.self_attn.rotary_emb.inv_freq": torch.ones(8)}
    save_file(state, tmp_path / "model.safetensors")
    assert load_hugging_face(tmp_path).decoder.config == model.config


def test_linear_scaling_is_kept_as_factors(tmp_path):
    write_folder(tmp_path, small_decoder(), rope_scaling={"type": "linear", "factor": 2.0})
    loaded = load_hugging_face(tmp_path).decoder
    assert loaded.config.rope_factors == (2.0,) * 8
    assert torch.allclose(loaded.inverse_frequencies * 2, small_decoder().inverse_frequencies)


def test_a_sliding_window_limits_the_context(tmp_path):
    write_folder(tmp_path, small_decoder(), model_type="mistral", sliding_window=100)
    assert load_hugging_face(tmp_path).decoder.config.context_length == 100


def refused(folder, code):
    with pytest.raises(UserError) as caught:
        load_hugging_face(folder)
    assert caught.value.code == code
    assert caught.value.text
    assert caught.value.hint


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"model_type": "gemma3"}, "architecture"),
        ({"model_type": None}, "architecture"),
        ({"rope_scaling": {"rope_type": "yarn", "factor": 4.0}}, "architecture"),
        ({"rope_scaling": {"rope_type": "llama3", "factor": 4.0}}, "config-incomplete"),
        ({"quantization_config": {"quant_method": "gptq"}}, "architecture"),
        ({"hidden_act": "gelu"}, "architecture"),
        ({"attention_bias": True}, "architecture"),
        ({"partial_rotary_factor": 0.5}, "architecture"),
        ({"hidden_size": "64"}, "config-incomplete"),
        ({"hidden_size": None}, "config-incomplete"),
        ({"num_hidden_layers": 10**12}, "decoder-shape"),
        ({"num_hidden_layers": 3}, "weights-mismatch"),
        ({"vocab_size": 10**9}, "decoder-shape"),
        ({"vocab_size": 10**7}, "weights-mismatch"),
    ],
    ids=str,
)
def test_what_would_predict_something_else_is_refused(tmp_path, change, code):
    refused(write_folder(tmp_path, small_decoder(), **change), code)


def test_pickles_are_refused_with_the_reason(tmp_path):
    write_folder(tmp_path, small_decoder())
    (tmp_path / "model.safetensors").rename(tmp_path / "pytorch_model.bin")
    refused(tmp_path, "pickle-refused")
    (tmp_path / "pytorch_model.bin").unlink()
    refused(tmp_path, "weights-missing")


def with_tokenizer(folder):
    write_folder(folder, small_decoder())
    small_vocabulary().save(folder / "tokenizer.json")
    return folder


def write_json(path, value):
    path.write_text(json.dumps(value))


def test_ends_come_from_every_file_that_names_them(tmp_path):
    with_tokenizer(tmp_path)
    vocabulary = small_vocabulary()
    ids = [vocabulary.encode(name, special=True)[0] for name in ("<|endoftext|>", "<|end|>", "<|user|>")]
    write_json(tmp_path / "tokenizer_config.json", {"eos_token": {"content": "<|endoftext|>"}})
    write_json(tmp_path / "generation_config.json", {"eos_token_id": ids[1:]})
    texts = load_hugging_face(tmp_path).texts
    assert set(texts.ends) == {"<|endoftext|>", "<|end|>", "<|user|>"}
    assert open_model(tmp_path, threads=1).vocabulary.end_ids == set(ids)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"bos_token": "<|endoftext|>"}, "<|endoftext|>"),  # the habit of the family
        ({"bos_token": "<|endoftext|>", "add_bos_token": False}, None),
        ({"bos_token": {"content": "<|endoftext|>"}, "add_bos_token": True}, "<|endoftext|>"),
        ({"bos_token": None}, None),
    ],
)
def test_whether_texts_begin_with_a_token(tmp_path, settings, expected):
    with_tokenizer(tmp_path)
    write_json(tmp_path / "tokenizer_config.json", settings)
    assert load_hugging_face(tmp_path).texts.bos == expected


def test_the_template_is_a_file_or_one_of_several_or_in_the_settings(tmp_path):
    with_tokenizer(tmp_path)
    assert load_hugging_face(tmp_path).texts.chat_template is None
    several = [{"name": "tool_use", "template": "no"}, {"name": "default", "template": "yes"}]
    write_json(tmp_path / "tokenizer_config.json", {"chat_template": several})
    assert load_hugging_face(tmp_path).texts.chat_template == "yes"
    write_json(tmp_path / "tokenizer_config.json", {"chat_template": "inline"})
    assert load_hugging_face(tmp_path).texts.chat_template == "inline"
    (tmp_path / "chat_template.jinja").write_text("file")
    assert load_hugging_face(tmp_path).texts.chat_template == "file"


def test_a_folder_without_a_tokenizer_still_computes(tmp_path):
    model = open_model(write_folder(tmp_path, small_decoder()), threads=1)
    rows = np.concatenate([rows.copy() for rows in model.extend(range(20), rows="all")])
    with torch.inference_mode():
        assert np.allclose(rows, small_decoder()(torch.arange(20)[None])[0].numpy(), atol=1e-5)
    with pytest.raises(UserError) as caught:
        model.vocabulary.encode("hello")
    assert caught.value.code == "tokenizer-missing"


@pytest.mark.parametrize("text", ["", "[]", "{", "\x00", '{"added_tokens": '])
def test_broken_json_beside_the_weights_is_refused(tmp_path, text):
    with_tokenizer(tmp_path)
    (tmp_path / "tokenizer_config.json").write_text(text)
    refused(tmp_path, "folder-broken")


ODD = [None, -1, 0, 1.5, "x", [], [1], {}, {"a": 1}, True, 10**30, float("nan")]


def test_nonsense_in_any_place_never_does_more_than_raise(tmp_path):
    write_folder(tmp_path, small_decoder())
    raw = raw_config(small_decoder(), "llama", 2024)
    refusals = 0
    for key in [*raw, "rope_parameters", "sliding_window", "quantization_config", "eos_token_id", "bos_token_id"]:
        for value in ODD:
            (tmp_path / "config.json").write_text(json.dumps({**raw, key: value}))
            try:
                load_hugging_face(tmp_path)
            except UserError as error:
                refusals += 1
                assert error.text
    assert refusals > 60


def test_nonsense_about_texts_never_does_more_than_raise(tmp_path):
    with_tokenizer(tmp_path)
    for name in ("tokenizer_config.json", "generation_config.json"):
        for key in ("eos_token", "bos_token", "eos_token_id", "added_tokens_decoder", "chat_template", "add_bos_token"):
            for value in [*ODD, [{}], {"1": {"content": 3}}, {"x": {"content": "y"}}]:
                write_json(tmp_path / name, {key: value})
                texts = read_texts(tmp_path, {"eos_token_id": value, "bos_token_id": value})
                assert all(isinstance(end, str) for end in texts.ends)
        (tmp_path / name).unlink()


def test_a_model_that_does_not_fit_into_memory_is_refused_before_it_is_read(tmp_path, monkeypatch):
    write_folder(tmp_path, small_decoder())
    monkeypatch.setattr(memory, "available_bytes", lambda: 4 * small_decoder().config.parameter_count - 1)
    refused(tmp_path, "memory-short")
    monkeypatch.setattr(memory, "available_bytes", lambda: 4 * small_decoder().config.parameter_count)
    load_hugging_face(tmp_path)


def test_the_system_says_how_much_memory_is_free(tmp_path, monkeypatch):
    (tmp_path / "meminfo").write_text("MemTotal: 100 kB\nMemAvailable:   70 kB\n")
    monkeypatch.setattr(memory, "_MEMINFO", tmp_path / "meminfo")
    assert memory.available_bytes() == 70 * 1024
    monkeypatch.setattr(memory, "_MEMINFO", tmp_path / "none")
    assert memory.available_bytes() is None
    memory.check_memory(10**15)  # where nothing is known nothing is refused
