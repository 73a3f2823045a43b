"""The shell scripts, read by those who know shells better."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted([*ROOT.glob("packaging/*.sh"), ROOT / ".ci" / "run"])


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_bash_can_read_it_and_shellcheck_finds_nothing(script: Path) -> None:
    subprocess.run(["bash", "-n", str(script)], check=True)
    if checker := shutil.which("shellcheck"):  # where it is to be had
        done = subprocess.run([checker, str(script)], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout
