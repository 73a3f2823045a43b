"""Searching and listing, on a Hub of our own."""

import os
import subprocess
import sys

import pytest

from engine.decoder import hugging_face
from engine.errors import UserError
from engine.hub.download import download
from engine.hub.repositories import CONVERTIBLE, Hub, group_models, quantisation_of
from engine.records.hub import HubFile, RemoteFile
from tests.helpers.loopback_hub import LoopbackHub

FILES = {
    "Fox-1B-Q4_K_M.gguf": b"q4" * 500,
    "Fox-1B-Q8_0.gguf": b"q8" * 900,
    "BF16/Fox-1B-BF16-00001-of-00002.gguf": b"1" * 3000,
    "BF16/Fox-1B-BF16-00002-of-00002.gguf": b"2" * 1000,
    "mmproj-Fox-F16.gguf": b"picture",
    "README.md": b"# Fox",
}


@pytest.fixture
def hub():
    server = LoopbackHub({"fox/Fox-1B-GGUF": FILES, "owl/Owl-GGUF": {}})
    yield server
    server.close()


def test_search(hub):
    found = Hub(hub.url).search("fox")
    assert [(one.name, one.downloads, one.gated) for one in found] == [("fox/Fox-1B-GGUF", 12, False)]
    path, _ = hub.requests[-1]
    assert "search=fox" in path and "filter=gguf" in path and "sort=downloads" in path
    assert len(Hub(hub.url).search("")) == 2 and Hub(hub.url).search("nothing like it") == []


def test_the_models_of_a_repository_and_one_is_fetched(hub, tmp_path):
    models = Hub(hub.url).models("fox/Fox-1B-GGUF")
    assert [(model.quantisation, model.size_bytes, len(model.files)) for model in models] == [
        ("Q4_K_M", 1000, 1),
        ("Q8_0", 1800, 1),
        ("BF16", 4000, 2),
    ]
    (file,) = models[0].files
    download(file.remote, tmp_path / "m.gguf")
    assert (tmp_path / "m.gguf").read_bytes() == FILES["Fox-1B-Q4_K_M.gguf"]


def test_a_token_is_sent_where_there_is_one(hub):
    for token, sent in (("hf_secret", "Bearer hf_secret"), ("", None)):
        Hub(hub.url, token).search("fox")
        headers = {name.lower(): value for name, value in hub.requests[-1][1].items()}
        assert headers.get("authorization") == sent


@pytest.mark.parametrize("what", [("search", "fox"), ("pull", "fox/Fox-1B-GGUF", "--list")])
def test_nothing_is_asked_and_told_beyond_what_was_meant(hub, tmp_path, what):
    """In a process of its own, as if started by another program: what the library does is settled when it is imported."""
    quiet = (
        "HF_HUB_DISABLE_TELEMETRY",
        "DISABLE_TELEMETRY",
        "DO_NOT_TRACK",
        "HF_HUB_OFFLINE",
        "HF_HUB_USER_AGENT_ORIGIN",
    )
    environment = {name: value for name, value in os.environ.items() if name not in quiet}
    environment |= {"HF_ENDPOINT": hub.url, "HF_HOME": str(tmp_path / "hf"), "PROXIMA_HOME": str(tmp_path / "home")}
    subprocess.run([sys.executable, "-m", "app", *what], env=environment, check=True, capture_output=True, timeout=120)
    assert hub.requests
    for path, headers in hub.requests:
        assert path.startswith(("/api/models", "/fox/Fox-1B-GGUF/resolve/"))
        agent = {name.lower(): value for name, value in headers.items()}["user-agent"]
        assert "torch/" not in agent and "agent/" not in agent
        assert agent.startswith("proxima/") or not path.startswith("/api/")


