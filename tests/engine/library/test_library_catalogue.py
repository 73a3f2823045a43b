"""The library: everything that can be chatted with once, what belongs to a model attached to it."""

import json
import time

import msgspec
import numpy as np
import pytest
from safetensors.numpy import save_file

from engine.errors import Cancelled, UserError
from engine.library import summary
from engine.library.catalogue import library, named_model
from engine.library.changes import add, note
from engine.records.library import LibraryModel
from tests.helpers.fake_runs import recipe, write_run
from tests.helpers.library_files import adapter, header_only, projector
from tests.helpers.small_models import small_llama_gguf


def listed(folder) -> dict[str, LibraryModel]:
    return {model.name: model for model in library(folder) if model.origin != "bundled"}


def test_every_place_is_looked_at(tmp_path):
    header_only(tmp_path / "models/fox/Fox-GGUF/Fox-Q8_0.gguf")
    header_only(tmp_path / "models/fox/Fox-GGUF/.part/half.gguf")
    write_run(tmp_path / "runs")
    elsewhere = header_only(tmp_path / "downloads/owl.gguf")
    assert set(listed(tmp_path)) == {"Fox-Q8_0", "Machado"}
    add(tmp_path, elsewhere)
    found = listed(tmp_path)
    assert {name: (model.origin, model.ours) for name, model in found.items()} == {
        "Fox-Q8_0": ("downloaded", True),
        "Machado": ("run", True),
        "owl": ("file", False),
    }
    owl = found["owl"]
    assert (owl.architecture, owl.parameters, owl.quantisation, owl.context_length) == (
        "llama",
        8 * 32 + 32,
        "F32",
        256,
    )
    assert owl.size_bytes == elsewhere.stat().st_size
    assert [model.origin for model in library(tmp_path)].count("bundled") <= 1


def test_parts_are_one_model_and_a_missing_one_is_told(tmp_path):
    folder = tmp_path / "models/a/b"
    parts = [header_only(folder / f"Big-0000{number}-of-00002.gguf") for number in (1, 2)]
    (big,) = listed(tmp_path).values()
    assert (big.name, big.path, big.files) == ("Big", str(parts[0]), 2)
    assert big.size_bytes == sum(part.stat().st_size for part in parts)
    parts[1].unlink()
    assert listed(tmp_path)["Big"].problem == "Big-00002-of-00002.gguf is missing."
    header_only(parts[1])
    assert not listed(tmp_path)["Big"].problem


def test_adapters_belong_to_the_models_that_they_fit(tmp_path):
    folder = tmp_path / "models"
    (folder / "a/b").mkdir(parents=True)
    small_llama_gguf(folder / "a/b/small.gguf")
    header_only(folder / "a/b/narrow.gguf")
    header_only(folder / "a/b/other.gguf", "qwen2", width=64)
    lora = adapter(folder / "adapters/pirate.gguf")
    found = listed(tmp_path)
    assert set(found) == {"small", "narrow", "other"}
    (attached,) = found["small"].attached
    assert (attached.part, attached.name, attached.path) == ("adapter", "Pirate", str(lora))
    assert not found["narrow"].attached and not found["other"].attached


def test_a_run_with_lora_belongs_to_the_model_that_it_began_from(tmp_path):
    small, _ = (header_only(tmp_path / f"models/a/b/{name}.gguf") for name in ("small", "other"))
    run = write_run(tmp_path / "runs", "Pirate")
    (run / "recipe.json").write_bytes(
        msgspec.json.encode(msgspec.structs.replace(recipe("Pirate"), start_from=str(small)))
    )
    checkpoint = run / (run / "latest").read_text()
    (checkpoint / "model.safetensors").unlink()
    save_file({"a": np.zeros((2, 8), np.float32)}, checkpoint / "adapter.safetensors")
    found = listed(tmp_path)
    assert set(found) == {"small", "other"} and not found["other"].attached
    assert [(one.part, one.path) for one in found["small"].attached] == [("adapter", str(run))]


def test_projectors_belong_to_the_models_beside_them(tmp_path):
    folder = tmp_path / "models/a/b"
    header_only(folder / "Fox-VL-7B-Q4_K_M.gguf")
    header_only(folder / "Owl-3B.gguf")
    projector(folder / "mmproj-Fox-VL-7B-f16.gguf")
    header_only(tmp_path / "models/c/d/Tern.gguf")
    projector(tmp_path / "models/c/d/mmproj-model-f16.gguf")
    found = listed(tmp_path)
    assert {name: [one.name for one in model.attached] for name, model in found.items()} == {
        "Fox-VL-7B-Q4_K_M": ["Eyes"],
        "Owl-3B": [],
        "Tern": ["Eyes"],
    }


def test_an_adapter_from_elsewhere_stands_with_the_models_that_it_fits(tmp_path):
    header_only(tmp_path / "models/fox/Small-GGUF/Other.gguf", width=32)
    small_llama_gguf(tmp_path / "models/fox/Small-GGUF/Small.gguf")
    add(tmp_path, adapter(tmp_path / "downloads/pirate.gguf"))
    found = {name: [one.name for one in model.attached] for name, model in listed(tmp_path).items()}
    assert found == {"Small": ["Pirate"], "Other": []}


