"""The wheel: everything that the program reads is inside, in a place of its own, and it starts from there."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RESOURCES = "engine/_resources/"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    return next(folder.glob("proxima-*.whl"))


def test_nothing_but_the_two_packages_is_at_the_top(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"app", "engine"}


def test_every_resource_is_inside(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    inside = {name.removeprefix(RESOURCES) for name in names if name.startswith(RESOURCES)}
    resources = ROOT / "resources"
    assert inside == {path.relative_to(resources).as_posix() for path in resources.rglob("*") if path.is_file()}
    assert {Path(name).parts[0] for name in inside} >= {"icons", "models", "recipes", "texts", "translations"}


def test_the_program_starts_from_it_and_finds_its_model(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    entry = next(tmp_path.glob("*.dist-info/entry_points.txt")).read_text(encoding="utf-8")
    assert "proxima = app.__main__:main" in entry
    done = subprocess.run(
        [sys.executable, "-m", "app", "doctor", "--json"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["bundled_model_loads"] is True
    assert report["bundled_model"]["path"] == str(tmp_path / RESOURCES / "models" / "proxima-chat.gguf")
