"""Models that were loaded lately."""

from pathlib import Path

from app.settings.memory import Memory
from app.settings.recent_models import MOST, recent_models, remember_model


def test_the_last_one_stands_first_each_once_and_not_too_many(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "window.json")
    for number in range(MOST + 2):
        remember_model(memory, f"/models/{number}.gguf")
    remember_model(memory, "/models/5.gguf")
    memory.save()
    known = recent_models(Memory(tmp_path / "window.json"))
    assert known[:2] == ["/models/5.gguf", f"/models/{MOST + 1}.gguf"]
    assert len(known) == MOST == len(set(known))


def test_a_file_of_another_shape_names_none(tmp_path: Path) -> None:
    path = tmp_path / "window.json"
    path.write_text('{"recent_models": [1, null, "/a"]}', encoding="utf-8")
    assert recent_models(Memory(path)) == ["/a"]
    path.write_text('{"recent_models": "x"}', encoding="utf-8")
    assert recent_models(Memory(path)) == []
