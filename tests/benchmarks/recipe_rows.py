"""Rows of the table in docs/recipes.md, out of the folders of finished runs. Run: python -m tests.benchmarks.recipe_rows RUN..."""

import os
import platform
import subprocess
import sys
from pathlib import Path

from engine.runs.events import Baseline, Evaluated, Finished, Started, read_events
from engine.runs.recipe import read_recipe


def main() -> None:
    print(
        "| recipe | parameters | steps | tokens | minutes | loss, nats a token | bits per byte | by counting | commit | machine |"
    )
    print("|---|---:|---:|---:|---:|---|---|---|---|---|")
    for run in map(Path, sys.argv[1:]):
        print(row(run))


def row(run: Path) -> str:
    """Figures of the last evaluation; the minutes are those of training, without the preparing of the texts."""
    recipe = read_recipe(run)
    parameters = tokens_per_step = 0
    finished = Finished(0, "", 0.0)
    losses: dict[str, str] = {}
    measured: dict[str, str] = {}
    counted: dict[str, str] = {}
    for event in read_events(run)[0]:
        match event:
            case Started():
                parameters, tokens_per_step = event.parameters, event.tokens_per_step
            case Finished():
                finished = event
            case Evaluated():
                losses[event.source] = f"{event.loss:.4f}"
                measured[event.source] = f"{event.bits_per_byte:.4f}"
            case Baseline():
                counted[event.source] = f"{event.bits_per_byte:.4f} (order {event.order})"
    cells = (
        recipe.name,
        f"{parameters / 1e6:.2f} M",
        f"{finished.step:,}",
        f"{finished.step * tokens_per_step / 1e6:.2f} M",
        f"{finished.seconds / 60:.1f}",
        _listed(losses),
        _listed(measured),
        _listed(counted),
        _commit(run),
        _machine(),
    )
    return "| " + " | ".join(cells) + " |"


def _listed(figures: dict[str, str]) -> str:
    return ", ".join(figures.values() if len(figures) < 2 else (f"{name} {value}" for name, value in figures.items()))


def _commit(run: Path) -> str:
    """What was checked out when the run began, if that was the newest then."""
    began = int((run / "tokenizer.json").stat().st_mtime)
    found = ["git", "rev-list", "-1", "--abbrev-commit", f"--before=@{began}", "HEAD"]
    return subprocess.run(found, capture_output=True, text=True, check=True).stdout.strip()


def _machine() -> str:
    model = ""
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    return f"{os.cpu_count()} cores, {model or platform.processor() or platform.machine()}"


if __name__ == "__main__":
    main()
