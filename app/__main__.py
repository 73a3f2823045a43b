"""The one entry of the ``proxima`` command: window, command line or worker, decided before anything heavy is imported."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.records import SavedReply

# Rows of logits are too short for several BLAS threads to help, and those that wait get in llama.cpp's way: 20 times slower.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# Verbs whose threads of torch sleep while they wait for each other. Where another program takes a core for a moment, those that
# spin instead keep the one that is waited for from it: 200 tokens a second in place of 3,500, with two busy cores.
_TRAINING = ("train", "finetune", "preview", "runs")


def main() -> int:
    """No arguments: the window. --worker: the process in which a model runs. Anything else: the command line."""
    if sys.argv[1:2] == ["--worker"]:
        from engine.worker.host import main as worker_main

        return worker_main()
    if len(sys.argv) == 1:
        from app.main import main as window_main

        return window_main(sys.argv)
    if sys.argv[1] in _TRAINING:
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    from engine.cli.main import main as cli_main

    return cli_main(sys.argv[1:], _saved_reply)


def _saved_reply(message_id: int) -> "SavedReply":
    from app.paths import config_folder, default_data_folder
    from app.settings.file import load
    from app.storage.saved_reply import read_reply

    folder = load(config_folder() / "settings.json").settings.data_folder
    return read_reply((Path(folder) if folder else default_data_folder()) / "proxima.db", message_id)


if __name__ == "__main__":
    sys.exit(main())