def test_refusals_are_sentences(hub):
    with pytest.raises(UserError, match="has no repository no/where"):
        Hub(hub.url).models("no/where")
    with pytest.raises(UserError, match="has no repository"):
        Hub(hub.url).models("../../x y")
    hub.statuses, hub.headers = [403], {"X-Error-Code": "GatedRepo"}
    with pytest.raises(UserError, match=r"those who were admitted\.") as caught:
        Hub(hub.url).models("fox/Fox-1B-GGUF")
    assert "give an access token of your account" in caught.value.hint
    for headers in ({"X-Error-Code": "GatedRepo"}, {}):
        hub.statuses, hub.headers = [403], headers
        with pytest.raises(UserError, match="token in use was refused") as caught:
            Hub(hub.url, "hf_wrong").models("fox/Fox-1B-GGUF")
        assert f"{hub.url}/fox/Fox-1B-GGUF" in caught.value.hint
    hub.statuses, hub.headers = [418], {}
    with pytest.raises(UserError, match="The Hub answered 418"):
        Hub(hub.url).search("fox")


def test_a_file_whose_name_leads_out_of_the_folder_is_not_offered(hub):
    wrong = {
        "../../evil-Q8_0.gguf": b"e",
        "/etc/evil-Q8_0.gguf": b"e",
        "a/../evil-Q8_0.gguf": b"e",
        "..\\evil.gguf": b"e",
    }
    hub.repositories["evil/Evil-GGUF"] = {**wrong, "good/Evil-Q4_K_M.gguf": b"good"}
    assert [model.name for model in Hub(hub.url).details("evil/Evil-GGUF").models] == ["good/Evil-Q4_K_M.gguf"]


def test_off_line():
    server = LoopbackHub({})
    server.close()
    with pytest.raises(UserError, match="The Hub cannot be reached"):
        Hub(server.url).search("fox")


@pytest.mark.parametrize(
    ("name", "quantisation"),
    [
        ("Llama-3.2-1B-Instruct-Q4_K_M.gguf", "Q4_K_M"),
        ("model.IQ2_XXS.gguf", "IQ2_XXS"),
        ("gemma-3-4b-it-UD-Q6_K_XL.gguf", "UD-Q6_K_XL"),
        ("qwen2-0_5b-instruct-fp16.gguf", ""),
        ("phi-3-mini-f16.gguf", "F16"),
        ("Q8_0/model-00001-of-00009.gguf", "Q8_0"),
        ("gpt-oss-20b-mxfp4.gguf", "MXFP4"),
        ("QwQ-32B.gguf", ""),
    ],
)
def test_quantisations_by_name(name, quantisation):
    assert quantisation_of(name) == quantisation


def test_a_model_of_which_a_part_is_missing_is_not_offered():
    parts = [HubFile(f"m-0000{n}-of-00003.gguf", RemoteFile("", 10)) for n in (1, 3)]
    assert group_models(parts) == []


def test_sorted_by_size_among_what_was_found(hub):
    hub.about = {
        "fox/Fox-1B-GGUF": {"gguf": {"total": 1_000_000_000, "architecture": "llama"}, "tags": ["license:mit"]}
    }
    hub.repositories |= {"fox/Fox-0.1B": {}, "fox/Fox-odd": {}}
    hub.about["fox/Fox-0.1B"] = {"gguf": {"total": 100_000_000}, "gated": "auto"}
    found = Hub(hub.url).search("fox", "size")
    assert [one.name for one in found] == ["fox/Fox-0.1B", "fox/Fox-1B-GGUF", "fox/Fox-odd"]
    assert [(one.parameters, one.architecture, one.licence, one.gated) for one in found[:2]] == [
        (100_000_000, "", "", True),
        (1_000_000_000, "llama", "mit", False),
    ]


def test_the_card_without_its_head_for_machines(hub):
    hub.repositories["fox/Fox-1B-GGUF"] = {**FILES, "README.md": b"---\nlicense: mit\n---\n# Fox\n\nA fox.\n---\n"}
    assert Hub(hub.url).details("fox/Fox-1B-GGUF").card == "# Fox\n\nA fox.\n---\n"
    hub.repositories["fox/Fox-1B-GGUF"] = {**FILES, "README.md": b"---\nnever closed"}
    assert Hub(hub.url).details("fox/Fox-1B-GGUF").card == "---\nnever closed"
    hub.repositories["fox/Fox-1B-GGUF"] = {**FILES, "README.md": b"x" * 3_000_000}
    assert len(Hub(hub.url).details("fox/Fox-1B-GGUF").card) == 500_000
    assert Hub(hub.url).details("owl/Owl-GGUF").card == ""


