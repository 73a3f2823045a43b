"""Composition root: builds the objects and wires what crosses features.

Order at the start:
1. settings file, application, theme and translation (nothing is read but small files)
2. one instance for each data folder: a second start raises the first window and ends
3. the log of bugs; the storage thread opens the database while
4. the window is built and painted
5. after the first paint: the worker starts and loads the model; what had to be repaired is said
At the end: drafts and replies are saved, the worker ends, the storage thread drains, the lock is given back.
"""

import sys

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QMessageBox

from app.bug_log import BugLog
from app.paths import resource_path
from app.program import Program
from app.quit_signals import QuitSignals
from app.settings.store import SettingsStore
from app.single_instance import SingleInstance
from app.translation import Translation
from app.widgets.theme import theme

translate = QCoreApplication.translate


def build(argv: list[str]) -> QApplication:
    """The application with its name, icon and look, before there is a window."""
    QCoreApplication.setApplicationName("proxima")
    QCoreApplication.setOrganizationDomain("proxima.github.io")
    QApplication.setDesktopFileName("io.github.proxima.Proxima")
    application = QApplication(argv)
    QApplication.setApplicationDisplayName("Próxima")
    application.setWindowIcon(QIcon(str(resource_path("icons", "proxima.svg"))))
    application.setQuitOnLastWindowClosed(False)
    return application


def main(argv: list[str]) -> int:
    """Run the window until it is closed; the exit code."""
    application = build(argv)
    settings = SettingsStore()
    translation = Translation(application)
    translation.speak(settings.value.language)
    theme().apply(application, settings.value.theme, settings.value.text_size)
    folder = settings.data_folder
    try:
        instance = SingleInstance(folder)
    except OSError as error:
        text = translate("main", "Próxima cannot use its data folder {0}. Check that it exists and can be written to.")
        return _cannot_start(text.format(folder), str(error))
    if not instance.claim():
        if instance.raise_other():
            return 0
        text = translate("main", "Próxima is already running with the data folder {0}, but does not answer.")
        return _cannot_start(text.format(folder), "")
    bugs = BugLog(folder / "logs")
    bugs.install()
    signals = QuitSignals()
    program = Program(application, settings, translation, bugs)
    instance.asked.connect(program.come_forward)
    signals.asked.connect(application.quit)
    try:
        program.start()
        return application.exec()
    finally:
        program.close()
        signals.remove()
        bugs.remove()
        instance.release()


def _cannot_start(text: str, details: str) -> int:
    """Say why there is no window, to whoever looks at the screen and to whoever looks at the terminal; the exit code."""
    print(text, details, file=sys.stderr)
    box = QMessageBox(QMessageBox.Icon.Warning, "Próxima", text)
    box.setDetailedText(details)
    box.exec()
    return 1
