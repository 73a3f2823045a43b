"""``python -m engine.worker`` is the same as ``proxima --worker``."""

import sys

from engine.worker.host import main

sys.exit(main())
