"""Folders laid out as the other programs lay them out."""

import json

import pytest

from engine.library.places import find_elsewhere


def write(path, data=b"GGUF"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


@pytest.fixture
def home(tmp_path):
    write(tmp_path / ".lmstudio/models/lmstudio-community/Fox-1B-GGUF/Fox-1B-Q4_K_M.gguf")
    write(tmp_path / ".lmstudio/models/lmstudio-community/Fox-1B-GGUF/mmproj-Fox.gguf")
    write(tmp_path / ".local/share/nomic.ai/GPT4All/Owl-3B.Q4_0.gguf")
    write(tmp_path / ".local/share/nomic.ai/GPT4All/localdocs_v3.db")
    write(tmp_path / ".local/share/Jan/data/llamacpp/models/tern-7b/model.gguf")
    write(tmp_path / ".local/share/Jan/data/llamacpp/models/tern-7b/model.yml")
    return tmp_path


def found(home, **environment):
    return [(one.program, one.name, str(one.path.relative_to(home))) for one in find_elsewhere(home, environment)]


def test_folders_of_files(home):
    assert found(home) == [
        ("GPT4All", "Owl-3B.Q4_0", ".local/share/nomic.ai/GPT4All/Owl-3B.Q4_0.gguf"),
        ("Jan", "tern-7b", ".local/share/Jan/data/llamacpp/models/tern-7b/model.gguf"),
        ("LM Studio", "Fox-1B-Q4_K_M", ".lmstudio/models/lmstudio-community/Fox-1B-GGUF/Fox-1B-Q4_K_M.gguf"),
    ]


def test_where_lm_studio_was_moved_to(tmp_path):
    write(tmp_path / "big/disk/x/Fox-GGUF/Fox-Q8_0.gguf")
    write(tmp_path / "moved/models/x/Owl-GGUF/Owl-Q8_0.gguf")
    write(tmp_path / ".lmstudio/models/x/Tern-GGUF/Tern-Q8_0.gguf")
    assert [name for _, name, _ in found(tmp_path)] == ["Tern-Q8_0"]
    write(tmp_path / ".lmstudio-home-pointer", f"{tmp_path / 'moved'}\n".encode())
    assert [name for _, name, _ in found(tmp_path)] == ["Owl-Q8_0", "Tern-Q8_0"]
    settings = tmp_path / "moved/settings.json"
    write(settings, json.dumps({"downloadsFolder": str(tmp_path / "big/disk")}).encode())
    assert [name for _, name, _ in found(tmp_path)] == ["Fox-Q8_0", "Owl-Q8_0", "Tern-Q8_0"]
    for odd in (b"{", b"[]", b'{"downloadsFolder": 3}', b'{"downloadsFolder": "here"}'):
        write(settings, odd)
        write(tmp_path / ".lmstudio-home-pointer", b"\xff\n" if odd == b"{" else f"{tmp_path / 'moved'}".encode())
        assert "Tern-Q8_0" in [name for _, name, _ in found(tmp_path)]


def manifest(digest, media="application/vnd.ollama.image.model"):
    other = {"mediaType": "application/vnd.ollama.image.template", "digest": "sha256:" + "0" * 64, "size": 9}
    return json.dumps(
        {"schemaVersion": 2, "layers": [other, {"mediaType": media, "digest": digest, "size": 4}]}
    ).encode()


def test_an_ollama_store(tmp_path):
    store, digest = tmp_path / ".ollama/models", "sha256:" + "ab" * 32
    write(store / "blobs" / digest.replace(":", "-"))
    write(store / "manifests/registry.ollama.ai/library/llama3.2/1b", manifest(digest))
    write(
        store / "manifests/registry.ollama.ai/someone/fox/latest", manifest("sha256:" + "cd" * 32)
    )  # its blob is gone
    write(store / "manifests/registry.ollama.ai/library/broken/latest", b"{")
    write(store / "manifests/registry.ollama.ai/library/evil/latest", manifest("sha256:../../../../etc/passwd"))
    write(store / "manifests/registry.ollama.ai/library/odd/latest", b'{"layers": [3]}')
    blob = f".ollama/models/blobs/sha256-{'ab' * 32}"
    assert found(tmp_path) == [("Ollama", "llama3.2:1b", blob)]
    write(store / "manifests/registry.ollama.ai/someone/fox/small", manifest(digest))
    assert len(found(tmp_path)) == 1, "a file is listed once, whatever it is called"
    other = tmp_path / "elsewhere"
    store.rename(other)
    assert found(tmp_path) == []
    assert found(tmp_path, OLLAMA_MODELS=str(other))[0][0] == "Ollama"


def test_a_hugging_face_cache(tmp_path):
    repository = tmp_path / ".cache/huggingface/hub/models--fox--Fox-GGUF"
    blob = write(repository / "blobs/abc")
    snapshot = repository / "snapshots" / ("f" * 40)
    snapshot.mkdir(parents=True)
    (snapshot / "Fox-Q8_0.gguf").symlink_to(blob)
    (snapshot / "Gone-Q8_0.gguf").symlink_to(repository / "blobs/gone")
    write(snapshot / "Big-00001-of-00002.gguf")
    write(snapshot / "Big-00002-of-00002.gguf")
    write(tmp_path / ".cache/huggingface/hub/datasets--x/snapshots/1/data.gguf")
    assert [name for _, name, _ in found(tmp_path)] == ["Big-00001-of-00002", "Fox-Q8_0"]
    (tmp_path / ".cache/huggingface").rename(tmp_path / "hf")
    assert found(tmp_path) == []
    (tmp_path / "hf/hub/models--fox--Fox-GGUF/snapshots" / ("f" * 40) / "Fox-Q8_0.gguf").unlink()
    assert len(found(tmp_path, HF_HOME=str(tmp_path / "hf"))) == 1
    assert len(found(tmp_path, HF_HUB_CACHE=str(tmp_path / "hf/hub"))) == 1


def test_whole_weights_in_a_hugging_face_cache(tmp_path):
    """Folders of the families that the decoder loads; not those of others, and none of which a part is missing."""
    for name, kind in (("Fox-1B", "qwen2"), ("Owl-CLIP", "clip"), ("Tern", "llama")):
        snapshot = tmp_path / f".cache/huggingface/hub/models--x--{name}/snapshots/0123"
        write(snapshot / "config.json", json.dumps({"model_type": kind}).encode())
        write(snapshot / "tokenizer.json")
        if name != "Tern":
            write(snapshot / "model.safetensors")
    assert found(tmp_path) == [("Hugging Face", "Fox-1B", ".cache/huggingface/hub/models--x--Fox-1B/snapshots/0123")]


def test_links_in_circles_and_folders_that_may_not_be_read(home):
    (home / ".lmstudio/models/again").symlink_to(home / ".lmstudio/models", target_is_directory=True)
    assert len(found(home)) == 3
    (home / ".lmstudio/models").chmod(0)
    try:
        assert len(found(home)) >= 2
    finally:
        (home / ".lmstudio/models").chmod(0o755)
