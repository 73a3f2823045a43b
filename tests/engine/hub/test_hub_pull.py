"""From a search to a model that answers, as a person would do it."""

import hashlib
import json

import pytest

from engine.cli.main import main
from engine.errors import Cancelled, UserError
from engine.hub.pull import choose, pull
from engine.hub.repositories import Hub
from engine.records.hub import HubModel, RemoteFile
from tests.helpers.loopback_hub import LoopbackHub
from tests.helpers.small_models import small_llama_gguf


@pytest.fixture
def hub(tmp_path, monkeypatch):
    files = {
        "Small-Q8_0.gguf": small_llama_gguf(tmp_path / "q8.gguf", quantise="q8_0").read_bytes(),
        "Small-F16-00001-of-00002.gguf": b"a" * 70_000,
        "Small-F16-00002-of-00002.gguf": b"b" * 50_000,
    }
    server = LoopbackHub({"fox/Small-GGUF": files})
    monkeypatch.setenv("PROXIMA_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", server.url)
    yield server
    server.close()


def test_searched_fetched_and_used(hub, tmp_path, capsys):
    assert main(["search", "small", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["name"] == "fox/Small-GGUF"
    assert main(["pull", "fox/Small-GGUF", "--list"]) == 0
    assert "Q8_0" in capsys.readouterr().out
    assert main(["pull", "fox/Small-GGUF", "q8_0", "--json"]) == 0
    fetched = json.loads(capsys.readouterr().out)
    assert fetched["path"] == str(tmp_path / "home/models/fox/Small-GGUF/Small-Q8_0.gguf")
    assert main(["complete", "Small-Q8_0", "the fox", "--max-tokens", "3", "--greedy"]) == 0
    assert capsys.readouterr().out
    asked = len(hub.requests)
    assert main(["pull", "fox/Small-GGUF", "q8_0"]) == 0
    assert not any("resolve" in path for path, _ in hub.requests[asked:]), "what is there is not fetched again"


def test_all_parts_of_a_split_model(hub, tmp_path):
    library = Hub(hub.url)
    told = []
    model = choose(library.models("fox/Small-GGUF"), "F16")
    path = pull(library, "fox/Small-GGUF", model, tmp_path / "m", lambda done, total: told.append((done, total)))
    assert path.name == "Small-F16-00001-of-00002.gguf"
    assert sorted(file.stat().st_size for file in path.parent.iterdir()) == [50_000, 70_000]
    assert told[-1] == (120_000, 120_000) and [done for done, _ in told] == sorted(done for done, _ in told)


def test_broken_off_between_the_parts_it_goes_on(hub, tmp_path):
    library = Hub(hub.url)
    model = choose(library.models("fox/Small-GGUF"), "F16")
    first = model.files[0].remote.url
    with pytest.raises(Cancelled):
        pull(
            library,
            "fox/Small-GGUF",
            model,
            tmp_path,
            cancelled=lambda: (tmp_path / "fox/Small-GGUF" / model.files[0].name).exists(),
        )
    del hub.requests[:]
    pull(library, "fox/Small-GGUF", model, tmp_path)
    assert not any(hub.url + path == first for path, _ in hub.requests)


def test_too_little_room_for_all_parts_is_told_first(hub, tmp_path, monkeypatch):
    library = Hub(hub.url)
    model = choose(library.models("fox/Small-GGUF"), "F16")
    monkeypatch.setattr("engine.hub.pull.SPARE_BYTES", 10**18)
    with pytest.raises(UserError, match="still to come"):
        pull(library, "fox/Small-GGUF", model, tmp_path)


def named(name, quantisation):
    return HubModel(name, quantisation, 1, ())


def test_what_most_people_want():
    models = [named("a-Q2_K.gguf", "Q2_K"), named("a-Q8_0.gguf", "Q8_0"), named("a-Q4_K_M.gguf", "Q4_K_M")]
    assert choose(models).quantisation == "Q4_K_M"
    assert choose(models[:2]).quantisation == "Q8_0"
    assert choose(models[:1]).quantisation == "Q2_K"
    assert choose(models, "a-q2_k.GGUF").quantisation == "Q2_K"
    with pytest.raises(UserError, match="It has: Q2_K, Q8_0, Q4_K_M"):
        choose(models, "Q3_K_S")
    with pytest.raises(UserError, match="no GGUF model"):
        choose([])


def test_a_repository_cannot_lead_out_of_the_folder(hub, tmp_path):
    model = HubModel("x", "", 1, (Hub(hub.url).models("fox/Small-GGUF")[0].files[0],))
    with pytest.raises(UserError, match="no name that can be used"):
        pull(Hub(hub.url), "../..", model, tmp_path)


@pytest.mark.parametrize("arguments", [["pull", "fox"], ["pull", "no/where"], ["pull", "fox/Small-GGUF", "Q3_K"]])
def test_mistakes_are_one_sentence(hub, capsys, arguments):
    assert main(arguments) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_digests_are_what_the_hub_says(hub):
    model = choose(Hub(hub.url).models("fox/Small-GGUF"), "Q8_0")
    data = hub.repositories["fox/Small-GGUF"]["Small-Q8_0.gguf"]
    assert (
        isinstance(model.files[0].remote, RemoteFile)
        and model.files[0].remote.sha256 == hashlib.sha256(data).hexdigest()
    )
