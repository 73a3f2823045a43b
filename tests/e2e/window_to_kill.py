"""The program, driven into the middle of a reply; then it prints what is on the disk and waits to be killed."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import QTimer

from app.bug_log import BugLog
from app.main import build
from app.program import Program
from app.settings.store import SettingsStore
from app.translation import Translation
from tests.e2e.conftest import ENDLESS


def main() -> None:
    application = build(sys.argv[:1])
    settings = SettingsStore()
    settings.set(language="en", default_model=sys.argv[1], threads=1)
    program = Program(application, settings, Translation(application), BugLog(settings.data_folder / "logs"))
    chat = program.chat

    def ask() -> None:
        chat.set_settings(ENDLESS)
        chat.send("Where is the fox?")
        QTimer.singleShot(100, lambda: chat.draft.set("half a thou"))

    def look() -> None:
        path = chat.tree.path()
        if len(path) == 2:
            stored = program.storage.submit(lambda store: store.message(path[1].id)).result()
            draft = program.storage.submit(lambda store: store.conversations()[0].draft).result()
            if len(stored.content) > 50 and draft:
                print(json.dumps({"worker": program.worker.pid, "text": stored.content}), flush=True)
                clock.stop()

    clock = QTimer()
    clock.timeout.connect(look)
    clock.start(50)
    program.worker.modelLoaded.connect(lambda _: ask())
    program.start()
    application.exec()


if __name__ == "__main__":
    main()
