"""The library on the command line, and names out of it as MODEL."""

import hashlib
import json
import time
from pathlib import Path

import typer

from engine.cli.main import main
from engine.library.shelf import read_shelf
from engine.resources import data_folder
from tests.helpers.library_files import header_only, projector, tokens_of
from tests.helpers.small_models import small_llama_gguf


def out(capsys, *arguments):
    assert main(list(arguments)) == 0
    return capsys.readouterr().out


def refused(capsys, *arguments):
    assert main(list(arguments)) == 2
    return capsys.readouterr().err


def test_added_listed_used_by_name_and_removed(tmp_path, capsys):
    path = small_llama_gguf(tmp_path / "small-owl.gguf")
    assert out(capsys, "models", "add", str(path)).strip() == str(path)
    assert "small-owl" in out(capsys, "models")
    (owl,) = (one for one in json.loads(out(capsys, "models", "list", "--json")) if one["name"] == "small-owl")
    assert (owl["origin"], owl["size_bytes"], owl["path"]) == ("file", path.stat().st_size, str(path))
    card = json.loads(out(capsys, "models", "show", "Small-Owl", "--json"))
    assert (card["layers"], card["width"]) == (2, 64)
    assert "llama" in out(capsys, "models", "show", "small-owl")
    (tmp_path / "text.txt").write_text("A fox.")
    out(capsys, "eval", "small-owl", "--data", str(tmp_path / "text.txt"))
    assert read_shelf(data_folder()).models[str(path)].used == 0, "measuring is no use"
    assert json.loads(out(capsys, "tokenize", "small-owl", "fox", "--json"))
    assert read_shelf(data_folder()).models[str(path)].used > 0
    out(capsys, "models", "remove", "small-owl")
    assert "small-owl" not in out(capsys, "models") and path.exists()


def test_what_show_tells(tmp_path, capsys):
    path = tokens_of(tmp_path / ("a-very-long-folder-name-" * 8) / "owl.gguf", "{{ messages }}\n{{ owl }}")
    said = out(capsys, "models", "show", str(path))
    assert str(path) in said and "..." not in said and "last used" in said and "never" in said
    assert hashlib.sha256(b"{{ messages }}\n{{ owl }}").hexdigest() in said
    assert "general.license" in said and "llama.block_count" in said
    assert "not computed yet" in said
    assert out(capsys, "models", "show", str(path), "--template") == "{{ messages }}\n{{ owl }}\n"
    assert out(capsys, "models", "show", str(path), "--metadata", "LICENSE") == "general.license: mit\n"
    assert out(capsys, "models", "show", str(path), "--metadata", "mit") == "general.license: mit\n"
    lines = out(capsys, "models", "show", str(path), "--tensors").splitlines()
    assert lines[1].split() == ["token_embd.weight", "F32", "8", "x", "32", "1", "kB"] and len(lines) == 3
    assert "has 'zebra' in it" in refused(capsys, "models", "show", str(path), "--metadata", "zebra")


def test_sha256_is_computed_when_asked_for_and_remembered(tmp_path, capsys):
    path = header_only(tmp_path / "owl.gguf")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert json.loads(out(capsys, "models", "show", str(path), "--sha256", "--json"))["sums"] == [["owl.gguf", digest]]
    assert digest in out(capsys, "models", "show", str(path))
    path.write_bytes(path.read_bytes() + b"more")
    assert digest not in out(capsys, "models", "show", str(path))


def test_what_can_be_added_is_added_and_the_rest_is_told(tmp_path, capsys):
    owl, eyes = header_only(tmp_path / "owl.gguf"), projector(tmp_path / "eyes.gguf")
    (tmp_path / "notes.txt").write_text("no model")
    files = [str(tmp_path / name) for name in ("notes.txt", "owl.gguf", "gone.gguf", "eyes.gguf")]
    assert main(["models", "add", *files]) == 2
    said = capsys.readouterr()
    assert said.out.split() == [str(owl), str(eyes)]
    assert "notes.txt is no GGUF file." in said.err and "There is no file or folder" in said.err
    assert "eyes.gguf is no model; it belongs to none of the models that are here." in said.err
    projector(tmp_path / "mmproj-owl.gguf")
    assert main(["models", "add", str(tmp_path / "mmproj-owl.gguf")]) == 0
    assert "mmproj-owl.gguf is no model; it stands with owl." in capsys.readouterr().err
    assert "+ Eyes" in out(capsys, "models")


def names(capsys, *options):
    listed = json.loads(out(capsys, "models", "list", *options, "--json"))
    return [one["name"] for one in listed if one["origin"] == "file"]


