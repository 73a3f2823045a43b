"""The command line: what a person did wrong is one sentence on standard error and exit code 2."""

import os
import sys

import typer
from typer.main import get_command

from engine.cli import (
    addition,
    chat,
    evaluate,
    files,
    generation,
    hub,
    loading,
    machine,
    models_changed,
    preview,
    pull,
    replay,
    runs,
    sampling,
    training,
)
from engine.cli.replay import ReadReply
from engine.errors import Cancelled, UserError

application = typer.Typer(
    name="proxima",
    help="See the probability of every next token of a language model on your own machine. Without a command: the window.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for module in (
    machine,
    loading,
    addition,
    generation,
    sampling,
    replay,
    chat,
    files,
    training,
    preview,
    runs,
    evaluate,
    hub,
    pull,
    models_changed,
):
    module.register(application)

EXIT_MISTAKE, EXIT_STOPPED = 2, 130


def main(arguments: list[str], read_reply: ReadReply | None = None) -> int:
    """Run one command; returns the exit code. read_reply gives a saved reply by its number: the engine knows no database."""
    os.environ.setdefault("GGML_NO_BACKTRACE", "1")
    try:
        result = get_command(application).main(
            args=arguments, prog_name="proxima", standalone_mode=False, obj=read_reply
        )
        return result if isinstance(result, int) else 0
    except UserError as error:
        return _complain(str(error))
    except (KeyboardInterrupt, Cancelled, typer.Abort):
        return EXIT_STOPPED
    except BrokenPipeError:
        # Whoever was reading is gone, as with `| head`: no reason to complain, and nothing may be flushed at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        # What typer itself refuses: an unknown option, a value of the wrong kind, a missing argument.
        if hasattr(error, "format_message"):
            return _complain(error.format_message())
        raise


def _complain(sentence: str) -> int:
    print(f"proxima: {sentence}", file=sys.stderr)
    return EXIT_MISTAKE
