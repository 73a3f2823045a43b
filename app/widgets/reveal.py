"""A file shown in the system's file manager: marked there where the manager can do that, else its folder is opened."""

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QDir, QObject, QProcess, QUrl
from PySide6.QtGui import QDesktopServices

_MANAGER, _PLACE = "org.freedesktop.FileManager1", "/org/freedesktop/FileManager1"
_ANSWER_MS = 4000  # the file manager may have to start first


def reveal(path: Path, parent: QObject, failed: Callable[[Path], object]) -> None:
    """Show a file or folder. failed is called with the folder that could not be opened; parent owns what waits for the answer."""
    if not path.exists():
        _open(next((one for one in path.parents if one.exists()), path), failed)
        return
    folder = path if path.is_dir() else path.parent
    if sys.platform == "win32":
        done, _ = QProcess.startDetached("explorer.exe", ["/select,", QDir.toNativeSeparators(str(path))])
    elif sys.platform == "darwin":
        done, _ = QProcess.startDetached("open", ["-R", str(path)])
    else:
        done = _ask_manager(path, parent, lambda: _open(folder, failed))
    if not done:
        _open(folder, failed)


def _ask_manager(path: Path, parent: QObject, refused: Callable[[], object]) -> bool:
    """Ask whichever file manager answers on the session's bus; False where there is no bus."""
    from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher  # not before it is needed

    bus = QDBusConnection.sessionBus()
    if not bus.isConnected():
        return False
    message = QDBusMessage.createMethodCall(_MANAGER, _PLACE, _MANAGER, "ShowItems")
    message.setArguments([[QUrl.fromLocalFile(str(path)).toString(QUrl.ComponentFormattingOption.FullyEncoded)], ""])
    waiting = QDBusPendingCallWatcher(bus.asyncCall(message, _ANSWER_MS), parent)

    def answered() -> None:
        if waiting.isError():
            refused()
        waiting.deleteLater()

    waiting.finished.connect(answered)
    return True


def _open(folder: Path, failed: Callable[[Path], object]) -> None:
    if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
        failed(folder)
