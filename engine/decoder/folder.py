"""How the files of a decoder are called, and which of a training run's checkpoints is the newest. No torch."""

from pathlib import Path

WEIGHTS, CONFIG = "model.safetensors", "decoder.json"
#: What stands in place of the weights where only an adapter was trained.
ADAPTER, ADAPTER_CONFIG = "adapter.safetensors", "adapter.json"
#: In a run's folder: the name of its newest checkpoint; of the one that did best on what is held out, with its loss.
LATEST, BEST = "latest", "best"


def newest_checkpoint(run: Path) -> Path | None:
    """The checkpoint that a run's ``latest`` names, or its newest whole one where that is gone; None where there is none.

    Weights are written last, and a checkpoint gets its name when all is written: one with weights is whole.
    """
    if not (run / LATEST).is_file():
        return None
    named = run / (run / LATEST).read_text().strip()
    candidates = [named, *sorted(run.glob("checkpoint-*"), reverse=True)]
    return next((folder for folder in candidates if folder != run and is_whole(folder)), None)


def best_checkpoint(run: Path) -> tuple[Path, float] | None:
    """The checkpoint with the lowest held-out loss of a run, and that loss in nats a token; None where nothing was measured."""
    try:
        name, loss = (run / BEST).read_text().split()
        found = run / name, float(loss)
    except (OSError, ValueError):
        return None
    return found if is_whole(found[0]) else None


def is_whole(checkpoint: Path) -> bool:
    """Whether it was written to its end."""
    return any((checkpoint / name).is_file() for name in (WEIGHTS, ADAPTER))
