"""From a search to a model that answers, as a person would do it."""

import hashlib
import io
import json
import shutil

import msgspec
import pytest

from engine.cli.main import main
from engine.cli.pull import repository_of
from engine.errors import Cancelled, UserError
from engine.hub.pull import choose, pull
from engine.hub.repositories import Hub
from engine.hub.room import SPARE_BYTES, check_room
from engine.records.hub import Download, HubModel, RemoteFile
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
    (found,) = json.loads(capsys.readouterr().out)
    assert found["name"] == "fox/Small-GGUF" and "fit" not in found
    assert main(["pull", "fox/Small-GGUF", "--list"]) == 0
    assert "Q8_0" in capsys.readouterr().out
    assert main(["pull", "fox/Small-GGUF", "q8_0", "--json"]) == 0
    fetched = json.loads(capsys.readouterr().out)
    assert fetched["path"] == str(tmp_path / "home/models/fox/Small-GGUF/Small-Q8_0.gguf")
    assert main(["complete", "Small-Q8_0", "the fox", "--max-tokens", "3", "--greedy"]) == 0
    assert capsys.readouterr().out
    assert main(["complete", "fox/Small-GGUF", "the fox", "--max-tokens", "3", "--greedy"]) == 0
    assert main(["estimate", "Fox/small-gguf:q8_0"]) == 0
    capsys.readouterr()
    assert main(["models", "show", "fox/Small-GGUF"]) == 0
    digest = hashlib.sha256(hub.repositories["fox/Small-GGUF"]["Small-Q8_0.gguf"]).hexdigest()
    assert digest in capsys.readouterr().out, "what was verified is remembered"
    asked = len(hub.requests)
    assert main(["pull", "fox/Small-GGUF", "q8_0"]) == 0
    assert not any("resolve" in path for path, _ in hub.requests[asked:]), "what is there is not fetched again"


def test_several_of_a_repository_are_listed(hub, tmp_path, capsys):
    for name in ("q8_0", "F16"):
        assert main(["pull", "fox/Small-GGUF", name]) == 0
    capsys.readouterr()
    assert main(["complete", "fox/Small-GGUF", "the fox"]) == 2
    said = capsys.readouterr().err
    assert "fox/Small-GGUF may be 2 models. Name one: Small-F16-00001-of-00002, Small-Q8_0." in said
    assert main(["tokenize", "fox/Small-GGUF:Q8_0", "the fox"]) == 0


