"""A start that fails leaves nothing behind."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from engine.errors import UserError
from engine.runs.events import StepDone, read_events


@contextlib.contextmanager
def gone_unless_trained(run: Path) -> Iterator[None]:
    """A folder that was not there before, of a run that fails before it learnt anything, is taken away again."""
    there = run.exists()
    try:
        yield
    except UserError:
        made = not there and run.is_dir()
        if made and not any(isinstance(event, StepDone) for event in read_events(run)[0]):
            shutil.rmtree(run, ignore_errors=True)
        raise