def test_sorted_searched_and_favoured(tmp_path, capsys):
    for name, width in (("owl", 32), ("fox", 64), ("tern", 16)):
        out(capsys, "models", "add", str(header_only(tmp_path / f"{name}.gguf", width=width)))
    assert names(capsys, "--sort", "size") == ["fox", "owl", "tern"]
    assert names(capsys, "--sort", "name") == ["fox", "owl", "tern"]
    out(capsys, "models", "favourite", "tern")
    assert names(capsys, "--sort", "parameters") == ["tern", "fox", "owl"]
    assert names(capsys, "OWL.G") == ["owl"]
    out(capsys, "models", "favourite", "tern", "--off")
    assert names(capsys, "--sort", "size") == ["fox", "owl", "tern"]
    assert main(["models", "list", "zebra"]) == 0
    said = capsys.readouterr()
    assert not said.out and "has 'zebra' in its name" in said.err


def test_what_was_fetched_is_deleted_and_nothing_else(tmp_path, capsys, own_folders, monkeypatch):
    fetched, other = header_only(own_folders / "models/a/b/fox.gguf"), header_only(tmp_path / "owl.gguf")
    out(capsys, "models", "add", str(other))
    assert "not Próxima's to delete" in refused(capsys, "models", "delete", "owl", "--yes") and other.exists()
    monkeypatch.setattr("typer.confirm", lambda *_, **__: (_ for _ in ()).throw(typer.Abort()))
    assert main(["models", "delete", "fox"]) == 130 and fetched.exists()
    assert main(["models", "delete", "fox", "--yes"]) == 0
    aside = Path(capsys.readouterr().err.split("it lies in ")[1].strip())
    assert not fetched.exists() and (aside / "fox.gguf").exists()


def test_when_it_was_used(tmp_path, capsys):
    path, other = (small_llama_gguf(tmp_path / name) for name in ("owl.gguf", "fox.gguf"))
    out(capsys, "models", "add", str(path))
    for model in (path, other):
        out(capsys, "tokenize", str(model), "fox")
    used = {one["path"]: one["used"] for one in json.loads(out(capsys, "models", "--json"))}
    assert used[str(path)] > 0 and str(other) not in used
    assert time.strftime("%Y-%m-%d") in out(capsys, "models")


def test_nothing_of_other_programs_is_a_sentence(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "HF_HOME", "HF_HUB_CACHE", "OLLAMA_MODELS"):
        monkeypatch.delenv(name, raising=False)
    assert main(["models", "find"]) == 0
    said = capsys.readouterr()
    assert not said.out and "No models of LM Studio, Ollama" in said.err


def test_a_file_that_is_gone_can_be_removed(tmp_path, capsys):
    path = header_only(tmp_path / "owl.gguf")
    out(capsys, "models", "add", str(path))
    path.unlink()
    assert "owl" in out(capsys, "models")
    out(capsys, "models", "remove", "owl")
    assert "owl" not in out(capsys, "models")


def test_mistakes_are_one_sentence(tmp_path, capsys, own_folders):
    (tmp_path / "bad.gguf").write_bytes(b"no model")
    assert "bad.gguf is damaged" in refused(capsys, "models", "add", str(tmp_path / "bad.gguf"))
    assert "There is no model fox. Give a path" in refused(capsys, "models", "show", "fox")
    assert "Did you mean bundled?" in refused(capsys, "models", "show", "bundle")
    header_only(own_folders / "models/a/b/fox.gguf")
    assert "Próxima's own files" in refused(capsys, "models", "remove", "fox")


def test_what_other_programs_have_is_added_without_a_copy(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "HF_HOME", "HF_HUB_CACHE", "OLLAMA_MODELS"):
        monkeypatch.delenv(name, raising=False)
    path = header_only(tmp_path / ".local/share/nomic.ai/GPT4All/Owl-3B.Q4_0.gguf")
    found = json.loads(out(capsys, "models", "find", "--json"))
    assert [(one["program"], one["path"]) for one in found] == [("GPT4All", str(path))]
    assert "Owl-3B" not in out(capsys, "models")
    assert main(["models", "find", "--add"]) == 0
    assert "1 models added, 0 were there before" in capsys.readouterr().err
    assert main(["models", "find", "--add"]) == 0
    assert "0 models added, 1 were there before" in capsys.readouterr().err
    assert "in the library" in out(capsys, "models", "find")
    (owl,) = (one for one in json.loads(out(capsys, "models", "--json")) if one["name"] == "Owl-3B.Q4_0")
    assert (owl["program"], owl["path"]) == ("GPT4All", str(path))
