"""A run's events as logs that TensorBoard reads, for those who compare runs there. An extra: it needs a package of its own."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

from engine.errors import UserError
from engine.resources import is_packaged
from engine.runs.events import Baseline, Evaluated, Sample, StepDone, TrainingEvent

FOLDER = "tensorboard"
Log = Callable[[TrainingEvent], None]


@contextlib.contextmanager
def tensorboard_log(run: Path, step: int, wanted: bool = True) -> Iterator[Log]:
    """Write what it is called with into ``tensorboard/`` of the run; what an earlier process wrote after ``step`` is taken back.

    Without ``wanted`` nothing is written. Raises UserError where the package is not there.
    """
    if not wanted:
        yield lambda event: None
        return
    check_tensorboard()
    from tensorboardX import SummaryWriter

    # The package names files by the second: the step keeps a run that is resumed at once from writing over what it had.
    writer = SummaryWriter(
        str(run / FOLDER), purge_step=step + 1 if step else None, flush_secs=10, filename_suffix=f".from-{step}"
    )

    def log(event: TrainingEvent) -> None:
        match event:
            case StepDone():
                writer.add_scalar("loss/training", event.loss, event.step)
                writer.add_scalar("learning_rate_factor", event.learning_rate_factor, event.step)
                writer.add_scalar("gradient_norm", event.gradient_norm, event.step)
                writer.add_scalar("tokens_per_s", event.tokens_per_s, event.step)
            case Evaluated():
                writer.add_scalar(f"loss/held_out/{event.source}", event.loss, event.step)
                writer.add_scalar(f"bits_per_byte/held_out/{event.source}", event.bits_per_byte, event.step)
            case Baseline():
                writer.add_scalar(f"bits_per_byte/{event.order}-gram/{event.source}", event.bits_per_byte, 0)
            case Sample():
                writer.add_text(f"sample/{event.prompt or 'beginning'}", event.prompt + event.text, event.step)
            case _:
                pass

    try:
        yield log
    finally:
        writer.close()


def check_tensorboard() -> None:
    """Raise UserError where the package is not there, before hours are spent on the data."""
    try:
        import tensorboardX  # noqa: F401
    except ImportError as error:
        raise UserError(
            "tensorboard-missing",
            "Logs for TensorBoard need the package tensorboardX, which is not installed.",
            "Leave the logs out."
            if is_packaged()
            else "Install it with: pip install tensorboardX (the extra tensorboard). Or leave the logs out.",
            str(error),
        ) from error
