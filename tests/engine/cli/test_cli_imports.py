"""What other programs have, found in folders laid out as they lay them out, and used where it lies."""

import hashlib
import json
import os
import shutil
from pathlib import Path

import pytest

from engine.cli.main import main
from tests.helpers.library_files import projector
from tests.helpers.small_models import small_llama_gguf

SNAPSHOT = ".cache/huggingface/hub/models--fox--Crow-GGUF"


@pytest.fixture
def home(tmp_path, monkeypatch):
    """LM Studio, Ollama with a projector, GPT4All, Jan, and a cache of Hugging Face with its links."""
    home = tmp_path / "person"
    monkeypatch.setattr(Path, "home", lambda: home)
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "HF_HOME", "HF_HUB_CACHE", "OLLAMA_MODELS"):
        monkeypatch.delenv(name, raising=False)
    model, eyes = small_llama_gguf(tmp_path / "small.gguf"), projector(tmp_path / "eyes.gguf")

    def put(place: str, source: Path = model) -> Path:
        (home / place).parent.mkdir(parents=True, exist_ok=True)
        return Path(shutil.copy(source, home / place))

    def layer(kind: str, source: Path) -> dict[str, str]:
        digest = hashlib.sha256(source.read_bytes()).hexdigest()
        put(f".ollama/models/blobs/sha256-{digest}", source)
        return {"mediaType": f"application/vnd.ollama.image.{kind}", "digest": f"sha256:{digest}"}

    put(".lmstudio/models/lmstudio-community/Fox-1B-GGUF/Fox-1B-Q8_0.gguf")
    put(".lmstudio/models/lmstudio-community/Fox-1B-GGUF/mmproj-Fox-1B-f16.gguf", eyes)
    put(".local/share/nomic.ai/GPT4All/Owl-3B.gguf")
    put(".local/share/Jan/data/llamacpp/models/tern-7b/model.gguf")
    manifest = home / ".ollama/models/manifests/registry.ollama.ai/library/llava/7b"
    manifest.parent.mkdir(parents=True)
    manifest.write_text(json.dumps({"layers": [layer("model", model), layer("projector", eyes)]}))
    put(f"{SNAPSHOT}/blobs/abc")
    snapshot = home / SNAPSHOT / "snapshots/0123"
    snapshot.mkdir(parents=True)
    (snapshot / "Crow-F32.gguf").symlink_to("../../blobs/abc")
    return home


def everything(folder: Path) -> dict[str, tuple[int, int]]:
    """Size and time of each file, as it lies there."""
    found = [Path(parent, name) for parent, _, names in os.walk(folder) for name in names]
    return {str(path): (path.lstat().st_size, path.lstat().st_mtime_ns) for path in found}


def test_found_added_and_used_without_a_copy(home, own_folders, capsys):
    before = everything(home)
    assert main(["models", "find", "--add"]) == 0
    assert "5 models added" in capsys.readouterr().err
    assert main(["models", "--json"]) == 0
    models = {one["name"]: one for one in json.loads(capsys.readouterr().out) if one["origin"] == "file"}
    assert {name: one["program"] for name, one in models.items()} == {
        "Fox-1B-Q8_0": "LM Studio",
        "llava:7b": "Ollama",
        "Owl-3B": "GPT4All",
        "tern-7b": "Jan",
        "Crow-F32": "Hugging Face",
    }
    assert all(one["path"].startswith(str(home)) for one in models.values())
    with_eyes = [
        name for name, one in models.items() if [beside["part"] for beside in one["attached"]] == ["projector"]
    ]
    assert sorted(with_eyes) == ["Fox-1B-Q8_0", "llava:7b"]
    texts = set()
    for name in models:
        assert main(["complete", name, "the fox", "--max-tokens", "4", "--greedy"]) == 0
        texts.add(capsys.readouterr().out)
    assert len(texts) == 1, "it is the same model in each of them"
    assert everything(home) == before
    small = home / ".local/share/nomic.ai/GPT4All/Owl-3B.gguf"
    ours = sum(size for size, _ in everything(own_folders).values())
    assert ours < small.stat().st_size, "nothing of a model was copied"


def test_taken_off_the_list_the_file_stays_theirs(home, capsys):
    assert main(["models", "find", "--add"]) == 0
    before = everything(home)
    assert main(["models", "delete", "llava:7b", "--yes"]) == 2
    assert main(["models", "remove", "llava:7b"]) == 0
    capsys.readouterr()
    assert main(["models"]) == 0
    assert "llava:7b" not in capsys.readouterr().out
    assert everything(home) == before