def test_a_folder_of_weights_is_one_model(hub):
    whole = {"config.json": b"{}", "tokenizer.json": b"{}", "merges.txt": b"", "pytorch_model.bin": b"pickle"}
    shards = {f"model-0000{n}-of-00002.safetensors": b"w" * n for n in (1, 2)}
    hub.repositories["fox/Fox"] = {
        **whole,
        **shards,
        "model.safetensors.index.json": b"{}",
        "onnx/model.safetensors": b"",
    }
    (model,) = Hub(hub.url).details("fox/Fox").models
    assert model.is_folder and [file.name for file in model.files] == [
        *sorted(shards),
        "model.safetensors.index.json",
        "config.json",
        "tokenizer.json",
    ]
    assert Hub(hub.url).models("fox/Fox") == []
    del hub.repositories["fox/Fox"]["tokenizer.json"]
    assert Hub(hub.url).details("fox/Fox").models == ()
    hub.repositories["fox/Fox"] |= {"tokenizer.model": b"", "added_tokens.json": b"{}"}
    (model,) = Hub(hub.url).details("fox/Fox").models
    assert [file.name for file in model.files[-3:]] == ["config.json", "tokenizer.model", "added_tokens.json"]


def test_a_token_that_is_not_known_and_too_many_questions(hub):
    hub.statuses, hub.headers = [401], {"X-Error-Message": "Invalid credentials in Authorization header"}
    with pytest.raises(UserError, match="does not know this access token"):
        Hub(hub.url, "hf_old").models("fox/Fox-1B-GGUF")
    hub.statuses, hub.headers = [429] * 3, {"Retry-After": "600"}
    with pytest.raises(UserError, match="asked too often"):
        Hub(hub.url).models("fox/Fox-1B-GGUF")
    hub.statuses, hub.headers = [429] * 3, {"Retry-After": "600"}
    with pytest.raises(UserError, match="asked too often"):
        Hub(hub.url).search("fox")


def test_the_setting_keeps_everything_off_line(hub):
    for ask in (lambda one: one.search("fox"), lambda one: one.details("fox/Fox-1B-GGUF")):
        with pytest.raises(UserError, match="Off-line mode is on"):
            ask(Hub(hub.url, offline=True))
    assert hub.requests == []


def test_a_gated_repository_is_shown_and_says_how_to_get_in(hub, tmp_path):
    hub.gated = {"fox/Fox-1B-GGUF": "hf_good"}
    details = Hub(hub.url).details("fox/Fox-1B-GGUF")
    assert details.repository.gated
    (file,) = details.models[0].files
    for headers, words in (
        ({}, "who were admitted"),
        (Hub(hub.url, "hf_new").headers, "See on .*/fox/Fox-1B-GGUF whether"),
    ):
        with pytest.raises(UserError, match=words) as caught:
            download(file.remote, tmp_path / "m.gguf", headers=headers)
        assert "access token" in caught.value.hint.lower()
    download(file.remote, tmp_path / "m.gguf", headers=Hub(hub.url, "hf_good").headers)


def test_names_with_spaces_are_fetched(hub, tmp_path):
    hub.repositories["fox/Odd"] = {"São Paulo #1 Q8_0.gguf": b"river"}
    (model,) = Hub(hub.url).models("fox/Odd")
    download(model.files[0].remote, tmp_path / "m.gguf")
    assert (tmp_path / "m.gguf").read_bytes() == b"river"


def test_weights_to_convert_are_of_families_that_can_be(hub):
    assert CONVERTIBLE == hugging_face._ARCHITECTURES
    weights = {"model.safetensors": b"", "config.json": b"{}", "tokenizer.json": b"{}"}
    hub.repositories |= {"fox/Fox-1B": weights, "fox/Fox-Vision": weights, "fox/Fox-Mamba": weights}
    hub.about = {
        "fox/Fox-1B": {"config": {"model_type": "qwen3"}, "safetensors": {"total": 5, "parameters": {"BF16": 5}}},
        "fox/Fox-Mamba": {"config": {"model_type": "mamba"}},
    }
    (found,) = Hub(hub.url).search("fox", kind="safetensors")
    assert (found.name, found.architecture, found.parameters) == ("fox/Fox-1B", "qwen3", 5)
    path, _ = hub.requests[-1]
    assert "filter=safetensors&filter=text-generation" in path and "gguf" not in path