def test_the_list_says_what_fits_and_what_to_take(hub, capsys):
    assert main(["pull", "fox/Small-GGUF", "--list"]) == 0
    said = capsys.readouterr()
    lines = said.out.splitlines()
    assert lines[0].split() == ["quantisation", "size", "in", "memory", "speed", "file"]
    (starred,) = (line for line in lines if line.startswith("*"))
    assert "Q8_0" in starred and " fits " in starred and "recommended for this machine" in said.err
    assert main(["pull", "fox/Small-GGUF", "--list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    (taken,) = (one for one in listed if one["recommended"])
    assert taken["quantisation"] == "Q8_0" and taken["fit"] == "fits" and taken["memory_bytes"] > taken["size_bytes"]
    assert main(["pull", "fox/Small-GGUF"]) == 0
    said = capsys.readouterr()
    assert said.out.strip().endswith("Small-Q8_0.gguf") and "in memory, fits" in said.err
    assert main(["estimate", "fox/Small-GGUF", "--measure"]) == 0
    capsys.readouterr()
    assert main(["pull", "fox/Small-GGUF", "--list"]) == 0
    (fetched,) = (line for line in capsys.readouterr().out.splitlines() if "Q8_0" in line)
    assert " here " in fetched and "tokens/s" in fetched


def test_a_search_says_how_large_and_whether_it_fits(hub, capsys):
    hub.about["fox/Small-GGUF"] = {"gguf": {"total": 1_000_000_000}, "tags": ["license:mit"], "gated": "auto"}
    hub.repositories["fox/Huge-GGUF"] = {}
    hub.about["fox/Huge-GGUF"] = {"gguf": {"total": 10**15}}
    assert main(["search", "fox"]) == 0
    small, huge = sorted(capsys.readouterr().out.splitlines()[1:], reverse=True)
    assert "1.0 B" in small and "about 610 MB" in small and "mit, gated" in small
    assert "will not fit" in huge
    assert main(["search", "fox", "--fits"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()[1:]] == ["fox/Small-GGUF"]
    assert main(["search", "huge", "--fits"]) == 0
    assert "that goes into memory here has 'huge'" in capsys.readouterr().err
    assert main(["pull", "fox/Small-GGUF", "--list"]) == 0
    assert "fox/Small-GGUF: 1.0 B parameters, licence mit, fetched 12 times" in capsys.readouterr().err
    assert main(["search", "small", "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert found["fit"] == "fits" and found["about_bytes"] == 610_000_000 < found["memory_bytes"]
    assert main(["search", "zebra"]) == 0
    said = capsys.readouterr()
    assert not said.out and "No repository with GGUF models has 'zebra' in its name" in said.err


def test_a_search_without_words_lists_what_is_fetched_most(hub, capsys):
    hub.repositories["owl/Owl-GGUF"] = {}
    assert main(["search"]) == 0
    assert {line.split()[0] for line in capsys.readouterr().out.splitlines()[1:]} == {"fox/Small-GGUF", "owl/Owl-GGUF"}
    assert "sort=downloads" in hub.requests[-1][0]
    del hub.repositories["fox/Small-GGUF"], hub.repositories["owl/Owl-GGUF"]
    assert main(["search"]) == 0
    assert capsys.readouterr().err == "The Hub told of no repository with GGUF models.\n"


def test_a_gated_repository_says_where_to_ask_and_how_to_give_a_token(hub, capsys, monkeypatch):
    hub.gated["fox/Small-GGUF"] = "hf_right"
    page = f"{hub.url}/fox/Small-GGUF"
    assert main(["pull", "fox/Small-GGUF", "--list"]) == 0
    assert f"ask on {page}" in capsys.readouterr().err
    for token in ("", "hf_wrong"):
        monkeypatch.setenv("HF_TOKEN", token)
        assert main(["pull", "fox/Small-GGUF", "q8_0"]) == 2
        said = capsys.readouterr().err.splitlines()[-1]
        assert "only to those who were admitted" in said and page in said and "proxima token" in said
    monkeypatch.setenv("HF_TOKEN", "hf_right")
    assert main(["pull", "fox/Small-GGUF", "q8_0"]) == 0


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("fox/Small-GGUF", ("fox/Small-GGUF", "")),
        ("fox/Small-GGUF:Q4_K_M", ("fox/Small-GGUF", "Q4_K_M")),
        ("https://huggingface.co/fox/Small-GGUF", ("fox/Small-GGUF", "")),
        ("hf.co/fox/Small-GGUF:Q8_0", ("fox/Small-GGUF", "Q8_0")),
        ("https://huggingface.co/fox/Small-GGUF/tree/main", ("fox/Small-GGUF", "")),
        ("https://huggingface.co/fox/Small-GGUF/blob/main/Small-Q8_0.gguf", ("fox/Small-GGUF", "Small-Q8_0.gguf")),
    ],
)
def test_a_repository_as_people_copy_it(written, found):
    assert repository_of(written) == found


@pytest.mark.parametrize("written", ["fox", "/fox", "fox/", "", "fox/Small/GGUF", "https://huggingface.co/fox"])
def test_what_is_no_repository(written):
    with pytest.raises(UserError, match="no repository"):
        repository_of(written)


def test_a_token_from_a_pipe_is_kept_and_not_shown(own_folders, hub, tmp_path, capsys, monkeypatch):
    monkeypatch.delenv("HF_TOKEN", raising=False)
    monkeypatch.setattr("sys.stdin", io.StringIO("hf_right\n"))
    assert main(["token"]) == 0
    said = capsys.readouterr()
    assert "only you may read" in said.out and "hf_right" not in said.out + said.err
    hub.gated["fox/Small-GGUF"] = "hf_right"
    assert main(["pull", "fox/Small-GGUF", "q8_0"]) == 0
    assert main(["token", "--forget"]) == 0


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


def test_what_was_deleted_makes_room_only_where_it_is_wanted(tmp_path, monkeypatch):
    aside, usage = tmp_path / ".deleted" / "1", shutil.disk_usage(tmp_path)
    aside.mkdir(parents=True)

    def free(_):
        return usage._replace(free=SPARE_BYTES + (50 if aside.exists() else 100))

    monkeypatch.setattr(shutil, "disk_usage", free)
    check_room(tmp_path, 50)
    assert aside.exists()
    check_room(tmp_path, 100)
    assert not aside.exists()
    with pytest.raises(UserError, match="are still to come"):
        check_room(tmp_path, 101)


def test_too_little_room_for_all_parts_is_told_first(hub, tmp_path, monkeypatch):
    library = Hub(hub.url)
    model = choose(library.models("fox/Small-GGUF"), "F16")
    monkeypatch.setattr("engine.hub.room.SPARE_BYTES", 10**18)
    with pytest.raises(UserError, match="still to come"):
        pull(library, "fox/Small-GGUF", model, tmp_path)


def test_what_the_queue_of_the_window_will_take_counts_too(hub, tmp_path, capsys, monkeypatch):
    models = Hub(hub.url).models("fox/Small-GGUF")
    waiting = Download("1", "fox/Small-GGUF", choose(models, "F16"))
    (tmp_path / "home").mkdir()
    (tmp_path / "home/downloads.json").write_bytes(msgspec.json.encode([waiting]))
    size, usage = choose(models, "Q8_0").size_bytes, shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=SPARE_BYTES + size + 119_999))
    assert main(["pull", "fox/Small-GGUF", "Q8_0"]) == 2
    assert "of other downloads with them" in capsys.readouterr().err
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=SPARE_BYTES + size + 120_000))
    assert main(["pull", "fox/Small-GGUF", "Q8_0"]) == 0


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
    assert capsys.readouterr().err.splitlines()[-1].startswith("proxima: ")


def test_digests_are_what_the_hub_says(hub):
    model = choose(Hub(hub.url).models("fox/Small-GGUF"), "Q8_0")
    data = hub.repositories["fox/Small-GGUF"]["Small-Q8_0.gguf"]
    assert (
        isinstance(model.files[0].remote, RemoteFile)
        and model.files[0].remote.sha256 == hashlib.sha256(data).hexdigest()
    )
