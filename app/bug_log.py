"""Bugs are written down in the data folder and told to the person; a crash of the last run is found at the next start."""

import faulthandler
import logging
import sys
import threading
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import IO

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
_log = logging.getLogger("proxima")


class BugLog(QObject):
    """``found`` brings the traceback of a bug to the Qt thread, whichever thread it happened in.

    ``previous_crash`` is what the last run left behind if it ended by a signal, "" if it ended well.
    """

    found = Signal(str)

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.file = folder / "proxima.log"
        self._fault_file = folder / "crash.txt"
        self._fault: IO[str] | None = None
        self._handler: logging.Handler | None = None
        self.previous_crash = ""

    def install(self) -> None:
        """From now on uncaught exceptions, Qt's warnings and the stacks of native crashes are kept."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self._handler = RotatingFileHandler(self.file, maxBytes=500_000, backupCount=2, encoding="utf-8", delay=True)
        self._handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        self._handler.setLevel(logging.WARNING)
        logging.getLogger().addHandler(self._handler)
        if self._fault_file.exists():
            self.previous_crash = self._fault_file.read_text(encoding="utf-8", errors="replace").strip()
        self._fault = self._fault_file.open("w", encoding="utf-8")
        faulthandler.enable(self._fault)
        self._before = sys.excepthook, threading.excepthook
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        self._qt_before = qInstallMessageHandler(self._on_qt_message)

    def remove(self) -> None:
        """Put everything back as it was; the run ended well."""
        sys.excepthook, threading.excepthook = self._before
        qInstallMessageHandler(self._qt_before)
        faulthandler.disable()
        if self._fault is not None:
            self._fault.close()
            self._fault_file.unlink(missing_ok=True)
        if self._handler is not None:
            logging.getLogger().removeHandler(self._handler)
            self._handler.close()

    def _on_exception(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        details = "".join(traceback.format_exception(kind, error, trace))
        _log.error("bug\n%s", details)
        sys.stderr.write(details)
        self.found.emit(details)

    def _on_thread_exception(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self._on_exception(args.exc_type, args.exc_value, args.exc_traceback)

    def _on_qt_message(self, kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        _log.log(_LEVELS[kind], "%s", text)
        if kind not in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg):
            sys.stderr.write(f"{text}\n")