def test_a_projector_beside_a_file_that_is_referred_to(tmp_path):
    add(tmp_path, header_only(tmp_path / "lmstudio/x/Fox-VL-GGUF/Fox-VL-Q4_0.gguf"), "LM Studio")
    projector(tmp_path / "lmstudio/x/Fox-VL-GGUF/mmproj-Fox-VL-f16.gguf")
    (fox,) = (one for one in listed(tmp_path).values() if one.program == "LM Studio")
    assert [one.part for one in fox.attached] == ["projector"]


def test_what_goes_with_a_model_of_ollama(tmp_path):
    """Blobs are named by their sums: what belongs together stands in the manifests alone."""
    store = tmp_path / ".ollama/models"

    def blob(letter, write):
        made = write(store / "blobs" / f"sha256-{letter * 64}.gguf")
        return made.rename(made.with_suffix(""))

    fox, owl = blob("a", header_only), blob("b", lambda path: header_only(path, name="Owl", width=64))
    eyes, pirate = blob("c", projector), blob("d", lambda path: header_only(path, general__type="adapter"))
    blob("e", lambda path: header_only(path, "clip")).write_bytes(b"ggla and no GGUF")
    kinds = {"a": "model", "b": "model", "c": "projector", "d": "adapter", "e": "adapter"}
    for name, parts in (("fox-vl/7b", "ace"), ("fox-vl/latest", "ac"), ("owl/latest", "bd")):
        layers = [
            {"mediaType": f"application/vnd.ollama.image.{kinds[part]}", "digest": f"sha256:{part * 64}"}
            for part in parts
        ]
        manifest = store / "manifests/registry.ollama.ai/library" / name
        manifest.parent.mkdir(parents=True, exist_ok=True)
        manifest.write_text(json.dumps({"schemaVersion": 2, "layers": layers}))
    for path, name in ((fox, "fox-vl:7b"), (owl, "owl:latest")):
        add(tmp_path, path, "Ollama", name)
    found = {name: [(one.part, one.path) for one in model.attached] for name, model in listed(tmp_path).items()}
    assert found["fox-vl:7b"] == [("projector", str(eyes))]
    assert found["owl:latest"] == [("adapter", str(pirate))]


def test_what_is_broken_is_listed_with_the_reason(tmp_path):
    path = header_only(tmp_path / "models/a/b/cut.gguf")
    path.write_bytes(path.read_bytes()[:100])
    (tmp_path / "models/a/b/empty.gguf").touch()
    found = listed(tmp_path)
    assert found["cut"].problem == "cut.gguf is damaged: it ends too early."
    assert found["empty"].problem == "empty.gguf is damaged: it is empty."


def test_a_file_that_went_away_stays_until_it_is_removed(tmp_path):
    path = header_only(tmp_path / "downloads/owl.gguf")
    add(tmp_path, path)
    path.unlink()
    owl = listed(tmp_path)["owl"]
    assert owl.missing and "not there any more" in owl.problem


def test_headers_are_read_again_only_where_a_file_changed(tmp_path, monkeypatch):
    path = header_only(tmp_path / "models/a/b/fox.gguf")
    header_only(tmp_path / "models/a/b/owl.gguf")
    listed(tmp_path)
    read = []
    real = summary.summarise
    monkeypatch.setattr(summary, "summarise", lambda one: (read.append(one.name), real(one))[1])
    assert set(listed(tmp_path)) == {"fox", "owl"} and read == []
    time.sleep(0.01)
    header_only(path, "qwen2", width=64)
    assert listed(tmp_path)["fox"].architecture == "qwen2" and read == ["fox.gguf"]
    (tmp_path / "library-headers.json").write_bytes(b"{ damaged")
    assert set(listed(tmp_path)) == {"fox", "owl"} and len(read) > 2


def test_a_name_finds_its_model(tmp_path, monkeypatch):
    monkeypatch.setenv("PROXIMA_HOME", str(tmp_path))
    path = header_only(tmp_path / "downloads/Owl-3B.gguf")
    key = add(tmp_path, path, "Ollama", "owl:3b")
    assert named_model("OWL:3b") == named_model("owl-3b") == named_model(str(path)) == path
    with pytest.raises(UserError, match="no model fox"):
        named_model("fox")
    with pytest.raises(UserError, match=r"Did you mean owl:3b\?"):
        named_model("owl-3")
    note(tmp_path, key, "favourite")
    (owl,) = listed(tmp_path).values()
    assert (owl.name, owl.program, owl.favourite) == ("owl:3b", "Ollama", True)
    add(tmp_path, header_only(tmp_path / "elsewhere/Owl-3B.gguf"))
    with pytest.raises(UserError, match="owl-3b may be 2 models"):
        named_model("owl-3b")


def test_looking_can_be_stopped(tmp_path):
    header_only(tmp_path / "models/a/b/fox.gguf")
    with pytest.raises(Cancelled):
        library(tmp_path, lambda: True)
