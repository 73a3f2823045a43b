"""The one entry of the ``proxima`` command: window, command line or worker, decided before anything heavy is imported."""

import os
import sys

# Rows of logits are too short for several BLAS threads to help, and those that wait get in llama.cpp's way: 20 times slower.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def main() -> int:
    """No arguments: the window. --worker: the process in which a model runs. Anything else: the command line."""
    if sys.argv[1:2] == ["--worker"]:
        from engine.worker.host import main as worker_main

        return worker_main()
    if len(sys.argv) == 1:
        from app.main import main as window_main

        return window_main(sys.argv)
    from engine.cli.main import main as cli_main

    return cli_main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
