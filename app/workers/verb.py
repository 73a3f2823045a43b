"""One verb of the command line in a process of its own, for work that is too heavy for the window."""

import sys
from functools import partial

import msgspec
from PySide6.QtCore import QObject, QProcess, Signal
from shiboken6 import isValid

from app.translation import told_text
from engine.errors import UserError


def verb_command(*arguments: str) -> list[str]:
    """This program with a verb: in a frozen build the executable itself, else this Python."""
    program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "app"]
    return [*program, *arguments]


class Verb(QObject):
    """Runs at most one command; a new one takes the place of the one that runs.

    ``answered`` carries the JSON value that it printed, None where it printed none; ``failed`` a UserError.
    """

    answered = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None

    @property
    def running(self) -> bool:
        return self._process is not None

    def start(self, *arguments: str) -> None:
        self.stop()
        process = QProcess(self)
        process.finished.connect(self._on_finished)
        process.errorOccurred.connect(self._on_error)
        self.destroyed.connect(partial(_end, process))
        self._process = process
        command = verb_command(*arguments)
        process.start(command[0], command[1:])

    def stop(self) -> None:
        """End what runs; it does not answer any more."""
        process, self._process = self._process, None
        if process is not None:
            process.finished.disconnect(self._on_finished)
            process.errorOccurred.disconnect(self._on_error)
            _end(process)
            process.deleteLater()

    def _on_finished(self, code: int, _status: QProcess.ExitStatus) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.deleteLater()
        out = bytes(process.readAllStandardOutput().data())
        said = bytes(process.readAllStandardError().data()).decode("utf-8", "replace").strip()
        if code != 0:
            last = said.splitlines()[-1].removeprefix("proxima: ") if said else self.tr("It ended without a word.")
            self.failed.emit(UserError("verb", told_text(last), "", said))
            return
        try:
            self.answered.emit(msgspec.json.decode(out) if out.strip() else None)
        except msgspec.DecodeError:
            self.answered.emit(None)

    def _on_error(self, error: QProcess.ProcessError) -> None:
        process = self._process
        if process is not None and error == QProcess.ProcessError.FailedToStart:
            self._process = None
            process.deleteLater()
            self.failed.emit(UserError("verb", process.errorString(), ""))


def _end(process: QProcess, _gone: object = None) -> None:
    """Nobody waits for it any more."""
    if isValid(process) and process.state() != QProcess.ProcessState.NotRunning:
        process.kill()
        process.waitForFinished(1000)
